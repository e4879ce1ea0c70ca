"""Copies of what is no round, such as a finding or a table of the index: taken, signed by two people, issued.

CPY-1  A copy is whole in itself and named by its digest; nothing that changes later gets in. `about` in it names the
       organisations that it is about.
CPY-2  Two different people sign it as it was taken, neither tied to whom it is about (SGN-1, SGN-4).
CPY-3  Somebody issues it once both have signed, and it is out from that second; without both nothing is issued.
CPY-4  What is out is changed by a numbered correction with why, which is out with its second signature.
CPY-5  A clock that jumped takes, signs and issues nothing until somebody confirmed it.
"""

from __future__ import annotations

from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from sync_server.database.queries import closing as declared
from sync_server.database.queries import publications as queries
from sync_server.database.queries.publications import NewPublication, Publication
from sync_server.database.queries.releases import append_issue
from sync_server.publication import frozen
from sync_server.publication.closing import MAX_WORDS, check_clock
from sync_server.publication.packed import Json, deflated, inflated
from sync_server.publication.signers import Signer, refusal_to_sign
from sync_server.review.outcome import By, CannotDecideError
from sync_server.season.rules import version_in_force

ABOUT = "about"


def take(db: Connection, what: str, body: Json, *, audience: str, reason: str = "", by: By) -> Publication:
    """Keep a copy of `body`, or a correction of what is out (CPY-1, CPY-4).

    Raises:
        CannotDecideError: another copy waits, nothing differs, or a correction has no reason.
    """
    check_clock(db, by)
    before, reason, digest = queries.standing_copy(db, what), reason.strip()[:MAX_WORDS], frozen.digest_of(body)
    if before is not None and before.published_at is None:
        raise CannotDecideError(sentence(N_("A copy waits for its signatures: sign it, or withdraw it first.")))
    if before is not None and before.digest == digest:
        raise CannotDecideError(sentence(N_("Nothing differs from what is published: there is nothing to correct.")))
    if before is not None and not reason:
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the copy.")))
    version, copy = version_in_force(db), len(queries.copies_of(db, what)) + 1
    row = NewPublication(
        id=f"{what}-{copy}", what=what, round=None, copy=copy,
        correction=0 if before is None else before.correction + 1,
        audience=audience, rules_version=version.number, rules_digest=version.digest, digest=digest,
        body=deflated(body), reason=reason, made_at=by.now, made_by=by.user_id,
    )  # fmt: skip
    queries.add_publication(db, row)
    kept = queries.publication_of_id(db, row.id)
    if kept is None:
        raise LookupError(row.id)
    return kept


def body_of(db: Connection, copy: Publication) -> Json:
    """Return what a copy holds."""
    return inflated(queries.body_of_publication(db, copy.id))


def refusal_of(db: Connection, copy: Publication, by: By) -> Sentence | None:
    """Return why somebody may not sign `copy`; None: they may (CPY-2)."""
    return refusal_to_decide(db, set(body_of(db, copy)[ABOUT]), by, signed_by=[one.user_id for one in copy.signatures])


def refusal_to_decide(
    db: Connection, organisations: set[str], by: By, *, signed_by: list[str] | None = None
) -> Sentence | None:
    """Return why somebody is not independent of `organisations`; None: they are."""
    said = declared.declaration_of(db, by.user_id)
    zone = version_in_force(db).zone
    year = by.now.astimezone(zone).year
    is_of_this_year = said is not None and said.declared_at.astimezone(zone).year == year
    ties = said.organisations if said is not None and is_of_this_year else None
    return refusal_to_sign(Signer(by.user_id, 0, ties), signed_by or [], declared.called(db, organisations), year=year)


def sign(db: Connection, what: str, digest: str, by: By) -> None:
    """Sign the standing copy, which the signer saw as `digest` (CPY-2).

    Raises:
        CannotDecideError: it is another copy, signed already, or this person may not sign it.
    """
    check_clock(db, by)
    copy = _standing(db, what)
    if copy.is_signed:
        raise CannotDecideError(sentence(N_("Two people have signed this already.")))
    if copy.digest != digest:
        raise CannotDecideError(sentence(N_("Another copy was taken meanwhile. Look at that one, then sign it.")))
    refused = refusal_of(db, copy, by)
    if refused is not None:
        raise CannotDecideError(refused)
    queries.sign(db, copy.id, by.user_id, digest, by.now)


def withdraw(db: Connection, what: str, *, reason: str, by: By) -> None:
    """Take a copy back that nobody outside has seen, with why.

    Raises:
        CannotDecideError: it is out, there is none, or no reason is given.
    """
    copy = _standing(db, what)
    if copy.published_at is not None:
        raise CannotDecideError(sentence(N_("It is out: correct it with another copy instead.")))
    if not reason.strip():
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the copy.")))
    queries.withdraw(db, copy.id, by.user_id, reason.strip()[:MAX_WORDS], by.now)


def issue(db: Connection, what: str, by: By) -> None:
    """Let the standing copy be out from now on (CPY-3).

    Raises:
        CannotDecideError: there is no copy, two people have not signed it, or it is out.
    """
    check_clock(db, by)
    copy = _standing(db, what)
    if not copy.is_signed:
        words = N_("Nothing was issued: two people have to approve it first, and {count} did.")
        raise CannotDecideError(sentence(words, count=len(copy.signatures)))
    if not append_issue(db, what, by.now, by.user_id):
        raise CannotDecideError(sentence(N_("It is out already.")))


def _standing(db: Connection, what: str) -> Publication:
    copy = queries.standing_copy(db, what)
    if copy is None:
        raise CannotDecideError(sentence(N_("No copy was taken of it yet: take one first.")))
    return copy
