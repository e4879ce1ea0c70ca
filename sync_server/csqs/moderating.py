"""The second rating of a visit, and settling the items that the two see far apart.

MDR-1  The moderator says first whether there is a tie to the organisation, is not the visit's assessor, did not read
       the visit with its ratings before, and rates every item that the visit asked before the ratings are final.
MDR-2  An open item is settled by somebody who is not tied, with a reason; it stays for the revision it is of.
MDR-3  Nothing is rated or settled of a visit that is decided.
MDR-4  Whoever may still be the moderator is warned before a page shows the first ratings: reading them rules it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.csqs.moderation import missing
from checklists.csqs.standard import Standard, site_visit_form
from checklists.language import N_, SentenceError, sentence
from checklists.record.assessment import NOT_APPLICABLE
from checklists.record.fitting import MATURITY_TOP
from sync_server.csqs.rated import NOT_APPLICABLE_MARK, Rated, rated_of, subject_of
from sync_server.database.queries import closing, csqs_decisions, panel
from sync_server.database.queries.csqs_decisions import SettlementRow
from sync_server.database.queries.second_scores import has_looked
from sync_server.panel.marking import CannotMarkError, Mark, keep_marks


class CannotModerateError(SentenceError):
    """It cannot be rated or settled like this; the message says why."""


class Doer(NamedTuple):
    """Who, and when."""

    user_id: str
    now: datetime


def rating_of(item: str, text: str) -> int | None:
    """Return a typed rating, None for not applicable.

    Raises:
        CannotModerateError: it is none, or the item is never not applicable.
    """
    if text == NOT_APPLICABLE and item in _OPTIONAL:
        return None
    if text in {str(step) for step in range(MATURITY_TOP + 1)}:
        return int(text)
    raise CannotModerateError(sentence(N_("{item}: rate it from 0 to 3."), item=item))


def check_may_rate(db: Connection, rated: Rated, user_id: str) -> None:
    """Raise where somebody may not rate a visit (MDR-1, MDR-3).

    Raises:
        CannotModerateError
    """
    check_stands_apart(db, rated, user_id)
    if panel.tie_of(db, subject_of(rated.visit), user_id):
        raise CannotModerateError(sentence(_TIED))
    if rated.visit.status not in ("finished", "accepted"):
        raise CannotModerateError(sentence(N_("The visit is not finished: there is nothing to rate yet.")))
    if rated.moderator:
        raise CannotModerateError(sentence(N_("A second rating is final already: it stays as it is.")))
    if has_looked(db, rated.visit.assessment_id or "", user_id):
        raise CannotModerateError(sentence(N_("You have read this visit with its ratings: somebody else rates it.")))


def may_still_rate(db: Connection, standard: Standard, assessment_id: str, user_id: str) -> bool:
    """Whether a record is a site visit that waits for a second rating, and this may be the one to give it (MDR-4)."""
    try:
        check_may_rate(db, rated_of(db, standard, assessment_id), user_id)
    except (LookupError, CannotModerateError):
        return False
    return True


def check_stands_apart(db: Connection, rated: Rated, user_id: str) -> None:
    """Raise where somebody made the visit, or is tied to its organisation, or it is decided.

    Raises:
        CannotModerateError
    """
    if rated.decision is not None:
        raise CannotModerateError(sentence(N_("The visit is decided: nothing of it changes any more.")))
    declared = closing.declaration_of(db, user_id)
    if declared is not None and declared.assessor_id == rated.visit.assessor_id:
        raise CannotModerateError(sentence(N_("You made this visit, so somebody else rates it.")))
    if declared is not None and {rated.visit.organisation, rated.visit.company_id} & set(declared.organisations):
        raise CannotModerateError(sentence(_TIED))


def keep_ratings(
    db: Connection, standard: Standard, assessment_id: str, typed: Mapping[str, str], by: Doer, *, is_final: bool
) -> None:
    """Keep the ratings of a moderator (MDR-1). In a write.

    Raises:
        CannotModerateError: one of them is none, one is missing, or this person may not rate it.
        LookupError: there is no such visit.
    """
    rated = rated_of(db, standard, assessment_id)
    check_may_rate(db, rated, by.user_id)
    given = {item: rating_of(item, typed[item]) for item in rated.first if typed.get(item, "")}
    left = missing(rated.first, given)
    if is_final and left:
        raise CannotModerateError(sentence(N_("Rate these too: {items}."), items=tuple(left)))
    marks = {
        item: Mark(Fraction(NOT_APPLICABLE_MARK if rating is None else rating), typed.get(f"{item}-note", ""))
        for item, rating in given.items()
    }
    of = (subject_of(rated.visit), rated.visit.revision or 0)
    try:
        keep_marks(db, of, by.user_id, marks, is_final=is_final, now=by.now)
    except CannotMarkError as error:
        raise CannotModerateError(error.message) from error


def settle(db: Connection, standard: Standard, assessment_id: str, typed: tuple[str, str, str], by: Doer) -> None:
    """Keep what counts of an open item: item, rating, reason (MDR-2). In a write.

    Raises:
        CannotModerateError: nothing to settle there, no rating, no reason, or this person may not.
        LookupError: there is no such visit.
    """
    item, text, reason = typed[0], typed[1], typed[2].strip()[:2000]
    rated = rated_of(db, standard, assessment_id)
    check_stands_apart(db, rated, by.user_id)
    if item not in {pair.item for pair in rated.pairs if pair.is_apart}:
        raise CannotModerateError(sentence(N_("The two ratings of this item are not far apart.")))
    rating = rating_of(item, text)
    if not reason:
        raise CannotModerateError(sentence(N_("Give a reason: it is kept with the rating.")))
    row = SettlementRow(assessment_id, rated.digest, item, rating, reason, by.user_id, by.now)
    csqs_decisions.add_settlement(db, row)


_TIED = N_("You are tied to this organisation, so somebody else rates it.")
_OPTIONAL = frozenset(
    question.id for section in site_visit_form().sections for question in section.questions if question.not_applicable
)
