"""A form as the sheets of an XLSForm: what `reading.taken` makes into the same form again.

XLS-9  Nothing of a form is lost on the way out and back, and other tools take what goes out without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checklists.forms.evidence_kinds import KEEPERS, LABELS, Keeper
from checklists.forms.expression import Expression, Op
from checklists.forms.form import Band, Calculated, Form, Kind, MeasurementKind, Question, Section
from checklists.forms.toml_out import expression_text
from checklists.forms.xlsform import own_columns as own
from checklists.forms.xlsform import own_sheets
from checklists.forms.xlsform.choices_out import ChoicesOut
from checklists.forms.xlsform.conditions_in import names_of
from checklists.forms.xlsform.own_sheets import Rows, labels
from checklists.forms.xlsform.relevance import CannotSayError, condition, value
from checklists.forms.xlsform.xpath_out import Formulas
from checklists.forms.xlsform.xpath_tokens import FormulaError
from checklists.language import LANGUAGES
from checklists.number import as_answer

LABEL_COLUMNS = [f"label::{language}" for language in own.LANGUAGE_COLUMNS.values()]
NA_COLUMNS = [f"{own.PREFIX}{own.NOT_APPLICABLE}::{language}" for language in own.LANGUAGE_COLUMNS.values()]
OWN = (
    *(own.KIND, own.WEIGHT, own.POINTS, own.CRITICAL, own.MUST_BE_YES, own.EVIDENCE, own.EVIDENCE_OF, own.SOURCE),
    *(own.BANDS, own.FAQ, own.MIN_CHARS, own.LATE_ANSWER, own.SHOW_IF, own.VALUE, own.ID, own.NOT_APPLICABLE_ON),
)
FIRST = ["type", "name", *LABEL_COLUMNS, "required", "relevant", "calculation", "parameters"]
PICTURES = "max-pixels=2000"
Cells = Mapping[str, str]


def sheets(form: Form) -> Mapping[str, Rows]:
    """Return the sheets of `form` by name, each with its heading as the first row."""
    return _Writer(form).sheets()


class _Writer:
    def __init__(self, form: Form) -> None:
        self._form = form
        self._choices = ChoicesOut()
        self._rows_named = row_names(form)
        self._formulas = Formulas(form, self._rows_named)
        self._names = names_of(form, self._rows_named)
        counts = (item.key for item in form.measurements if item.kind is MeasurementKind.INTEGER)
        self._whole = frozenset(counts)

    def sheets(self) -> Mapping[str, Rows]:
        lines = [line for value in self._form.calculated for line in self._calculated(value)]
        lines += [line for section in self._form.sections for line in self._section(section)]
        banded = (code for q in _questions(self._form) for code in q.bands_by_subchannel)
        bands = [f"{own.PREFIX}{own.BANDS}::{code}" for code in dict.fromkeys(banded)]
        columns = [*FIRST, *(own.PREFIX + name for name in OWN), *NA_COLUMNS, *bands]
        survey = [columns, *([cells.get(column, "") for column in columns] for cells in lines)]
        return {
            "survey": survey,
            "choices": self._choices.rows,
            "settings": _settings(self._form),
            **own_sheets.written(self._form),
        }

    def _section(self, section: Section) -> Iterator[Cells]:
        name = self._rows_named[f"section {section.id}"]
        title = dict(zip(LABEL_COLUMNS, labels(section.title), strict=True))
        weight = {own.PREFIX + own.WEIGHT: str(section.weight)}
        yield {"type": "begin_group", "name": name, **title, **weight, **_own_id(section.id, name)}
        for question in section.questions:
            yield self._question(question)
            yield from _evidence(question, self._rows_named[f"{Op.ANSWER} {question.id}"])
        yield {"type": "end_group"}

    def _question(self, question: Question) -> Cells:
        name = self._rows_named[f"{Op.ANSWER} {question.id}"]
        cells = {
            "type": self._type(question),
            "name": name,
            "required": "no" if question.optional else "" if question.late_answer else "yes",
            **dict(zip(LABEL_COLUMNS, labels(question.text), strict=True)),
            **dict(zip(NA_COLUMNS, labels(question.not_applicable), strict=True)),
            **_own_id(question.id, name),
        }
        own_cells = {
            own.KIND: question.kind.value,
            own.POINTS: str(question.points or ""),
            own.CRITICAL: _flag(question.critical),
            own.MUST_BE_YES: _flag(question.must_be_yes),
            own.EVIDENCE: " ".join(question.evidence),
            own.SOURCE: question.source or "",
            own.NOT_APPLICABLE_ON: " ".join(question.not_applicable_on),
            own.BANDS: _bands(question.bands),
            own.FAQ: str(question.faq_number or ""),
            own.MIN_CHARS: str(question.min_chars or ""),
            own.LATE_ANSWER: _flag(question.late_answer),
            **{f"{own.BANDS}::{code}": _bands(bands) for code, bands in question.bands_by_subchannel.items()},
        }
        if question.show_if is not None:
            cells["relevant"] = self._formulas.of(question.show_if)
            if not self._reads_back(cells["relevant"], question.show_if):
                own_cells[own.SHOW_IF] = expression_text(question.show_if)
        return cells | {own.PREFIX + column: words for column, words in own_cells.items()}

    def _calculated(self, calculated: Calculated) -> Iterator[Cells]:
        name = self._rows_named[f"{Op.VALUE} {calculated.key}"]
        formula = self._formulas.of(calculated.value)
        cells = {"type": "calculate", "name": name, "calculation": formula, **_own_id(calculated.key, name)}
        try:
            is_same = value(formula, self._names)[0] == calculated.value
        except (CannotSayError, FormulaError):
            is_same = False
        data = {} if is_same else {own.PREFIX + own.VALUE: expression_text(calculated.value)}
        yield cells | dict(zip(LABEL_COLUMNS, labels(calculated.label), strict=True)) | data

    def _reads_back(self, formula: str, expression: Expression) -> bool:
        try:
            return condition(formula, self._names) == expression
        except (CannotSayError, FormulaError):
            return False

    def _type(self, question: Question) -> str:
        chosen_from = self._choices.list_for(question)
        if chosen_from is not None:
            return f"select_one {chosen_from}"
        if question.kind is Kind.BANDS:
            return "integer" if question.source in self._whole else "decimal"
        return "text"


def row_names(form: Form) -> dict[str, str]:
    """Return the row's name for each question, value and section: its id, unless that is another's, too.

    Keys are as "answer PA1", "value talk", "section PA". A file or note that a question wants has a row beside it,
    whose name is `evidence_row`.
    """
    used: set[str] = set()
    names: dict[str, str] = {}
    ids = [(str(Op.ANSWER), question.id) for question in _questions(form)]
    ids += [(str(Op.VALUE), calculated.key) for calculated in form.calculated]
    ids += [("section", section.id) for section in form.sections]
    for what, id_ in ids:
        name = id_
        while name.lower() in used:
            name = f"{what}_{name}"
        used.add(name.lower())
        names[f"{what} {id_}"] = name
    return names


def evidence_row(name: str, kind: str) -> str:
    """Return the name of the row for evidence of a `kind`, beside the question's row `name`."""
    return f"{name}_{kind}"


def _questions(form: Form) -> Iterator[Question]:
    for section in form.sections:
        yield from section.questions


def _evidence(question: Question, name: str) -> Iterator[Cells]:
    """Yield a row for each file or note a question wants, for phones of other tools; it is read as the question's."""
    for kind in question.evidence:
        if KEEPERS[kind] is Keeper.APP:
            continue
        words = [f"{question.id}: {LABELS[kind].in_language(language)}" for language in LANGUAGES]
        yield {
            "type": "image" if KEEPERS[kind] is Keeper.FILE else "text",
            "name": evidence_row(name, kind),
            "parameters": PICTURES if KEEPERS[kind] is Keeper.FILE else "",
            own.PREFIX + own.EVIDENCE_OF: question.id,
            **dict(zip(LABEL_COLUMNS, words, strict=True)),
        }


def _settings(form: Form) -> Rows:
    cells = {
        "form_title": form.title["en"],
        "form_id": form.name,
        "version": str(form.version),
        "default_language": next(iter(own.LANGUAGE_COLUMNS.values())),
        own.PREFIX + own.CHANNEL: form.channel.value,
        own.PREFIX + own.ANNEX: _flag(form.annex),
    }
    for name, text in (
        (own.TITLE, form.title),
        (own.UNIT, form.unit),
        (own.WHOLE_NOT_APPLICABLE, form.whole_not_applicable),
    ):
        columns = [f"{own.PREFIX}{name}::{language}" for language in own.LANGUAGE_COLUMNS.values()]
        cells |= dict(zip(columns, labels(text), strict=True))
    return [list(cells), list(cells.values())]


def _bands(bands: Sequence[Band]) -> str:
    return "; ".join(
        f"{'any' if band.limit is None else as_answer(band.limit)}={as_answer(band.share)}" for band in bands
    )


def _flag(flag: bool) -> str:
    return "yes" if flag else ""


def _own_id(id_: str, name: str) -> Cells:
    return {} if id_ == name else {own.PREFIX + own.ID: id_}
