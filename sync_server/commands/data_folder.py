"""The data folder for commands that are no server: settings, and its database, opened and migrated."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError

from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server.commands.system_errors import said_of
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import NewerSchemaError, is_current, revision_of, upgrade
from sync_server.database.queries.whole import is_empty
from sync_server.evidence.configured_store import open_media
from sync_server.machine.files import make_private_folder

DATABASE = "sync.sqlite3"
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_AS_THE_SYSTEM = MappingProxyType(
    {
        "SQLITE_FULL": errno.ENOSPC,
        "SQLITE_READONLY": errno.EACCES,
        "SQLITE_CANTOPEN": errno.EACCES,
        "SQLITE_PERM": errno.EACCES,
        "SQLITE_IOERR": errno.EIO,
    }
)


class CannotOpenError(SentenceError):
    """There is nothing to open, or it cannot be opened."""


@contextlib.contextmanager
def opened(data: Path | None, *, new: bool = False, restoring: bool = False) -> Iterator[tuple[Config, Database]]:
    """Give the settings in force and the migrated database; closes it afterwards. `new`: it may not be there yet.

    Raises:
        sync_server.config.ConfigError: a setting is wrong.
        CannotOpenError: the folder holds no database, or the database does not answer, now or while it is used.
    """
    config = Config.from_environment(os.environ, data_dir=data)
    if not config.database_url and not new and not (config.data_dir / DATABASE).is_file():
        message = sentence(
            N_("{folder} holds no data of this server; name the data folder with --data."), folder=str(config.data_dir)
        )
        raise CannotOpenError(message)
    if new or config.data_dir.is_dir():
        make_private_folder(config.data_dir)
    with readable():
        database = Database(config.database)
        try:
            bring_up_to_date(config, database, restoring=restoring)
            yield config, database
        finally:
            database.close()


@contextlib.contextmanager
def readable() -> Iterator[None]:
    """Say in a sentence why the database cannot be used. Raises CannotOpenError."""
    try:
        yield
    except DBAPIError as error:
        message = sentence(N_("The database cannot be opened: {why}"), why=_why(error.orig))
        raise CannotOpenError(message) from error
    except NewerSchemaError as error:
        message = sentence(
            N_("A newer release has kept this data (schema {revision}); start that release, or a newer one."),
            revision=error.revision,
        )
        raise CannotOpenError(message) from error


def _why(error: BaseException | None) -> Sentence | str:
    """Return why SQLite cannot, and what to do; another database's own words."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(_DAMAGED):
        words = N_("it is damaged, or no database of this server. Bring a backup into an empty folder: {command}")
        return sentence(words, command="sync-server restore BACKUP --data NEW")
    code = next((code for start, code in _AS_THE_SYSTEM.items() if name.startswith(start)), None)
    return str(error) if code is None else said_of(OSError(code, str(error), DATABASE))


def bring_up_to_date(config: Config, database: Database, *, restoring: bool = False) -> None:
    """Migrate the database. A new one is not begun beside files that an older one knew, unless a backup is `restoring`.

    Raises:
        CannotOpenError: there are files, and no database that knows them.
        DBAPIError, NewerSchemaError
    """
    if not restoring and _is_new(database) and not open_media(config)[0].is_empty():
        message = sentence(
            N_(
                "The media of {folder} are there, but its database is missing or empty. Put the database back, restore "
                "a backup into another folder, or name another folder with --data."
            ),
            folder=str(config.data_dir),
        )
        raise CannotOpenError(message)
    upgrade(database)


def _is_new(database: Database) -> bool:
    if revision_of(database) is None:
        return True
    if not is_current(database):
        return False
    with database.reading() as db:
        return is_empty(db)
