"""A server with a signed round and a clock that stands still, and the release of that round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import release_due
from sync_server.season.rule_changes import set_release_moments
from tests.builders import NOON
from tests.sync_server.closed_season import ENDED, a_round_that_ended, closed, signed
from tests.sync_server.conftest import Running, run_server
from tests.sync_server.databases import copy_of
from tests.sync_server.desk import add_accounts

MOMENT = ENDED + timedelta(days=1)


def before_release(folder: Path) -> Iterator[Running]:
    """A server with round 1 closed and signed, its moment a day ahead of a clock that stands still."""
    config = Config(data_dir=folder / "data")
    copy_of(_sign_a_round, config.database)
    for server in run_server(config, clock=lambda: ENDED):
        add_accounts(server)
        yield server


def _sign_a_round(database: Database) -> None:
    with database.transaction() as db:
        people = a_round_that_ended(db)
        confirm_clock(db, ENDED)
        signed(db, closed(db, people[0]), *people)
        set_release_moments(db, {1: MOMENT}, created_by="admin", now=NOON)


def release(server: Any) -> None:
    """Let the moment of round 1 come."""
    with server.services.database.transaction() as db:
        assert release_due(db, MOMENT, MOMENT) == [1]
