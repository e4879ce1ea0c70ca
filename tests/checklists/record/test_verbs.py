"""The verbs of an assessment; the tables of transitions they read are in test_transitions."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.record.assessment import (
    Assessment,
    Attempt,
    Contact,
    Draw,
    Measurement,
    Outcome,
    RecordStatus,
)
from checklists.record.derived import Circumstances
from checklists.record.draw import picked
from checklists.record.late import LateNotWholeError, late, with_late_answer
from checklists.record.sheet import Sheet, sheet, sheet_of
from checklists.record.transitions import (
    ContactEvent,
    NotAllowedError,
)
from checklists.record.verbs import (
    begin,
    confirmed,
    finish,
    next_revision,
    void,
    with_answer,
    with_attempt,
    with_attempt_corrected,
    with_contact,
    with_draw,
    with_evidence,
    with_measurement,
    with_note,
    without_evidence,
)
from tests.builders import (
    a_form,
    a_question,
    a_section,
    a_stamp,
    an_assessment,
    an_assignment,
    an_attempt,
    at,
    evidence,
)

ANYWHERE = Circumstances()
FORMS = shipped_forms()
SHORT = sheet(a_form(a_section(a_question("QA1"), a_question("QA2", late_answer=True))))


def layout(assessment: Assessment) -> Sheet:
    return sheet_of(assessment, FORMS)


@pytest.mark.parametrize("channel", list(Channel))
def test_an_assessment_begins_as_an_empty_draft_of_what_was_assigned(channel: Channel) -> None:
    assignment = an_assignment(channel=channel, annex="ivrs_annex@1" if channel is Channel.PHONE_IN else None)
    begun = begin(assignment, "one", at=at(0), app_version="1.2")
    assert (begun.id, begun.revision, begun.status, begun.started_at) == ("one", 1, RecordStatus.DRAFT, at(0))
    assert (begun.assignment_id, begun.entrant_id) == (assignment.id, assignment.entrant_id)
    same = ("channel", "form", "subchannel", "variant", "annex")
    assert [getattr(begun, name) for name in same] == [getattr(assignment, name) for name in same]
    assert begun.branch_id == ("central-pier" if assignment.branch else None)
    assert (begun.answers, begun.measurements, begun.attempts, begun.evidence) == ({}, {}, (), ())
    assert (begun.contact, begun.app_version) == (Contact.OPEN, "1.2")


def test_an_answer_is_kept_with_its_moment_and_can_be_taken_back():
    answered = with_answer(an_assessment(), "PA1", True, at=at(1))
    assert (answered.answers["PA1"].value, answered.answers["PA1"].at, answered.updated_at) == (True, at(1), at(1))
    assert dict(with_answer(answered, "PA1", None, at=at(2)).answers) == {}


def test_a_note_is_kept_by_its_kind_and_taken_away_by_empty_words():
    noted = with_note(an_assessment(), "PD1", "verbatim", "It opens at nine.", at=at(1))
    assert noted.notes["PD1"]["verbatim"] == "It opens at nine."
    assert dict(with_note(noted, "PD1", "verbatim", " ", at=at(2)).notes) == {}


def test_marks_bring_the_answers_read_from_them_up_to_date():
    assessment = an_assessment()
    for key, seconds in (("t_dial", 0), ("t_queue_in", 30), ("t_agent", 71.5)):
        stamp = a_stamp(seconds=seconds)
        assessment = with_measurement(
            assessment, key, stamp, at=at(5), sheet=layout(assessment), circumstances=ANYWHERE
        )
    assert assessment.answers["PA3"].value == "41.5"
    without = with_measurement(assessment, "t_agent", None, at=at(6), sheet=layout(assessment), circumstances=ANYWHERE)
    assert "PA3" not in without.answers


def test_marks_leave_n_a_as_it_was_chosen():
    assessment = an_assessment(answers={"PF2": "na"})
    spans = Measurement(spans=((at(1), at(2)),))
    assert (
        with_measurement(assessment, "hold_spans", spans, at=at(5), sheet=layout(assessment), circumstances=ANYWHERE)
        .answers["PF2"]
        .value
        == "na"
    )


def test_an_edited_stamp_keeps_the_first_moment_however_often_it_is_edited():
    assessment = an_assessment()
    for minutes in (1, 2, 3):
        assessment = with_measurement(
            assessment, "t_dial", a_stamp(minutes), at=at(9), sheet=layout(assessment), circumstances=ANYWHERE
        )
    assert (assessment.measurements["t_dial"].at, assessment.measurements["t_dial"].original_at) == (at(3), at(1))


@pytest.mark.parametrize(
    ("before", "outcome", "contact"),
    [
        (Contact.OPEN, Outcome.NO_ANSWER, Contact.OPEN),
        (Contact.OPEN, Outcome.CONNECTED, Contact.CONNECTED),
        (Contact.UNREACHABLE, Outcome.CONNECTED, Contact.CONNECTED),
        (Contact.UNREACHABLE, Outcome.BUSY, Contact.UNREACHABLE),
    ],
)
def test_an_attempt_that_connects_connects_the_contact(before, outcome, contact):
    tried = with_attempt(an_assessment(contact=before), an_attempt(1, outcome), at=at(1))
    assert tried.contact is contact
    assert tried.attempts == (Attempt(at=at(1), outcome=outcome),)


@pytest.mark.parametrize(
    ("record", "contact"),
    [
        pytest.param({"channel": Channel.ONSITE}, Contact.CONNECTED, id="a visit is reached by being begun"),
        pytest.param({"channel": Channel.ONLINE, "subchannel": "email"}, Contact.CONNECTED, id="so is an e-mail"),
        pytest.param({"channel": Channel.ONLINE, "subchannel": "chat"}, Contact.OPEN, id="a chat takes an attempt"),
        pytest.param({"channel": Channel.PHONE_IN}, Contact.OPEN, id="a call takes an attempt"),
    ],
)
def test_a_first_answer_opens_the_contact_only_where_nothing_has_to_be_got_through_to(record, contact):
    assert with_answer(an_assessment(contact=Contact.OPEN, **record), "XX", True, at=at(1)).contact is contact


def test_the_same_evidence_twice_is_kept_once_and_can_be_taken_away():
    once = with_evidence(an_assessment(), evidence("PA1", "screenshot"), at=at(1))
    twice = with_evidence(once, evidence("PA1", "screenshot"), at=at(2))
    assert twice.evidence == once.evidence
    assert without_evidence(twice, once.evidence[0].id, at=at(3)).evidence == ()


def test_drawn_recordings_are_judged_each_and_not_in_a_visit_that_is_both():
    draw = Draw(at=at(1), seed="seed", listed=40, picked=picked("seed", 40, 3))
    recording = an_assessment(channel=Channel.ONSITE, variant="recording")
    both = an_assessment(channel=Channel.ONSITE, variant="both")
    assert with_draw(recording, draw, at=at(1), sheet=layout(recording)).recordings == 3
    assert with_draw(both, draw, at=at(1), sheet=layout(both)).recordings == 0


@pytest.mark.parametrize(("listed", "count", "drawn"), [(40, 3, 3), (2, 3, 2), (0, 3, 0), (5, 0, 0), (5, -1, 0)])
def test_a_draw_is_repeatable_distinct_and_within_the_list(listed, count, drawn):
    numbers = picked("2021-03-01 branch 7", listed, count)
    assert numbers == picked("2021-03-01 branch 7", listed, count)
    assert len(set(numbers)) == drawn
    assert all(1 <= number <= listed for number in numbers)


def test_another_seed_draws_others():
    assert picked("a", 1000, 5) != picked("b", 1000, 5)


def test_finish_returns_every_finding_while_one_blocks():
    found = finish(an_assessment(), SHORT, at=at(1), circumstances=ANYWHERE)
    assert isinstance(found, tuple)
    assert [(finding.code, finding.question) for finding in found] == [
        ("answer-missing", "QA1"),
        ("answer-missing", "QA2"),
    ]


def finished(**answers: Any) -> Assessment:
    done = finish(an_assessment(answers={"QA1": True, **answers}), SHORT, at=at(1), circumstances=ANYWHERE)
    assert isinstance(done, Assessment)
    return done


def test_finish_gives_a_record_that_never_changes_again():
    done = finished()
    assert (done.status, done.finished_at) == (RecordStatus.FINISHED, at(1))
    with pytest.raises(NotAllowedError, match="open its next revision"):
        with_answer(done, "QA1", False, at=at(2))


def test_a_late_answer_makes_the_next_revision_and_leaves_the_first_alone():
    first = finished()
    second = with_late_answer(first, SHORT, "QA2", True, at=at(600), circumstances=ANYWHERE)
    assert (second.revision, second.status, second.answers["QA2"].value) == (2, RecordStatus.FINISHED, True)
    assert (first.revision, "QA2" in first.answers) == (1, False)


def test_a_late_answer_that_wants_evidence_waits_for_it_and_the_record_stays_finished():
    """R-LATE-1: no draft stands in for what was sent."""
    question = a_question("QA2", late_answer=True, evidence=("call_log",))
    form = sheet(a_form(a_section(a_question("QA1"), question)))
    with pytest.raises(LateNotWholeError, match="Add a picture of the call or message log"):
        with_late_answer(finished(), form, "QA2", True, at=at(600), circumstances=ANYWHERE)
    log = evidence("QA2", "call_log")
    second = late(
        finished(),
        form,
        "QA2",
        lambda opened: with_evidence(opened, log, at=at(600)),
        at=at(600),
        circumstances=ANYWHERE,
    )
    assert (second.revision, second.status) == (2, RecordStatus.FINISHED)
    third = with_late_answer(second, form, "QA2", True, at=at(601), circumstances=ANYWHERE)
    assert (third.revision, third.status, third.answers["QA2"].value) == (3, RecordStatus.FINISHED, True)


def returned(**changes: Any) -> Assessment:
    return next_revision(an_assessment(status=RecordStatus.FINISHED, **changes), at=at(1))


@pytest.mark.parametrize(
    ("rework", "keys"),
    [
        pytest.param(lambda record: with_answer(record, "PB1", False, at=at(2)), ("PB1",), id="answered anew"),
        pytest.param(lambda record: with_answer(record, "PB1", None, at=at(2)), ("PB1",), id="taken back"),
        pytest.param(lambda record: with_note(record, "PB1", "note", "so", at=at(2)), ("PB1",), id="a note"),
        pytest.param(lambda record: with_evidence(record, evidence("PB1"), at=at(2)), ("PB1",), id="a file"),
        pytest.param(lambda record: with_evidence(record, evidence(), at=at(2)), (), id="a file of the whole visit"),
        pytest.param(lambda record: confirmed(record, "PB1", at=at(2)), ("PB1",), id="it stays as it is"),
        pytest.param(
            lambda record: with_measurement(
                record, "t_agent", a_stamp(3), at=at(2), sheet=layout(record), circumstances=ANYWHERE
            ),
            ("PA3",),
            id="what it is read from",
        ),
    ],
)
def test_a_revision_names_the_questions_looked_at_again(rework, keys):
    """R-RET-1."""
    assert rework(returned()).reworked == keys
    assert rework(rework(returned())).reworked == keys
    assert rework(an_assessment()).reworked == ()
    done = replace(rework(returned()), status=RecordStatus.FINISHED)
    assert next_revision(done, at=at(3)).reworked == ()


@pytest.mark.parametrize(
    ("log", "place", "outcome", "verdicts", "contact"),
    [
        pytest.param("C", 0, None, "T", Contact.OPEN, id="it never happened"),
        pytest.param("C", 0, Outcome.BUSY, "TB", Contact.OPEN, id="it was busy"),
        pytest.param("BC", 0, None, "TC", Contact.CONNECTED, id="another one still connects"),
        pytest.param("B", 0, Outcome.CONNECTED, "TC", Contact.CONNECTED, id="it was connected"),
    ],
)
def test_a_mistaken_try_is_taken_back_and_stays_in_the_log(log, place, outcome, verdicts, contact):
    """R-TRY-1."""
    outcomes = {"C": Outcome.CONNECTED, "B": Outcome.BUSY}
    record = an_assessment(contact=Contact.OPEN)
    for minutes, letter in enumerate(log):
        record = with_attempt(record, an_attempt(minutes, outcomes[letter]), at=at(minutes))
    corrected = with_attempt_corrected(record, place, outcome, at=at(9))
    letters = {outcome: letter for letter, outcome in outcomes.items()}
    shown = "".join("T" if tried.taken_back_at else letters[tried.outcome] for tried in corrected.attempts)
    assert (shown, corrected.contact) == (verdicts, contact)
    assert corrected.attempts[place].taken_back_at == at(9)
    assert all(
        tried.at == record.attempts[place].at for tried in corrected.attempts[place:][: len(verdicts) - len(log)]
    )
    assert with_attempt_corrected(corrected, place, None, at=at(10)) is corrected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("QA1", False, id="a question that may not be late"),
        pytest.param("QA9", True, id="a question that is not there"),
        pytest.param("QA2", "late", id="a value that does not fit"),
    ],
)
def test_what_may_not_be_answered_late_is_refused(key, value):
    with pytest.raises(NotAllowedError):
        with_late_answer(finished(), SHORT, key, value, at=at(600), circumstances=ANYWHERE)


def test_a_returned_record_is_opened_again_as_its_next_revision():
    opened = next_revision(an_assessment(status=RecordStatus.RETURNED, revision=4), at=at(5))
    assert (opened.revision, opened.status, opened.finished_at) == (5, RecordStatus.DRAFT, None)


def test_a_contact_broken_off_is_finished_without_answers():
    done = finish(void(an_assessment(), "recognised", at=at(1)), SHORT, at=at(2), circumstances=ANYWHERE)
    assert isinstance(done, Assessment)
    assert (done.contact, done.void_reason, done.status) == (Contact.VOID, "recognised", RecordStatus.FINISHED)


def test_voiding_needs_a_reason():
    with pytest.raises(ValueError, match="reason"):
        void(an_assessment(), "  ", at=at(1))


def test_a_series_that_failed_is_unreachable_and_finished_without_answers():
    written_off = with_contact(an_assessment(contact=Contact.OPEN), ContactEvent.SERIES_FAILED, at=at(1))
    written_off = with_evidence(written_off, evidence(None, "call_log"), at=at(1))
    assert isinstance(finish(written_off, SHORT, at=at(2), circumstances=ANYWHERE), Assessment)
