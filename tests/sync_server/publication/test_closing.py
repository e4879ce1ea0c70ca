"""CLO, RDY, FRZ, SGN: a round closed, signed, withdrawn and corrected. Ids are those in sync_server/publication/."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, select, update

from checklists import wire
from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.season.file import read_season
from checklists.season.result import result_json
from checklists.season.score import score_season
from sync_server.award.facts import KeptFacts
from sync_server.database import tables
from sync_server.database.queries import publications
from sync_server.database.queries.bench import keep_figures
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.publication import closing, frozen
from sync_server.publication.life import CannotStepError, RoundState
from sync_server.publication.packed import inflated, set_out
from sync_server.publication.readiness import Weight
from sync_server.publication.rounds import standing_of_what
from sync_server.review.figures import MOST_ON_A_PAGE, figures_of_entry
from sync_server.review.outcome import By, CannotDecideError
from sync_server.season.observed_time import ObservedTime, confirm_clock
from sync_server.season.release import release_due
from sync_server.season.rule_changes import Decision, add_version, set_release_moments
from tests.builders import NOON
from tests.sync_server.closed_season import (
    BOOK,
    ENDED,
    a_round_that_ended,
    add_accepted,
    add_calls,
    add_person,
    closed,
    desk_of,
    set_status,
    signed,
)
from tests.sync_server.review.review_kit import correct
from tests.sync_server.season_kit import ASSESSOR, a_call

DAY = timedelta(days=1)
RELEASE = ENDED + 14 * DAY


def state(db: Any, at: Any, what: str = "round-1") -> RoundState:
    standing = standing_of_what(db, what, at)
    assert standing is not None
    return standing.state


def file_of(db: Any, copy: publications.Publication) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(b"".join(frozen.exported(copy, publications.body_of_publication(db, copy.id))))
    return whole


def out(db: Any, *people: By) -> publications.Publication:
    """Round 1 closed, signed and released."""
    copy = signed(db, closed(db, people[0]), *people)
    set_release_moments(db, {1: RELEASE}, created_by="admin", now=ENDED)
    confirm_clock(db, RELEASE)
    assert release_due(db, RELEASE, RELEASE) == [1]
    found = publications.publication_of_id(db, copy.id)
    assert found is not None
    return found


def test_clo_1_closing_takes_a_copy_that_scores_to_what_the_desk_shows(database: Any) -> None:
    """FRZ-1, FRZ-3"""
    with database.transaction() as db:
        first, _ = a_round_that_ended(db)
        live = score_season(read_season(b"".join(set_out(closing.take(desk_of(db), 1).file)), shipped_forms()))
        copy = closed(db, first)
        file = file_of(db, copy)
        assert state(db, ENDED) is RoundState.CLOSED
    told = score_season(read_season(json.dumps(file).encode(), shipped_forms()))
    assert [entry.rounds[0].score for entry in told.entries] == [entry.rounds[0].score for entry in live.entries]
    about = file.pop("x_publication")
    plain = json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert about["digest"] == f"sha256:{hashlib.sha256(plain.encode()).hexdigest()}"
    assert (about["kind"], about["audience"], about["signers"], about["released_at"]) == ("round", "entrants", [], None)
    assert about["ruleset"]["version"] == 1
    assert ASSESSOR not in plain
    assert all(entry["rounds"][1:] == [{}, {}] for one in file["entrants"] for entry in one["entries"])


def test_frz_1_what_waits_is_left_out_and_what_is_void_is_named(database: Any) -> None:
    with database.transaction() as db:
        a_round_that_ended(db, calls=3)
        ids = db.execute(select(tables.assessments.c.id).order_by(tables.assessments.c.id)).scalars().all()
        set_status(db, ids[0], "finished")
        set_status(db, ids[1], "void")
        file = closing.take(desk_of(db), 1).file
    entry = next(one for one in file["entrants"][0]["entries"] if one["channel"] == "phone_in")
    assert [(one["id"], "void" in one) for one in entry["rounds"][0]["assessments"]] == [
        (ids[1], True),
        (ids[2], False),
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        pytest.param({"status": "finished"}, "Visits without review", id="RDY-1 not reviewed"),
        pytest.param({"status": "returned"}, "Returned and not back", id="RDY-1 returned"),
        pytest.param({"files_named": 2}, "Files missing", id="RDY-2 files missing"),
        pytest.param({"clock_wrong": True}, "Phones whose clock was wrong", id="RDY-2 clock"),
        pytest.param({"base": None}, "Accepted visits without a score", id="RDY-2 no score"),
        pytest.param({"started_at": NOON - 30 * DAY}, None, id="RDY-2 begun early, and its contact in time"),
    ],
)
def test_the_check_list_names_what_is_open(database: Any, change: dict[str, Any], line: str | None) -> None:
    with database.transaction() as db:
        first, _ = a_round_that_ended(db)
        one = select(tables.assessments.c.id).limit(1).scalar_subquery()
        db.execute(update(tables.assessments).where(tables.assessments.c.id == one).values(**change))
        standing = standing_of_what(db, "round-1", ENDED)
        assert standing is not None
        ready = closing.ready(desk_of(db), standing, first)
        opened = [str(each.name) for each in ready.lines if not each.is_clear]
        opened.remove("Drawn for a second score, and not scored")  # RDY-3: nobody scores twice here
        assert opened == ([line] if line else [])
        if line is None:
            return
        with pytest.raises(CannotDecideError, match=line if ready.open_of(Weight.STOPS) else "Give a reason"):
            closed(db, first)
        if ready.open_of(Weight.REASON):
            assert closed(db, first, reason="The phone was lost.").reason == "The phone was lost."


def test_rdy_5_more_visits_than_a_page_may_measure_stop_it_until_the_worker_has(database: Any) -> None:
    """The few that came this moment are measured where the list is made."""
    with database.transaction() as db:
        first, _ = a_round_that_ended(db, calls=MOST_ON_A_PAGE)
        standing = standing_of_what(db, "round-1", ENDED)
        assert standing is not None
        assert closing.ready(desk_of(db), standing, first).open_of(Weight.STOPS) == []
        add_calls(db, 1, round_number=2)
        (line,) = closing.ready(desk_of(db), standing, first).open_of(Weight.STOPS)
        assert (str(line.name), line.open) == ("Visits whose figures the server is still taking", MOST_ON_A_PAGE + 1)
        with pytest.raises(CannotDecideError, match="still taking"):
            closed(db, first)
        keep_figures(db, figures_of_entry(db, BOOK, ("harbour-ferry", "phone_in")))
        assert closing.ready(desk_of(db), standing, first).open_of(Weight.STOPS) == []


def test_chk_1_a_round_without_data_or_with_unexplained_quotas_is_not_closed(database: Any) -> None:
    with database.transaction() as db:
        first, _ = a_round_that_ended(db, calls=0)
        with pytest.raises(CannotDecideError, match="Nothing accepted yet"):
            closed(db, first)
        add_calls(db, 2)
        db.execute(tables.shortfalls.delete())
        with pytest.raises(CannotDecideError, match="Quota missed"):
            closed(db, first)
        closing.explain_shortfall(db, 1, ("harbour-ferry", "onsite"), reason="Closed for repairs.", by=first)
        with pytest.raises(CannotDecideError, match="another person"):
            closing.explain_shortfall(db, 1, ("harbour-ferry", "onsite"), reason="Again.", by=first)


def test_rdy_1_an_onsite_check_counts_its_recordings(database: Any) -> None:
    with database.transaction() as db:
        first, _ = a_round_that_ended(db)
        check = a_call(id="33333333-3333-7333-8333-333333333333", assignment_id="check")
        add_accepted(db, msgspec.structs.replace(check, channel=Channel.ONSITE, form="onsite@1"))
        facts = KeptFacts(form="onsite@1", is_complete=True, base=Fraction(1, 3), recordings=7)
        row = {"assessment_id": check.id, "digest": "0" * 64, "tests_digest": "", "body": wire.encode(facts).decode()}
        db.execute(insert(tables.assessment_facts).values(**row))
        standing = standing_of_what(db, "round-1", ENDED)
        assert standing is not None
        quotas = closing.ready(desk_of(db), standing, first).quotas
    assert {line.key[1]: line.made for line in quotas} == {"phone_in": 3, "onsite": 7}


def test_clo_1_a_round_that_has_not_ended_is_not_closed(database: Any) -> None:
    with database.transaction() as db:
        first, _ = a_round_that_ended(db)
        confirm_clock(db, ENDED - 2 * DAY)
        with pytest.raises(CannotStepError, match="collecting"):
            closed(db, first._replace(now=ENDED - 2 * DAY))
        confirm_clock(db, ENDED)
        closed(db, first)
        with pytest.raises(CannotStepError, match="closed"):
            closed(db, first)


def test_clo_2_two_people_sign_and_the_same_one_twice_is_told(database: Any) -> None:
    """SGN-1, SGN-2"""
    with database.transaction() as db:
        first, second = a_round_that_ended(db)
        copy = closed(db, first)
        signed(db, copy, first)
        assert state(db, ENDED) is RoundState.CLOSED
        with pytest.raises(CannotDecideError, match="You have signed this already"):
            signed(db, copy, first)
        with pytest.raises(CannotDecideError, match="Another copy was taken"):
            closing.sign(desk_of(db), "round-1", "f" * 64, second)
        signed(db, copy, second)
        assert state(db, ENDED) is RoundState.SIGNED
        with pytest.raises(CannotDecideError, match="Two people have signed"):
            signed(db, copy, By(add_person(db, "third"), ENDED))


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        pytest.param(None, "Declare for 2021", id="SGN-4 nothing declared"),
        pytest.param(Declaration((), None, ENDED - 365 * DAY), "Declare for 2021", id="SGN-4 declared last year"),
        pytest.param(Declaration(("harbour-ferry",), None, ENDED), "tied to Harbour Ferry Hotline", id="SGN-4 tied"),
        pytest.param(Declaration((), ASSESSOR, ENDED), "You made 3 of these visits", id="SGN-3 has scored"),
    ],
)
def test_who_does_not_stand_apart_does_not_sign(database: Any, declared: Declaration | None, why: str) -> None:
    with database.transaction() as db:
        first, _ = a_round_that_ended(db)
        copy = closed(db, first)
        other = add_person(db, "other", ties=None)
        if declared is not None:
            add_declaration(db, other, declared)
        with pytest.raises(CannotDecideError, match=why):
            signed(db, copy, By(other, ENDED))


def test_sgn_3_who_corrected_an_answer_of_the_round_does_not_sign_it(database: Any) -> None:
    with database.transaction() as db:
        first, second = a_round_that_ended(db)
        corrector = By(add_person(db, "corrector"), ENDED)
        visit = db.execute(select(tables.assessments.c.id).limit(1)).scalar_one()
        for key, answer in (("PC2", "0"), ("PE1", "3")):
            correct(db, visit, key, answer, corrector)
        copy = closed(db, first)
        with pytest.raises(CannotDecideError, match="You corrected answers of 1 of these visits"):
            signed(db, copy, corrector)
        assert signed(db, copy, first, second).is_signed


def test_clo_2_rules_changed_between_close_and_sign_are_told_and_nothing_is_signed(database: Any) -> None:
    with database.transaction() as db:
        first, second = a_round_that_ended(db)
        copy = closed(db, first)
        set_release_moments(db, {1: RELEASE}, created_by="admin", now=ENDED)  # a date scores nothing
        signed(db, copy, first)
        everything = Decision(frozenset({"season", "round-1"}))
        add_version(db, {"consistency.method": "off"}, "x", created_by="admin", now=ENDED, decision=everything)
        with pytest.raises(CannotDecideError, match=r"consistency\.method"):
            signed(db, copy, second)
        closing.withdraw(db, "round-1", reason="Other rules.", by=first)
        assert state(db, ENDED) is RoundState.CLOSING
        again = signed(db, closed(db, first), first, second)
        assert (again.id, again.rules_version) == ("round-1-2", 3)
        assert release_due(db, RELEASE, RELEASE) == [1]
        assert [one.published_at for one in publications.copies_of(db)] == [None, RELEASE]


def test_clo_4_a_clock_put_back_is_told(database: Any) -> None:
    with database.transaction() as db:
        first, _ = a_round_that_ended(db)
        back = ENDED - 100 * DAY
        ObservedTime().note(db, back)
        with pytest.raises(CannotDecideError, match="Confirm the clock first"):
            closed(db, first._replace(now=back))


def test_clo_3_what_comes_after_the_copy_counts_only_by_a_numbered_correction(database: Any) -> None:
    """FRZ-4"""
    with database.transaction() as db:
        people = a_round_that_ended(db)
        copy = out(db, *people)
        later = [By(one.user_id, RELEASE + DAY) for one in people]
        confirm_clock(db, RELEASE + DAY)
        before = inflated(publications.body_of_publication(db, copy.id))
        with pytest.raises(CannotDecideError, match="Nothing differs"):
            closed(db, later[0], reason="Nothing.")
        add_accepted(db, a_call(id="22222222-2222-7222-8222-222222222222", assignment_id="late", answers={}))
        assert publications.published(db, "round-1") == copy
        with pytest.raises(CannotDecideError, match="Give a reason"):
            closed(db, later[0])
        with pytest.raises(CannotStepError, match="no copy that could be withdrawn"):
            closing.withdraw(db, "round-1", reason="A mistake.", by=later[0])
        correction = closed(db, later[0], reason="A call was forgotten.")
        with pytest.raises(CannotDecideError, match="waits for its signatures"):
            closed(db, later[0], reason="Another.")
        assert (correction.correction, publications.published(db, "round-1")) == (1, copy)
        corrected = signed(db, correction, *later)
        assert publications.published(db, "round-1") == corrected
        assert corrected.published_at == RELEASE + DAY
        assert file_of(db, corrected)["x_publication"]["correction"] == 1
        assert inflated(publications.body_of_publication(db, copy.id)) == before


def test_frz_2_a_later_copy_holds_earlier_rounds_as_they_were_published(database: Any) -> None:
    with database.transaction() as db:
        people = a_round_that_ended(db)
        copy = out(db, *people)
        round_1 = file_of(db, copy)
        add_calls(db, 2, round_number=2)
        one = select(tables.assessments.c.id).where(tables.assessments.c.round == 1).limit(1).scalar_subquery()
        db.execute(update(tables.assessments).where(tables.assessments.c.id == one).values(status="void"))
        own = Decision(frozenset({"season"}))
        add_version(db, {"consistency.method": "off"}, "x", created_by="admin", now=RELEASE, decision=own)
        file = closing.take(desk_of(db), 2).file
        scored = score_season(read_season(b"".join(set_out(file)), shipped_forms()))
        before = score_season(read_season(json.dumps(round_1).encode(), shipped_forms()))
    assert file["rules_by_round"]["1"]["consistency.method"] == "sd"
    for then, now in zip(before.entries, scored.entries, strict=True):
        assert (now.rounds[0].score, now.rounds[0].bonus.points) == (then.rounds[0].score, then.rounds[0].bonus.points)
    assert b'"why_no_score"' in result_json(scored)


def test_the_results_need_every_round_signed_and_those_before_the_last_final(database: Any) -> None:
    """RDY-4"""
    with database.transaction() as db:
        people = a_round_that_ended(db)
        out(db, *people)
        by = By(people[0].user_id, RELEASE)
        standing = standing_of_what(db, "results", RELEASE)
        assert standing is not None
        ready = closing.ready(desk_of(db), standing, by)
        assert [line.open for line in ready.open_of(Weight.STOPS)] == [2, 2]
