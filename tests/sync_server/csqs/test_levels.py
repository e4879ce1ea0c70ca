"""MDR, RTD, DCD, CRF: a visit is rated a second time, settled, decided by two, certified and registered."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import Connection, insert, select, update

from checklists import wire
from checklists.csqs.standard import csqs
from checklists.record.assessment import ERASED
from sync_server import clock
from sync_server.csqs.certificate import certificate_document, has_certificate
from sync_server.csqs.deciding import CannotDecideLevelError, add_holder, confirm, decide, gates, register, withdraw
from sync_server.csqs.moderating import CannotModerateError, Doer, keep_ratings, settle
from sync_server.csqs.rated import rated_of, subject_of
from sync_server.custody.word_retention import WordErasure, WordsDue
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import csqs_decisions, panel
from sync_server.database.queries.assessment_lists import rounds_begun
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.database.queries.tallies import counted_visits, entries_unmarked
from sync_server.panel.marking import declare
from sync_server.people.permissions import Role
from sync_server.print.document import Figure
from sync_server.print.typeset import pdf_of
from sync_server.season.forms import FormBook
from tests.sync_server.csqs.csqs_kit import a_visit, asked, handed_out, moderated
from tests.sync_server.desk import add_account
from tests.sync_server.season_kit import ASSESSOR, TOKEN, add_season, device_id

CSQS = csqs()
NOW = clock.now()
TODAY = NOW.date()


def arranged(db: Connection) -> dict[Role, str]:
    """A small season, and three people of the office who have declared that they are tied to nobody."""
    add_season(db)
    people = {role: add_account(db, role) for role in (Role.ADMIN, Role.COORDINATOR, Role.REVIEWER)}
    for person in people.values():
        add_declaration(db, person, Declaration((), None, NOW))
    return people


def visited(db: Connection, ratings: Any = 3, **wanted: Any) -> str:
    """A finished visit, as though its phone had sent it; return its id."""
    record = a_visit(handed_out(db, **wanted), ratings)
    body = wire.encode(record)
    digest = wire.digest(body)
    shared = {
        "assignment_id": record.assignment_id, "assessor_id": ASSESSOR, "device_id": device_id(TOKEN), "revision": 1,
        "digest": digest, "status": "finished", "contact": "connected", "form": record.form, "received_at": NOW,
    }  # fmt: skip
    db.execute(insert(tables.assessment_revisions).values(assessment_id=record.id, conflict=False, body=body, **shared))
    placed = {"entrant_id": record.entrant_id, "channel": "site_visit", "round": 9, "started_at": NOW}
    db.execute(insert(tables.assessments).values(id=record.id, first_received_at=NOW, **placed, **shared))
    return record.id


def certified(db: Connection, people: dict[Role, str], ratings: int = 3, **wanted: Any) -> csqs_decisions.DecisionRow:
    """A visit decided and confirmed."""
    visit = visited(db, ratings, **wanted)
    moderated(db, visit, people[Role.REVIEWER], ratings)
    row = decide(db, CSQS, visit, (TODAY, "agreed"), Doer(people[Role.COORDINATOR], NOW))
    confirm(db, row.id, Doer(people[Role.ADMIN], NOW))
    return row


def test_a_visit_made_and_moderated_becomes_a_level_in_the_register(database: Database) -> None:
    """DCD-1, DCD-2, DCD-3: two names, a digest, and its days."""
    with database.transaction() as db:
        people = arranged(db)
        row = certified(db, people)
        (line, *printed) = register(db, CSQS, TODAY)
        kept = csqs_decisions.decision_of(db, row.id)

    assert (line.name["zh-Hant"], line.level, line.state) == ("明燈服務中心", 3, "holds")
    assert date.fromisoformat(line.ends_on).year == TODAY.year + 2
    assert [(one.name["zh-Hant"], one.level, one.state) for one in printed] == [
        ("DIALOG TELEKOM", 3, "printed"),
        ("恒基兆業地產集團物業管理部", 3, "printed"),
    ]
    assert kept is not None
    assert (kept.decided_by, kept.confirmed_by) == (people[Role.COORDINATOR], people[Role.ADMIN])
    assert kept.body["other_reading"]["model"] == "dimensions"
    assert kept.body["ratings"]["S101"] == 3


def test_ret_16_notes_of_the_second_rating_are_erased_and_its_ratings_stay(database: Database) -> None:
    with database.transaction() as db:
        people = arranged(db)
        visit = visited(db)
        noted = dict.fromkeys(asked(), "3") | {"S101-note": "Two binders, one from 2019."}
        moderated(db, visit, people[Role.REVIEWER], noted)
        assert [name for name, _entrant in panel.visits_with_notes(db)] == [visit]
    due = WordsDue(visit, "csqs-company-1", NOW, "words-365-days")
    erasure = WordErasure(database, FormBook())
    assert erasure.erase(due, NOW)
    assert not erasure.erase(due, NOW), "a repeat is harmless"
    with database.reading() as db:
        rated = rated_of(db, CSQS, visit)
        marks = panel.marks_of(db, subject_of(rated.visit))
        assert panel.visits_with_notes(db) == []
    assert {mark.note for mark in marks} == {"", ERASED}
    assert rated.second == dict.fromkeys(asked(), 3)
    assert {words for kinds in rated.words.values() for words in kinds.values()} == {ERASED}


def test_a_finished_visit_is_added_to_no_figure_of_the_quality_pages(database: Database) -> None:
    """AWD-1."""
    with database.transaction() as db:
        arranged(db)
        place = db.execute(select(tables.assessments.c.entrant_id).where(tables.assessments.c.id == visited(db)))
        assert list(rounds_begun(db)) == []
        assert list(entries_unmarked(db)) == []
        assert list(counted_visits(db, (place.scalar_one(), "site_visit"))) == []


def test_a_rating_two_steps_apart_is_settled_before_the_visit_is_closed(database: Database) -> None:
    """MOD-3, MDR-2, MDR-3: 001 moderator differs by 2 on an item, so it is not closable."""
    with database.transaction() as db:
        people = arranged(db)
        visit, by = visited(db, 3), Doer(people[Role.COORDINATOR], NOW)
        moderated(db, visit, people[Role.REVIEWER], dict.fromkeys(asked(), "3") | {"S101": "1", "S102": "2"})
        assert rated_of(db, CSQS, visit).open_items == ("S101",)
        with pytest.raises(CannotDecideLevelError, match="S101"):
            decide(db, CSQS, visit, (TODAY, "agreed"), by)
        with pytest.raises(CannotModerateError, match="not far apart"):
            settle(db, CSQS, visit, ("S102", "2", "both looked again"), by)
        with pytest.raises(CannotModerateError, match="reason"):
            settle(db, CSQS, visit, ("S101", "2", " "), by)
        settle(db, CSQS, visit, ("S101", "2", "the document was shown to both"), by)
        rated = rated_of(db, CSQS, visit)

        assert {pair.item: pair.counted for pair in rated.pairs if pair.item in ("S101", "S102")} == {
            "S101": 2,
            "S102": 2,
        }
        assert decide(db, CSQS, visit, (TODAY, "agreed"), by).level == 3
        with pytest.raises(CannotModerateError, match="decided"):
            settle(db, CSQS, visit, ("S101", "3", "changed my mind"), by)


def test_who_may_not_rate_decide_or_confirm_is_told_why(database: Database) -> None:
    """MDR-1, DCD-2."""
    with database.transaction() as db:
        people = arranged(db)
        visit = visited(db, 3)
        reviewer, coordinator, admin = (people[role] for role in (Role.REVIEWER, Role.COORDINATOR, Role.ADMIN))
        with pytest.raises(CannotModerateError, match="tied"):
            keep_ratings(db, CSQS, visit, {}, Doer(reviewer, NOW), is_final=False)
        add_declaration(db, admin, Declaration((), ASSESSOR, NOW))
        with pytest.raises(CannotModerateError, match="You made this visit"):
            keep_ratings(db, CSQS, visit, {}, Doer(admin, NOW), is_final=False)
        with pytest.raises(CannotDecideLevelError, match="second person has to rate"):
            decide(db, CSQS, visit, (TODAY, "agreed"), Doer(coordinator, NOW))
        moderated(db, visit, reviewer)
        with pytest.raises(CannotModerateError, match="final already"):
            keep_ratings(db, CSQS, visit, {}, Doer(coordinator, NOW), is_final=False)
        with pytest.raises(CannotDecideLevelError, match="reason"):
            decide(db, CSQS, visit, (TODAY, " "), Doer(coordinator, NOW))
        row = decide(db, CSQS, visit, (TODAY, "agreed"), Doer(coordinator, NOW))
        with pytest.raises(CannotDecideLevelError, match="another person"):
            confirm(db, row.id, Doer(coordinator, NOW))
        with pytest.raises(CannotDecideLevelError, match="made 1 of these visits"):
            confirm(db, row.id, Doer(admin, NOW))
        add_declaration(db, reviewer, Declaration((rated_of(db, CSQS, visit).visit.organisation,), None, NOW))
        with pytest.raises(CannotDecideLevelError, match="tied"):
            confirm(db, row.id, Doer(reviewer, NOW))
        assert [line.state for line in register(db, CSQS, TODAY)] == ["printed", "printed"]


def test_the_first_final_rating_counts_and_another_revision_is_rated_anew(database: Database) -> None:
    """RTD-2."""
    with database.transaction() as db:
        people = arranged(db)
        visit = visited(db, 3)
        moderated(db, visit, people[Role.REVIEWER], dict.fromkeys(asked(), "2"))
        rated = rated_of(db, CSQS, visit)
        assert (rated.moderator, set(rated.second.values())) == (people[Role.REVIEWER], {2})
        db.execute(update(tables.assessment_revisions).values(revision=2))
        db.execute(update(tables.assessments).values(revision=2))
        assert rated_of(db, CSQS, visit).moderator == ""
        moderated(db, visit, people[Role.REVIEWER])
        assert set(rated_of(db, CSQS, visit).second.values()) == {3}


def test_a_second_rating_names_every_item_that_is_missing_or_wrong(database: Database) -> None:
    """MDR-1."""
    with database.transaction() as db:
        people = arranged(db)
        visit, by = visited(db, 3), Doer(people[Role.REVIEWER], NOW)
        declare(db, subject_of(rated_of(db, CSQS, visit).visit), by.user_id, is_tied=False, now=NOW)
        given = dict.fromkeys(asked(), "2")
        with pytest.raises(CannotModerateError, match="S204, S310"):
            keep_ratings(db, CSQS, visit, given | {"S204": "", "S310": ""}, by, is_final=True)
        with pytest.raises(CannotModerateError, match="S101"):
            keep_ratings(db, CSQS, visit, given | {"S101": "na"}, by, is_final=True)
        keep_ratings(db, CSQS, visit, given | {"S207": "na"}, by, is_final=False)
        assert not rated_of(db, CSQS, visit).moderator


def test_a_place_among_peers_shows_at_the_fourth_company(database: Database) -> None:
    """SCD-2: hidden at 3, shown at 4."""
    with database.transaction() as db:
        people = arranged(db)
        rows = [certified(db, people, rating, name_en=f"Centre {rating}") for rating in (1, 2)]
        third = visited(db, 3, name_en="Centre 3")
        moderated(db, third, people[Role.REVIEWER])
        assert rated_of(db, CSQS, third).peers is None
        certified(db, people, 3, name_en="Centre 4")
        peers = rated_of(db, CSQS, third).peers
        assert peers is not None
        assert (peers.place, peers.companies, round(peers.lowest)) == (1, 4, 33)
        withdraw(db, rows[0].id, "rated by mistake", Doer(people[Role.ADMIN], NOW))
        assert rated_of(db, CSQS, third).peers is None


def test_a_withdrawn_level_stays_in_the_register_and_one_that_ended_says_so(database: Database) -> None:
    """DCD-3, CRF-1."""
    with database.transaction() as db:
        people = arranged(db)
        row = certified(db, people)
        ended = register(db, CSQS, date.fromisoformat(row.ends_on))
        assert ended[0].state == "ended"
        kept = csqs_decisions.decision_of(db, row.id)
        assert kept is not None
        assert has_certificate(kept)
        with pytest.raises(CannotDecideLevelError, match="reason"):
            withdraw(db, row.id, "", Doer(people[Role.ADMIN], NOW))
        withdraw(db, row.id, "an error", Doer(people[Role.ADMIN], NOW))
        assert register(db, CSQS, TODAY)[0].state == "withdrawn"
        after = csqs_decisions.decision_of(db, row.id)
        assert after is not None
        assert not has_certificate(after)


@pytest.mark.parametrize(("language", "level"), [("en", "Strategic business unit"), ("zh-Hant", "策略性商業單位")])
def test_a_certificate_says_the_level_in_words(database: Database, language: Any, level: str) -> None:
    """CRF-1."""
    with database.transaction() as db:
        row = certified(db, arranged(db))
        kept = csqs_decisions.decision_of(db, row.id)
    assert kept is not None

    document = certificate_document(CSQS, kept, language)

    assert level in [block.value for block in document.blocks if isinstance(block, Figure)]
    assert row.digest[:16] in document.foot
    assert (document.layout, document.title) == ("certificate", kept.body["company"][language])
    assert len(PdfReader(io.BytesIO(pdf_of(document))).pages) == 1


def test_a_cre_entry_is_complete_with_a_holder_and_a_decided_visit(database: Database) -> None:
    """CRE-1."""
    holder = {"number": "CCSM-1", "person": "Chan Tai Man", "held_on": "2020-05-01"}
    with database.transaction() as db:
        people = arranged(db)
        by = Doer(people[Role.COORDINATOR], NOW)
        visit = visited(db, 3)
        company = rated_of(db, CSQS, visit).visit.company_id
        assert [len(gate.missing) for gate in gates(db)] == [2]
        add_holder(db, holder | {"company": company}, by)
        for wrong in ({"company": "x"}, {"held_on": "soon"}, {"held_on": f"{TODAY + timedelta(days=2)}"}, {}):
            with pytest.raises(CannotDecideLevelError):
                add_holder(db, holder | {"company": company} | wrong, by)
        assert [len(gate.missing) for gate in gates(db)] == [1]
        moderated(db, visit, people[Role.REVIEWER])
        row = decide(db, CSQS, visit, (TODAY, "agreed"), by)
        confirm(db, row.id, Doer(people[Role.ADMIN], NOW))
        assert [gate.missing for gate in gates(db)] == [()]
