"""A copy of a round read once for all its reports: scored, each visit's score beside what was seen of it.

RPC-1  Everything a report says comes from the copy: nothing that changed after it was taken gets in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import msgspec

from checklists.award.entry_score import EntryScore
from checklists.forms.form import Form
from checklists.record.assessment import Contact
from checklists.score.assessment_score import AssessmentScore
from checklists.season.file import read_season
from checklists.season.score import SeasonScore, score_season
from sync_server.publication import frozen
from sync_server.publication.packed import Json
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
    def scored(self) -> SeasonScore:
        """The copy scored."""
        return score_season(read_season(frozen.without_notes(self.file), self.forms))

    @property
    def filed(self) -> Mapping[str, Json]:
        """The filed questions that visits name, each with its filed answer; copies of an earlier release have none."""
        filed: Mapping[str, Json] = self.file.get("x_filed", {})
        return filed

    @cached_property
    def entries(self) -> Mapping[Key, EntryScore]:
        """Every entry by entrant and channel."""
        return {entry.key: entry for entry in self.scored.entries}

    @property
    def reported(self) -> Sequence[Key]:
        """The entries that a report is made of: they take part, and have something in this round."""
        # Asked before each report: of the scores, for what is noted of visits is read entry by entry.
        scores = {key: one.rounds[self.number - 1].assessments for key, one in self.entries.items()}
        return [key for key, one in self.entries.items() if not one.facts.is_withdrawn and scores[key]]

    def visits(self, key: Key, number: int | None = None) -> Sequence[Visit]:
        """Return the visits of an entry in a round (None: this one), void ones among them."""
        place = (self.number if number is None else number) - 1
        if place < 0:
            return ()
        seen = self._raw(key)
        noted = {one["id"]: one for one in (seen[place] if place < len(seen) else ())}
        return [
            Visit(one, (of := noted.get(one.id, {})).get("x_seen", {}), of.get("x_settled", {}))
            for one in self.entries[key].rounds[place].assessments
        ]

    def _raw(self, key: Key) -> Sequence[Sequence[Any]]:
        """Return the visits of an entry in each round as the copy has them; of the last that was asked for, kept."""
        held, rounds = self._unpacked[0]
        if held != key:
            entrant = self.file["entrants"].named(key[0]) or {"entries": ()}
            entries = {each["channel"]: each["rounds"] for each in entrant["entries"]}
            rounds = [each.get("assessments", ()) for each in entries.get(key[1], ())]
            self._unpacked[0] = key, rounds
        return rounds

    @cached_property
    def _unpacked(self) -> list[tuple[Key, Sequence[Sequence[Any]]]]:
        return [(("", ""), ())]

    def forms_gone(self, key: Key) -> Sequence[str]:
        """Return the form versions that an entry's visits of this round were made on, and that are gone."""
        visits = [one for each in self._raw(key)[self.number - 1 : self.number] for one in each]
        return sorted({one["x_form"] for one in visits if "x_form" in one} - self.forms.keys())

    def form_of(self, key: Key) -> Form | None:
        """Return the form that an entry's visits of this round were filled with."""
        named = [visit.seen["form"] for visit in self.visits(key) if "form" in visit.seen]
        return self.forms.get(named[0]) if named else None

    @cached_property
    def _sections(self) -> Mapping[tuple[Key, int], Mapping[str, float]]:
        numbers = [number for number in (self.number - 1, self.number) if number > 0]
        found = {}
        for line in self.file["entrants"].lines():
            entrant = _SECTIONED.decode(line)
            for entry in entrant.entries:
                key = (entrant.id, entry.channel)
                for number in numbers if key in self.entries else ():
                    held = _ROUND.decode(entry.rounds[number - 1]) if number <= len(entry.rounds) else _Round()
                    points = {one.id: one.x_seen.sections for one in held.assessments}
                    scores = self.entries[key].rounds[number - 1].assessments
                    reached = (one.id for one in scores if one.state is Contact.CONNECTED)
                    found[key, number] = _sections_of(points.get(name, {}) for name in reached)
        return found

    def sections(self, key: Key, number: int) -> Mapping[str, float]:
        """Return the mean percentage of each section of an entry in a round."""
        return self._sections.get((key, number), {})

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


class _Seen(msgspec.Struct, frozen=True, gc=False):
    sections: dict[str, tuple[str, str]] = {}


class _SeenVisit(msgspec.Struct, gc=False):
    id: str
    x_seen: _Seen = _Seen()


class _Round(msgspec.Struct):
    assessments: list[_SeenVisit] = []


class _Entry(msgspec.Struct):
    channel: str
    rounds: list[msgspec.Raw] = []


class _Entrant(msgspec.Struct):
    id: str
    entries: list[_Entry] = []


# Of every entry's visits only the points by section are read: the rest is ten times as long.
_SECTIONED, _ROUND = msgspec.json.Decoder(_Entrant), msgspec.json.Decoder(_Round)


def _sections_of(visits: Iterable[Mapping[str, tuple[str, str]]]) -> Mapping[str, float]:
    """Return the mean percentage of each section over the visits that it applied to."""
    found: dict[str, list[float]] = {}
    for points in visits:
        for section, (earned, possible) in points.items():
            percent = _percent(earned, possible)
            if percent is not None:
                found.setdefault(section, []).append(percent)
    return {section: sum(values) / len(values) for section, values in found.items()}


@lru_cache(maxsize=16_384)  # a section has few sums, and a round thousands of visits
def _percent(earned: str, possible: str) -> float | None:
    of = Fraction(possible)
    return float(100 * Fraction(earned) / of) if of else None
