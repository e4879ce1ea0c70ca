"""A row of the survey as a question, and a number it asks for as a count that the question reads."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from checklists.forms.expression import Expression, Op
from checklists.forms.form import Band, Kind, MeasurementItem, MeasurementKind, Option, Question
from checklists.forms.xlsform import own_columns as own
from checklists.forms.xlsform.choices import Choice, ChoiceList, ChoiceLists
from checklists.forms.xlsform.names import Ids
from checklists.forms.xlsform.outline import TRUE, Line
from checklists.forms.xlsform.own_cells import OwnCells
from checklists.forms.xlsform.relevance import Asked
from checklists.forms.xlsform.report import Report
from checklists.forms.xlsform.types import Meaning
from checklists.forms.xlsform.words import Words
from checklists.language import N_, Text

USED = ("type", "name", "label", "hint", "required", "relevant", "disabled", "choice_filter")
ANY = (Band(limit=None, share=Fraction(1)),)
LEFT_OPEN: Text = {"en": "Left open", "zh-Hant": "沒有填寫"}
OTHER: Text = {"en": "Other", "zh-Hant": "其他"}
TYPES = {Kind.YES_NO: "yes_no", Kind.SCALE: "number", Kind.BANDS: "number", Kind.MATURITY: "number"}
MOST_CHOICES = 20  # of a list of which several may be chosen


class Draft(NamedTuple):
    """A question to be: what is known of it before conditions are read, and how formulas name its answers.

    `part` is the choice it asks about, where a row asks for several.
    """

    line: Line
    id: str
    kind: Kind
    choices: ChoiceList | None
    asked: Asked
    part: Choice | None = None


class Drafts:
    """Makes the rows of one survey into questions."""

    def __init__(self, sheet: str, lists: ChoiceLists, words: Words, report: Report) -> None:
        self._sheet = sheet
        self._lists = lists
        self._words = words
        self._report = report
        self._ids = Ids("q")
        self._keys = Ids("count_", is_code=True)
        self.measurements: list[MeasurementItem] = []

    def drafts(self, line: Line) -> list[Draft]:
        """Return what is known of a row's question, or of one for each choice; none: it is not asked, as reported."""
        if line.type.meaning is Meaning.MULTIPLE:
            return self._of_each_choice(line)
        draft = self._draft(line)
        return [draft] if draft else []

    def _of_each_choice(self, line: Line) -> list[Draft]:
        choices = self._choices(line)
        if choices is None:
            return []
        if len(choices.choices) > MOST_CHOICES:
            words = N_("several of over {most} choices; ask of each that matters by a question of its own")
            self._report.keep_row(self._sheet, line.row, words, most=MOST_CHOICES)
            return []
        name = line.row.get("name") or "q"
        ids = {choice.name: self._ids.give(f"{name}_{choice.name}") for choice in choices.choices}
        asked = Asked(Op.ANSWER, "", "several", ids)
        return [Draft(line, ids[choice.name], Kind.YES_NO, None, asked, choice) for choice in choices.choices]

    def _draft(self, line: Line) -> Draft | None:
        choices = None
        if line.type.meaning is Meaning.SELECT:
            choices = self._choices(line)
            if choices is None:
                return None
        cells = OwnCells(self._sheet, line.row, self._report)
        kind = cells.one_of(own.KIND, Kind) or _kind(line, choices, cells)
        if choices is not None and kind in (Kind.CHOICE, Kind.FAQ) and len(_all(choices, line)) < 2:
            self._report.keep_row(self._sheet, line.row, N_("a list of one choice; offer two or more"))
            return None
        id_ = self._ids.give(cells.words(own.ID) or line.row.get("name") or "q")
        return Draft(
            line, id_, kind, choices, Asked(Op.ANSWER, id_, TYPES.get(kind, "word"), _codes(kind, choices, line))
        )

    def question(self, draft: Draft, show_if: Expression | None, *, is_sure: bool) -> Question:
        """Return the question. Where it is not `is_sure` when it is asked, it may be left open."""
        row, kind = draft.line.row, draft.kind
        cells = OwnCells(self._sheet, row, self._report)
        points = cells.whole(own.POINTS) or 0
        na = self._not_applicable(draft)
        is_free = not points and (row.get("required").lower() not in TRUE or not is_sure)
        must_be_yes = kind is Kind.YES_NO and (
            cells.flag(own.MUST_BE_YES)
            or (draft.line.type.meaning is Meaning.YES and not is_free and not cells.words(own.KIND))
        )
        late = cells.flag(own.LATE_ANSWER)
        bands = cells.bands() or ({"": ANY} if kind is Kind.BANDS else {})
        if draft.part is None or draft.id == next(iter(draft.asked.codes.values())):
            self._report.keep_others(self._sheet, row, USED)
            self._tell(draft)
        return Question(
            id=draft.id,
            text=self._text(draft),
            kind=kind,
            points=points,
            critical=cells.flag(own.CRITICAL),
            must_be_yes=must_be_yes,
            options=self._options(draft, points),
            bands=bands.get("", ()),
            bands_by_subchannel={code: each for code, each in bands.items() if code},
            source=cells.words(own.SOURCE) or (self._count(draft) if kind is Kind.BANDS else None),
            faq_number=cells.whole(own.FAQ, least=1),
            not_applicable=na,
            not_applicable_on=cells.names(own.NOT_APPLICABLE_ON),
            evidence=cells.names(own.EVIDENCE),
            min_chars=cells.whole(own.MIN_CHARS) or 0,
            late_answer=late,
            optional=is_free and not must_be_yes and not (late and not row.get("required")),
            show_if=show_if,
        )

    def _text(self, draft: Draft) -> Text:
        row = draft.line.row
        text = self._words.joined(row, row.get("name") or draft.id)
        if draft.part is None:
            return text
        part = self._words.of(draft.part.row, "label", draft.part.name)
        return {language: f"{words}: {part[language]}" for language, words in text.items()}

    def _choices(self, line: Line) -> ChoiceList | None:
        name = line.type.list_name
        place = (self._sheet, line.row.number, line.row.column("type"))
        if not name:
            self._report.problem(
                *place, "list-missing", N_('the type names no list; write it behind, as in "select_one colours".')
            )
        elif name not in self._lists:
            known = ", ".join(self._lists.names[:20])
            template = (
                N_('there is no list "{name}" among the choices; write one of {lists}, or add it.')
                if known
                else N_('there is no list "{name}": no sheet "choices" has one; add it there.')
            )
            self._report.problem(*place, "list-unknown", template, name=name[:60], lists=known)
        else:
            return self._lists.get(name)
        return None

    def _options(self, draft: Draft, points: int) -> tuple[Option, ...]:
        if draft.kind not in (Kind.CHOICE, Kind.FAQ) or draft.choices is None:
            return ()
        sheet = self._lists.sheet.name if self._lists.sheet else "choices"
        options = []
        for choice in draft.choices.choices:
            share = OwnCells(sheet, choice.row, self._report).share(own.SHARE)
            if share is None and points and not choice.row.own(own.SHARE):
                template = N_("{question} has points, and this choice no share of them; write one, 0 to 1.")
                where = (sheet, choice.row.number, own.PREFIX_OF_CHOICES + own.SHARE, "share-missing")
                self._report.problem(*where, template, question=draft.line.row.get("name") or draft.id)
            label = self._words.of(choice.row, "label", choice.name)
            options.append(Option(code=choice.code, label=label, share=Fraction(1) if share is None else share))
        if draft.line.type.or_other and "other" not in {option.code for option in options}:
            options.append(Option(code="other", label=OTHER, share=Fraction(0 if points else 1)))
        return tuple(options)

    def _not_applicable(self, draft: Draft) -> Text | None:
        row = draft.line.row
        if row.languages(own.PREFIX + own.NOT_APPLICABLE):
            return self._words.of(row, own.PREFIX + own.NOT_APPLICABLE, "?")
        offered = draft.choices.not_applicable if draft.choices else None
        return self._words.of(offered.row, "label", offered.name) if offered and draft.kind is not Kind.TEXT else None

    def _count(self, draft: Draft) -> str:
        row = draft.line.row
        key = self._keys.give(draft.id)
        label = self._words.of(row, "label", row.get("name") or draft.id)
        is_optional = row.get("required").lower() not in TRUE
        self.measurements.append(
            MeasurementItem(id=draft.id, key=key, label=label, kind=MeasurementKind.INTEGER, optional=is_optional)
        )
        return key

    def _tell(self, draft: Draft) -> None:
        """Say what is asked otherwise than the row has it."""
        in_words = draft.kind is Kind.TEXT and draft.line.type.meaning in (Meaning.DECIMAL, Meaning.MOMENT)
        for column in draft.line.row.cells:
            if column.name == "choice_filter":
                words = N_("every choice of the list is offered, whatever was answered before")
                self._report.keep_cell(self._sheet, draft.line.row, column, words)
            elif column.name == "type" and in_words and not draft.line.row.own(own.KIND):
                self._report.keep_cell(self._sheet, draft.line.row, column, N_("asked in words"))


def _kind(line: Line, choices: ChoiceList | None, cells: OwnCells) -> Kind:
    if choices is not None:
        is_yes_no = choices.yes_no is not None and not line.type.or_other and not cells.words(own.FAQ)
        return Kind.FAQ if cells.words(own.FAQ) else Kind.YES_NO if is_yes_no else Kind.CHOICE
    if line.type.meaning is Meaning.YES:
        return Kind.YES_NO
    if line.type.meaning is Meaning.NUMBER or (line.type.meaning is Meaning.DECIMAL and cells.words(own.SOURCE)):
        return Kind.BANDS
    return Kind.TEXT


def _all(choices: ChoiceList, line: Line) -> list[str]:
    return [*(choice.code for choice in choices.choices), *(["other"] if line.type.or_other else [])]


def _codes(kind: Kind, choices: ChoiceList | None, line: Line) -> Mapping[str, str]:
    """Return how formulas name the answers: nothing for numbers and words, which are as they are."""
    if kind is Kind.YES_NO:
        fallback = {"OK": "yes", "yes": "yes", "no": "no", "na": "na"}
        return (choices.yes_no if choices else None) or fallback
    if choices is None or kind not in (Kind.CHOICE, Kind.FAQ):
        return {}
    return {**({"other": "other"} if line.type.or_other else {}), **choices.codes}
