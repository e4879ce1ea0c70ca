"""A record that a reviewer sent back: why, what is noted at which question, and which notes are answered. Pure.

RET-P-1  While it is sent back, and while it is worked on again, reason and notes stand beside it.
RET-P-2  A note is answered once its question was changed or confirmed in the revision that is being worked on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from checklists.language import N_, sentence
from checklists.record.asked import hidden_keys
from checklists.record.assessment import Assessment, RecordStatus
from checklists.record.sheet import Sheet
from fieldapp.kept import Review

if TYPE_CHECKING:
    from checklists.record.findings import Finding

_OF_THE_WHOLE = ""


def is_returned(assessment: Assessment, review: Review | None) -> bool:
    """Whether a reviewer sent back exactly this revision, and the assessor has not taken it up again."""
    finished = assessment.status is not RecordStatus.DRAFT
    return finished and review is not None and review.decision == "returned" and review.revision >= assessment.revision


def notes(assessment: Assessment, review: Review | None) -> Mapping[str, str]:
    """Return the notes that stand, by question key."""
    standing = _standing(assessment, review)
    return {key: words for key, words in standing.comments.items() if key and words.strip()} if standing else {}


def reason(assessment: Assessment, review: Review | None, sheet: Sheet) -> str:
    """Return the reason, and after it each note that has no question here to stand at."""
    standing = _standing(assessment, review)
    if standing is None:
        return ""
    others = [
        f"{key}: {words}" if key else words
        for key, words in standing.comments.items()
        if key not in sheet.all_items and words.strip()
    ]
    return "\n".join([*([standing.reason.strip()] if standing.reason.strip() else []), *others])


def short_reason(review: Review | None) -> str:
    """Return the reviewer's words for a list: the reason, without one the first note."""
    if review is None:
        return ""
    notes = (words.strip() for words in review.comments.values())
    return review.reason.strip() or next(filter(None, notes), "")


def findings(assessment: Assessment, review: Review | None, sheet: Sheet) -> tuple[Finding, ...]:
    """Return one finding for each note that is not answered yet, in the order of the form. None of them blocks."""
    from checklists.record.findings import Finding  # noqa: PLC0415 - of a visit that is open; the list needs none

    if assessment.status is not RecordStatus.DRAFT:
        return ()
    standing, hidden = notes(assessment, review), hidden_keys(assessment, sheet)
    return tuple(
        Finding(
            code="note-open",
            message=sentence(N_("The reviewer asks: {words}"), words=standing[key]),
            blocks_finish=False,
            question=key,
            section=sheet.section_of[key].key,
        )
        for key in sheet.all_items
        if key in standing and key not in assessment.reworked and key not in hidden
    )


def _standing(assessment: Assessment, review: Review | None) -> Review | None:
    if review is None or review.decision != "returned":
        return None
    taken_up = assessment.status is RecordStatus.DRAFT and assessment.revision > review.revision
    return review if taken_up or is_returned(assessment, review) else None
