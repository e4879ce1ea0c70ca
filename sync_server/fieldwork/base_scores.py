"""Base scores on arrival: the base of each finished revision, exactly, by the form version it was filled with.

GRD-1  A finished revision that becomes current gets one row; a draft gets none.
GRD-2  The working is not stored: pages work it out again from the body, the form version and the ruleset.
GRD-3  What follows from a base (round, final, grade, awards) is not done while devices wait: the entry's standing is
       wished for as a job in the same transaction, so it is never forgotten, and many arrivals make one computation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.forms.form import AWARD_CHANNELS
from checklists.number import shown
from checklists.record.assessment import Assessment, Contact, RecordStatus
from checklists.record.sheet import SheetError
from checklists.score.scoring import Scorer
from sync_server.season.forms import FormBook
from sync_server.season.rules import RulesVersion


class Base(NamedTuple):
    """What a revision is worth, as its columns show it: exact, as people read it, and rounded down for sorting.

    `exact` None: `why_not` says why, as a code.
    """

    exact: str | None
    shown: str
    millionths: int | None
    why_not: str


class Bases(NamedTuple):
    """What a revision is worth as a critical item that failed zeroes its section, and as it does not: mostly the same.

    So a record is scored once, where it was read, and the rules that hold when it is kept choose between the two.
    """

    zeroed: Base
    unzeroed: Base

    def under(self, rules: RulesVersion) -> Base:
        """Return what it is worth under `rules`."""
        return self.zeroed if rules.critical_effect == "section_zero" else self.unzeroed


class BaseScorer:
    """Scores records. One for each process."""

    def __init__(self, forms: FormBook) -> None:
        self._forms = forms

    def bases_of(self, record: Assessment, db: Connection | None = None) -> Bases:
        """Return what a finished record is worth; `db` is needed unless its sheet was laid out before."""
        if record.status is not RecordStatus.FINISHED:
            return _without("not-finished")
        if record.channel not in AWARD_CHANNELS:
            return _without("of-another-programme")
        if record.contact is not Contact.CONNECTED:
            return _without(f"contact-{record.contact.value}")
        try:
            scorer = self._forms.scorer_of(record, "section_zero", db)
        except SheetError:
            return _without("form-not-usable")
        answers = {key: answer.value for key, answer in record.answers.items()}
        zeroed = _base(scorer, answers)
        if not scorer.is_fatal(answers):
            return Bases(zeroed, zeroed)
        return Bases(zeroed, _base(self._forms.scorer_of(record, "flag_only", db), answers))


def _base(scorer: Scorer, answers: Mapping[str, object]) -> Base:
    base = scorer.base(answers)
    if base is None:
        return Base(None, "", None, "nothing-applicable")
    return Base(str(base), shown(base), base.numerator * 1_000_000 // base.denominator, "")


def _without(why_not: str) -> Bases:
    base = Base(None, "", None, why_not)
    return Bases(base, base)
