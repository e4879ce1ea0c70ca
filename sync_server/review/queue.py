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
from collections.abc import Collection, Iterator, Mapping, Sequence
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


class _Looked(NamedTuple):
    """Figures that were looked at, and what was found in them."""

    number: int
    digest: str
    visit: Visit
    found: Mapping[str, Flag]


class Bench:
    """The queue, worked out once for each state of the change feed. One for the application; safe from threads.

    Of every visit no more is held than what others are compared with: its figures are read where they are looked at.
    After a first look only what the feed or new figures name is read, and only flags of the same assessor, entry or
    form are worked out anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._newest: dict[str, int] = {}  # the newest figures of each visit
        self._failed: dict[str, str] = {}  # the digest of each with a failed critical item in them
        self._peers = Peers()
        self._taken: dict[str, int] = {}  # the figures that the peers are made of
        self._looked: dict[str, _Looked] = {}
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
            self._look(db, [assessment_id], peers)
            looked = self._looked.get(assessment_id)
            return self._flags_of(looked, peers) if looked is not None and looked.digest == digest else ()

    def heavy(self, db: Connection, digests: Mapping[str, str]) -> Mapping[str, Flag]:
        """Return the heaviest flag of those visits that have one of weight HEAVY, given by their current digest."""
        with self._lock:
            peers, found = self._compared(db), dict[str, Flag]()
            numbers = [self._newest[name] for name in digests if name in self._newest]
            for _, digest, visit in _figures(db, numbers):
                flags = flags_found(visit, peers, CAN_BE_HEAVY) if digests[visit.id] == digest else {}
                worst = next(iter(in_order(flags)), None)
                if worst is not None and worst.weight >= HEAVY:
                    found[visit.id] = worst
            return found

    def _made(self, db: Connection) -> Sequence[Waiting]:
        peers = self._compared(db)
        asked = queries.open_queries(db)
        counted = queries.accepted_digests(db, self._failed)
        failed = {name: digest for name, digest in counted.items() if self._failed[name] == digest}
        second = frozenset(unread(db, failed))
        rows = queries.waiting_rows(db, second | asked.keys())
        seed = setting(db, REVIEW_SEED) or ""
        firsts = frozenset(chain.from_iterable(self._firsts.values()))
        self._look(db, [row.id for row in rows], peers)
        waiting = []
        for row in rows:
            looked = self._looked.get(row.id)
            visit = looked.visit if looked is not None and looked.digest == row.digest else None
            flags = self._flags_of(looked, peers) if looked is not None and visit is not None else ()
            reasons = _reasons(row, visit, second=second, asked=asked, firsts=firsts)
            if not flags and not reasons and is_drawn(seed, row.id):
                reasons = ("random",)
            waiting.append(Waiting(row, flags, reasons))
        return sorted(waiting, key=lambda one: (-one.weight, not one.reasons, one.row.received_at, one.row.id))

    def _look(self, db: Connection, names: Collection[str], peers: Peers) -> None:
        """Read the figures of those of `names` that were not looked at."""
        unread_ = [
            self._newest[name]
            for name in names
            if name in self._newest
            and ((looked := self._looked.get(name)) is None or looked.number != self._newest[name])
        ]
        for number, digest, visit in _figures(db, unread_):
            self._looked[visit.id] = _Looked(number, digest, visit, flags_found(visit, peers, RULES))
            self._flags[visit.id] = in_order(self._looked[visit.id].found)

    def _flags_of(self, looked: _Looked, peers: Peers) -> Sequence[Flag]:
        name = looked.visit.id
        if name not in self._flags:
            rest = {kind: flag for kind, flag in looked.found.items() if kind not in OF_THE_FORM}
            found = {**rest, **flags_found(looked.visit, peers, OF_THE_FORM)}
            self._looked[name] = looked._replace(found=found)
            self._flags[name] = in_order(found)
        return self._flags[name]

    def _compared(self, db: Connection) -> Peers:
        newer = set[str]()
        for taken in queries.figures_after(db, self._last):
            self._last, self._newest[taken.assessment_id] = taken.number, taken.number
            self._failed.pop(taken.assessment_id, None)
            if taken.is_critical:
                self._failed[taken.assessment_id] = taken.digest
            newer.add(taken.assessment_id)
        if self._seen is None:
            self._seen = last_seq(db)
            self._change(db, newer)
            self._firsts = dict(queries.first_forms(db, FIRST_FORMS))
            return self._peers
        told = queries.changed_after(db, self._seen)
        names = {name for _, name in told} | newer
        if names:
            assessors = self._change(db, names)
            self._seen = told[-1][0] if told else self._seen
            self._firsts |= queries.first_forms(db, FIRST_FORMS, assessors)
        return self._peers

    def _change(self, db: Connection, names: Collection[str]) -> Collection[str]:
        """Compare with those of `names` that count; return the assessors of those that came or went."""
        newest = {name: self._newest[name] for name in names if name in self._newest}
        counted = queries.figures_that_count(db, newest.values())
        come, gone = list[int](), list[int]()
        for name, number in newest.items():
            taken, wanted = self._taken.get(name), number if number in counted else None
            if taken == wanted:
                continue
            if taken is not None:
                gone.append(self._taken.pop(name))
            if wanted is not None:
                come.append(wanted)
                self._taken[name] = wanted
        assessors, entries = set[str](), set[tuple[str, str, int]]()

        def noted(numbers: Sequence[int]) -> Iterator[Visit]:
            for _, _, visit in _figures(db, numbers):
                assessors.add(visit.assessor)
                entries.add(entry_of(visit))
                yield visit

        self._peers.change(noted(come), noted(gone))
        if assessors:
            self._looked = {
                name: kept
                for name, kept in self._looked.items()
                if kept.visit.assessor not in assessors and entry_of(kept.visit) not in entries
            }
            self._flags = {}
        return assessors


def _figures(db: Connection, numbers: Sequence[int]) -> Iterator[tuple[int, str, Visit]]:
    for number, digest, body in queries.figures_numbered(db, numbers):
        yield number, digest, wire.decode(body, Visit)


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
