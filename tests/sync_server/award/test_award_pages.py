"""The pages of the award, and the season file that they offer."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from checklists.record.assessment import Contact
from sync_server.commands.export_season import exported
from sync_server.database import tables
from sync_server.people.permissions import Role
from tests.sync_server.award.standing_kit import (
    PHONE,
    arrive,
    kept,
    standing_row,
    unanswered,
)
from tests.sync_server.conftest import Running
from tests.sync_server.desk import signed_in

PAGES = ("/standings", "/standings/harbour-ferry/phone_in", "/awards", "/borderline", "/what-if")


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_pages_show_the_award(desk: Running, language: str) -> None:
    for number in (1, 2):
        arrive(desk, round_number=number)
    score = kept(desk)[PHONE]
    assert score.rounds[0].score is not None
    with signed_in(desk, Role.COORDINATOR, language=language) as client:
        for page in PAGES:
            answer = client.get(page)
            assert answer.status_code == 200, answer.text
        shown = client.get("/standings/harbour-ferry/phone_in").text
    assert ("needs" in shown) is (language == "en")
    assert ("金獎" in shown) is (language == "zh-Hant")


def test_an_entry_that_is_not_there_is_not_found(desk: Running) -> None:
    with signed_in(desk, Role.COORDINATOR) as client:
        assert client.get("/standings/nobody/phone_in").status_code == 404
        assert client.get("/standings/harbour-ferry/fax").status_code == 404


def test_what_if_compares_and_keeps_nothing(desk: Running) -> None:
    arrive(desk)
    arrive(
        desk, id="11111111-1111-7111-8111-111111111111", contact=Contact.UNREACHABLE, answers={}, attempts=unanswered(6)
    )
    before = standing_row(desk)
    with signed_in(desk, Role.COORDINATOR) as client:
        page = client.get("/what-if", params={"changes": "unreachable.score_mode=zero"}).text
        wrong = client.get("/what-if", params={"changes": "grade.rounding=up"}).text
    assert "<s>stands at the mean, less the deduction</s> → <strong>counts as 0</strong>" in page
    # The rule is a sentence there too; its raw name is small print.
    assert "→ <strong>counts as 0</strong>" in page
    assert "Harbour Ferry Hotline" in page
    assert "grade.rounding" in wrong
    assert "half_even" in wrong
    assert standing_row(desk) == before


def test_the_season_is_downloaded_by_coordinators_only(desk: Running) -> None:
    arrive(desk)
    with signed_in(desk, Role.COORDINATOR) as client:
        answer = client.get("/season.json")
    assert answer.content == exported(desk.services.database)
    with signed_in(desk, Role.VIEWER) as client:
        assert client.get("/season.json").status_code == 403


def test_open_pages_are_told_that_a_standing_moved(desk: Running) -> None:
    arrive(desk)
    with desk.services.database.reading() as db:
        c = tables.changes.c
        changes = db.execute(select(c.subject_id, c.audience).where(c.kind == "standing")).all()
    assert ("harbour-ferry/phone_in", "office") in [tuple(row) for row in changes]
