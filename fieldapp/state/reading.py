"""One assessment read against its form and its rules: everything a screen shows of it that is worked out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from checklists.forms.form import Form
from checklists.record import attempts, derived
from checklists.record.assessment import Assessment, Attempt
from checklists.record.assignment import Assignment
from checklists.record.attempts import NextTry, Series
from checklists.record.derived import Circumstances
from checklists.record.findings import Finding, findings
from checklists.record.sheet import Sheet, sheet_of
from checklists.rules.attempt_rules import AttemptRules


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionProgress:
    """How far one section of the sheet is. `section_id` is its key; `findings` counts those that block finishing."""

    section_id: str
    answered: int
    asked: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an assessment is read against. `rules` None: the programme has not arrived, no attempt can be judged."""

    assignment: Assignment
    forms: Mapping[str, Form]
    rules: AttemptRules | None
    others: tuple[Attempt, ...] = ()  # attempts of other assessors on the same assignment

    @property
    def circumstances(self) -> Circumstances:
        """What derived quantities need beside the marks."""
        return derived.circumstances(self.assignment, self.rules.tz.key if self.rules else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was worked out."""

    sheet: Sheet
    findings: tuple[Finding, ...]
    progress: tuple[SectionProgress, ...]
    series: Series | None  # None: the attempt rule does not apply here
    next_try: NextTry | None
    derived: Mapping[str, Fraction]


def read(assessment: Assessment, context: Context, now: datetime) -> Reading:
    """Work it out at the aware moment `now`.

    Raises:
        SheetError: a form that is not on this device, or one the record does not fit.
    """
    sheet = sheet_of(assessment, context.forms)
    found = findings(assessment, sheet, circumstances=context.circumstances)
    numbers = derived.values(sheet, assessment.measurements, circumstances=context.circumstances)
    series = judged(assessment, context)
    return Reading(
        sheet=sheet,
        findings=found,
        progress=_progress(assessment, sheet, found),
        series=series,
        next_try=attempts.next_try(series, now) if series else None,
        derived={key: number for key, number in numbers.items() if number is not None},
    )


def judged(assessment: Assessment, context: Context) -> Series | None:
    """Return the log of everybody's tries judged, None where the rule does not apply or is not known yet."""
    if context.rules is None:
        return None
    if not attempts.applies(context.rules, assessment.channel, assessment.subchannel):
        return None
    log = sorted((*context.others, *assessment.attempts), key=lambda attempt: attempt.at)
    return attempts.judge(log, context.rules, context.assignment.service, assessment.channel, assessment.subchannel)


def answered(assessment: Assessment, sheet: Sheet) -> int:
    """How many of the sheet's questions have an answer."""
    return sum(key in assessment.answers for key in sheet.all_items)


def _progress(assessment: Assessment, sheet: Sheet, found: tuple[Finding, ...]) -> tuple[SectionProgress, ...]:
    blocking: dict[str, int] = {}
    for finding in found:
        if finding.blocks_finish and finding.question and finding.question in sheet.section_of:
            key = sheet.section_of[finding.question].key
            blocking[key] = blocking.get(key, 0) + 1
    return tuple(
        SectionProgress(
            section_id=section.key,
            answered=sum(item.key in assessment.answers for item in section.items),
            asked=len(section.items),
            findings=blocking.get(section.key, 0),
        )
        for section in sheet.all_sections
    )
