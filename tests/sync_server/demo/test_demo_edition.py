"""The demo's edition is green whenever it is started, a season over New Year included."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync_server.database.queries.season import rows_of
from sync_server.demo import seeded_folder
from sync_server.demo.calendar import ZONE
from sync_server.season.edition import current_edition
from sync_server.season.edition_checks import checks


@pytest.mark.parametrize(
    "today", [pytest.param((2027, 3, 20), id="from January"), pytest.param((2026, 11, 27), id="over New Year")]
)
def test_the_demos_check_list_is_green(database, today) -> None:
    seeded_folder.begin(database, datetime(*today, tzinfo=UTC))
    with database.reading() as db:
        edition = current_edition(db)
        assert [str(check.problem) for check in checks(edition, ZONE) if not check.is_green] == []
        years = sorted(row["year"] for row in rows_of(db, "editions"))
        results = {one["year"] for row in rows_of(db, "entries") for one in row["history"]}
    assert edition is not None
    assert years == [edition.year - 1, edition.year], "the one before it stays to be looked at"
    assert edition.year - 1 in results
