"""The season as the exported file has it: what scores to exactly what the pages show, read by itself.

SEF-1  An assessment whose critical item failed goes out with its answers, so that the file scores it under any effect
       of critical items. Words score nothing and stay here: a dash stands for them. The annex has its own scores.
SEF-2  Where the file would not score those answers to the bases kept here (a form it does not ship, a layout that bare
       answers do not show), the base in force goes out instead, and `x_critical_failed` says that one failed. The file
       has no word for it: under `assessment_cap` such an assessment is not capped when the file is scored. The
       same goes for those of `unseen`, whose answers are not to be read yet (UNS).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel, Form, Kind
from checklists.record.assessment import Assessment
from checklists.record.sheet import SheetError
from checklists.score.scoring import Scorers
from checklists.season.model import Season, SeasonAssessment, SeasonEntrant, SeasonEntry, SeasonRound
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import season_of
from sync_server.database.queries import standings as queries
from sync_server.fieldwork.corrections import CountedRecords

WORDS = "-"


def season_to_export(desk: SeasonDesk, of: Season | None = None, *, unseen: frozenset[str] = frozenset()) -> Season:
    """Return `of`, or the whole season as it is kept, ready to be written as a season file."""
    season = season_of(desk) if of is None else of
    writer = SeasonWriter(desk, unseen)
    return msgspec.structs.replace(season, entrants=tuple(map(writer.entrant, season.entrants)))


class _Answered(NamedTuple):
    form: Form
    answers: Mapping[str, object]


class SeasonWriter:
    """Finds what stands for each base of an assessment with a failed critical item, entrant by entrant."""

    def __init__(self, desk: SeasonDesk, unseen: frozenset[str] = frozenset()) -> None:
        self._db = desk.db
        self._desk = desk
        self._unseen = unseen
        self._zeroing = Scorers(shipped_forms())
        self._plain = Scorers(shipped_forms(), critical_effect="flag_only")

    def entrant(self, entrant: SeasonEntrant) -> SeasonEntrant:
        """Return `entrant` with answers in place of such bases."""
        return msgspec.structs.replace(entrant, entries=tuple(map(self._entry, entrant.entries)))

    def _entry(self, entry: SeasonEntry) -> SeasonEntry:
        concerned = [one.id for held in entry.rounds for one in held.assessments if _is_concerned(one)]
        if not concerned:
            return entry
        read = queries.bodies(self._db, concerned)
        counted = CountedRecords(self._db, concerned)
        records = {name: counted.read(each.body, each.digest) for name, each in read.items()}
        rounds = tuple(self._round(held, number, entry.channel, records) for number, held in enumerate(entry.rounds, 1))
        return msgspec.structs.replace(entry, rounds=rounds)

    def _round(
        self, held: SeasonRound, number: int, channel: Channel, records: Mapping[str, Assessment]
    ) -> SeasonRound:
        zeroes = self._desk.rules_of(number).text("critical.effect") == "section_zero"
        told = (
            self._assessment(one, channel, records[one.id], zeroes=zeroes) if one.id in records else one
            for one in held.assessments
        )
        return msgspec.structs.replace(held, assessments=tuple(told))

    def _assessment(
        self, told: SeasonAssessment, channel: Channel, record: Assessment, *, zeroes: bool
    ) -> SeasonAssessment:
        found = None if told.id in self._unseen else self._same(told, channel, record)
        if found is not None:
            return msgspec.structs.replace(told, base=None, base_unzeroed=None, form=found.form, answers=found.answers)
        base = told.base if zeroes or told.base_unzeroed is None else told.base_unzeroed
        return msgspec.structs.replace(told, base=base, notes={**told.notes, "critical_failed": True})

    def _same(self, told: SeasonAssessment, channel: Channel, record: Assessment) -> _Answered | None:
        """Return the answers as the file has them, where reading them alone gives both bases; else None."""
        form = shipped_forms().get(record.form)
        if form is None or form.channel is not channel:
            return None
        keys = [key for key in record.answers if not self._is_of_an_annex(key, record)]
        try:
            zeroing = self._zeroing.for_answers(form, keys, told.subchannel)
            plain = self._plain.for_answers(form, keys, told.subchannel)
        except SheetError:
            return None
        items = zeroing.sheet.all_items
        answers: dict[str, object] = {}
        for key in keys:
            is_words = key in items and items[key].question.kind is Kind.TEXT
            answers[key] = WORDS if is_words else record.answers[key].value
        if zeroing.problems(answers) or not plain.critical_failed(answers):
            return None
        same = zeroing.base(answers) == told.base and plain.base(answers) == told.base_unzeroed
        return _Answered(form, answers) if same else None

    def _is_of_an_annex(self, key: str, record: Assessment) -> bool:
        annex = shipped_forms().get(record.annex or "")
        if annex is None:
            return False
        return key == annex.name or any(key == question.id for part in annex.sections for question in part.questions)


def _is_concerned(told: SeasonAssessment) -> bool:
    return told.critical_failed and told.base is not None and told.void is None
