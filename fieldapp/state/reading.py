"""One assessment read against its form and its rules: everything a screen shows of it that is worked out. Pure, but for
the sheets it remembers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from checklists.record import attempts, derived
from checklists.record.asked import asked_items, asked_sections
from checklists.record.assessment import Assessment, Attempt
from checklists.record.assignment import Assignment
from checklists.record.attempts import NextTry, Series
from checklists.record.derived import Circumstances
from checklists.record.sheet import Sheet
from checklists.rules.attempt_rules import AttemptRules
from fieldapp.state.sheets import Sheets

if TYPE_CHECKING:
    from checklists.record.findings import Finding


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
    sheets: Sheets
    rules: AttemptRules | None
    others: tuple[Attempt, ...] = ()  # attempts of other assessors on the same assignment
    audio_kept_days: int | None = None  # after the round's report; None: the server did not say

    @property
    def circumstances(self) -> Circumstances:
        """What derived quantities need beside the measurements."""
        return derived.circumstances(self.assignment, self.rules.tz.key if self.rules else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything worked out of one state of an assessment at one moment."""

    sheet: Sheet  # sections and keyed questions that apply now, the annex's after the form's
    findings: tuple[Finding, ...]
    progress: tuple[SectionProgress, ...]  # of the sections that are asked
    series: Series | None  # the attempt log judged; None: the rule does not apply to this channel
    next_try: NextTry | None  # "try 4 of 6, closes Wed 24:00"
    derived: Mapping[str, Fraction]  # waits and counts worked out from the measurements


def reading_of(assessment: Assessment, context: Context, now: datetime) -> Reading:
    """Work it out at the aware moment `now`, in corrected time.

    Raises:
        SheetError: a form that is not on this device, or one the record does not fit.
    """
    from checklists.record.findings import findings  # noqa: PLC0415 - of a visit that is open; the list needs none

    sheet = context.sheets.of(assessment)
    problems = findings(assessment, sheet, circumstances=context.circumstances)
    numbers = derived.values(sheet, assessment.measurements, circumstances=context.circumstances)
    series = judged(assessment, context)
    return Reading(
        sheet=sheet,
        findings=problems,
        progress=_progress(assessment, sheet, problems),
        series=series,
        next_try=attempts.next_try(series, now) if series else None,
        derived={key: number for key, number in numbers.items() if number is not None},
    )


def judged(assessment: Assessment, context: Context) -> Series | None:
    """Return the log of everybody's tries judged, None where the rule does not apply or is not known yet."""
    return tries_of(assessment.attempts, context)


def tries_of(own: Sequence[Attempt], context: Context) -> Series | None:
    """Return `own` tries judged among everybody's on the assignment; None as `judged` says."""
    channel, subchannel = context.assignment.channel, context.assignment.subchannel
    if context.rules is None or not attempts.applies(context.rules, channel, subchannel):
        return None
    log = attempts.in_order((*context.others, *own))
    return attempts.judge(log, context.rules, context.assignment.service, channel, subchannel)


def answered(assessment: Assessment, sheet: Sheet) -> int:
    """How many of the questions that are asked have an answer."""
    return sum(key in assessment.answers for key in asked_items(assessment, sheet))


def _progress(assessment: Assessment, sheet: Sheet, problems: tuple[Finding, ...]) -> tuple[SectionProgress, ...]:
    blocking: dict[str, int] = {}
    for finding in problems:
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
        for section in asked_sections(assessment, sheet)
    )
