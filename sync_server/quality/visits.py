"""One visit as figures, and the visits it is compared with."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import fsum, sqrt
from statistics import median

import msgspec

from sync_server.quality.diary import Diary, has_hours
from sync_server.quality.outliers import outliers

MOST_NA, DEVIATIONS, LEAST_PEERS = 0.30, 2, 8


class Visit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What flags are worked from: figures of one revision. Moments are seconds since 1970, corrected."""

    id: str
    assessor: str
    entrant: str
    channel: str
    round: int
    form: str
    branch: str | None = None
    began_s: float | None = None  # of the contact
    ended_s: float | None = None
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
    position: tuple[float, float] | None = None  # latitude, longitude: where it was, or its branch
    clock_s: int = 0
    is_disordered: bool = False
    edited: int = 0
    critical_failed: tuple[str, ...] = ()
    is_unreachable: bool = False
    missing: int | None = None  # what another app that sent it could not do; None: the field app did
    base: float | None = None


class _Form:
    """The visits of one form as far as others are compared with them: fill times in order, and sums of N/A shares."""

    def __init__(self) -> None:
        self.fills: list[float] = []
        self.shares: list[float] = []

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
        self._of_pair: dict[tuple[str, str], dict[str, Visit]] = defaultdict(dict)  # assessor and entrant
        self._diaries: dict[str, Diary] = defaultdict(Diary)  # by assessor
        self._of_entry: dict[tuple[str, str, int], dict[str, Visit]] = defaultdict(dict)
        self.fill_s: dict[str, float | None] = {}
        self.na: dict[str, float] = {}
        self._far_off: dict[tuple[str, str, int], Mapping[str, float]] = {}
        self.change(visits, ())

    def change(self, come: Iterable[Visit], gone: Iterable[Visit]) -> None:
        """Take in the visits that came, and leave out those that went."""
        forms = set()
        for visit in gone:
            self._forms[visit.form].remove(visit)
            del self._of_pair[visit.assessor, visit.entrant][visit.id]
            if has_hours(visit):
                self._diaries[visit.assessor].remove(visit)
            del self._of_entry[visit.entrant, visit.channel, visit.round][visit.id]
            self._far_off.pop((visit.entrant, visit.channel, visit.round), None)
            forms.add(visit.form)
        for visit in come:
            self._forms[visit.form].add(visit)
            self._of_pair[visit.assessor, visit.entrant][visit.id] = visit
            if has_hours(visit):
                self._diaries[visit.assessor].add(visit)
            self._of_entry[visit.entrant, visit.channel, visit.round][visit.id] = visit
            self._far_off.pop((visit.entrant, visit.channel, visit.round), None)
            forms.add(visit.form)
        for form in forms:
            self.fill_s[form] = _middle(self._forms[form].fills)
            self.na[form] = _na_line(self._forms[form].shares)

    def entry(self, visit: Visit) -> Sequence[Visit]:
        """Return the visits of the same entry and round."""
        return list(self._of_entry[visit.entrant, visit.channel, visit.round].values())

    def others_there(self, visit: Visit) -> Iterator[Visit]:
        """Yield the other visits of its assessor to the same entrant."""
        return (one for one in self._of_pair[visit.assessor, visit.entrant].values() if one.id != visit.id)

    def diary(self, visit: Visit) -> Diary:
        """Return the contacts of its assessor by time."""
        return self._diaries[visit.assessor]

    def middle_where_far_off(self, visit: Visit) -> float | None:
        """Return the median of its entry's round where its score lies far off; None: it does not."""
        key = (visit.entrant, visit.channel, visit.round)
        if key not in self._far_off:
            scored = [(one.id, one.base) for one in self._of_entry[key].values() if one.base is not None]
            bases = [base for _, base in scored]
            middle = median(bases) if bases else 0.0
            self._far_off[key] = {scored[place][0]: middle for place in outliers(bases)}
        return self._far_off[key].get(visit.id)


def _middle(in_order: Sequence[float]) -> float | None:
    n = len(in_order)
    return (in_order[(n - 1) // 2] + in_order[n // 2]) / 2 if n >= LEAST_PEERS else None


def _na_line(shares: Sequence[float]) -> float:
    if len(shares) < LEAST_PEERS:
        return MOST_NA
    mean = fsum(shares) / len(shares)
    return mean + DEVIATIONS * sqrt(fsum((share - mean) ** 2 for share in shares) / len(shares))
