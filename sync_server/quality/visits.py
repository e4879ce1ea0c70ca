"""One visit as figures, and the visits it is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean, median, pstdev

import msgspec

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


class Peers:
    """What one visit is compared with: every visit of the season, drafts and void ones left out."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        by_form: dict[str, list[Visit]] = defaultdict(list)
        self._of_assessor: dict[str, list[Visit]] = defaultdict(list)
        self._of_entry: dict[tuple[str, str, int], list[Visit]] = defaultdict(list)
        for visit in visits:
            by_form[visit.form].append(visit)
            self._of_assessor[visit.assessor].append(visit)
            self._of_entry[visit.entrant, visit.channel, visit.round].append(visit)
        self.fill_s = {form: _middle([one.fill_s for one in each]) for form, each in by_form.items()}
        self.na = {form: _na_line(each) for form, each in by_form.items()}
        self._far_off: dict[tuple[str, str, int], Mapping[str, float]] = {}

    def entry(self, visit: Visit) -> Sequence[Visit]:
        """Return the visits of the same entry and round."""
        return self._of_entry[visit.entrant, visit.channel, visit.round]

    def others(self, visit: Visit) -> Iterator[Visit]:
        """Yield the other visits of its assessor."""
        return (one for one in self._of_assessor[visit.assessor] if one.id != visit.id)

    def middle_where_far_off(self, visit: Visit) -> float | None:
        """Return the median of its entry's round where its score lies far off; None: it does not."""
        key = (visit.entrant, visit.channel, visit.round)
        if key not in self._far_off:
            scored = [(one.id, one.base) for one in self._of_entry[key] if one.base is not None]
            bases = [base for _, base in scored]
            middle = median(bases) if bases else 0.0
            self._far_off[key] = {scored[place][0]: middle for place in outliers(bases)}
        return self._far_off[key].get(visit.id)


def _middle(values: Sequence[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return median(there) if len(there) >= LEAST_PEERS else None


def _na_line(visits: Sequence[Visit]) -> float:
    shares = [one.na / one.answered for one in visits if one.answered]
    return fmean(shares) + DEVIATIONS * pstdev(shares) if len(shares) >= LEAST_PEERS else MOST_NA
