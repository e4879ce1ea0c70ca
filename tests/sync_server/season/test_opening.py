"""OPG: what keeps round 1 from opening, and what does not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.queries.round_rules import versions_followed
from sync_server.publication.life import RoundState
from sync_server.publication.rounds import standings_of
from sync_server.season.opening import red_lines
from sync_server.season.rule_changes import freeze_opened
from tests.builders import NOON
from tests.sync_server.closed_season import add_calls
from tests.sync_server.databases import migrated
from tests.sync_server.enrolment_kit import add_edition
from tests.sync_server.season_kit import add_season

IN_ROUND_1 = NOON


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = migrated(Config(data_dir=tmp_path).database)
    with database.transaction() as db:
        add_season(db)
    return database


@pytest.mark.parametrize(
    ("has_edition", "has_opened", "calls", "state"),
    [
        pytest.param(True, False, 0, RoundState.PLANNED, id="OPG-1 red lines keep it from opening"),
        pytest.param(False, False, 0, RoundState.OPEN, id="OPG-2 there is no edition, as earlier releases kept it"),
        pytest.param(True, True, 0, RoundState.OPEN, id="OPG-2 the list turned red after it opened"),
        pytest.param(True, False, 1, RoundState.COLLECTING, id="OPG-2 a record of it came"),
    ],
)
def test_round_1_opens_while_nothing_keeps_it(
    database: Database, *, has_edition: bool, has_opened: bool, calls: int, state: RoundState
) -> None:
    with database.transaction() as db:
        if has_opened:
            freeze_opened(db, IN_ROUND_1, IN_ROUND_1)
        if has_edition:
            add_edition(db, IN_ROUND_1.year)
        add_calls(db, calls)
        freeze_opened(db, IN_ROUND_1, IN_ROUND_1 + timedelta(minutes=1))
        followed, standings = versions_followed(db), standings_of(db, IN_ROUND_1)
        red = red_lines(db)
    assert standings[0].state is state
    assert ("round-1" in followed) is (state is not RoundState.PLANNED)
    assert bool(red) is (state is RoundState.PLANNED)
