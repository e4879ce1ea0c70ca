"""RUL, directly: what a ruling keeps, changes and tells. Ids are those in sync_server/review/rulings.py."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import Connection, select, update

from checklists.record.transitions import NotAllowedError
from checklists.rules.programme import load_programme
from checklists.rules.score_rules import ScoreRules
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.jobs.wishes import standing_job
from sync_server.review.outcome import By, CannotDecideError
from sync_server.review.rulings import COUNTING, count_again, counting_on, rule_on_counting, set_consistency, void
from sync_server.season.rules import PROGRAMME
from tests.sync_server.desk import rule_anew
from tests.sync_server.season_kit import ASSESSOR, CALL

PHONE = ("harbour-ferry", "phone_in")
Rule = Callable[[Connection, By], None]


def status(database: Database) -> str:
    with database.reading() as db:
        return str(db.execute(select(tables.assessments.c.status)).scalar_one())


def kept(database: Database) -> list[tuple[str, str, str, str | None]]:
    d = tables.decisions.c
    with database.reading() as db:
        return [tuple(row) for row in db.execute(select(d.kind, d.value, d.reason, d.assessment_id).order_by(d.id))]


def told_office(database: Database) -> list[str]:
    c = tables.changes.c
    with database.reading() as db:
        return list(db.execute(select(c.kind).where(c.audience == "office")).scalars())


def jobs(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.execute(select(tables.jobs.c.name)).scalars())


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(lambda db, by: void(db, CALL, " ", by), id="RUL-1 a void"),
        pytest.param(lambda db, by: rule_on_counting(db, CALL, "ease", "", by), id="RUL-1 ease of access"),
    ],
)
def test_without_a_reason_there_is_no_ruling(database: Database, by: By, rule: Rule) -> None:
    with pytest.raises(CannotDecideError, match="Give a reason"), database.transaction() as db:
        rule(db, by)
    assert (kept(database), status(database), jobs(database)) == ([], "accepted", [])


def test_a_ruling_is_kept_beside_those_before_it(database: Database, by: By) -> None:
    """RUL-1"""
    with database.transaction() as db:
        rule_on_counting(db, CALL, "penalty", " six tries ", by)
        rule_on_counting(db, CALL, "no_penalty", "the log was wrong", by)
    assert kept(database) == [("penalty", "", "six tries", CALL), ("no_penalty", "", "the log was wrong", CALL)]
    assert status(database) == "accepted"


@pytest.mark.parametrize("kind", sorted(COUNTING))
@pytest.mark.parametrize("before", ["draft", "void"])
def test_what_does_not_count_is_not_ruled_on(database: Database, by: By, kind: str, before: str) -> None:
    """RUL-2"""
    with database.transaction() as db:
        db.execute(update(tables.assessments).values(status=before))
    with pytest.raises(CannotDecideError, match="does not count"), database.transaction() as db:
        rule_on_counting(db, CALL, kind, "why", by)
    assert kept(database) == []


def test_a_kind_of_no_ruling_is_refused(database: Database, by: By) -> None:
    with pytest.raises(CannotDecideError, match="Choose what to decide"), database.transaction() as db:
        rule_on_counting(db, CALL, "void", "why", by)


def test_nothing_is_ruled_about_an_assessment_that_is_not_there(database: Database, by: By) -> None:
    with pytest.raises(CannotDecideError, match="no such assessment"), database.transaction() as db:
        void(db, "nobody's", "why", by)


def test_a_void_reaches_the_phone_and_the_record_goes_back_to_review_when_it_is_lifted(
    database: Database, by: By
) -> None:
    """RUL-3"""
    with database.transaction() as db:
        void(db, CALL, "recognised", by)
    assert status(database) == "void"
    with database.reading() as db:
        (change,) = changes_for_assessor(db, ASSESSOR, 0)
    body = msgspec.json.decode(change.body or "")
    assert (change.kind, change.subject_id, body["decision"], body["reason"]) == ("review", CALL, "void", "recognised")
    with pytest.raises(NotAllowedError), database.transaction() as db:
        void(db, CALL, "again", by)
    with database.transaction() as db:
        count_again(db, CALL, "it was somebody else", by)
    assert status(database) == "finished"
    with pytest.raises(CannotDecideError, match="not void"), database.transaction() as db:
        count_again(db, CALL, "again", by)
    assert [kind for kind, *_ in kept(database)] == ["void", "unvoid"]


@pytest.mark.parametrize(
    ("points", "round_number", "why_not"),
    [
        pytest.param("many", 1, "as a number", id="RUL-4 no number"),
        pytest.param("99", 1, "", id="RUL-4 beyond the limit of the rules"),
        pytest.param("1", 0, "no such round", id="RUL-4 no round 0"),
        pytest.param("1", 4, "no such round", id="RUL-4 no round 4"),
    ],
)
def test_a_consistency_bonus_keeps_to_the_rules(
    database: Database, by: By, points: str, round_number: int, why_not: str
) -> None:
    with database.transaction() as db:
        rule_anew(db, {"consistency.method": "manual"})
    with pytest.raises(CannotDecideError, match=why_not or None), database.transaction() as db:
        set_consistency(db, PHONE, round_number, points, reason="even calls", by=by)
    assert kept(database) == []


def test_a_consistency_bonus_is_the_coordinators_only_where_the_rules_say_so(database: Database, by: By) -> None:
    """RUL-4"""
    with pytest.raises(CannotDecideError, match="work the consistency bonus out"), database.transaction() as db:
        set_consistency(db, PHONE, 2, "1.5", reason="even calls", by=by)
    with database.transaction() as db:
        rule_anew(db, {"consistency.method": "manual"})
        set_consistency(db, PHONE, 2, "1.5", reason="even calls", by=by)
    assert kept(database) == [("consistency", "3/2", "even calls", None)]


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(lambda db, by: void(db, CALL, "why", by), id="RUL-5 a void"),
        pytest.param(lambda db, by: rule_on_counting(db, CALL, "unreached", "why", by), id="RUL-5 never reached"),
    ],
)
def test_open_pages_are_told_and_the_standing_is_asked_for(database: Database, by: By, rule: Rule) -> None:
    with database.transaction() as db:
        rule(db, by)
    assert told_office(database) == ["assessment"]
    assert jobs(database) == [standing_job(*PHONE).name]


@pytest.mark.parametrize(
    ("channel", "rules", "without"),
    [
        pytest.param("phone_in", {}, set(), id="RUL-6 by phone everything has an effect"),
        pytest.param("onsite", {}, {"ease", "no_ease"}, id="RUL-6 no ease of access on site"),
        pytest.param(
            "phone_in", {"ease.points.phone_in": None}, {"ease", "no_ease"}, id="RUL-6 nor where the rules give none"
        ),
        pytest.param("site_visit", {}, set(COUNTING), id="RUL-6 nothing of a visit that is not the award's"),
    ],
)
def test_what_has_no_effect_is_not_offered(channel: str, rules: dict[str, object], without: set[str]) -> None:
    changed = ScoreRules.of(load_programme(PROGRAMME).rules.with_overrides(rules, ""))
    assert set(COUNTING) - set(counting_on(channel, changed)) == without


@pytest.mark.parametrize("kind", ["ease", "no_ease"])
def test_what_has_no_effect_is_not_ruled(database: Database, by: By, kind: str) -> None:
    """RUL-6"""
    with database.transaction() as db:
        db.execute(update(tables.assessments).values(channel="onsite"))
    with pytest.raises(CannotDecideError, match="no points on this channel"), database.transaction() as db:
        rule_on_counting(db, CALL, kind, "why", by)
    assert kept(database) == []
