"""CTP: the contacts themselves in a participant report. Ids are those in sync_server/reports/contact_parts.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from sync_server.database.engine import Database
from sync_server.print.document import Document, Heading, Rows, Words
from sync_server.publication import closing
from sync_server.publication.packed import Entrants
from sync_server.reports.figures import Route, routes_of
from sync_server.reports.participant import participant_report
from sync_server.reports.round_copy import RoundCopy
from tests.sync_server.closed_season import a_round_that_ended, desk_of

PHONE = ("harbour-ferry", "phone_in")


@pytest.fixture
def copy(database: Database) -> RoundCopy:
    with database.transaction() as db:
        a_round_that_ended(db, calls=6)
        desk = desk_of(db)
        return RoundCopy(file=closing.take(desk, 1).file, number=1, forms=desk.book.forms(db))


def having_seen(copy: RoundCopy, name: str, values: Sequence[object]) -> RoundCopy:
    """The same copy, with something else noted of its first visits."""
    entrants = list(copy.file["entrants"])
    visits = next(
        entry["rounds"][0]["assessments"]
        for entrant in entrants
        for entry in entrant["entries"]
        if (entrant["id"], entry["channel"]) == PHONE
    )
    for visit, value in zip(visits, values, strict=False):
        visit["x_seen"][name] = value
    return replace(copy, file={**copy.file, "entrants": Entrants.of(entrants)})


def under(document: Document, number: int) -> list[Any]:
    """The blocks of a part."""
    starts = [place for place, block in enumerate(document.blocks) if isinstance(block, Heading)]
    return list(document.blocks[starts[number - 1] + 1 : [*starts, len(document.blocks)][number]])


def told(copy: RoundCopy, part: int, caption: str) -> list[list[str]]:
    blocks = under(participant_report(copy, PHONE, "en"), part)
    return next([list(row) for row in one.rows] for one in blocks if isinstance(one, Rows) and caption in one.caption)


def test_ctp_1_members_of_staff_are_numbers_and_one_contact_is_nobodys_measure(copy: RoundCopy) -> None:
    words = [one.text for one in under(participant_report(copy, PHONE, "en"), 8) if isinstance(one, Words)]
    assert any("no code of one is taken down" in each for each in words)
    rows = told(having_seen(copy, "staff", (2, 1, 2, 1, 2, 3)), 8, "1 with one contact are left out")
    assert [(name, n) for name, n, _ in rows] == [("Member of staff 1", "2"), ("Member of staff 2", "3")]


def test_ctp_2_the_menu_map_tells_every_route_by_its_keys(copy: RoundCopy) -> None:
    straight, detour = [["1", 4, False], ["3", 6, False]], [["1", 5, False], ["8", 5, True], ["3", 0, False]]
    copy = having_seen(copy, "menu", (straight, detour, straight, [], straight, []))
    assert told(copy, 9, "Menu map") == [["1 → 3", "3", "2", "4 · 6"], ["1 → 8* → 3", "1", "2", "5 · 5 · –"]]
    assert routes_of(copy.visits(PHONE))[0] == Route([("1", 4, False), ("3", 6, False)], 3)


def test_a_failed_critical_question_is_told_by_day_and_nobodys_words(copy: RoundCopy) -> None:
    (row,) = told(having_seen(copy, "critical", (["PB7"],)), 5, "read by two people")
    assert row[1:] == ["1", "1 Mar 2021"]


def test_what_the_next_band_needs_shows_its_working(copy: RoundCopy) -> None:
    words = next(one.text for one in under(participant_report(copy, PHONE, "en"), 12) if isinstance(one, Words))
    assert "0.20 × " in words
    assert "(0.80)" in words
