"""TinyDB over atomic files: one small file each, one document a table, read and written whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document

from checklists import wire
from fieldapp.storage.atomic import replace_bytes

T = TypeVar("T")
_ONLY = 1  # the id of the one document of a table
_BODY = "body"  # it is nested so that TinyDB replaces it, where it would merge top-level fields


class UnreadableError(ValueError):
    """The file is not one of ours, or is damaged."""


class AtomicStorage(Storage):
    """TinyDB's two-method seam: a file that is the old one or the new one, whatever happens while it is written."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Return every table, or None when there is no file.

        Raises:
            UnreadableError: damaged or foreign.
        """
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return msgspec.json.decode(data, type=dict[str, dict[str, Any]])
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise UnreadableError(f"{self._path.name}: {error}") from error

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace the file. Raises OSError with the old one in place."""
        replace_bytes(self._path, msgspec.json.encode(data))


def read_value(path: Path, table: str, kind: type[T]) -> T | None:
    """Return the value kept in `table` of `path`, None when there is none.

    Raises:
        UnreadableError: damaged or foreign; the message names the file and the place.
    """
    document = TinyDB(str(path), storage=AtomicStorage).table(table).get(doc_id=_ONLY)
    if document is None:
        return None
    try:
        # Any document of ours has a body; TinyDB's type allows a list here, which one id never gives.
        return wire.decode(msgspec.json.encode(dict(document)[_BODY]), kind)
    except (wire.NotReadableError, KeyError, TypeError, ValueError) as error:
        raise UnreadableError(f"{path.name}: {error}") from error


def write_value(path: Path, table: str, value: object) -> None:
    """Keep `value` in `table` of `path`, beside what other tables of it hold. Raises OSError with nothing changed."""
    body = msgspec.json.decode(wire.encode(value))
    TinyDB(str(path), storage=AtomicStorage).table(table).upsert(Document({_BODY: body}, doc_id=_ONLY))
