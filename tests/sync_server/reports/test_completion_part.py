"""CPL, SEE-6: the part of a participant report that says how much was made, what was void, and how it was spread."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import msgspec
import pytest

from checklists.record.assessment import Contact
from sync_server.print.document import Rows
from sync_server.reports.completion_part import completion
from sync_server.reports.kept import copy_of
from sync_server.reports.participant import participant_report
from sync_server.reports.round_copy import RoundCopy
from sync_server.reports.source import Source
from sync_server.reports.words import Say
from sync_server.review import rulings
from tests.sync_server.closed_season import a_round_that_ended, add_accepted, desk_of
from tests.sync_server.databases import migrated
from tests.sync_server.season_kit import a_call

PHONE = ("harbour-ferry", "phone_in")
ASSESSORS_WORDS = "Ms Wong at the desk knew me."
REASONS = ("Another line was called.", "Called back from 9123 4567.")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoundCopy]:
    """A round of six calls, of which two were declared void; a seventh was broken off."""
    database = migrated(f"sqlite:///{tmp_path_factory.mktemp('voids')}/sync.sqlite3")
    with database.transaction() as db:
        first, _ = a_round_that_ended(db, calls=6)
        broken = a_call(id=str(uuid.UUID(int=77)), assignment_id="call-broken")
        broken = msgspec.structs.replace(broken, contact=Contact.VOID, void_reason=ASSESSORS_WORDS, answers={})
        add_accepted(db, broken)
        for number, reason in enumerate(REASONS):
            rulings.void(db, str(uuid.UUID(int=1000 + number)), reason, first)
        yield copy_of(desk_of(db), 1, draft=True)
    database.close()


def tables(copy: RoundCopy) -> list[Rows]:
    entry = copy.entries[PHONE]
    source = Source(copy, PHONE, entry, entry.rounds[0], copy.form_of(PHONE), Say("en", copy.scored.rules.zone("tz")))
    return [block for block in completion(source) if isinstance(block, Rows)]


def test_cpl_2_a_void_is_told_in_the_offices_words_and_in_nobody_elses(copy: RoundCopy) -> None:
    """SEE-6: what the assessor wrote is not there, nor words that hold a telephone number."""
    found = next(table for table in tables(copy) if table.caption == "What counts for nothing.")
    assert [(why, n) for why, n, _ in found.rows] == [
        ("Another line was called.", "1"),
        ("Broken off by the assessor", "1"),
        ("Void, for a reason that stays with the organiser", "1"),
    ]
    text = msgspec.json.encode(participant_report(copy, PHONE, "en")).decode()
    assert [words for words in (ASSESSORS_WORDS, REASONS[1], "9123") if words in text] == []


def test_cpl_1_each_share_stands_beside_the_planned_one(copy: RoundCopy) -> None:
    """What was planned and not made is there, too; below five visits no index is told."""
    (languages,) = (table for table in tables(copy) if table.caption.startswith("By language"))
    assert list(languages.heads) == ["Which", "Made", "Share", "Planned"]
    wanted = [["4", "100 %", "70 %"], ["0", "0 %", "20 %"], ["0", "0 %", "10 %"]]
    assert [list(row[1:]) for row in languages.rows] == wanted
    (scenarios,) = (table for table in tables(copy) if table.caption.startswith("By scenario"))
    assert list(scenarios.heads) == ["Which", "Made", "Share"]
    assert "coverage" not in languages.caption
