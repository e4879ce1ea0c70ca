"""A copy scored entrant by entrant: the visits of a season as objects are a hundred times what scores of entries are.

SCR-1  It comes to what scoring the whole file comes to. Neither the entries nor the season in it hold visits.
SCR-2  Whoever needs the visits of an entrant has them scored when it asks, from the same copy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from checklists.award.entry_score import EntryScore
from checklists.forms.form import Form
from checklists.season.file import SeasonReader
from checklists.season.model import SeasonEntrant
from checklists.season.score import EntryDesk, SeasonScore, with_awards
from sync_server.publication import frozen
from sync_server.publication.packed import ENTRANTS, Json

Look = Callable[[bytes, Sequence[EntryScore]], object]


class CopyScorer:
    """Scores the entrants of one copy."""

    def __init__(self, file: Json, forms: Mapping[str, Form]) -> None:
        self._reader = SeasonReader(msgspec.json.encode({**file, ENTRANTS: ()}), forms)
        self._desk = EntryDesk.of(self._reader.season)
        self._entrants = file[ENTRANTS]

    def entrant(self, entrant: bytes) -> Sequence[EntryScore]:
        """Return the entries of an entrant, JSON as the copy has it, with their visits (SCR-2)."""
        return self._scored(entrant)[1]

    def whole(self, look: Look | None = None) -> SeasonScore:
        """Score all of it (SCR-1). `look` is shown each entrant as JSON, and its entries with their visits."""
        entrants, entries = list[SeasonEntrant](), list[EntryScore]()
        for each in self._entrants.lines():
            read, scored = self._scored(each)
            if look is not None:
                look(each, scored)
            entrants.append(_without_visits(read))
            entries += map(_scored_without_visits, scored)
        return with_awards(msgspec.structs.replace(self._reader.season, entrants=tuple(entrants)), entries)

    def _scored(self, entrant: bytes) -> tuple[SeasonEntrant, Sequence[EntryScore]]:
        read = self._reader.entrant(frozen.without_notes(entrant))
        return read, [self._desk.entry(read, entry) for entry in read.entries]


def _without_visits(entrant: SeasonEntrant) -> SeasonEntrant:
    entries = tuple(msgspec.structs.replace(entry, rounds=()) for entry in entrant.entries)
    return msgspec.structs.replace(entrant, entries=entries)


def _scored_without_visits(entry: EntryScore) -> EntryScore:
    rounds = tuple(msgspec.structs.replace(each, assessments=()) for each in entry.rounds)
    return msgspec.structs.replace(entry, rounds=rounds)
