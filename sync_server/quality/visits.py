"""One visit as figures, and the visits it is compared with."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import fsum, sqrt
from statistics import median
from sys import intern

import msgspec

from sync_server.quality.diary import Diary, has_hours
from sync_server.quality.outliers import outliers

MOST_NA, DEVIATIONS, LEAST_PEERS = 0.30, 2, 8


class Peer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What of a visit others are compared with, one by one. A season has thousands: it holds no more than that."""

    id: str
    assessor: str
    channel: str
    branch: str | None = None
    began_s: float | None = None  # of the contact
    ended_s: float | None = None
    position: tuple[float, float] | None = None  # latitude, longitude: where it was, or its branch
    base: float | None = None


class Visit(Peer, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What flags are worked from: figures of one revision. Moments are seconds since 1970, corrected."""

    entrant: str
    round: int
    form: str
    fill_s: float | None = None  # from the first answer to the last
    recall_s: float | None = None  # from the end of the contact to the last answer
    talk_s: float | None = None
    answered: int = 0
    faqs: int = 0
    scales: int = 0
    alike: int = 0  # of the scales, how many have the commonest value
    na: int = 0
    copied_from: str = ""
    copied: float = 0.0
    far_m: int | None = None
    accuracy_m: int | None = None
    proofs_missing: int = 0
    clock_s: int = 0
    is_disordered: bool = False
    edited: int = 0
    critical_failed: tuple[str, ...] = ()
    is_unreachable: bool = False
    missing: int | None = None  # what another app that sent it could not do; None: the field app did


class _Form:
    """The visits of one form as far as others are compared with them: fill times in order, and sums of N/A shares."""

    def __init__(self) -> None:
        self.fills = array("d")
        self.shares = array("d")

    def add(self, visit: Visit) -> None:
        if visit.fill_s is not None:
            insort(self.fills, visit.fill_s)
        if visit.answered:
            insort(self.shares, visit.na / visit.answered)

    def remove(self, visit: Visit) -> None:
        if visit.fill_s is not None:
            del self.fills[bisect_left(self.fills, visit.fill_s)]
        if visit.answered:
            del self.shares[bisect_left(self.shares, visit.na / visit.answered)]


class Peers:
    """What one visit is compared with: every visit of the season, drafts and void ones left out.

    Visits may come and go: what was worked out of the others of a form is worked out again only for that form.
    """

    def __init__(self, visits: Iterable[Visit] = ()) -> None:
        self._forms: dict[str, _Form] = defaultdict(_Form)
        self._of_pair: dict[tuple[str, str], list[Peer]] = defaultdict(list)  # assessor and entrant
        self._diaries: dict[str, Diary] = defaultdict(Diary)  # by assessor
        self._of_entry: dict[tuple[str, str, int], list[Peer]] = defaultdict(list)
        self.fill_s: dict[str, float | None] = {}
        self.na: dict[str, float] = {}
        self._far_off: dict[tuple[str, str, int], Mapping[str, float]] = {}
        self.change(visits, ())

    def change(self, come: Iterable[Visit], gone: Iterable[Visit]) -> None:
        """Take in the visits that came, and leave out those that went: each is looked at once, and not kept."""
        forms = set()
        for visit in gone:
            self._forms[visit.form].remove(visit)
            peer = _peer(visit)
            self._of_pair[visit.assessor, visit.entrant].remove(peer)
            if has_hours(visit):
                self._diaries[visit.assessor].remove(peer)
            self._of_entry[visit.entrant, visit.channel, visit.round].remove(peer)
            self._far_off.pop((visit.entrant, visit.channel, visit.round), None)
            forms.add(visit.form)
        for visit in come:
            self._forms[visit.form].add(visit)
            peer = _peer(visit)
            self._of_pair[visit.assessor, visit.entrant].append(peer)
            if has_hours(visit):
                self._diaries[visit.assessor].add(peer)
            self._of_entry[visit.entrant, visit.channel, visit.round].append(peer)
            self._far_off.pop((visit.entrant, visit.channel, visit.round), None)
            forms.add(visit.form)
        for form in forms:
            self.fill_s[form] = _middle(self._forms[form].fills)
            self.na[form] = _na_line(self._forms[form].shares)

    def entry(self, visit: Visit) -> Sequence[Peer]:
        """Return the visits of the same entry and round."""
        return self._of_entry[visit.entrant, visit.channel, visit.round]

    def others_there(self, visit: Visit) -> Iterator[Peer]:
        """Yield the other visits of its assessor to the same entrant."""
        return (one for one in self._of_pair[visit.assessor, visit.entrant] if one.id != visit.id)

    def diary(self, visit: Visit) -> Diary:
        """Return the contacts of its assessor by time."""
        return self._diaries[visit.assessor]

    def middle_where_far_off(self, visit: Visit) -> float | None:
        """Return the median of its entry's round where its score lies far off; None: it does not."""
        key = (visit.entrant, visit.channel, visit.round)
        if key not in self._far_off:
            scored = [(one.id, one.base) for one in self._of_entry[key] if one.base is not None]
            bases = [base for _, base in scored]
            middle = median(bases) if bases else 0.0
            self._far_off[key] = {scored[place][0]: middle for place in outliers(bases)}
        return self._far_off[key].get(visit.id)


def _peer(visit: Visit) -> Peer:
    return Peer(
        id=visit.id,
        # Few different words, each read anew with every visit: kept once.
        assessor=intern(visit.assessor),
        channel=intern(visit.channel),
        branch=None if visit.branch is None else intern(visit.branch),
        began_s=visit.began_s,
        ended_s=visit.ended_s,
        position=visit.position,
        base=visit.base,
    )


def _middle(in_order: Sequence[float]) -> float | None:
    n = len(in_order)
    return (in_order[(n - 1) // 2] + in_order[n // 2]) / 2 if n >= LEAST_PEERS else None


def _na_line(shares: Sequence[float]) -> float:
    if len(shares) < LEAST_PEERS:
        return MOST_NA
    mean = fsum(shares) / len(shares)
    return mean + DEVIATIONS * sqrt(fsum((share - mean) ** 2 for share in shares) / len(shares))
