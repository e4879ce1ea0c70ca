"""The end of a season: its results closed, signed, kept until their moment, released, corrected (RDY-4, CLO, REL-5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.score import score_season
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import publications
from sync_server.publication import closing, frozen
from sync_server.publication import since as since_copy
from sync_server.publication.life import RoundState
from sync_server.publication.packed import inflated
from sync_server.publication.readiness import Weight, readiness, readiness_of_results
from sync_server.publication.rounds import Standing, standing_of_what
from sync_server.review.outcome import By, CannotDecideError
from sync_server.review.second_reader import read_second
from sync_server.season.observed_time import ObservedTime
from sync_server.season.release import release_due
from sync_server.season.rule_changes import Decision, add_version
from tests.plain_award import exact, reference
from tests.sync_server.closed_season import closed, desk_of, set_status, signed
from tests.sync_server.finished_season import (
    CEREMONY,
    DAY,
    SIGNED_AT,
    THIRD_REPORT,
    a_database,
    at_moment,
    released,
    results_signed,
    rounds_before_the_results,
    taken_back,
)
from tests.sync_server.review.review_kit import digest_of

PHONE = ("harbour-ferry", "phone_in")


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """The season before its results, set up once."""
    database = a_database(tmp_path_factory.mktemp("season"))
    with database.transaction() as db:
        people = rounds_before_the_results(db)
    yield Season(database, people)
    database.close()


class Season(NamedTuple):
    """Its database, and the two people who sign."""

    database: Database
    people: tuple[By, By]


def standing(db: Connection, by: By) -> Standing:
    found = standing_of_what(db, "results", by.now)
    assert found is not None
    return found


def file_of(db: Connection, what: str = "results") -> dict[str, Any]:
    copy = publications.standing_copy(db, what)
    assert copy is not None
    whole: dict[str, Any] = json.loads(b"".join(frozen.exported(copy, publications.body_of_publication(db, copy.id))))
    return whole


def test_rel_5_results_are_closed_signed_and_out_at_their_moment_before_the_last_report(season: Season) -> None:
    """The export re-scores to itself, here and by a plain reading of the rules."""
    with taken_back(season.database) as db:
        people = season.people
        assert standing(db, people[0]).state is RoundState.CLOSING
        copy = results_signed(db, people)
        assert standing(db, people[0]).state is RoundState.SIGNED
        assert release_due(db, SIGNED_AT, SIGNED_AT) == []
        almost = CEREMONY - DAY / 86_400
        assert release_due(db, almost, almost) == []
        assert publications.published(db, "results") is None
        at_moment(db, people, CEREMONY)
        assert release_due(db, CEREMONY, CEREMONY) == [None]
        out = publications.published(db, "results")
        assert out is not None
        assert (out.id, out.published_at) == (copy.id, CEREMONY)
        assert publications.published(db, "round-3") is None
        file = file_of(db)
        rounds = {number: publications.signed_copy(db, f"round-{number}") for number in (1, 2, 3)}
    assert file["x_rounds"] == {str(number): one and one.digest for number, one in rounds.items()}
    told = score_season(read_season(json.dumps(file).encode(), shipped_forms()))
    plain = reference(file)
    for entry, wanted in zip(told.entries, plain["entries"], strict=True):
        assert exact(entry.final) == exact(wanted["final"])
        assert [exact(each.score) for each in entry.rounds] == [exact(each["score"]) for each in wanted["rounds"]]
    phone = next(entry for entry in told.entries if entry.key[1] == "phone_in")
    assert phone.final is not None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param("withdrew", "harbour-ferry/onsite withdrew", id="CLO-5 an entry that withdrew yesterday"),
        pytest.param("regrouped", "changed its industry group", id="CLO-5 an entrant in another group"),
        pytest.param("corrected", "Round 2 was corrected", id="CLO-5 a round corrected meanwhile"),
        pytest.param("rule", r"grade\.rounding", id="CLO-2 a rule changed between close and sign"),
        pytest.param("clock", "Confirm the clock first", id="CLO-4 a clock put back"),
        pytest.param("same person", "You have signed this already", id="SGN-1 the same person twice"),
    ],
)
def test_what_moved_between_close_and_sign_is_told_and_nothing_is_half_published(
    season: Season, change: str, why: str
) -> None:
    with taken_back(season.database) as db:
        people = season.people
        first, second = people
        copy = signed(db, closed(db, first, "results"), first)
        if change == "withdrew":
            entries = tables.entries.c
            db.execute(update(tables.entries).where(entries.channel == "onsite").values(withdrawn=True))
        elif change == "regrouped":
            db.execute(update(tables.entrants).values(industry="telecommunications"))
        elif change == "corrected":
            correct(db, people, 2)
        elif change == "rule":
            own = Decision(frozenset({"season"}))
            add_version(db, {"grade.rounding": "floor"}, "x", created_by="admin", now=SIGNED_AT, decision=own)
        elif change == "clock":
            second = second._replace(now=SIGNED_AT - 100 * DAY)
            ObservedTime().note(db, second.now)
        else:
            second = first
        with pytest.raises(CannotDecideError, match=why):
            signed(db, copy, second)
        assert release_due(db, CEREMONY, CEREMONY) == []
        assert publications.published(db, "results") is None


def test_rdy_4_results_hold_no_correction_that_waits_for_its_signatures(season: Season) -> None:
    """CLO-5"""
    with taken_back(season.database) as db:
        people = season.people
        copy = correct(db, people, 2, sign=False)
        ready = closing.ready(desk_of(db), standing(db, people[0]), people[0])
        (line,) = ready.open_of(Weight.STOPS)
        assert (str(line.name), [address for address, _ in line.details]) == (
            "Corrections of rounds that wait for their signatures",
            ["/release/round-2"],
        )
        taken = closing.take(desk_of(db), None).file
        was = publications.signed_copy(db, "round-2")
        assert was is not None
        assert taken["x_rounds"]["2"] == was.digest != copy.digest


def test_clo_3_a_correction_after_the_ceremony_says_what_it_changes_and_takes_two_names(season: Season) -> None:
    with taken_back(season.database) as db:
        people = released(db, season.people)
        late = THIRD_REPORT + DAY
        assert release_due(db, THIRD_REPORT, THIRD_REPORT) == [3]
        people = at_moment(db, people, late)
        out_until_then = publications.standing_copy(db, "results")
        assert out_until_then is not None
        before = inflated(publications.body_of_publication(db, out_until_then.id))
        with pytest.raises(CannotDecideError, match="Nothing differs"):
            closed(db, people[0], "results", reason="A dispute.")
        waiting = correct(db, people, 3, sign=False)
        with pytest.raises(CannotDecideError, match="This comes first: “Corrections of rounds that wait"):
            closed(db, people[0], "results", reason="A dispute.")
        signed(db, waiting, *people)
        with pytest.raises(CannotDecideError, match="Give a reason"):
            closed(db, people[0], "results")
        copy = closed(db, people[0], "results", reason="A dispute of round 3 was upheld.")
        assert publications.published(db, "results") != copy
        changes = since_copy.changes_since(before, inflated(publications.body_of_publication(db, copy.id)))
        assert [(entry, figure) for entry, figure, *_ in changes if figure in ("round_3", "final")] == [
            ("harbour-ferry/phone_in", "round_3"),
            ("harbour-ferry/phone_in", "final"),
        ]
        signed(db, copy, people[0])
        out = publications.published(db, "results")
        assert out is not None
        assert out.correction == 0
        signed(db, copy, people[1])
        out = publications.published(db, "results")
        assert out is not None
        assert (out.correction, out.published_at, out.reason) == (1, late, "A dispute of round 3 was upheld.")


def correct(db: Connection, people: tuple[By, By], number: int, *, sign: bool = True) -> publications.Publication:
    """Take the copy of a correction: one visit is void."""
    a = tables.assessments.c
    visits = db.execute(select(a.id).where(a.round == number, a.status == "accepted").order_by(a.id)).scalars().all()
    set_status(db, visits[0], "void")
    if number == 3:
        copy = closed(db, people[0], f"round-{number}", reason="A dispute was upheld.")
    else:
        copy = closed(db, people[0], f"round-{number}", reason="A recording was mixed up.")
    return signed(db, copy, *people) if sign else copy


@pytest.mark.parametrize(
    ("error", "is_read", "is_told"),
    [
        pytest.param(9.0, False, True, id="RAG-3 an edge inside, and nothing read again"),
        pytest.param(9.0, True, False, id="RAG-3 a visit of round 2 read again"),
        pytest.param(0.01, False, False, id="RAG-3 no edge inside"),
    ],
)
def test_a_borderline_final_is_told_until_a_visit_of_it_was_read_again(
    season: Season, error: float, is_read: bool, is_told: bool
) -> None:
    with taken_back(season.database) as db:
        for number in (1, 2, 3):
            row = {"scores": 3, "mean": 80.0, "error": error, "groups": 3, "round": number}
            row |= {"basis": "", "body": "{}"}
            db.execute(delete(tables.entry_tallies).where(tables.entry_tallies.c.round == number))
            db.execute(insert(tables.entry_tallies).values(entrant_id=PHONE[0], channel=PHONE[1], **row))
        if is_read:
            of = tables.assessments.c
            name = db.execute(select(of.id).where(of.round == 2).order_by(of.id)).scalars().first()
            assert name is not None
            read_second(db, name, digest=digest_of(db, name), agrees=True, words="", by=season.people[1])
        lines = readiness_of_results(desk_of(db), [1, 2], 3, SIGNED_AT).lines
        line = next(one for one in lines if str(one.name) == "Borderline finals not re-read")
    assert line.weight is Weight.TOLD
    assert [address for address, _ in line.details] == (["/standings/harbour-ferry/phone_in"] if is_told else [])


def test_a_name_that_no_paper_can_print_is_told_before_a_copy_keeps_it(season: Season) -> None:
    """FNT-1, RDY-2, RDY-4: of a round and of the results."""
    with taken_back(season.database) as db:
        db.execute(update(tables.entrants).values(name={"en": "Ferry 𓀀", "zh-Hant": "渡輪"}))
        desk = desk_of(db)
        for ready in (readiness(desk, 3, SIGNED_AT), readiness_of_results(desk, [1, 2], 3, SIGNED_AT)):
            (line,) = (one for one in ready.open_of(Weight.REASON) if "papers cannot print" in str(one.name))
            ((address, words),) = line.details
            assert address == "/records/entrants?search=harbour-ferry"
            assert words.in_language("en") == "Ferry 𓀀: the font has no 𓀀 (U+13000)"
