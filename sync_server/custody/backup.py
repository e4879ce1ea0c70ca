"""A backup is a folder anybody can read: a file of JSON lines a table, the media by hash, and a manifest written last.

BAK-1  It holds everything acknowledged before it began: the tables are read in one view, and after that the files they
       name after that; files never change. A running server goes on meanwhile.
BAK-2  Without its manifest it is no backup; the manifest has the digest of every table and the list of every file.
BAK-3  It restores on either engine and any media store, into an empty server only, and is checked first.
BAK-4  Its owner alone can read it: it holds what passwords are checked against. Codes and links that still open
       something stay out of it; after a restore, others are issued.
BAK-5  What would erase stays out: the retention job, whoever wrote it, and the confirmation of an erasure (RET-14).
BAK-6  Rounds of a release that kept their moments beside the rules come in as its migration would bring them in.
BAK-7  A file that is gone or not what its name says is named, and the rest is backed up, and restored, all the same.
       What is shown instead of an original stays out: it is made anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, LargeBinary

from checklists.language import N_, SentenceError, sentence
from sync_server.custody.folder import check_empty, is_copied
from sync_server.database.columns import Moment, moment_text
from sync_server.database.engine import Database
from sync_server.database.queries import whole
from sync_server.database.queries.jobs import ask_for, forget_job
from sync_server.database.queries.releases import keep_moments_of_csv
from sync_server.evidence.arrivals import derive_job
from sync_server.evidence.store import MediaStore
from sync_server.jobs.wishes import RETAIN_JOB
from sync_server.machine.files import keep_blocks, keep_file, make_folder, make_private_folder

FORMAT = 1
MANIFEST = "manifest.json"
# What belongs to one running server only, and means nothing to the one that is restored.
LEFT_OUT = frozenset(
    {
        "uploads", "sign_in_throttles", "sessions", "pending_sign_ins", "provider_tries", "erasure_notices",
        "media_derivatives", "waveforms", "downloads",
    }
)  # fmt: skip
# Of these a row that was neither used nor revoked may still let somebody in: its short code can be found from its hash.
ONE_TIME = frozenset({"enrolment_codes", "invitations", "password_resets"})
AT_ONCE = 500


class BackupError(SentenceError):
    """This is no backup that can be restored here."""


class TableOf(msgspec.Struct, frozen=True, kw_only=True):
    """One table's file."""

    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. `media` maps each file to its length; `lacking` are those it should hold and does not."""

    format: int
    made_at: datetime
    tables: Mapping[str, TableOf]
    media: Mapping[str, int]
    lacking: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows its tables have."""
        return sum(table.rows for table in self.tables.values())


def back_up(database: Database, media: MediaStore, folder: Path, now: datetime) -> Manifest:
    """Write a backup into the new or empty `folder`. Returns once all of it would survive a power cut.

    Raises:
        FolderError: the folder holds something.
    """
    check_empty(folder)
    make_private_folder(folder)
    make_folder(folder / "tables")
    with database.reading() as db:
        tables = {}
        for name in whole.table_names():
            if name not in LEFT_OUT:
                lines = (_line(row) for row in whole.rows_of_table(db, name) if _is_carried(name, row))
                tables[name] = _write_lines(folder / "tables" / f"{name}.jsonl", lines)
        named = {row.sha256: row.size_bytes for row in whole.held_media(db)}
    lacking = tuple(name for name in sorted(named) if not is_copied(media, name, _file_of(folder, name)))
    kept = {name: size for name, size in named.items() if name not in lacking}
    manifest = Manifest(format=FORMAT, made_at=now, tables=tables, media=kept, lacking=lacking)
    keep_file(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1), private=True)
    return manifest


def restore(database: Database, media: MediaStore, folder: Path) -> Manifest:
    """Bring a backup into an empty, migrated database and its media store. All rows are written, or none.

    Returns the manifest; `lacking` in it are the files that are not restored, because they were not in the backup or
    are damaged there.

    Raises:
        BackupError: no backup, a damaged one, or the database holds something already.
    """
    manifest = read_manifest(folder)
    # Before a file is put: those of a backup that is refused would stay, unknown to retention.
    with database.reading() as db:
        _check_empty(db)
    tables = [(name, manifest.tables[name]) for name in whole.table_names() if name in manifest.tables]
    for name, table in tables:
        _check(folder / "tables" / f"{name}.jsonl", table.sha256)
    damaged = [name for name in manifest.media if not _is_put(media, name, _file_of(folder, name))]
    with database.transaction() as db:
        _check_empty(db)
        for name, table in tables:
            _add_table(db, name, folder / "tables" / f"{name}.jsonl", table)
        forget_job(db, RETAIN_JOB)
        if "media_derivatives" not in manifest.tables:
            ask_for(db, [derive_job(row.sha256) for row in whole.held_media(db)], manifest.made_at)
        if "rounds" in manifest.tables:
            moments = _moments_of_csv(folder / "tables" / "rounds.jsonl")
            if moments:
                keep_moments_of_csv(db, moments, manifest.made_at)
    whole_files = {name: size for name, size in manifest.media.items() if name not in damaged}
    return msgspec.structs.replace(manifest, media=whole_files, lacking=(*manifest.lacking, *sorted(damaged)))


def _file_of(folder: Path, sha256: str) -> Path:
    return folder / "media" / sha256[:2] / sha256


def _is_put(media: MediaStore, sha256: str, file: Path) -> bool:
    """Put a backup's file into the store; False where it is gone or damaged."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return False
    if hashlib.sha256(data).hexdigest() != sha256:
        return False
    media.put(sha256, data)
    return True


def _check_empty(db: Connection) -> None:
    if not whole.is_empty(db):
        raise BackupError(sentence(N_("The database holds data already; restore into an empty data folder.")))


def read_manifest(folder: Path) -> Manifest:
    """Return what the backup in `folder` says it holds. Raises BackupError."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise BackupError(
            sentence(N_("{folder} holds no whole backup: its manifest is missing."), folder=str(folder))
        ) from error
    except msgspec.DecodeError as error:
        raise _damaged(MANIFEST) from error
    if manifest.format != FORMAT:
        raise BackupError(
            sentence(N_("This backup was made by another release (format {found})."), found=manifest.format)
        )
    return manifest


def _is_carried(table: str, row: Mapping[str, Any]) -> bool:
    """Whether a row means the same on another server: no job that erases, nothing that still lets somebody in."""
    if table in ONE_TIME:
        return row["used_at"] is not None or row.get("revoked_at") is not None
    return table != "jobs" or row["name"] != RETAIN_JOB.name


def _line(row: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode({name: _plain(value) for name, value in row.items()}) + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _row(name: str, line: bytes) -> dict[str, Any]:
    cells = json.loads(line)
    columns = whole.table_of(name).columns
    return {column: _value(columns[column].type, value) for column, value in cells.items() if column in columns}


def _moments_of_csv(rounds: Path) -> dict[int, datetime | None]:
    """Return the moments that an earlier release kept with its rounds; {}: the backup is of this one."""
    rows = [json.loads(line) for line in rounds.read_bytes().splitlines()]
    return {
        row["number"]: row["released_at"] and datetime.fromisoformat(row["released_at"])
        for row in rows
        if "released_at" in row
    }


def _value(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return base64.b64decode(value["base64"]) if isinstance(kind, LargeBinary) else value


def _write_lines(file: Path, lines: Iterator[bytes]) -> TableOf:
    rows, digest = 0, hashlib.sha256()

    def counted() -> Iterator[bytes]:
        nonlocal rows
        for line in lines:
            rows += 1
            digest.update(line)
            yield line

    keep_blocks(file, counted(), private=True)
    return TableOf(rows=rows, sha256=digest.hexdigest())


def _add_table(db: Connection, name: str, file: Path, table: TableOf) -> None:
    """Add the rows of a table's file, in groups, once its digest was checked."""
    count, group = 0, []
    with file.open("rb") as stream:
        for line in stream:
            group.append(_row(name, line))
            count += 1
            if len(group) == AT_ONCE:
                whole.add_rows(db, name, group)
                group = []
    whole.add_rows(db, name, group)
    whole.continue_numbers(db, name)
    if count != table.rows:
        raise _damaged(file.name)


def _check(file: Path, sha256: str) -> None:
    try:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise _damaged(file.name) from error
    if digest != sha256:
        raise _damaged(file.name)


def _damaged(name: str) -> BackupError:
    return BackupError(sentence(N_("The backup is damaged at {name}; use another one."), name=name))
