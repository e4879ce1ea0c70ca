"""SEE: what a copy holds of each visit beside its score. Ids are those in sync_server/publication/seen.py."""

from __future__ import annotations

import uuid
from fractions import Fraction
from typing import Any

import msgspec

from checklists.record.assessment import Measurement, MenuStep
from sync_server.publication import closing
from sync_server.publication.packed import set_out
from sync_server.publication.readiness import Weight
from sync_server.publication.rounds import standing_of_what
from tests.builders import NOON
from tests.sync_server.closed_season import ENDED, a_round_that_ended, add_accepted, add_calls, desk_of
from tests.sync_server.season_kit import ANSWERS, a_call


def test_a_visit_is_seen_by_day_points_and_seconds_and_without_a_word(database: Any) -> None:
    """SEE-1, SEE-2, SEE-3, SEE-4"""
    with database.transaction() as db:
        a_round_that_ended(db, calls=1)
        file = closing.take(desk_of(db), 1).file
    entry = next(one for one in file["entrants"][0]["entries"] if one["channel"] == "phone_in")
    (visit,) = entry["rounds"][0]["assessments"]
    seen = visit["x_seen"]
    assert (seen["on"], seen["daypart"], seen["language"], seen["tries"]) == ("2021-03-01", "12-14", "yue", 1)
    assert seen["measured"]["wait_sec"] == "30"
    assert seen["items"]["PC1"] == ["0"]
    assert [met for _, met in seen["faqs"]] == ["right"], "SEE-4: one is filed"
    assert [file["x_filed"][ref]["question"]["en"] for ref, _ in seen["faqs"]] == ["Where is the lost property office?"]
    points = [(Fraction(earned), Fraction(of)) for earned, of in seen["sections"].values()]
    assert points
    assert [(earned, of) for earned, of in points if earned > of] == []
    text = b"".join(set_out(file)).decode()
    words = [str(ANSWERS["PG5"]), "They said it would be kept", "T12:", "assessor", "x_decisions"]
    assert [one for one in words if one in text] == []


def test_see_5_who_served_is_a_number_and_the_code_stays_here(database: Any) -> None:
    codes = ("Zoe", "amy", " Amy")
    with database.transaction() as db:
        a_round_that_ended(db, calls=0)
        for number, code in enumerate(codes):
            record = a_call(id=str(uuid.UUID(int=number + 1)), assignment_id=f"coded-{number}")
            held = {**record.measurements, "staff_ref": Measurement(code=code)}
            add_accepted(db, msgspec.structs.replace(record, measurements=held, menu=(MenuStep(at=NOON, key="1"),)))
        file = closing.take(desk_of(db), 1).file
    entry = next(one for one in file["entrants"][0]["entries"] if one["channel"] == "phone_in")
    seen = [one["x_seen"] for one in entry["rounds"][0]["assessments"]]
    assert ([one["staff"] for one in seen], seen[0]["menu"]) == ([2, 1, 1], [["1", 0, False]])
    assert [code for code in codes if code.strip() in b"".join(set_out(file)).decode()] == []


def test_rdy_3_what_is_only_told_stops_nothing(database: Any) -> None:
    with database.transaction() as db:
        first, _ = a_round_that_ended(db)
        add_calls(db, 1, round_number=2)
        standing = standing_of_what(db, "round-1", ENDED)
        assert standing is not None
        second = closing.ready(desk_of(db), standing._replace(round=2, what="round-2"), first)
    assert [(str(line.name), line.open) for line in second.open_of(Weight.TOLD)] == [
        ("Drawn for a second score, and not scored", 1),
        ("Earlier rounds that are not published", 1),
    ]
