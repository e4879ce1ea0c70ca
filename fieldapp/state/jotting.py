"""The verbs of a visit's notes page: write now, sort into the questions outside."""

from __future__ import annotations

from dataclasses import dataclass

from checklists.record import jotted
from checklists.record.assessment import Evidence
from fieldapp.state.walking import Walking


@dataclass(eq=False)
class Jotting(Walking):
    """Every verb returns whether it is durable."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines jotted down that are not sorted yet."""
        return jotted.lines(self.assessment)

    @property
    def loose_files(self) -> tuple[Evidence, ...]:
        """Pictures and sound that belong to no question yet, and are no proof of the whole visit."""
        return tuple(file for file in self.assessment.evidence if not (file.question or file.evidence_kind))

    async def jot(self, words: str) -> bool:
        """Keep the page of notes as it stands now."""
        return await self._change(
            lambda record, now: None if record.jotted == words else jotted.jotted(record, words, at=now)
        )

    async def sort_line(self, place: int, key: str) -> bool:
        """Put a line to the words of a question."""
        kind = jotted.words_kind(self.sheet.all_items[key].question)
        return await self._change(lambda record, now: jotted.sorted_into(record, place, key, kind, at=now))

    async def strike_out(self, place: int) -> bool:
        """Take a line away."""
        return await self._change(lambda record, now: jotted.struck_out(record, place, at=now))

    async def give_file(self, evidence_id: str, key: str) -> bool:
        """Give a file of the whole visit to a question."""
        kind = jotted.file_kind(self.sheet.all_items[key].question)
        return await self._change(lambda record, now: jotted.given_to(record, evidence_id, key, kind, at=now))
