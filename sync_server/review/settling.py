"""Letting the settled double scores of a round count: one ruling a visit, made by a coordinator, all at once.

STL-1  What 4.2 says to use is used: the base that a pair was settled to stands for the first. Nobody picks: all that
       are settled and do not count yet are ruled together, with one reason, once their effects were shown.
STL-3  A round is not closed while a settled score does not count. Rounds closed before stay as they were signed.
STL-4  The visit's own base, its answers and every mark stay; the ruling keeps old and new, and ends with its revision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.language import N_, sentence
from checklists.number import exact
from checklists.score.double_scoring import DoubleScored, settle
from checklists.season.model import Season, SeasonEntry
from checklists.season.what_if import what_if
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import season_of
from sync_server.award.rule_effects import Effects, effects_of
from sync_server.award.settled import Settled, kept
from sync_server.database.queries import second_scores as queries
from sync_server.database.queries.reviewing import NewRuling, append_ruling
from sync_server.review.outcome import By, CannotDecideError, current_assessment, tell_office
from sync_server.review.second_scores import TOTAL

MAX_WORDS = 2000


class Waiting(NamedTuple):
    """A visit whose pair is settled and does not count yet."""

    id: str
    first: Fraction
    scores: tuple[Fraction, ...]
    again: Fraction | None
    made: DoubleScored


def waiting(db: Connection, number: int) -> Sequence[Waiting]:
    """Return the settled pairs of a round that do not count yet, by visit."""
    marks = queries.final_marks(db, number)
    if not marks:
        return ()
    visits = {visit.id: visit for visit in queries.countable(db, number)}
    scores, again = defaultdict[str, list[Fraction]](list), queries.again_bases(db, number)
    for mark in marks:
        if mark.part == TOTAL and mark.assessment_id in visits:
            scores[mark.assessment_id].append(exact(mark.points))
    ruled = {name: kept(value) for name, value in queries.settled_values(db, number).items()}
    found = []
    for name, blind in sorted(scores.items()):
        first, after = exact(visits[name].base), exact(again[name]) if name in again else None
        made = settle(first, blind, after)
        held = ruled.get(name)
        stands = held is not None and (held.digest, held.scores, held.again) == (
            visits[name].digest, tuple(blind), after,
        )  # fmt: skip
        if made.base is not None and not stands:
            found.append(Waiting(name, first, tuple(blind), after, made))
    return found


def effects(desk: SeasonDesk, pairs: Sequence[Waiting]) -> Effects:
    """Return every figure and award that changes once `pairs` count."""
    if not pairs:
        return ()
    now = season_of(desk)
    bases = {pair.id: pair.made.base for pair in pairs}
    return effects_of(what_if(now, _with(now, bases)))


def let_count(db: Connection, number: int, reason: str, by: By) -> Sequence[str]:
    """Rule that every settled pair of a round counts, and return the visits (STL-1).

    Raises:
        CannotDecideError: none waits, or no reason is given.
    """
    pairs, words = waiting(db, number), reason.strip()[:MAX_WORDS]
    if not pairs:
        raise CannotDecideError(sentence(N_("Every settled score of this round counts already.")))
    if not words:
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the decision.")))
    for pair in pairs:
        assessment = current_assessment(db, pair.id)
        value = Settled(
            digest=assessment.digest, first=pair.first, scores=pair.scores, again=pair.again,
            base=pair.made.base or pair.first,
        )  # fmt: skip
        append_ruling(
            db,
            NewRuling(
                assessment_id=pair.id,
                entrant_id=assessment.entrant_id,
                channel=assessment.channel,
                round=number,
                kind="settled",
                value=wire.encode(value).decode(),
                reason=words,
                decided_by=by.user_id,
                decided_at=by.now,
            ),
        )
        tell_office(db, assessment, by.now)
    return [pair.id for pair in pairs]


def _with(season: Season, bases: Mapping[str, Fraction | None]) -> Season:
    def entry_with(entry: SeasonEntry) -> SeasonEntry:
        rounds = tuple(
            msgspec.structs.replace(
                each,
                assessments=tuple(
                    msgspec.structs.replace(one, base=bases[one.id], base_unzeroed=None) if one.id in bases else one
                    for one in each.assessments
                ),
            )
            for each in entry.rounds
        )
        return msgspec.structs.replace(entry, rounds=rounds)

    return msgspec.structs.replace(
        season,
        entrants=tuple(
            msgspec.structs.replace(each, entries=tuple(entry_with(entry) for entry in each.entries))
            for each in season.entrants
        ),
    )
