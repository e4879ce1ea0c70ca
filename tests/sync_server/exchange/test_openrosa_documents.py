"""ORS, ORR, FLG-13: a submission read without a server. Ids are those in exchange/openrosa."""

from __future__ import annotations

import pytest

from checklists.forms.file import shipped_forms
from checklists.forms.form import Kind, Question
from sync_server.exchange.openrosa.records import answer_of
from sync_server.exchange.openrosa.submission import NotASubmissionError, read_submission
from sync_server.exchange.openrosa.xforms import rows_of
from sync_server.quality.flags import flags_of
from sync_server.quality.visits import Peers, Visit
from tests.builders import both

# As real apps write them: instance ids in three places, repeats, encrypted, without an id at all.
COLLECT = (
    b'<data id="simple" version="2" xmlns:orx="http://openrosa.org/xforms"><orx:meta><orx:instanceID>uuid:1'
    b"</orx:instanceID><orx:deprecatedID>uuid:0</orx:deprecatedID></orx:meta><name> Alice </name></data>"
)
READ = [
    pytest.param(COLLECT, ("simple", "2", "uuid:1", "uuid:0"), {"name": ("Alice",)}, id="ORS-2 of Collect"),
    pytest.param(
        b'<d id="f" instanceID="uuid:2"><g><child>a</child></g><g><child>b</child></g></d>',
        ("f", "", "uuid:2", ""),
        {"child": ("a", "b")},
        id="ORS-2 repeats, and the id where old apps write it",
    ),
    pytest.param(
        b"<d id='f' orx:version='3'><orx:meta><orx:instanceID>y</orx:instanceID></orx:meta><q>1</q></d>",
        ("f", "3", "y", ""),
        {"q": ("1",)},
        id="ORS-4 a prefix that nobody explained",
    ),
    pytest.param(
        b'<h:d xmlns:h="http://example.org/form"><h:meta><h:instanceID>x</h:instanceID></h:meta><h:q/></h:d>',
        ("http://example.org/form", "", "x", ""),
        {"q": ("",)},
        id="ORS-2 a form that is known by its namespace",
    ),
]


@pytest.mark.parametrize(("document", "head", "values"), READ)
def test_a_submission_is_read_as_apps_write_it(document, head, values):
    read = read_submission(document)
    assert (read.form_id, read.version, read.instance_id, read.replaces) == head
    assert read.values == values


def test_a_submission_without_an_id_goes_by_its_digest():
    """ORS-3"""
    one, same, other = (read_submission(b"<d id='f'><q>%s</q></d>" % value).instance_id for value in (b"1", b"1", b"2"))
    assert one == same != other


def test_an_encrypted_submission_is_told_apart():
    """ORS-2"""
    assert read_submission(
        b'<data id="f" encrypted="yes"><base64EncryptedKey>k</base64EncryptedKey></data>'
    ).is_encrypted


BROKEN = [
    pytest.param(b"\xff\xfe<d/>", id="ORS-1 half an encoding"),
    pytest.param(b'<?xml version="1.0" encoding="no-such"?><d/>', id="ORS-1 an unknown encoding"),
    pytest.param(b"<d>" + b"<q/>" * 6_000 + b"</d>", id="ORS-1 more values than any form"),
    pytest.param(b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>', id="ORS-1 a file of ours"),
]


@pytest.mark.parametrize("document", BROKEN)
def test_what_no_form_makes_is_refused(document):
    with pytest.raises(NotASubmissionError):
        read_submission(document)


@pytest.mark.parametrize(
    ("kind", "words", "value"),
    [
        pytest.param(Kind.YES_NO, "no", False, id="ORR-1 yes or no"),
        pytest.param(Kind.YES_NO, "na", "na", id="ORR-1 not applicable"),
        pytest.param(Kind.SCALE, "4", 4, id="ORR-1 a step"),
        pytest.param(Kind.SCALE, "many", "many", id="ORR-1 no step"),
        pytest.param(Kind.BANDS, "12.0", 12, id="ORR-1 a whole number"),
        pytest.param(Kind.BANDS, "2.5", "2.5", id="ORR-1 a decimal number"),
        pytest.param(Kind.BANDS, "soon", "soon", id="ORR-1 no number"),
        pytest.param(Kind.TEXT, "as said", "as said", id="ORR-1 words"),
    ],
)
def test_a_value_becomes_the_answer_of_its_question(kind, words, value):
    answer = answer_of(Question(id="Q1", text=both("?"), kind=kind), words)
    assert (answer, type(answer)) == (value, type(value))


@pytest.mark.parametrize("form", [pytest.param(form, id=f"ORX-1 {name}") for name, form in shipped_forms().items()])
def test_every_question_and_what_it_wants_has_a_row_of_its_own(form):
    questions = [question for section in form.sections for question in section.questions]
    assert len(rows_of(form)) == sum(1 + len(question.evidence) for question in questions)


def test_what_another_app_sent_is_always_looked_at():
    """FLG-13"""
    visit = Visit(id="a", assessor="b", entrant="c", channel="phone_in", round=1, form="phone_in@1", missing=0)
    (flag,) = flags_of(visit, Peers([visit]))
    assert (flag.kind, flag.weight) == ("other-app", 2)
