"""Base scores on arrival: the base of each finished revision, exactly, by the form version it was filled with.

GRD-1  A finished revision that becomes current gets one row; a draft gets none.
GRD-2  The working is not stored: pages work it out again from the body, the form version and the ruleset.
GRD-3  What follows from a base (round, final, grade, awards) is not done while devices wait: the entry's standing is
       wished for as a job in the same transaction, so it is never forgotten, and many arrivals make one computation.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

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


class BaseColumns(NamedTuple):
    """A base as the columns of `assessments` show it: exact, as people read it, and rounded down for sorting."""

    exact: str | None
    shown: str
    millionths: int | None


class BaseScorer:
    """Scores records. One for each process; used inside write transactions."""

    def __init__(self, forms: FormBook) -> None:
        self._forms = forms

    def base_of(self, db: Connection, record: Assessment, rules: RulesVersion) -> Base:
        """Return what a finished record is worth under `rules`."""
        if record.status is not RecordStatus.FINISHED:
            return Base(None, "not-finished")
        if record.contact is not Contact.CONNECTED:
            return Base(None, f"contact-{record.contact.value}")
        try:
            scorer = self._forms.scorer_of(record, rules.critical_effect, db)
        except SheetError:
            return Base(None, "form-not-usable")
        base = scorer.base({key: answer.value for key, answer in record.answers.items()})
        return Base(base, "" if base is not None else "nothing-applicable")


def base_columns(base: Fraction | None) -> BaseColumns:
    """Return how a base is kept beside its assessment."""
    if base is None:
        return BaseColumns(None, "", None)
    return BaseColumns(str(base), shown(base), int(base * 1_000_000))
