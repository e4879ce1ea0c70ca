"""A copy of a round read once for all its reports: scored, each visit's score beside what was seen of it.

RPC-1  Everything a report says comes from the copy: nothing that changed after it was taken gets in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple

import msgspec

from checklists.award.entry_score import EntryScore
from checklists.forms.form import Form
from checklists.record.assessment import Contact
from checklists.score.assessment_score import AssessmentScore
from checklists.season.score import SeasonScore
from sync_server.publication.packed import Json
from sync_server.publication.scored import CopyScorer
from sync_server.reports.cells import Cell

Key = tuple[str, str]


class Visit(NamedTuple):
    """One assessment of a copy: its score, and what was seen of it."""

    score: AssessmentScore
    seen: Json
    settled: Json  # scored by more than one: what each gave; else nothing

    @property
    def is_reached(self) -> bool:
        """Whether it was connected, and so has answers."""
        return self.score.state is Contact.CONNECTED


class _Scored(NamedTuple):
    """A copy gone through: its score, the sections of each entry's round and the one before, who has visits."""

    season: SeasonScore
    sections: Mapping[tuple[Key, int], Mapping[str, float]]
    with_visits: Collection[Key]


@dataclass(frozen=True)
class RoundCopy:
    """The copy of round `number`. `id` and `digest` name it; `released_at` None: it is a draft.

    `is_closed` False: it was taken of this moment alone, and says nothing of others.

    Of a correction: its number, why, and the copy `before` it, which was out until then.
    """

    file: Json
    number: int
    forms: Mapping[str, Form]
    id: str = ""
    digest: str = ""
    rules_version: int = 0
    released_at: datetime | None = None
    correction: int = 0
    reason: str = ""
    is_closed: bool = True
    before: RoundCopy | None = None

    @cached_property
    def _scorer(self) -> CopyScorer:
        return CopyScorer(self.file, self.forms)

    @cached_property
    def _scored(self) -> _Scored:
        """The copy gone through once: all that is asked of entries whose visits nobody looks at."""
        sections, with_visits = dict[tuple[Key, int], Mapping[str, float]](), set[Key]()

        def look(entrant: bytes, entries: Sequence[EntryScore]) -> None:
            for entry, noted in zip(entries, _NOTED.decode(entrant).entries, strict=True):
                for number in range(max(1, self.number - 1), self.number + 1):
                    scores = entry.rounds[number - 1].assessments
                    sections[entry.key, number] = _sections_of(scores, noted.rounds[number - 1 : number])
                    if scores and number == self.number:
                        with_visits.add(entry.key)

        return _Scored(self._scorer.whole(look), sections, with_visits)

    @property
    def scored(self) -> SeasonScore:
        """The copy scored, without its visits (SCR-1)."""
        return self._scored.season

    @property
    def filed(self) -> Mapping[str, Json]:
        """The filed questions that visits name, each with its filed answer; copies of an earlier release have none."""
        filed: Mapping[str, Json] = self.file.get("x_filed", {})
        return filed

    @cached_property
    def entries(self) -> Mapping[Key, EntryScore]:
        """Every entry by entrant and channel, without its visits."""
        return {entry.key: entry for entry in self.scored.entries}

    @property
    def reported(self) -> Sequence[Key]:
        """The entries that a report is made of: they take part, and have something in this round."""
        with_visits = self._scored.with_visits
        return [key for key, one in self.entries.items() if not one.facts.is_withdrawn and key in with_visits]

    def entry(self, key: Key) -> EntryScore:
        """Return an entry with its visits."""
        return self._unpacked(key)[0]

    def visits(self, key: Key, number: int | None = None) -> Sequence[Visit]:
        """Return the visits of an entry in this round (None) or the one before, void ones among them."""
        return _visits(*self._unpacked(key), self.number if number is None else number)

    def _unpacked(self, key: Key) -> tuple[EntryScore, Sequence[Sequence[Json]]]:
        """Return an entry, and its visits in this round and the one before as the copy has them."""
        kept = next((one for one in _last if one.copy is self and key in one.entries), None)
        if kept is None:
            entrant = self.file["entrants"].line(key[0])
            if entrant is None:
                raise KeyError(key)
            told = range(self.number - 1, self.number + 1)
            pairs = zip(self._scorer.entrant(entrant), _rounds_of(msgspec.json.decode(entrant), told), strict=True)
            kept = _Unpacked(self, {one.key: (one, rounds) for one, rounds in pairs})
            _last[:] = [kept]
        return kept.entries[key]

    def forms_gone(self, key: Key) -> Sequence[str]:
        """Return the form versions that an entry's visits of this round were made on, and that are gone."""
        visits = [one for each in self._unpacked(key)[1][self.number - 1 : self.number] for one in each]
        return sorted({one["x_form"] for one in visits if "x_form" in one} - self.forms.keys())

    def form_of(self, key: Key) -> Form | None:
        """Return the form that an entry's visits of this round were filled with."""
        named = [visit.seen["form"] for visit in self.visits(key) if "form" in visit.seen]
        return self.forms.get(named[0]) if named else None

    def sections(self, key: Key, number: int) -> Mapping[str, float]:
        """Return the mean percentage of each section of an entry in a round."""
        return self._scored.sections.get((key, number), {})

    def cells(self, channel: str, section: str, *, with_withdrawn: bool = False) -> Sequence[Cell]:
        """Return the figure of every entry of a channel in this round: of a section, or ("") the round's score."""
        cells = []
        for key, entry in self.entries.items():
            if key[1] != channel or (entry.facts.is_withdrawn and not with_withdrawn):
                continue
            score = entry.rounds[self.number - 1].score
            value = self.sections(key, self.number).get(section) if section else None if score is None else float(score)
            if value is not None:
                cells.append(Cell(entry.facts.organisation, entry.facts.industry, value))
        return cells

    def cells_before(self, channel: str, section: str) -> Iterator[Sequence[Cell]]:
        """Yield the cells of each copy of this round that was out before this one, the newest first."""
        if self.before is not None:
            yield self.before.cells(channel, section)
            yield from self.before.cells_before(channel, section)


class _Unpacked(NamedTuple):
    """The entries of one entrant of a copy, each with its visits in each round."""

    copy: RoundCopy
    entries: Mapping[Key, tuple[EntryScore, Sequence[Sequence[Json]]]]


# One for all copies: a report asks for its entrant again and again, and several MB of one entrant are enough.
_last: list[_Unpacked] = []


def _rounds_of(entrant: Json, told: Collection[int]) -> Sequence[Sequence[Sequence[Json]]]:
    """Return the visits of each round of each entry of an entrant, of the rounds that are `told` of."""
    return [
        [each.get("assessments", ()) if number in told else () for number, each in enumerate(entry["rounds"], 1)]
        for entry in entrant["entries"]
    ]


def _visits(entry: EntryScore, rounds: Sequence[Sequence[Json]], number: int) -> Sequence[Visit]:
    if number < 1:
        return ()
    noted = {one["id"]: one for one in (rounds[number - 1] if number <= len(rounds) else ())}
    return [
        Visit(one, (of := noted.get(one.id, {})).get("x_seen", {}), of.get("x_settled", {}))
        for one in entry.rounds[number - 1].assessments
    ]


class _Seen(msgspec.Struct, frozen=True, gc=False):
    sections: dict[str, tuple[str, str]] = {}


class _SeenVisit(msgspec.Struct, gc=False):
    id: str
    x_seen: _Seen = _Seen()


class _NotedRound(msgspec.Struct):
    assessments: list[_SeenVisit] = []


class _NotedEntry(msgspec.Struct):
    rounds: list[msgspec.Raw] = []


class _NotedEntrant(msgspec.Struct):
    entries: list[_NotedEntry] = []


# Of every entry's visits only the points by section are read: the rest is ten times as long.
_NOTED, _NOTED_ROUND = msgspec.json.Decoder(_NotedEntrant), msgspec.json.Decoder(_NotedRound)


def _sections_of(scores: Sequence[AssessmentScore], noted: Iterable[msgspec.Raw]) -> Mapping[str, float]:
    """Return the mean percentage of each section over the visits of a round that it applied to."""
    points = {one.id: one.x_seen.sections for each in noted for one in _NOTED_ROUND.decode(each).assessments}
    found: dict[str, list[float]] = {}
    for score in scores:
        for section, (earned, possible) in points.get(score.id, {}).items() if score.state is Contact.CONNECTED else ():
            percent = _percent(earned, possible)
            if percent is not None:
                found.setdefault(section, []).append(percent)
    return {section: sum(values) / len(values) for section, values in found.items()}


@lru_cache(maxsize=2_048)  # a section has few sums, and a round thousands of visits
def _percent(earned: str, possible: str) -> float | None:
    of = Fraction(possible)
    return float(100 * Fraction(earned) / of) if of else None
