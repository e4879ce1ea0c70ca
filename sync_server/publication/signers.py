"""Who may sign a copy, and why somebody may not: two different people who stand apart from what they sign.

SGN-1  Two different people sign; the same person twice is told.
SGN-2  One of them is not whoever closed it: where the closer has signed, anybody else may, and the closer once.
SGN-3  Neither has scored: whoever made a visit of that round, or corrected an answer of one, may not sign it. Accepting
       is not scoring.
SGN-4  Neither is tied to an organisation in it (E28): each account declares that, and whether it also assesses, in the
       edition's year before it signs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from checklists.language import N_, Sentence, Text, sentence


class Signer(NamedTuple):
    """Somebody who would sign: how many visits of the round they made, and corrected. `ties` None: nothing declared."""

    user_id: str
    assessed: int
    ties: Collection[str] | None
    corrected: int = 0


def refusal_to_sign(
    signer: Signer, signed_by: Sequence[str], organisations: Mapping[str, Text], *, year: int
) -> Sentence | None:
    """Return why `signer` may not sign what `signed_by` signed already and what is about `organisations`, called so by
    their codes; None: they may."""
    if signer.user_id in signed_by:
        return sentence(N_("You have signed this already: the second signature is another person’s."))
    if signer.ties is None:
        return sentence(
            N_("Declare for {year} which organisations you are tied to, on the page of your account, then sign."),
            year=year,
        )
    tied = tuple(organisations[code] for code in sorted(set(signer.ties) & set(organisations)))
    if tied:
        return sentence(N_("You are tied to {organisations}, so somebody else must sign."), organisations=tied)
    if signer.assessed:
        return sentence(N_("You made {count} of these visits, so somebody else must sign."), count=signer.assessed)
    if signer.corrected:
        return sentence(
            N_("You corrected answers of {count} of these visits, so somebody else must sign."), count=signer.corrected
        )
    return None
