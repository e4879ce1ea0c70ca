"""Ballots: each member chooses up to four topics, and the four with the most votes are chosen.

CSM-6  A member has one ballot, of up to SEATS topics that are on it; until the close a later one takes its place.
CSM-7  A ballot is taken from the moment it opens until before the moment it closes; one that comes later is refused by
       name, and nothing is changed.
CSM-8  The SEATS topics with the most votes are chosen. Who shares the last place with too many is told to be tied, and
       nothing is decided. A topic without a vote is not chosen.
CSM-9  Nobody sees the votes before the close.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checklists.days import moment_words
from checklists.language import N_, Sentence, Text, sentence
from sync_server.database.queries.consortium import BallotRow

SEATS = 4


class Outcome(NamedTuple):
    """What a vote came to: topics chosen, and those that share the last place."""

    chosen: Sequence[int]
    tied: Sequence[int]
    votes: Mapping[int, int]


def outcome(ballots: Iterable[Sequence[int]], topics: Sequence[int], *, seats: int = SEATS) -> Outcome:
    """Return what the ballots came to (CSM-8). Chosen ones by their votes, then as they were put."""
    counted = Counter(topic for ballot in ballots for topic in set(ballot))
    votes = {topic: counted[topic] for topic in topics}
    ranked = sorted((topic for topic in topics if votes[topic]), key=lambda topic: -votes[topic])
    if len(ranked) <= seats or votes[ranked[seats - 1]] > votes[ranked[seats]]:
        return Outcome(ranked[:seats], [], votes)
    edge = votes[ranked[seats]]
    return Outcome(
        [topic for topic in ranked if votes[topic] > edge], [topic for topic in ranked if votes[topic] == edge], votes
    )


def why_refused(
    ballot: BallotRow, chosen: Sequence[int], topics: Collection[int], *, zone: ZoneInfo, now: datetime
) -> Sentence | None:
    """Return why a ballot is not taken; None where it is (CSM-6, CSM-7)."""

    def shown(at: datetime) -> Text:
        return moment_words(at, zone, seconds=True)

    if now < ballot.opens_at:
        return sentence(N_("The vote opens at {moment}."), moment=shown(ballot.opens_at))
    if now >= ballot.closes_at:
        words = N_("The vote closed at {moment}, and your ballot came at {now}: it was not counted.")
        return sentence(words, moment=shown(ballot.closes_at), now=shown(now))
    if not chosen:
        return sentence(N_("Choose at least one topic."))
    if len(set(chosen)) > SEATS:
        words = N_("Choose up to {most} topics; you chose {count}.")
        return sentence(words, most=SEATS, count=len(set(chosen)))
    if not set(chosen) <= set(topics):
        return sentence(N_("A topic you chose is not on this ballot. Look at it again."))
    return None
