"""What waits for a reviewer, and in which order (quality control 4.5).

QUE-1  Everything that waits is listed: the heaviest flags first, then what is read for another reason, then the rest;
       within these the first received.
QUE-2  Read for another reason: a failed critical item, a series that was never reached, the first three forms of an
       assessor, and of the rest 15 % drawn at random. The draw follows from a seed of the season and the visit's id
       alone, so anybody can repeat it.
QUE-3  An accepted visit whose failed critical item nobody read second is listed too, but not for who accepted it, and
       one about which a question to the reviewers is open.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.language import N_, Template
from sync_server.database.queries import bench as queries
from sync_server.database.queries.bench import WaitingRow
from sync_server.database.queries.changes import last_seq
from sync_server.database.queries.settings import REVIEW_SEED, keep_setting, setting
from sync_server.quality.flags import CAN_BE_HEAVY, HEAVY, OF_THE_FORM, RULES, Flag, flags_found, in_order
from sync_server.quality.visits import Peers, Visit
from sync_server.review.second_reader import unread

DRAWN = 0.15
FIRST_FORMS = 3

REASONS: Mapping[str, Template] = {
    "critical": N_("critical item failed"),
    "second": N_("wants a second reader"),
    "query": N_("a reviewer asks"),
    "unreachable": N_("never reached"),
    "new": N_("one of the assessor’s first three"),
    "random": N_("drawn at random"),
}


class Waiting(NamedTuple):
    """One visit that waits, with its flags and the other reasons to read it."""

    row: WaitingRow
    flags: Sequence[Flag]
    reasons: Sequence[str]

    @property
    def weight(self) -> int:
        """What its flags weigh together."""
        return sum(flag.weight for flag in self.flags)


def for_person(db: Connection, queue: Sequence[Waiting], user_id: str) -> Sequence[Waiting]:
    """Return what of `queue` somebody can do: not the second reading of what they accepted themselves (QUE-3)."""
    second = [one.row.id for one in queue if one.reasons and one.reasons[0] == "second" and "query" not in one.reasons]
    own = {name for name, by in queries.accepted_by(db, second).items() if by == user_id} if second else ()
    return [one for one in queue if one.row.id not in own] if own else queue


def is_drawn(seed: str, assessment_id: str) -> bool:
    """Return whether the draw picks a visit."""
    number = int.from_bytes(hashlib.sha256(f"{seed}:{assessment_id}".encode()).digest()[:8])
    return number < DRAWN * 2**64


def keep_seed(db: Connection, now: datetime) -> None:
    """Draw the season's seed, once."""
    if setting(db, REVIEW_SEED) is None:
        keep_setting(db, REVIEW_SEED, secrets.token_hex(16), now)


class Bench:
    """The queue, worked out once for each state of the change feed. One for the application; safe from threads.

    Figures are read once; after that only what the feed or new figures name is read, and only flags of the same
    assessor, entry or form are worked out anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._visits: dict[str, tuple[str, Visit]] = {}
        self._peers = Peers()
        self._taken: dict[str, Visit] = {}  # those that the peers are made of
        self._found: dict[str, tuple[Visit, Mapping[str, Flag]]] = {}  # what was found last of those looked at
        self._flags: dict[str, Sequence[Flag]] = {}  # of those that were looked at since the peers are these
        self._firsts: dict[str, Sequence[str]] = {}  # of each assessor
        self._seen: int | None = None  # how far the feed was followed
        self._queue: tuple[int, Sequence[Waiting]] | None = None

    def queue(self, db: Connection, seq: int) -> Sequence[Waiting]:
        """Return what waits as of entry `seq` of the feed, the most urgent first."""
        with self._lock:
            if self._queue is None or self._queue[0] != seq:
                self._queue = (seq, self._made(db))
            return self._queue[1]

    def flags(self, db: Connection, assessment_id: str, digest: str) -> Sequence[Flag]:
        """Return the flags of one revision, waiting or not; none while it is not measured."""
        with self._lock:
            peers = self._compared(db)
            figures = self._visits.get(assessment_id)
            return self._flags_of(figures[1], peers) if figures is not None and figures[0] == digest else ()

    def heavy(self, db: Connection, digests: Mapping[str, str]) -> Mapping[str, Flag]:
        """Return the heaviest flag of those visits that have one of weight HEAVY, given by their current digest."""
        with self._lock:
            peers, found = self._compared(db), dict[str, Flag]()
            for name, digest in digests.items():
                kept = self._visits.get(name)
                flags = flags_found(kept[1], peers, CAN_BE_HEAVY) if kept is not None and kept[0] == digest else {}
                worst = next(iter(in_order(flags)), None)
                if worst is not None and worst.weight >= HEAVY:
                    found[name] = worst
            return found

    def _made(self, db: Connection) -> Sequence[Waiting]:
        peers = self._compared(db)
        asked = queries.open_queries(db)
        failed = {name: digest for name, (digest, visit) in self._visits.items() if visit.critical_failed}
        counted = queries.accepted_digests(db, failed)
        second = frozenset(unread(db, {name: digest for name, digest in counted.items() if failed[name] == digest}))
        rows = queries.waiting_rows(db, second | asked.keys())
        seed = setting(db, REVIEW_SEED) or ""
        firsts = frozenset(chain.from_iterable(self._firsts.values()))
        waiting = []
        for row in rows:
            kept = self._visits.get(row.id)
            visit = kept[1] if kept is not None and kept[0] == row.digest else None
            flags = self._flags_of(visit, peers) if visit is not None else ()
            reasons = _reasons(row, visit, second=second, asked=asked, firsts=firsts)
            if not flags and not reasons and is_drawn(seed, row.id):
                reasons = ("random",)
            waiting.append(Waiting(row, flags, reasons))
        return sorted(waiting, key=lambda one: (-one.weight, not one.reasons, one.row.received_at, one.row.id))

    def _flags_of(self, visit: Visit, peers: Peers) -> Sequence[Flag]:
        if visit.id not in self._flags:
            before, found = self._found.get(visit.id, (None, {}))
            if before is not visit:
                found = flags_found(visit, peers, RULES)
            else:
                rest = {kind: flag for kind, flag in found.items() if kind not in OF_THE_FORM}
                found = {**rest, **flags_found(visit, peers, OF_THE_FORM)}
            self._found[visit.id] = (visit, found)
            self._flags[visit.id] = in_order(found)
        return self._flags[visit.id]

    def _compared(self, db: Connection) -> Peers:
        newer = set[str]()
        for number, assessment_id, digest, body in queries.figures_after(db, self._last):
            self._visits[assessment_id] = (digest, wire.decode(body, Visit))
            self._last = number
            newer.add(assessment_id)
        if self._seen is None:
            self._seen, current = last_seq(db), queries.counted_digests(db)
            self._change(current, self._visits)
            self._firsts = dict(queries.first_forms(db, FIRST_FORMS))
            return self._peers
        told = queries.changed_after(db, self._seen)
        names = {name for _, name in told} | newer
        if names:
            changed = self._change(queries.counted_digests(db, names), names)
            self._seen = told[-1][0] if told else self._seen
            self._firsts |= queries.first_forms(db, FIRST_FORMS, {visit.assessor for visit in changed})
        return self._peers

    def _change(self, current: Mapping[str, str], names: Collection[str]) -> Sequence[Visit]:
        """Compare with those of `names` that count, as `current` has their digests; return which came or went."""
        come, gone = [], []
        for name in names:
            digest, visit = self._visits.get(name, ("", None))
            wanted = visit if current.get(name) == digest else None
            taken = self._taken.get(name)
            if taken is wanted:
                continue
            if taken is not None:
                gone.append(self._taken.pop(name))
            if wanted is not None:
                come.append(wanted)
                self._taken[name] = wanted
        self._peers.change(come, gone)
        changed = [*come, *gone]
        if changed:
            assessors, entries = {one.assessor for one in changed}, {entry_of(one) for one in changed}
            self._found = {
                name: kept
                for name, kept in self._found.items()
                if kept[0].assessor not in assessors and entry_of(kept[0]) not in entries
            }
            self._flags = {}
        return changed


def entry_of(visit: Visit) -> tuple[str, str, int]:
    """Return what a visit is summed up with: entrant, channel and round."""
    return (visit.entrant, visit.channel, visit.round)


def _reasons(
    row: WaitingRow, visit: Visit | None, *, second: Collection[str], asked: Collection[str], firsts: Collection[str]
) -> tuple[str, ...]:
    reasons = {
        "second": row.id in second,
        "critical": row.status == "finished" and visit is not None and bool(visit.critical_failed),
        "query": row.id in asked,
        "unreachable": row.status == "finished" and visit is not None and visit.is_unreachable,
        "new": row.status == "finished" and row.id in firsts,
    }
    return tuple(name for name, holds in reasons.items() if holds)
