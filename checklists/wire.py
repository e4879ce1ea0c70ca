"""The only JSON door of a record: typed in and out, canonical bytes, digest, schema number.

SCHEMA grows when an old reader would misread a record, not when a field is added: a server refuses a record whose
number it does not know yet, and the phone keeps it until the server is updated.

Fractions travel as text ("3/5"). Unknown fields are dropped from the typed record, never refused: the server keeps the
body as it came beside it, so that an older server loses nothing a newer phone sent.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from checklists.number import NotANumberError, exact

SCHEMA = 1

T = TypeVar("T")


class NotReadableError(ValueError):
    """The bytes are not the record they should be; the message names the place and what was expected."""


def _out(value: object) -> object:
    if isinstance(value, Fraction):
        return str(value)
    if hasattr(value, "items"):
        return dict(value.items())
    raise NotImplementedError(f"no JSON for {type(value).__name__}")


def _in(kind: type, value: Any) -> Any:
    if kind is Fraction:
        try:
            return _exact(value) if type(value) is str else exact(value)
        except NotANumberError as error:
            raise ValueError(str(error)) from error
    if kind is object:  # the values of a Sentence
        return value
    raise NotImplementedError(f"no way to read {kind.__name__}")


_exact = lru_cache(maxsize=4096)(exact)  # a season has thousands of visits, and their scores few different values


_ENCODER = msgspec.json.Encoder(enc_hook=_out, order="deterministic", decimal_format="string")
_SORTING = msgspec.json.Encoder(enc_hook=_out, order="sorted", decimal_format="string")


def encode(record: object) -> bytes:
    """Return `record` as JSON. Same record, same bytes."""
    try:
        return _ENCODER.encode(record)
    except TypeError:  # it puts only text keys in order; a history is kept by year
        return _ENCODER.encode(msgspec.to_builtins(record, enc_hook=_out, str_keys=True))


def decode(body: bytes | str, kind: type[T]) -> T:
    """Return the `kind` that `body` holds.

    Raises:
        NotReadableError: not JSON, nested too deep, or a field that does not fit; names the first place.
    """
    try:
        return msgspec.json.decode(body, type=kind, dec_hook=_in)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotReadableError(str(error)) from error


_PREPARED: set[type] = set()


def prepare_structs() -> None:
    """Let msgspec look at each struct there is, of any package, before threads begin. A repeat looks at new ones only.

    Two threads that decode into one struct for the first time, both at once, end the process: msgspec 0.22 shows the
    second a table that the first has not filled yet. It asks nothing of whoever decodes in one thread.
    """
    todo = [msgspec.Struct]
    while todo:
        for kind in todo.pop().__subclasses__():
            todo.append(kind)
            if kind not in _PREPARED:
                _PREPARED.add(kind)
                _prepare(kind)


def _prepare(kind: type) -> None:
    try:
        msgspec.json.Decoder(kind, dec_hook=_in)
    except (TypeError, NameError):
        return  # one that nobody can decode into, with a field of a type of its own or named for type checkers alone


def decode_with_digest(body: bytes, kind: type[T]) -> tuple[T, str]:
    """Return what `decode` and `digest` return. A body as `encode` writes it, which is what phones send, is read once.

    Raises:
        NotReadableError: as `decode`, and for what `digest` cannot read in a field that `kind` does not have.
    """
    record = decode(body, kind)
    # Written by `encode`, the record holds all of the body, and putting it in order needs no second reading.
    return record, _sha256(_SORTING.encode(record) if _ENCODER.encode(record) == body else canonical(body))


def canonical(body: bytes) -> bytes:
    """Return `body`'s JSON with sorted keys and no spaces: two bodies with the same content give the same bytes.

    Raises:
        NotReadableError: not JSON, or nested too deep.
    """
    try:
        return msgspec.json.encode(msgspec.json.decode(body), order="sorted")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotReadableError(str(error)) from error


def digest(body: bytes) -> str:
    """Return the SHA-256, in hex, of `body`'s canonical JSON: the name of exactly this content."""
    return _sha256(canonical(body))


# hashlib lets other threads run while it reads more than this, and a busy server waits longer to go on than it hashes.
_AT_ONCE = 2047


def _sha256(data: bytes) -> str:
    state = hashlib.sha256()
    for start in range(0, len(data), _AT_ONCE):
        state.update(data[start : start + _AT_ONCE])
    return state.hexdigest()
