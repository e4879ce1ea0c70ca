"""Findings: what is still to put right in a record, each with its code, its question and whether it blocks."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel, Form, Kind, Question
from checklists.record.asked import asked_items, asked_measurements, asked_sections, offered
from checklists.record.assessment import Assessment, Contact, Draw, Measurement, MediaKind
from checklists.record.derived import Circumstances
from checklists.record.findings import findings
from checklists.record.fitting import fits
from checklists.record.sheet import sheet, sheet_of
from tests.builders import (
    NOON,
    a_count,
    a_form,
    a_question,
    a_section,
    a_stamp,
    an_assessment,
    an_attempt,
    an_option,
    bands,
    both,
    evidence,
)

FORMS = shipped_forms()
REASON = both("none", "沒有")
ANYWHERE = Circumstances()
OPTIONS = (an_option("good", 1), an_option("bad", 0))


def told(form: Form, **record: Any) -> list[tuple[str, str | None, bool]]:
    found = findings(an_assessment(**record), sheet(form), circumstances=ANYWHERE)
    assert all(str(finding.message).endswith(".") for finding in found)
    return [(finding.code, finding.question, finding.blocks_finish) for finding in found]


def asking(**question: Any) -> Form:
    return a_form(a_section(a_question("QA1", **question)))


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (Kind.YES_NO, True, None),
        (Kind.YES_NO, 1, "Answer true or false."),
        (Kind.YES_NO, "yes", "Answer true or false."),
        (Kind.SCALE, 0, None),
        (Kind.SCALE, 4, None),
        (Kind.SCALE, 5, "Answer a whole number from 0 to 4."),
        (Kind.SCALE, True, "Answer a whole number from 0 to 4."),
        (Kind.CHOICE, "good", None),
        (Kind.CHOICE, "Good", "Answer one of good, bad."),
        (Kind.FAQ, 1, "Answer one of good, bad."),
        (Kind.BANDS, 0, None),
        (Kind.BANDS, "20.4", None),
        (Kind.BANDS, "-1", "A measured number is never below 0; write 0 or more."),
        (Kind.BANDS, 20.4, "Answer the measured number, as a whole number or decimal text."),
        (Kind.BANDS, "soon", "Answer the measured number, as a whole number or decimal text."),
        (Kind.TEXT, "words", None),
        (Kind.TEXT, 5, "Answer in words."),
        (Kind.TEXT, "na", None),
        (Kind.YES_NO, "na", '"na" is not offered for this question; answer it.'),
    ],
)
def test_a_value_fits_its_question_or_the_remedy_is_told(kind, value, message):
    problem = fits(a_question(kind=kind, options=OPTIONS), value)
    assert (str(problem) if problem else None) == message


def test_n_a_fits_where_the_form_offers_it():
    assert fits(a_question(not_applicable=REASON), "na") is None


@pytest.mark.parametrize(
    ("question", "record", "expected"),
    [
        pytest.param({}, {}, [("answer-missing", "QA1", True)], id="not answered"),
        pytest.param({"late_answer": True}, {}, [("answer-missing", "QA1", False)], id="a late answer does not block"),
        pytest.param({}, {"answers": {"QA1": 1}}, [("answer-wrong", "QA1", True)], id="a value that does not fit"),
        pytest.param({}, {"answers": {"QA1": "na"}}, [("na-not-allowed", "QA1", True)], id="N/A not offered"),
        pytest.param({"not_applicable": REASON}, {"answers": {"QA1": "na"}}, [], id="N/A offered"),
        pytest.param(
            {"not_applicable": REASON, "evidence": ("screenshot",)},
            {"answers": {"QA1": "na"}},
            [],
            id="N/A needs no evidence",
        ),
        pytest.param(
            {"kind": Kind.TEXT, "points": 0, "min_chars": 20},
            {"answers": {"QA1": "Too short.         "}},
            [("text-too-short", "QA1", True)],
            id="spaces do not lengthen a text",
        ),
        pytest.param(
            {"kind": Kind.TEXT, "points": 0, "min_chars": 4}, {"answers": {"QA1": "親切有禮"}}, [], id="long enough"
        ),
        pytest.param(
            {"must_be_yes": True}, {"answers": {"QA1": False}}, [("must-be-yes", "QA1", True)], id="must be yes"
        ),
        pytest.param(
            {"critical": True},
            {"answers": {"QA1": False}},
            [("critical-note-missing", "QA1", True)],
            id="a failed critical item wants words",
        ),
        pytest.param(
            {"critical": True},
            {"answers": {"QA1": False}, "notes": {"QA1": {"verbatim": "He shouted."}}},
            [],
            id="a failed critical item with words",
        ),
        pytest.param({"critical": True}, {"answers": {"QA1": True}}, [], id="a critical item that holds"),
    ],
)
def test_an_answer_has_its_findings(question, record, expected):
    assert told(asking(**question), **record) == expected


def test_ask_1_an_annex_left_out_is_neither_asked_nor_counted():
    record = an_assessment(annex="ivrs_annex@1")
    layout = sheet_of(record, FORMS)
    left_out = an_assessment(annex="ivrs_annex@1", answers={"ivrs_annex": "na"})
    assert (asked_sections(record, layout), asked_items(record, layout)) == (layout.all_sections, layout.all_items)
    assert (asked_sections(left_out, layout), asked_items(left_out, layout)) == (layout.sections, layout.items)


@pytest.mark.parametrize(
    ("variant", "left_out"),
    [
        pytest.param("branch", {"t_asked", "t_retrieved"}, id="a visit has no recordings to bring up"),
        pytest.param("recording", {"t_arrive", "t_ticket", "t_served"}, id="a recording check has no queue"),
        pytest.param("both", set(), id="both"),
    ],
)
def test_ask_2_nothing_is_measured_for_questions_that_are_not_asked(variant, left_out):
    form = FORMS["onsite@1"]
    layout = sheet_of(an_assessment(channel=Channel.ONSITE, variant=variant), FORMS)
    asked = {item.key for item in asked_measurements(layout)}
    assert {item.key for item in form.measurements} - asked == left_out


def test_one_map_of_the_menu_supports_every_question_that_wants_one():
    form = a_form(a_section(*(a_question(f"QA{n}", evidence=("menu_map",)) for n in (1, 2))))
    record = {"answers": {"QA1": True, "QA2": True}}
    assert told(form, **record, evidence=(evidence("QA2", "menu_map"),)) == []
    assert [code for code, *_ in told(form, **record, evidence=(evidence("QA3"),))] == ["evidence-missing"] * 2


MISSING = [("evidence-missing", "QA1", True)]


@pytest.mark.parametrize(
    ("kind", "record", "expected"),
    [
        pytest.param("note", {}, MISSING, id="no note"),
        pytest.param("note", {"notes": {"QA1": {"note": "  "}}}, MISSING, id="a blank note"),
        pytest.param("note", {"notes": {"QA1": {"note": "Asked twice."}}}, [], id="a note"),
        pytest.param("verbatim", {"notes": {"QA1": {"note": "He said so."}}}, MISSING, id="a note is no quotation"),
        pytest.param("verbatim_redacted", {"notes": {"QA1": {"verbatim_redacted": "Mr. █"}}}, [], id="redacted"),
        pytest.param("screenshot", {}, MISSING, id="no picture"),
        pytest.param("screenshot", {"evidence": (evidence("QA1", "screenshot"),)}, [], id="the picture"),
        pytest.param("screenshot", {"evidence": (evidence("QA2", "screenshot"),)}, MISSING, id="of another question"),
        pytest.param("screenshot", {"evidence": (evidence("QA1", "receipt"),)}, MISSING, id="of another kind"),
        pytest.param("screenshot", {"evidence": (evidence("QA1"),)}, [], id="a picture of no named kind"),
        pytest.param(
            "screenshot",
            {"evidence": (evidence("QA1", kind=MediaKind.AUDIO_NOTE),)},
            MISSING,
            id="an audio note is no picture",
        ),
        pytest.param("draw_log", {}, MISSING, id="no draw"),
        pytest.param("draw_log", {"draws": (Draw(at=NOON, seed="s", listed=9, picked=(4,)),)}, [], id="a draw"),
        pytest.param("clock", {}, MISSING, id="no stamp"),
        pytest.param("clock", {"measurements": {"t_arrive": a_stamp()}}, [], id="the app's stamp"),
    ],
)
def test_evidence_is_there_or_is_asked_for(kind, record, expected):
    form = asking(evidence=(kind,), source="t_arrive" if kind == "clock" else None)
    assert told(form, answers={"QA1": True}, **record) == expected


def phone(**record: Any) -> dict[tuple[str, str | None], str]:
    assessment = an_assessment(**record)
    found = findings(assessment, sheet_of(assessment, FORMS), circumstances=ANYWHERE)
    return {(finding.code, finding.question): str(finding.message) for finding in found}


def test_a_measured_question_asks_for_the_mark_that_is_not_there():
    told = phone(measurements={"t_dial": a_stamp()})
    assert told["measurement-missing", "PA2"] == 'Stamp or fill in "Rings heard before first answer".'
    assert ("answer-missing", "PA2") not in told


def test_an_answer_the_marks_do_not_give_is_told_to_the_reviewer_without_blocking():
    assessment = an_assessment(answers={"PA2": 3}, measurements={"ring_count": a_count(9)})
    found = {
        f.question: f
        for f in findings(assessment, sheet_of(assessment, FORMS), circumstances=ANYWHERE)
        if "measured" in f.code
    }
    assert str(found["PA2"].message) == "The answer is 3, but the measurements give 9."
    assert not found["PA2"].blocks_finish


def test_findings_come_in_the_order_of_the_form_and_name_their_section():
    assessment = an_assessment()
    layout = sheet_of(assessment, FORMS)
    found = findings(assessment, layout, circumstances=ANYWHERE)
    assert [finding.question for finding in found] == list(layout.items)
    assert {finding.section for finding in found} == {"PA", "PB", "PC", "PD", "PE", "PF", "PG"}


LOG = evidence(None, "call_log")


@pytest.mark.parametrize(
    "record",
    [
        pytest.param({"contact": Contact.UNREACHABLE, "evidence": (LOG,)}, id="unreachable"),
        pytest.param({"contact": Contact.VOID}, id="void"),
        pytest.param({"contact": Contact.UNREACHABLE, "channel": Channel.ONLINE}, id="a chat has no call log"),
    ],
)
def test_an_unreached_or_void_contact_needs_no_answers(record):
    assert phone(**record) == {}


def test_nobody_reached_is_shown_by_the_call_log():
    record = an_assessment(contact=Contact.UNREACHABLE)
    told = findings(record, sheet_of(record, FORMS), circumstances=ANYWHERE)
    assert [(one.code, one.blocks_finish) for one in told] == [("call-log-missing", True)]


def test_an_open_contact_blocks_finishing():
    assert ("contact-open", None) in phone(contact=Contact.OPEN)


def test_a_recording_check_without_a_recording_blocks_finishing():
    assert ("recordings-missing", None) in phone(channel=Channel.ONSITE, variant="recording")


def test_of_a_recording_only_words_are_asked_for_as_evidence():
    answers: dict[str, Any] = {"PF2#1": 10, "PD1#1": "wrong", "PG4#1": "on_time"}
    told = phone(channel=Channel.ONSITE, variant="recording", recordings=1, answers=answers)
    assert [key for key in told if key[1] in answers] == [("evidence-missing", "PD1#1")]


def test_the_annex_is_asked_beside_the_call():
    assert ("answer-missing", "VA1") in phone(annex="ivrs_annex@1")


def test_an_annex_with_nothing_to_assess_asks_nothing():
    told = phone(annex="ivrs_annex@1", answers={"ivrs_annex": "na"})
    assert not [question for _, question in told if question and question.startswith("V")]


@pytest.mark.parametrize(
    ("record", "question"),
    [
        pytest.param({"notes": {"PD1": {"verbatim": "Call me on 9123 4567."}}}, "PD1", id="in a note"),
        pytest.param({"answers": {"PG5": "She gave chan@example.com as address."}}, "PG5", id="in a text answer"),
        pytest.param({"attempts": (an_attempt(note="Mr. Chan, A123456(3)"),)}, None, id="in the note of an attempt"),
        pytest.param({"contact": Contact.VOID, "void_reason": "9123 4567 knew me"}, None, id="in a void contact"),
    ],
)
def test_personal_data_blocks_finishing_without_being_repeated(record, question):
    assessment: Assessment = an_assessment(**record)
    found = [
        f
        for f in findings(assessment, sheet_of(assessment, FORMS), circumstances=ANYWHERE)
        if f.code == "personal-data"
    ]
    assert [(finding.question, finding.blocks_finish) for finding in found] == [(question, True)]
    assert not any(secret in str(found[0].message) for secret in ("9123", "chan@", "A123456"))


def test_every_finding_has_chinese_words():
    assessment = an_assessment(annex="ivrs_annex@1", contact=Contact.OPEN, notes={"PB6": {"note": "9123 4567"}})
    for finding in findings(assessment, sheet_of(assessment, FORMS), circumstances=ANYWHERE):
        assert finding.message.in_language("zh-Hant") != str(finding.message)


def test_a_question_of_bands_is_answered_by_hand_where_it_has_no_source():
    question: Question = a_question("QA1", kind=Kind.BANDS, bands=bands((5, 1), (None, 0)))
    assert told(a_form(a_section(question)), answers={"QA1": 3}, measurements={"x": Measurement(number=9)}) == []


@pytest.mark.parametrize(
    ("subchannel", "gaps", "reasons"),
    [
        pytest.param("chat", True, {"WA5", "WB2"}, id="ASK-3 chat"),
        pytest.param("email", False, {"WA5"}, id="ASK-3 email"),
        pytest.param("form", False, set(), id="ASK-3 form"),
    ],
)
def test_each_sub_channel_has_marks_and_reasons_of_its_own(subchannel, gaps, reasons):
    layout = sheet(FORMS["online@1"], subchannel=subchannel)
    assert ("gaps" in {item.key for item in asked_measurements(layout)}) is gaps
    items = layout.all_items
    assert {key for key in ("WA5", "WB2") if offered(items[key].question, layout).not_applicable} == reasons
    assert offered(items["WB2"].question, layout, "na").not_applicable
    assert fits(items["WB2"].question, "na") is None
