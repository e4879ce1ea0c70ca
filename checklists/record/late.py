"""What may be added to a finished record without opening it: answers promised for later, and their evidence.

R-LATE-1  A finished record stays finished: what is added late is the next revision, finished already, or is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from checklists.language import N_, sentence
from checklists.record.assessment import AnswerValue, Assessment
from checklists.record.derived import Circumstances
from checklists.record.fitting import fits
from checklists.record.sheet import Sheet
from checklists.record.transitions import NotAllowedError
from checklists.record.verbs import finish, next_revision, with_answer


class LateNotWholeError(NotAllowedError):
    """A late answer wants evidence that is not there yet."""


def late(
    assessment: Assessment,
    sheet: Sheet,
    key: str,
    change: Callable[[Assessment], Assessment],
    *,
    at: datetime,
    circumstances: Circumstances,
) -> Assessment:
    """Add to a question that may be answered after finishing, by `change`: the next revision, finished already.

    Raises:
        LateNotWholeError: the answer wants evidence that is not there yet; add that first. Nothing changed.
        NotAllowedError: the record is not finished, or the question may not be late.
    """
    item = sheet.all_items.get(key)
    if item is None or not item.question.late_answer:
        raise NotAllowedError(sentence(N_("{key} cannot be answered after finishing."), key=key))
    done = finish(change(next_revision(assessment, at=at)), sheet, at=at, circumstances=circumstances)
    if isinstance(done, Assessment):
        return done
    wanted = next(finding.message for finding in done if finding.blocks_finish)
    raise LateNotWholeError(
        sentence(N_("{wanted} The answer is kept once that is there; the visit stays as it was sent."), wanted=wanted)
    )


def with_late_answer(
    assessment: Assessment,
    sheet: Sheet,
    key: str,
    value: AnswerValue,
    *,
    at: datetime,
    circumstances: Circumstances,
) -> Assessment:
    """Answer the question `key` late (`late`).

    Raises:
        NotAllowedError: as `late`, or the value does not fit.
    """
    item = sheet.all_items.get(key)
    problem = fits(item.question, value) if item else None
    if problem:
        raise NotAllowedError(problem)
    return late(
        assessment,
        sheet,
        key,
        lambda opened: with_answer(opened, key, value, at=at),
        at=at,
        circumstances=circumstances,
    )
