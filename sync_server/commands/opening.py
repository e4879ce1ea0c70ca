"""Opening what a server keeps, for commands that are no server: settings, the database, migrated."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from checklists.language import N_, Sentence, sentence
from sync_server.commands.terminal import Terminal
from sync_server.config import Config, ConfigError
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade


class CannotOpenError(Exception):
    """There is nothing to open, or it cannot be; `.message` says what to do."""

    def __init__(self, message: Sentence | str) -> None:
        super().__init__(str(message))
        self.message = message

    def told(self, terminal: Terminal) -> str:
        """Return the message in the terminal's language."""
        return self.message if isinstance(self.message, str) else terminal.of(self.message)


@contextlib.contextmanager
def opened(data: Path | None, *, new: bool = False) -> Iterator[tuple[Config, Database]]:
    """Give the settings in force and the migrated database; closes it afterwards. `new`: it may not be there yet.

    Raises:
        CannotOpenError: a setting is wrong, the folder holds no database, or the database does not answer.
    """
    try:
        config = Config.from_environment(os.environ, data_dir=data)
    except ConfigError as error:
        raise CannotOpenError(str(error)) from error
    if not config.database_url and not new and not (config.data_dir / "sync.sqlite3").is_file():
        told = sentence(
            N_("{folder} holds no data of this server; name the data folder with --data."), folder=str(config.data_dir)
        )
        raise CannotOpenError(told)
    database = Database(config.database)
    try:
        try:
            upgrade(database)
        except DBAPIError as error:
            told = sentence(N_("The database cannot be opened: {why}"), why=str(error.orig))
            raise CannotOpenError(told) from error
        yield config, database
    finally:
        database.close()
