"""Closing, signing, withdrawing and correcting: each kept with who, when and why, or refused with what to do.

CLO-1  A round is closed once it has ended, nothing of the check list stops it, and what is open has a reason. That
       takes the copy; what arrives later is kept and told, and counts only once somebody takes another copy, with why.
CLO-2  A copy is signed as it was taken: who signs names its digest. It is not signed when the rules of its round
       changed since it was taken: it is withdrawn and taken anew.
CLO-3  The second signature lets it be released at its moment. A copy taken after its release is a numbered correction,
       with what changed and why; two people sign it too, and it is out with the second.
CLO-4  A clock that jumped closes, signs and withdraws nothing until somebody confirmed it.
CLO-5  A copy is not signed when an entry in it withdrew since; the results also not when an entrant changed its
       industry group, or a round was corrected. They hold every round as it was signed last, never one that waits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.days import moment_words
from checklists.language import N_, Sentence, sentence
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import closing as closing_queries
from sync_server.database.queries import publications as queries
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.publications import NewPublication, Publication, what_of
from sync_server.jobs.wishes import RELEASE_JOB
from sync_server.publication import frozen, since
from sync_server.publication.life import OUT, RoundEvent, RoundState, step
from sync_server.publication.packed import Json, deflated, inflated
from sync_server.publication.readiness import OpenLines, Readiness, readiness, readiness_of_results
from sync_server.publication.rounds import Standing, standing_of_what, standings_of
from sync_server.publication.signers import Signer, refusal_to_sign
from sync_server.review.outcome import By, CannotDecideError
from sync_server.review.queue import Bench
from sync_server.season.observed_time import mark_of
from sync_server.season.rules import version_in_force, versions_in_force

MAX_WORDS = 2000
ENTRANTS = "entrants"
PLACES = ("industry", "grand")  # in which group a letter may say an entry's place


class Taken(NamedTuple):
    """A copy as it would be taken now, deflated as it is kept."""

    body: bytes
    digest: str

    @classmethod
    def of(cls, file: Json) -> Taken:
        """Return it deflated."""
        return cls(deflated(file), frozen.digest_of(file))

    @property
    def file(self) -> Json:
        """The copy, its entrants packed."""
        return inflated(self.body)


def ready(desk: SeasonDesk, standing: Standing, by_now: By, bench: Bench | None = None) -> Readiness:
    """Return the check list of a round, or of the results."""
    if standing.round is not None:
        return readiness(desk, standing.round, by_now.now, bench)
    every = [one for one in standings_of(desk.db, by_now.now) if one.round is not None]
    final = [one.round for one in every if one.round is not None and one.state is RoundState.FINAL]
    return readiness_of_results(desk, final, len(every), by_now.now)


def take(desk: SeasonDesk, number: int | None, *, places: Collection[str] = ()) -> Taken:
    """Return the copy as it would be taken now. Reads everything of the round: call it off the event loop.

    `places`: of the results, the PLACES that the organiser publishes; the copy keeps them, so that signers see them.
    """
    live = frozen.live_copy(desk, number)
    if number is None:
        others = {each: queries.signed_copy(desk.db, what_of(each)) for each in desk.in_force.programme.rounds}
    else:
        others = dict(before(desk.db, number))
    held = {
        each: inflated(queries.body_of_publication(desk.db, one.id)) for each, one in others.items() if one is not None
    }
    file = {**frozen.with_rounds(live, held), **frozen.about(desk.db, number)}
    if number is None:
        file["x_rounds"] = {str(each): one.digest for each, one in others.items() if one is not None}
        if chosen := [one for one in PLACES if one in places]:
            file["x_results"] = {**file["x_results"], "places": chosen}
    return Taken.of(file)


def take_entry(desk: SeasonDesk, number: int, key: tuple[str, str], held: Mapping[int, Json]) -> Taken:
    """Return what the copy of a round would say of one entry now, and nothing of the others.

    `held` are the copies of the rounds that are out `before` it.
    """
    file = {**frozen.with_rounds(frozen.live_copy(desk, number, [key]), held), **frozen.about(desk.db, number)}
    return Taken.of(file)


def before(db: Connection, number: int) -> Mapping[int, Publication | None]:
    """Return what is out of each round before one."""
    return {each: queries.published(db, what_of(each)) for each in range(1, number)}


def close(db: Connection, what: str, taken: Taken, open_lines: OpenLines, *, reason: str, by: By) -> Publication:
    """Keep the copy `taken` of `what`, or a correction of it where it is out already.

    Raises:
        CannotDecideError: something stops it, a reason is missing, or a correction would change nothing.
        CannotStepError: it is not over yet, or closed already.
    """
    check_clock(db, by)
    standing, reason = _standing(db, what, by), reason.strip()[:MAX_WORDS]
    is_correction = standing.state in OUT
    if not is_correction:
        step(standing.state, RoundEvent.CLOSE)
    if not is_correction and open_lines.stops:
        check, open_ = open_lines.stops[0]
        words = N_("Nothing was closed. Checks that stop it: {count}; the first is “{check}” ({open}).")
        raise CannotDecideError(sentence(words, count=len(open_lines.stops), check=check, open=open_))
    if not reason and (is_correction or open_lines.asks):
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the copy.")))
    # A correction is not held up by what came in since; a visit that would count for nothing is another matter.
    if is_correction and standing.round is not None and (gone := closing_queries.forms_gone(db, standing.round)):
        words = N_("Form versions of accepted visits are gone ({forms}): restore them from a backup first.")
        raise CannotDecideError(sentence(words, forms=tuple(gone)))
    waiting = standing.copy
    if is_correction and waiting is not None:
        if waiting.published_at is None:
            raise CannotDecideError(
                sentence(N_("A correction waits for its signatures: sign it, or withdraw it first."))
            )
        if frozen.is_same(inflated(queries.body_of_publication(db, waiting.id)), taken.file):
            raise CannotDecideError(_nothing_to_correct(standing, open_lines))
    number = standing.round
    versions = versions_in_force(db)
    version = versions.own if number is None else versions.of_round(number)
    copy = len(standing.copies) + 1
    row = NewPublication(
        id=f"{what}-{copy}",
        what=what,
        round=number,
        copy=copy,
        correction=0 if not is_correction or waiting is None else waiting.correction + 1,
        audience=ENTRANTS,
        rules_version=version.number,
        rules_digest=version.digest,
        digest=taken.digest,
        body=taken.body,
        reason=reason,
        made_at=by.now,
        made_by=by.user_id,
    )
    queries.add_publication(db, row)
    kept = queries.publication_of_id(db, row.id)
    if kept is None:
        raise LookupError(row.id)
    return kept


def sign(desk: SeasonDesk, what: str, digest: str, by: By) -> Publication:
    """Sign the standing copy of `what`, which the signer saw as `digest`. Inside the write: `desk` is of its view.

    Raises:
        CannotDecideError: it is another copy, its rules changed, or this person may not sign it.
        CannotStepError: there is nothing to sign.
    """
    db = desk.db
    check_clock(db, by)
    standing = _standing(db, what, by)
    copy = standing.copy
    if copy is None or copy.is_signed:
        if standing.state not in OUT and standing.state is not RoundState.SIGNED:
            step(standing.state, RoundEvent.SIGN)
        raise CannotDecideError(sentence(N_("Two people have signed this already.")))
    if copy.digest != digest:
        raise CannotDecideError(sentence(N_("Another copy was taken meanwhile. Look at that one, then sign it.")))
    file = inflated(queries.body_of_publication(db, copy.id))
    if changed := since.changed_rules(file, desk, standing.round):
        raise CannotDecideError(
            sentence(
                N_("The rules changed after this copy was taken ({names}): withdraw it, and close again."),
                names=tuple(changed),
            )
        )
    if (moved := since.moved_since(file, desk, standing.round)) is not None:
        raise CannotDecideError(moved)
    refused = refusal_of(db, copy, file, by)
    if refused is not None:
        raise CannotDecideError(refused)
    queries.sign(db, copy.id, by.user_id, digest, by.now)
    ask_for(db, [RELEASE_JOB], by.now)
    return copy


def _nothing_to_correct(standing: Standing, open_lines: OpenLines) -> Sentence:
    if standing.round is not None or not open_lines.stops:
        return sentence(N_("Nothing differs from what is published: there is nothing to correct."))
    words = N_("Nothing differs from what is published yet. This comes first: “{check}” ({open}).")
    check, open_ = open_lines.stops[0]
    return sentence(words, check=check, open=open_)


def refusal_of(db: Connection, copy: Publication, file: Json, by: By) -> Sentence | None:
    """Return why somebody may not sign `copy`, which holds `file`; None: they may."""
    declared = closing_queries.declaration_of(db, by.user_id)
    zone = version_in_force(db).zone
    year = by.now.astimezone(zone).year
    is_of_this_year = declared is not None and declared.declared_at.astimezone(zone).year == year
    signer = Signer(
        user_id=by.user_id,
        assessed=closing_queries.assessed_by(db, declared.assessor_id if declared else None, copy.round),
        corrected=closing_queries.corrected_by(db, by.user_id, copy.round),
        ties=declared.organisations if declared is not None and is_of_this_year else None,
    )
    organisations = {one.organisation or one.id for one in file["entrants"].heads()}
    named = closing_queries.called(db, organisations)
    return refusal_to_sign(signer, [one.user_id for one in copy.signatures], named, year=year)


def withdraw(db: Connection, what: str, *, reason: str, by: By) -> None:
    """Take the standing copy of `what` back, with why, while nobody outside has seen it.

    Raises:
        CannotDecideError: no reason is given. CannotStepError: it is out, or there is none.
    """
    check_clock(db, by)
    standing = _standing(db, what, by)
    copy = standing.copy
    if copy is None or copy.published_at is not None or not (copy.correction or standing.state not in OUT):
        step(standing.state, RoundEvent.WITHDRAW)
        raise CannotDecideError(sentence(N_("It is out: correct it with another copy instead.")))
    if not reason.strip():
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the copy.")))
    queries.withdraw(db, copy.id, by.user_id, reason.strip()[:MAX_WORDS], by.now)


def explain_shortfall(db: Connection, number: int, key: tuple[str, str], *, reason: str, by: By) -> None:
    """Keep why an entry is short of its quota. The second name is another person's.

    Raises:
        CannotDecideError: no reason is given, or the same person gives it twice.
    """
    if not reason.strip():
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the copy.")))
    said = closing_queries.shortfalls_of(db, number)
    if any(one.given_by == by.user_id and (one.entrant_id, one.channel) == key for one in said):
        raise CannotDecideError(sentence(N_("You gave a reason already: the second name is another person’s.")))
    words = reason.strip()[:MAX_WORDS]
    closing_queries.add_shortfall(db, number, key, reason=words, given_by=by.user_id, now=by.now)


def check_clock(db: Connection, by: By) -> None:
    """Raise CannotDecideError while the server's clock is not believed."""
    mark = mark_of(db, by.now).after(by.now)
    if not mark.believes_its_clock:
        zone = version_in_force(db).zone
        raise CannotDecideError(
            sentence(
                N_("The server’s clock shows {shows}, but time was seen to come to {seen}. Confirm the clock first."),
                shows=moment_words(by.now, zone),
                seen=moment_words(mark.at, zone),
            )
        )


def _standing(db: Connection, what: str, by: By) -> Standing:
    standing = standing_of_what(db, what, by.now)
    if standing is None:
        raise CannotDecideError(sentence(N_("There is no such round.")))
    return standing
