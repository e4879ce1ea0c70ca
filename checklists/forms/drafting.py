"""A form's file while somebody edits it on a page: the file is the draft, whatever is still wrong with it.

DRF-1  What is typed into fields goes through the reader of the file: what has not the shape it must have is named, and
       the draft stays as it was. What parts say of each other may be wrong meanwhile.
DRF-2  A question put back as its fields show it is the question that it was.
DRF-3  A file sent up that cannot be read takes no draft's place; text that somebody typed is kept however it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, NamedTuple

from checklists.forms.file import FormError, drafted
from checklists.forms.form import Form, Question
from checklists.forms.toml_out import expression_text, toml_of
from checklists.forms.toml_table import parse
from checklists.language import LANGUAGES, N_
from checklists.number import as_answer
from checklists.problems import Problem, Problems

PLACE = "form.toml"
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # what XLSX, XLSM and ODS begin with, and XLS
FLAGS = ("critical", "must_be_yes", "late_answer", "optional")
NUMBERS = ("faq", "min_chars")
LISTS = ("evidence", "not_applicable_on")
Tables = dict[str, Any]


class Draft(NamedTuple):
    """A draft as it is read: the form, None while it has not its shape, and everything that is wrong."""

    form: Form | None
    problems: tuple[Problem, ...]


def text_of_file(raw: bytes) -> str:
    """Return the text of a form's file that was sent up, whatever is wrong with what it says.

    Raises:
        FormError: it is no TOML at all.
    """
    problems = Problems(FormError)
    if not raw:
        problems.add(PLACE, "file-missing", N_("no file came, or an empty one; choose the form's file."))
    elif raw.startswith(WORKBOOKS):
        problems.add(PLACE, "not-toml", N_("this is a workbook; bring it in as an XLSForm on the page Forms."))
    else:
        parse(raw, PLACE, problems)
    if problems.listed:
        problems.refuse()
    return raw.decode("utf-8-sig")


def read_draft(text: str, others: Mapping[str, Form]) -> Draft:
    """Read a draft. `others` are the forms it may refer to."""
    problems = Problems(FormError)
    tables = parse(text.encode(), PLACE, problems)
    if tables is None:
        return Draft(None, tuple(problems))
    return Draft(*drafted(tables, PLACE, others))


def fields_of_question(question: Question) -> dict[str, str]:
    """Return a question as the fields of a page hold it."""
    na, bands = question.not_applicable or {}, question.bands
    fields = {
        "id": question.id,
        "kind": question.kind.value,
        "points": str(question.points),
        "source": question.source or "",
        "faq": str(question.faq_number or ""),
        "min_chars": str(question.min_chars or ""),
        "evidence": " ".join(question.evidence),
        "not_applicable_on": " ".join(question.not_applicable_on),
        "options": "\n".join(
            " | ".join((option.code, str(as_answer(option.share)), *(option.label[name] for name in LANGUAGES)))
            for option in question.options
        ),
        "bands": "; ".join(
            f"{'any' if band.limit is None else as_answer(band.limit)}={as_answer(band.share)}" for band in bands
        ),
        "show_if": "" if question.show_if is None else expression_text(question.show_if),
        **{name: "yes" if getattr(question, name) else "" for name in FLAGS},
    }
    fields |= {f"text_{name}": question.text[name] for name in LANGUAGES}
    return fields | {f"na_{name}": na.get(name, "") for name in LANGUAGES}


def with_question(text: str, section_id: str, question_id: str, typed: Mapping[str, str]) -> str:
    """Return the draft with the question of `typed` in the place of `question_id`, or at the end of its section.

    Raises:
        FormError: what does not fit, by field.
        LookupError: there is no such section.
    """
    unreadable = Problems(FormError)
    table = _question_table(typed, unreadable)

    def change(tables: Tables) -> None:
        for section in tables["section"]:
            for place, held in enumerate(section.get("question", [])):
                if question_id and held.get("id") == question_id:
                    kept = {"bands_by_subchannel": held["bands_by_subchannel"]} if "bands_by_subchannel" in held else {}
                    section["question"][place] = table | kept
                    return
        _section(tables, section_id).setdefault("question", []).append(table)

    return _changed(text, change, unreadable)


def moved(text: str, question_id: str, step: int) -> str:
    """Return the draft with a question one place up (-1) or down (1) in its section; at the edge it stays."""

    def change(tables: Tables) -> None:
        questions, place = _found(tables, question_id)
        to = min(max(place + step, 0), len(questions) - 1)
        questions.insert(to, questions.pop(place))

    return _changed(text, change)


def without_question(text: str, question_id: str) -> str:
    """Return the draft without a question."""

    def change(tables: Tables) -> None:
        questions, place = _found(tables, question_id)
        questions.pop(place)

    return _changed(text, change)


def with_section(text: str, section_id: str, typed: Mapping[str, str]) -> str:
    """Return the draft with title and weight of a section as typed; "" adds one, with its first question."""

    def change(tables: Tables) -> None:
        title = {name: typed.get(f"title_{name}", "").strip() for name in LANGUAGES}
        weight = _whole(typed.get("weight", ""))
        if section_id:
            _section(tables, section_id).update(title=title, weight=weight)
            return
        new = typed.get("id", "").strip()
        first = {"id": f"{new}1", "text": title, "kind": "yes_no", "points": 1}
        tables["section"].append({"id": new, "title": title, "weight": weight, "question": [first]})

    return _changed(text, change)


def _changed(text: str, change: Callable[[Tables], None], before: Iterable[Problem] = ()) -> str:
    """Return the draft after `change`. Raises FormError of what was wrong `before` it and of what has not its shape."""
    problems = Problems(FormError)
    parsed = parse(text.encode(), PLACE, problems)
    if parsed is None:
        problems.refuse()
    tables = deepcopy(dict(parsed))
    change(tables)
    form, found = drafted(tables, PLACE)
    wrong = (*before, *(found if form is None else ()))
    if form is None or wrong:
        raise FormError(wrong)
    return toml_of(form)


def _section(tables: Tables, section_id: str) -> Tables:
    found: Tables | None = next((one for one in tables["section"] if one.get("id") == section_id), None)
    if found is None:
        raise LookupError(section_id)
    return found


def _found(tables: Tables, question_id: str) -> tuple[list[Tables], int]:
    for section in tables["section"]:
        questions: list[Tables] = section.get("question", [])
        for place, held in enumerate(questions):
            if held.get("id") == question_id:
                return questions, place
    raise LookupError(question_id)


def _question_table(typed: Mapping[str, str], unreadable: Problems) -> Tables:
    def words(name: str) -> str:
        return typed.get(name, "").strip()

    table: Tables = {"id": words("id"), "kind": words("kind"), "points": _whole(words("points") or "0")}
    table["text"] = {name: words(f"text_{name}") for name in LANGUAGES}
    table |= {name: True for name in FLAGS if words(name)}
    table |= {name: _whole(words(name)) for name in NUMBERS if words(name)}
    table |= {name: words(name).split() for name in LISTS if words(name)}
    na = {name: words(f"na_{name}") for name in LANGUAGES}
    table |= {"not_applicable": na} if any(na.values()) else {}
    table |= {"source": words("source")} if words("source") else {}
    options = [_option(line) for line in words("options").splitlines() if line.strip()]
    bands = [_band(part) for part in words("bands").split(";") if part.strip()]
    table |= {name: held for name, held in (("options", options), ("bands", bands)) if held}
    if words("show_if"):
        try:
            table["show_if"] = tomllib.loads(f"it = {words('show_if')}", parse_float=Decimal)["it"]
        except (tomllib.TOMLDecodeError, RecursionError):
            template = N_("the condition cannot be read; write it as in the file.")
            unreadable.add(f"{PLACE}: {words('id')}", "condition-unreadable", template)
    return table


def _option(line: str) -> Tables:
    code, share, *labels = (part.strip() for part in (*line.split("|"), "", "", ""))
    return {"code": code, "share": _number(share), **dict(zip(LANGUAGES, labels, strict=False))}


def _band(part: str) -> Tables:
    limit, _, share = (piece.strip() for piece in part.partition("="))
    return {"up_to": "any" if limit.lower() == "any" else _number(limit), "share": _number(share)}


def _whole(words: str) -> Any:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else words


def _number(words: str) -> Any:
    """Return a number as a file holds it; what is none stays, to be named by the reader."""
    return _whole(words) if not words or (words.isascii() and words.isdigit()) else words
