"""The real sync server with a small season, and a code for its first assessor's phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checklists.rules.programme import load_programme
from fieldapp.clock import SystemClock
from sync_server.config import Config
from sync_server.feed.phones import tell_programme
from sync_server.people.enrolment_codes import issue_code
from tests.sync_server.conftest import Running, run_server
from tests.sync_server.databases import migrated
from tests.sync_server.season_kit import ASSESSOR, SET_UP_AT, add_season


def season_server(folder: Path, **options: Any) -> Iterator[tuple[Running, str]]:
    """Run it until the test is over; `options` as for `create_app`."""
    config = Config(data_dir=folder / "server", database_url=f"sqlite:///{folder / 'sync.sqlite3'}")
    database = migrated(config.database)
    with database.transaction() as db:
        add_season(db)
        rules = load_programme("mystery_caller_2021").rules
        tell_programme(db, "mystery_caller_2021", rules.digest, dict(rules.plain), SET_UP_AT)
        lasts, now = config.enrolment_code_lasts, SystemClock().now()
        code = issue_code(db, assessor_id=ASSESSOR, created_by="command", now=now, lasts=lasts).code
    database.close()
    for server in run_server(config, **options):
        yield server, code
