"""FEED-1: what phones promise about sound follows the setting of the server, on both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from sync_server.commands import serve
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.season.set_up import promise_audio_days, set_up
from tests.builders import NOON
from tests.sync_server.desk import rule_anew


def start(database: Database, days: int) -> None:
    """What every start of a server does."""
    with database.transaction() as db:
        promise_audio_days(db, days, NOON)
        set_up(db, NOON)


def programmes(database: Database) -> list[dict[str, Any]]:
    """The programme as any phone is told it, oldest first."""
    with database.reading() as db:
        rows = changes_for_assessor(db, "anybody", 0)
    return [msgspec.json.decode(row.body) for row in rows if row.kind == "programme"]


def test_a_start_tells_the_period_once_and_again_only_when_it_changed(database: Database) -> None:
    for days in (90, 90, 30, 30):
        start(database, days)
    told = programmes(database)
    assert [body["audio_kept_days"] for body in told] == [90, 30]
    assert told[0] | {"audio_kept_days": 30} == told[1], "nothing else of the programme is new"


def test_a_season_of_the_last_version_is_told_at_the_first_start_of_this_one(database: Database) -> None:
    with database.transaction() as db:
        set_up(db, NOON)
    assert set(programmes(database)[0]) == {"name", "digest", "rules"}
    start(database, 90)
    assert [body.get("audio_kept_days") for body in programmes(database)] == [None, 90]


def test_new_rules_keep_the_promise(database: Database) -> None:
    start(database, 30)
    with database.transaction() as db:
        rule_anew(db, {"grade.dp": 2}, "two decimals were agreed")
    assert [body["audio_kept_days"] for body in programmes(database)] == [30, 30]


def test_serving_tells_the_setting_of_the_environment(tmp_path: Path) -> None:
    environment = {"SYNC_SERVER_RETENTION_AUDIO_DAYS": "30"}
    config = Config.from_environment(environment, data_dir=tmp_path)
    serve._prepared(config, "http://server")
    database = Database(config.database)
    upgrade(database)
    assert [body["audio_kept_days"] for body in programmes(database)] == [30]
    database.close()
