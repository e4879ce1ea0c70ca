"""Base scores on arrival: the base of each finished revision, exactly, by the form version it was filled with.

GRD-1  A finished revision that becomes current gets one row; a draft gets none.
GRD-2  The working is not stored: pages work it out again from the body, the form version and the ruleset.
GRD-3  What follows from a base (round, final, grade, awards) is not done while devices wait: the entry's standing is
       asked for as a job in the same transaction, so it is never forgotten, and many arrivals make one computation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Connection

from checklists.number import shown
from checklists.record.assessment import Assessment, Contact, RecordStatus
from checklists.record.sheet import SheetError
from sync_server.season.forms import FormBook
from sync_server.season.rules import RulesVersion


class Base(NamedTuple):
    """What a revision is worth. `base` None: `why_not` says why, as a code."""

    base: Fraction | None
    why_not: str


class BaseScorer:
    """Grades records under the ruleset in force. One for each process; used inside write transactions."""

    def __init__(self, book: FormBook) -> None:
        self._book = book

    def grade(self, db: Connection, record: Assessment, rules: RulesVersion) -> Base:
        """Return what a finished record is worth under `rules`."""
        if record.status is not RecordStatus.FINISHED:
            return Base(None, "not-finished")
        if record.contact is not Contact.CONNECTED:
            return Base(None, f"contact-{record.contact.value}")
        try:
            scorer = self._book.scorer_of(record, rules.critical_effect, db)
        except SheetError:
            return Base(None, "form-not-usable")
        base = scorer.base({key: answer.value for key, answer in record.answers.items()})
        return Base(base, "" if base is not None else "nothing-applicable")


def base_row(record: Assessment, digest: str, grade: Base, rules: RulesVersion, now: datetime) -> Mapping[str, Any]:
    """Return the row to append for `grade`."""
    return {
        "assessment_id": record.id,
        "revision": record.revision,
        "digest": digest,
        "form": record.form,
        "ruleset_digest": rules.digest if rules.is_set_up else "",
        "base": None if grade.base is None else str(grade.base),
        "why_no_base": grade.why_not,
        "graded_at": now,
    }


def base_columns(grade: Base) -> Mapping[str, Any]:
    """Return the columns of `assessments` that show a base."""
    if grade.base is None:
        return {"base": None, "base_shown": "", "base_millionths": None}
    return {
        "base": str(grade.base),
        "base_shown": shown(grade.base),
        "base_millionths": int(grade.base * 1_000_000),
    }
