"""A whole XLSForm to a form: the sheets of a workbook as rows of text in, a form or every problem out.

XLS-8  A form comes out where there is no problem at all. What the form's own rules find wrong is told at its row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checklists.forms.checks import WEIGHTS, check_form
from checklists.forms.form import Channel, Form, Question, Section
from checklists.forms.xlsform import own_columns as own
from checklists.forms.xlsform import own_sheets
from checklists.forms.xlsform.choices import USED as USED_OF_CHOICES
from checklists.forms.xlsform.choices import ChoiceLists
from checklists.forms.xlsform.conditions_in import ConditionsIn
from checklists.forms.xlsform.names import Ids
from checklists.forms.xlsform.outline import SCORE_CHOICES, TRUE, Block, outline
from checklists.forms.xlsform.own_cells import OwnCells
from checklists.forms.xlsform.questions import Draft, Drafts
from checklists.forms.xlsform.report import Report, Taken, place_of
from checklists.forms.xlsform.tables import Grid, Row, Sheet, is_read, sheet_of
from checklists.forms.xlsform.words import Words
from checklists.language import N_, Text, sentence
from checklists.problems import Problem, Problems

DEFAULT_CHANNEL = Channel.FACE_TO_FACE
USED_OF_SETTINGS = ("form_title", "form_id", "version", "default_language", "allow_choice_duplicates", "name")
USED_OF_GROUPS = ("type", "name", "label", "relevant", "disabled", SCORE_CHOICES)
NOTHING = Row(0, {})


def taken(grids: Mapping[str, Grid], *, name: str, channel: Channel | None = None) -> Taken:
    """Return what is made of the sheets of a workbook by name.

    `name` is the form's where the file gives it none, such as the file's own; `channel` goes before the file's.
    """
    report = Report()
    survey = sheet_of("survey", grids)
    if survey is None or not survey.rows or not survey.has("type"):
        _no_survey(grids, survey, report)
        return Taken(None, tuple(report.problems), (), ())
    form = _Reader(grids, survey, report).form(name, channel)
    is_whole = not report.problems.count
    return Taken(form if is_whole else None, tuple(report.problems), tuple(report.kept), tuple(report.remarks))


def _no_survey(grids: Mapping[str, Grid], survey: Sheet | None, report: Report) -> None:
    if survey is None:
        template = N_('there is no sheet "survey"; the sheets are {names}. Name the one with the questions so.')
        report.problem("workbook", 0, "", "sheet-missing", template, names=", ".join(list(grids)[:20]) or "-")
    elif not survey.has("type"):
        template = N_('the sheet has no column "type"; write the headings type, name and label in one row.')
        report.problem(survey.name, 0, "type", "column-missing", template)
    else:
        report.problem(survey.name, 0, "", "nothing-to-ask", N_("there is no question that can be asked; add one."))


class _Reader:
    def __init__(self, grids: Mapping[str, Grid], survey: Sheet, report: Report) -> None:
        self._grids = grids
        self._survey = survey
        self._report = report
        self._settings_sheet = sheet_of("settings", grids)
        self._settings = next(iter(self._settings_sheet.rows), NOTHING) if self._settings_sheet else NOTHING
        self._words = Words(report, self._settings.get("default_language"))
        may_repeat = self._settings.get("allow_choice_duplicates").lower() in TRUE
        self._lists = ChoiceLists(sheet_of("choices", grids), report, may_repeat=may_repeat)
        self._drafts = Drafts(survey.name, self._lists, self._words, report)
        self._rows: dict[str, Row] = {}

    def form(self, name: str, channel: Channel | None) -> Form:
        rows = outline(self._survey, self._report)
        drafts = [(block, [d for line in block.lines for d in self._drafts.drafts(line)]) for block in rows.blocks]
        conditions = ConditionsIn(
            self._survey.name, [d for _, held in drafts for d in held], rows.names, self._words, self._report
        )
        calculated = conditions.calculated(rows.calculated)
        self._rows |= conditions.rows
        sections = self._sections(drafts, conditions, name)
        if not sections and not self._report.problems.count:
            place = (self._survey.name, 0, "", "nothing-to-ask")
            self._report.problem(
                *place, N_("no row can be asked, and each is listed with its reason; add one that can.")
            )
        form = self._whole(name, channel, sections, calculated=calculated)
        self._tell_the_rest()
        if not self._report.problems.count:
            self._check(form)
        return form

    def _sections(
        self, drafts: Sequence[tuple[Block, list[Draft]]], conditions: ConditionsIn, name: str
    ) -> list[Section]:
        ids = Ids("s")
        asked = [(block, held) for block, held in drafts if held]
        for block, _ in drafts:
            if block.group is not None:
                self._report.keep_others(self._survey.name, block.group, USED_OF_GROUPS)
        weights = self._weights([block for block, _ in asked])
        sections = []
        for (block, held), weight in zip(asked, weights, strict=True):
            row = block.group or NOTHING
            questions = tuple(self._question(draft, conditions) for draft in held)
            id_ = ids.give(row.own(own.ID) or row.get("name") or "S")
            title = self._words.of(row, "label", row.get("name") or self._title(name)["en"])
            self._rows.setdefault(id_, row)
            sections.append(Section(id=id_, title=title, weight=weight, questions=questions))
        return sections

    def _question(self, draft: Draft, conditions: ConditionsIn) -> Question:
        shown = conditions.show_if(draft.line, draft.id)
        self._rows[draft.id] = draft.line.row
        return self._drafts.question(draft, shown.condition, is_sure=shown.is_sure)

    def _weights(self, blocks: Sequence[Block]) -> list[int]:
        """Return the weights of the sections, all as written, or else the hundred shared out evenly."""
        rows = [block.group or NOTHING for block in blocks]
        written = [OwnCells(self._survey.name, row, self._report).whole(own.WEIGHT, least=1) for row in rows]
        column = own.PREFIX + own.WEIGHT
        if len(blocks) > WEIGHTS:
            template = N_("{count} groups; a form has at most {most} sections: put several into one.")
            values = {"count": len(blocks), "most": WEIGHTS}
            self._report.problem(self._survey.name, 0, "", "sections-too-many", template, **values)
            return [1] * len(blocks)
        if any(weight is not None for weight in written):
            for row, weight in zip(rows, written, strict=True):
                if weight is None and not row.own(own.WEIGHT):
                    template = N_("other groups have a weight, and this has none; write one, so that all make 100.")
                    self._report.problem(self._survey.name, row.number, column, "weight-missing", template)
            total = sum(weight or 0 for weight in written)
            if total != WEIGHTS and None not in written:
                template = N_("the weights make {total}; change them to make 100.")
                self._report.problem(self._survey.name, 0, column, "weights-not-100", template, total=total)
            return [weight or 1 for weight in written]
        share, rest = divmod(WEIGHTS, len(blocks) or 1)
        return [share + (number < rest) for number in range(len(blocks))]

    def _whole(self, name: str, channel: Channel | None, sections: Sequence[Section], **parts: object) -> Form:
        cells = OwnCells(
            self._settings_sheet.name if self._settings_sheet else "settings", self._settings, self._report
        )
        written = cells.one_of(own.CHANNEL, Channel)
        if channel is None and written is None:
            template = N_(
                'The file names no channel, and "{channel}" is taken; write fieldtool::channel on its settings.'
            )
            self._report.remarks.append(sentence(template, channel=DEFAULT_CHANNEL.value))
        if not any(question.points for section in sections for question in section.questions):
            template = N_("No question has points, and nothing is scored; write fieldtool::points at those that count.")
            self._report.remarks.append(sentence(template))
        title = self._own_words(own.TITLE) or self._title(name)
        unit = self._own_words(own.UNIT)
        own_parts = own_sheets.read(self._grids, self._words, self._report)
        measurements = (*own_parts.pop("measurements", ()), *self._drafts.measurements)
        return Form(
            name=Ids("form_", is_code=True).give(self._settings.get("form_id") or name),
            version=self._version(),
            channel=channel or written or DEFAULT_CHANNEL,
            title=title,
            unit=unit or title,
            sections=tuple(sections),
            measurements=measurements,
            annex=cells.flag(own.ANNEX),
            whole_not_applicable=self._own_words(own.WHOLE_NOT_APPLICABLE),
            **own_parts,
            **parts,  # type: ignore[arg-type]
        )

    def _title(self, name: str) -> Text:
        return self._words.of(self._settings, "form_title", self._settings.get("form_id") or name)

    def _own_words(self, name: str) -> Text | None:
        column = own.PREFIX + name
        return self._words.of(self._settings, column, "?") if self._settings.languages(column) else None

    def _version(self) -> int:
        """Return the version where it is a whole number that a form may have, else 1."""
        written = self._settings.get("version")
        if written.isascii() and written.isdecimal() and 0 < int(written) < 10**9:
            return int(written)
        if written and self._settings_sheet:
            column = next(column for column in self._settings.cells if column.name == "version")
            self._report.keep_cell(
                self._settings_sheet.name, self._settings, column, N_("a form's versions are 1, 2, 3")
            )
        return 1

    def _tell_the_rest(self) -> None:
        if self._settings_sheet:
            self._report.keep_others(self._settings_sheet.name, self._settings, USED_OF_SETTINGS)
        if self._lists.sheet:
            for used in self._lists.used:
                for choice in used.choices:
                    self._report.keep_others(self._lists.sheet.name, choice.row, USED_OF_CHOICES)
        for name in self._grids:
            if not is_read(name):
                self._report.keep_sheet(name)
        self._words.remark()

    def _check(self, form: Form) -> None:
        """Report what the form's own rules find, each at the row it is about."""
        found = Problems()
        check_form(form, "", found)
        for problem in found:
            part = problem.place.removeprefix(": ")
            row = self._rows.get(part)
            place = place_of(self._survey.name, row.number if row else 0, "" if row else part)
            self._report.problems.extend([Problem(place=place, code=problem.code, message=problem.message)])
