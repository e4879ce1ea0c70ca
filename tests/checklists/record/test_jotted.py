"""JOT: notes taken on the way, and sorted into the questions. Ids are those in checklists/record/jotted.py."""

from __future__ import annotations

import pytest

from checklists.forms.file import shipped_forms
from checklists.record.assessment import Contact, RecordStatus
from checklists.record.derived import Circumstances
from checklists.record.findings import findings
from checklists.record.jotted import file_kind, given_to, jotted, lines, sorted_into, struck_out, words_kind
from checklists.record.sheet import sheet
from checklists.record.transitions import NotAllowedError
from tests.builders import NOON, a_question, an_assessment, evidence

PAGE = "greeted first\n\n  badge readable  \nquote: take your time\n"


def test_every_line_stays_until_it_is_sorted_or_struck_out() -> None:
    """JOT-1."""
    record = jotted(an_assessment(), PAGE, at=NOON)
    assert lines(record) == ("greeted first", "badge readable", "quote: take your time")
    assert lines(struck_out(record, 1, at=NOON)) == ("greeted first", "quote: take your time")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "badge readable", id="JOT-2 nothing there"),
        pytest.param("smiled \n", "smiled\nbadge readable", id="JOT-2 behind what is there"),
    ],
)
def test_a_line_is_sorted_behind_what_stands_at_the_question(before: str, after: str) -> None:
    record = an_assessment(jotted=PAGE, notes={"PB1": {"note": before}} if before else {})
    done = sorted_into(record, 1, "PB1", "note", at=NOON)
    assert done.notes["PB1"]["note"] == after
    assert lines(done) == ("greeted first", "quote: take your time")


@pytest.mark.parametrize("contact", [Contact.CONNECTED, Contact.VOID], ids=["reached", "void"])
def test_a_record_with_a_line_left_is_not_finished(contact: Contact) -> None:
    """JOT-3."""
    layout = sheet(shipped_forms()["phone_in@1"])
    codes = []
    for page in (PAGE, " \n"):
        record = an_assessment(jotted=page, contact=contact)
        told = findings(record, layout, circumstances=Circumstances())
        codes.append([one.blocks_finish for one in told if one.code == "notes-unsorted"])
    assert codes == [[True], []]


def test_a_file_of_the_whole_visit_is_given_to_a_question() -> None:
    """JOT-4."""
    record = an_assessment(evidence=(evidence(id="one"), evidence("PB1", id="two")))
    done = given_to(record, "one", "PB2", "screenshot", at=NOON)
    assert {file.id: (file.question, file.evidence_kind) for file in done.evidence} == {
        "one": ("PB2", "screenshot"),
        "two": ("PB1", None),
    }
    assert given_to(record, "three", "PB2", None, at=NOON) == record


def test_a_line_goes_to_the_words_a_question_wants() -> None:
    assert words_kind(a_question(evidence=("clock", "verbatim"))) == "verbatim"
    assert (words_kind(a_question()), file_kind(a_question())) == ("note", None)
    assert file_kind(a_question(evidence=("note", "ticket_photo"))) == "ticket_photo"


def test_what_is_finished_takes_no_notes() -> None:
    with pytest.raises(NotAllowedError):
        jotted(an_assessment(status=RecordStatus.FINISHED), PAGE, at=NOON)
