"""Disputes of what was published: opened by the entrant in its window, decided by somebody who did not score it.

DSP-1  A lead of the entrant points at a question of a published visit, or at the visit, and says why: from the release
       of its round until the last moment of its window, by observed time. What is open is not opened twice.
DSP-2  Who decides was neither its assessor nor scored it a second time nor corrected one of its answers, and is tied
       to nobody of its organisation. Accepting is not scoring.
DSP-3  It stands, or its answer is corrected, or the visit is void: with a reason, and the base before and after. What
       it changes is done in the same transaction, by the rules that hold on every page (CRR, RUL).
DSP-4  What is out changes by a numbered correction alone, and a dispute that changed something waits for it.
DSP-5  The results are not closed while a dispute of a round before the last is open or waits for its correction.
DSP-6  Its clock counts working days of Hong Kong.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from checklists.number import exact, shown
from sync_server.award.settled import counting
from sync_server.database.queries import closing as closing_queries
from sync_server.database.queries import disputes as queries
from sync_server.database.queries.disputes import Dispute, NewDispute
from sync_server.database.queries.publications import Publication, published, what_of
from sync_server.database.queries.second_scores import base_of, has_scored
from sync_server.database.queries.standings import rulings_about
from sync_server.publication.life import RoundState
from sync_server.publication.rounds import standing_of_what
from sync_server.publication.working_days import working_days
from sync_server.review import correcting, rulings
from sync_server.review.outcome import By, CannotDecideError, current_assessment
from sync_server.season.forms import FormBook
from sync_server.season.rules import version_in_force

MAX_WORDS = 2000
STANDS, CORRECTED, VOIDED = "stands", "corrected", "voided"
OPEN_IN = frozenset({RoundState.RELEASED, RoundState.DISPUTED})


def may_open(db: Connection, number: int, now: datetime) -> datetime | None:
    """Return when the window of a round ends while it is open, else None."""
    standing = standing_of_what(db, what_of(number), now)
    return standing.window_ends_at if standing is not None and standing.state in OPEN_IN else None


def open_dispute(
    db: Connection, key: tuple[str, str], number: int, assessment_id: str, *, question: str, words: str, by: By
) -> int:
    """Keep a dispute and return its number.

    Raises:
        CannotDecideError: the window is not open, nothing is said, or the same is open already.
    """
    out = published(db, what_of(number))
    if out is None or may_open(db, number, by.now) is None:
        raise CannotDecideError(sentence(N_("The window for disputes of this round is not open.")))
    if not words.strip():
        raise CannotDecideError(sentence(N_("Say what is wrong with it, and why.")))
    if queries.is_open(db, assessment_id, question):
        raise CannotDecideError(sentence(N_("This is disputed already, and waits for its decision.")))
    row = NewDispute(
        out.id, number, *key, assessment_id, question[:40], words.strip()[:MAX_WORDS], by.user_id, by.now
    )  # fmt: skip
    return queries.add_dispute(db, row)


def decide(db: Connection, book: FormBook, dispute_id: int, outcome: str, *, reason: str, answer: str, by: By) -> None:
    """Decide a dispute, and do what it changes. `answer` is what the disputed one is corrected to.

    Raises:
        CannotDecideError: it is decided, this person may not, no reason is given, or the change cannot be made.
    """
    dispute = queries.dispute_of(db, dispute_id)
    if dispute is None or dispute.outcome is not None:
        raise CannotDecideError(sentence(N_("There is no such dispute that waits for a decision.")))
    refused = refusal_to_decide(db, dispute, by.user_id)
    if refused is not None:
        raise CannotDecideError(refused)
    if outcome not in (STANDS, CORRECTED, VOIDED):
        raise CannotDecideError(sentence(N_("Choose what is decided.")))
    if not reason.strip():
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the decision.")))
    reason, before = reason.strip()[:MAX_WORDS], _base(db, dispute.assessment_id)
    if outcome == CORRECTED:
        digest = current_assessment(db, dispute.assessment_id).digest
        question = dispute.question
        correcting.correct(db, book, dispute.assessment_id, question, answer, digest=digest, reason=reason, by=by)
    elif outcome == VOIDED:
        rulings.void(db, dispute.assessment_id, reason, by)
    after = "" if outcome == VOIDED else _base(db, dispute.assessment_id)
    queries.decide(
        db, dispute_id, outcome=outcome, reason=reason, before=before, after=after, by=by.user_id, now=by.now
    )


def refusal_to_decide(db: Connection, dispute: Dispute, user_id: str) -> Sentence | None:
    """Return why an account may not decide (DSP-2); None: it may."""
    declared = closing_queries.declaration_of(db, user_id)
    assessor = current_assessment(db, dispute.assessment_id).assessor_id
    if declared is not None and declared.assessor_id == assessor:
        return sentence(N_("You made this visit: somebody else decides."))
    if has_scored(db, dispute.assessment_id, user_id):
        return sentence(N_("You scored this visit a second time: somebody else decides."))
    if queries.corrected_by(db, dispute.assessment_id, user_id):
        return sentence(N_("You corrected an answer of this visit: somebody else decides."))
    if declared is not None and dispute.organisation in declared.organisations:
        return sentence(N_("You are tied to this organisation: somebody else decides."))
    return None


def waits_for_correction(dispute: Dispute, out: Publication | None) -> bool:
    """Return whether what a dispute changed is not published yet (DSP-4)."""
    if not dispute.is_changed or dispute.decided_at is None:
        return False
    return out is None or out.made_at < dispute.decided_at


def unsettled(db: Connection, rounds: Sequence[int]) -> Sequence[Dispute]:
    """Return the disputes of these rounds that are open, or wait for their correction."""
    out = {number: published(db, what_of(number)) for number in rounds}
    return [
        one
        for one in queries.all_disputes(db)
        if one.round in out and (one.outcome is None or waits_for_correction(one, out[one.round]))
    ]


def waited_days(db: Connection, dispute: Dispute, now: datetime) -> int:
    """Return how many working days it took, or has waited until now (DSP-6)."""
    return working_days(dispute.opened_at, dispute.decided_at or now, version_in_force(db).zone)


def _base(db: Connection, assessment_id: str) -> str:
    """Return the base that counts, as it is shown: the settled one where two scored it (STL-2)."""
    first = base_of(db, assessment_id)
    made = None if first is None else settled_with(db, assessment_id, exact(first))
    return shown(made) if made is not None else queries.base_shown(db, assessment_id)


def settled_with(db: Connection, assessment_id: str, base: Fraction) -> Fraction | None:
    """Return what counts where a visit was scored by more than one, were `base` the first; None: nothing is settled."""
    ruling = next((one for one in rulings_about(db, assessment_id) if one.kind == "settled"), None)
    digest = current_assessment(db, assessment_id).digest
    made = None if ruling is None else counting(ruling.value, digest, base)
    return None if made is None else made.base
