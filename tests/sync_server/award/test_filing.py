"""An FAQ that is not yet filed: late once observed time has passed the deadline, and the export says the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.score import score_season
from checklists.season.write import season_json
from sync_server.award.desk import SeasonDesk
from sync_server.award.season_file import season_to_export
from sync_server.award.standings import kept_standings
from sync_server.database import tables
from sync_server.people.permissions import Role
from sync_server.season.forms import FormBook
from sync_server.season.observed_time import confirm_clock
from tests.builders import NOON
from tests.sync_server.desk import rule_anew, signed_in
from tests.sync_server.season_kit import add_season

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("deadline", "seen", "is_late"),
    [
        pytest.param(None, NOON + 99 * DAY, False, id="no deadline"),
        pytest.param(NOON, NOON - DAY, False, id="before the deadline"),
        pytest.param(NOON, NOON + DAY, True, id="after the deadline"),
    ],
)
def test_an_faq_not_yet_filed_is_late_once_its_deadline_has_passed(
    database: Any, deadline: Any, seen: Any, is_late: bool
) -> None:
    with database.transaction() as db:
        add_season(db)
        db.execute(update(tables.entries).values(faq_filing="never", faq_awaited=True))
        rule_anew(db, {"faq.deadline": deadline and deadline.isoformat()})
        confirm_clock(db, seen)
    with database.reading() as db:
        desk = SeasonDesk.of(db, FormBook())
        shown = [entry.rounds[0].faq for entry in kept_standings(desk)]
        exported = score_season(read_season(season_json(season_to_export(desk)), shipped_forms()))
    assert shown == [entry.rounds[0].faq for entry in exported.entries] == [int(is_late)] * 2


def test_the_page_of_an_entry_says_that_no_deadline_is_set(desk: Any) -> None:
    with signed_in(desk, Role.VIEWER) as client:
        page = "/standings/harbour-ferry/phone_in"
        assert "no FAQ deadline is set" in client.get(page).text
        with desk.services.database.transaction() as db:
            rule_anew(db, {"faq.deadline": NOON.isoformat()})
        assert "no FAQ deadline is set" not in client.get(page).text
