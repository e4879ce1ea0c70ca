"""The data folder for commands that are no server: settings, and its database, opened and migrated."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from checklists.language import N_, SentenceError, sentence
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.machine.files import make_private_folder


class CannotOpenError(SentenceError):
    """There is nothing to open, or it cannot be opened."""


@contextlib.contextmanager
def opened(data: Path | None, *, new: bool = False) -> Iterator[tuple[Config, Database]]:
    """Give the settings in force and the migrated database; closes it afterwards. `new`: it may not be there yet.

    Raises:
        sync_server.config.ConfigError: a setting is wrong.
        CannotOpenError: the folder holds no database, or the database does not answer.
    """
    config = Config.from_environment(os.environ, data_dir=data)
    if not config.database_url and not new and not (config.data_dir / "sync.sqlite3").is_file():
        message = sentence(
            N_("{folder} holds no data of this server; name the data folder with --data."), folder=str(config.data_dir)
        )
        raise CannotOpenError(message)
    if new or config.data_dir.is_dir():
        make_private_folder(config.data_dir)
    database = Database(config.database)
    try:
        try:
            upgrade(database)
        except DBAPIError as error:
            message = sentence(N_("The database cannot be opened: {why}"), why=str(error.orig))
            raise CannotOpenError(message) from error
        yield config, database
    finally:
        database.close()
