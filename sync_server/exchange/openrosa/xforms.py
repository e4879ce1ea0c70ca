"""The XForm of an assignment: its form as it is asked there, with the briefing on top, made by pyxform.

ORX-1  An XForm asks what the app would ask: the questions of the assignment's variant and annex, and the files and
       notes they want. Stamps, draws and tries are the app's own, and are missed in what comes back.
ORX-2  Its id is the assignment's, its version the form's "name@version": a submission says by itself what it answers.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from xml.sax.saxutils import escape

import msgspec

from checklists.forms.expression import Op
from checklists.forms.form import Form, Question, Section
from checklists.forms.xlsform import own_columns as own
from checklists.forms.xlsform.writing import LABEL_COLUMNS, evidence_row, row_names, sheets
from checklists.language import LANGUAGES, N_, Text, in_language, sentence
from checklists.record.assignment import Assignment
from checklists.record.sheet import Sheet

START, END, BRIEFING = "fieldtool_start", "fieldtool_end", "fieldtool_briefing"
MOST_KEPT = 100
_ID, _TITLE = "fieldtool-form-id", "fieldtool-title"
_WORDS = {language: f"fieldtool-briefing-{language}" for language in LANGUAGES}
_HINTS = [f"hint::{language}" for language in own.LANGUAGE_COLUMNS.values()]
IN_SECONDS = N_("In seconds.")


class XForms:
    """XForms by what they ask, made once. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str | None, str | None, str | None], str] = {}

    def of(self, assignment: Assignment, sheet: Sheet) -> bytes:
        """Return the XForm of an assignment, laid out as `sheet`."""
        annex = sheet.annex.form.id if sheet.annex else None
        name = (sheet.form.id, sheet.variant, sheet.subchannel, annex)
        with self._lock:
            if name not in self._made:
                if len(self._made) >= MOST_KEPT:
                    self._made.clear()
                self._made[name] = _made(sheet)
            made = self._made[name]
        made = made.replace(_ID, _escaped(assignment.id)).replace(_TITLE, _escaped(title_of(assignment)))
        for language, place in _WORDS.items():
            made = made.replace(place, _escaped(_briefing(assignment, language)))
        return made.encode()


def title_of(assignment: Assignment) -> str:
    """Return what a list of forms calls an assignment: who is assessed, where, and by when."""
    branch = assignment.branch.name if assignment.branch else None
    names = dict.fromkeys(in_language(text, language) for text in (assignment.entrant_name, branch) if text
                          for language in LANGUAGES)  # fmt: skip
    return f"{' · '.join(names)} · {assignment.due_until:%Y-%m-%d} · {assignment.id}"


def asked_form(sheet: Sheet) -> Form:
    """Return the form cut down to what the sheet asks, its annex after it. Recordings are not among it."""
    annex = sheet.annex.sections if sheet.annex else ()
    sections = tuple(
        Section(
            id=part.key, title=part.title, weight=part.weight, questions=tuple(item.question for item in part.items)
        )
        for part in (*(part for part in sheet.sections if part.recording is None), *annex)
    )
    values = sheet.form.calculated + (sheet.annex.form.calculated if sheet.annex else ())
    return msgspec.structs.replace(sheet.form, sections=sections, calculated=values, variants=(), subchannels={})


class Row(msgspec.Struct, frozen=True):
    """What a row of a submission is: the answer to a question, or evidence of a kind for it."""

    question: Question
    evidence: str | None = None


def rows_of(form: Form) -> Mapping[str, Row]:
    """Return what each row of the XForm of `form` (as `asked_form` gives it) holds, by its name."""
    names, rows = row_names(form), dict[str, Row]()
    for section in form.sections:
        for question in section.questions:
            name = names[f"{Op.ANSWER} {question.id}"]
            rows[name] = Row(question)
            rows |= {evidence_row(name, kind): Row(question, kind) for kind in question.evidence}
    return rows


def _made(sheet: Sheet) -> str:
    # Here: it brings 35 MB of memory along, which a server without such phones need not spend.
    from pyxform.xls2xform import convert  # noqa: PLC0415

    form = asked_form(sheet)
    written = sheets(form)
    book = {name: _records(written[name]) for name in ("survey", "choices")}
    timed = {item.question.id for item in sheet.all_items.values() if item.in_seconds}
    names = row_names(form)
    timed_rows = {names[f"{Op.ANSWER} {id_}"] for id_ in timed}
    for row in book["survey"]:
        if row.get("name") in timed_rows:
            row |= {column: sentence(IN_SECONDS).in_language(own_language)
                    for column, own_language in zip(_HINTS, LANGUAGES, strict=True)}  # fmt: skip
    book["survey"] = [
        {"type": "start", "name": START},
        {"type": "end", "name": END},
        {"type": "note", "name": BRIEFING, **dict(zip(LABEL_COLUMNS, _WORDS.values(), strict=True))},
        *book["survey"],
    ]
    default = next(iter(own.LANGUAGE_COLUMNS.values()))
    settings = {"form_title": _TITLE, "form_id": _ID, "version": sheet.form.id, "default_language": default}
    made: str = convert({**book, "settings": [settings]}, validate=False).xform
    return made


def _records(rows: list[list[str]]) -> list[dict[str, str]]:
    heading, *body = rows
    return [{column: cell for column, cell in zip(heading, row, strict=True) if cell} for row in body]


def _briefing(assignment: Assignment, language: str) -> str:
    def said(text: Text) -> str:
        return text.get(language) or next(iter(text.values()), "")

    scenario = assignment.scenario
    lines = [said(assignment.entrant_name), said(scenario.title), said(scenario.briefing)]
    lines += [said(rule) for rule in scenario.stop_rules]
    if assignment.branch:
        lines += [said(assignment.branch.name), said(assignment.branch.address)]
    lines += [f"{said(point.label)}: {point.value}" for point in assignment.contact_points]
    lines += [f"FAQ {faq.number}: {said(faq.question)} – {said(faq.answer)}" for faq in assignment.filed_faqs]
    return "\n\n".join(line for line in lines if line.strip())


def _escaped(words: str) -> str:
    plain = "".join(character for character in words if character in "\n\t" or character >= " ")
    return escape(plain, {'"': "&quot;"})
