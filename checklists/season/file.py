"""Reading a season file: `read_season` returns it whole, or tells every problem with its place, reason and remedy."""

from __future__ import annotations

from collections.abc import Mapping

from checklists.forms.form import Form
from checklists.language import N_, Text
from checklists.rules.programme import Programme, UnknownProgrammeError, load_programme, programme_names
from checklists.rules.ruleset import RulesetError, short
from checklists.rules.score_rules import ScoreRules
from checklists.score.scoring import Scorers
from checklists.season.assessments import AssessmentReader
from checklists.season.entries import EntryReader, doubled
from checklists.season.fields import Fields, year
from checklists.season.json_text import read_json
from checklists.season.model import Season, SeasonEntrant
from checklists.season.problems import Place, Problems, SeasonError

FORMAT = 1


def read_season(raw: bytes, forms: Mapping[str, Form]) -> Season:
    """Return the season in `raw`, its answers given on `forms` (by id).

    Raises:
        SeasonError: it cannot be scored; every problem at once.
    """
    problems = Problems()
    value = read_json(raw, problems)
    season = _Reader(problems, forms).season(value)
    if problems.count:
        raise SeasonError(problems)
    return season


class _Reader:
    """Reads one file. What is wrong goes to `problems`; a stand-in takes its place, so that reading can go on."""

    def __init__(self, problems: Problems, forms: Mapping[str, Form]) -> None:
        self._problems = problems
        self._forms = forms

    def season(self, raw: object) -> Season:
        fields = Fields(raw, None, self._problems, ("season_format", "programme", "rules", "editions_held", "entrants"))
        if fields.is_object and (fields.raw.get("season_format") != FORMAT or fields.raw["season_format"] is True):
            self._problems.add(
                fields.at("season_format"),
                "season-format",
                N_("must be {wanted}, not {value}; write the file in that format"),
                wanted=FORMAT,
                value=short(fields.raw.get("season_format")),
            )
        self._programme = self._read_programme(fields)
        editions = self._read_editions(fields) if "editions_held" in fields.raw else None
        self._entries = EntryReader(
            self._problems,
            ScoreRules.of(self._programme.rules),
            AssessmentReader(self._problems, Scorers(self._forms), self._forms),
            editions=editions,
        )
        entrants: list[SeasonEntrant] = []
        ids: set[str] = set()
        for index, item in enumerate(fields.items("entrants", is_needed=True)):
            entrants += self._entrant(item, (fields.at("entrants"), index), ids)
        return Season(
            programme=self._programme,
            entrants=tuple(entrants),
            editions_held=frozenset(self._entries.years_named) if editions is None else editions,
            forms=self._forms,
        )

    def _read_programme(self, fields: Fields) -> Programme:
        name = fields.text("programme") if fields.is_object else None
        stand_in = load_programme(programme_names()[0])
        programme = stand_in
        if name is not None:
            try:
                programme = load_programme(name)
            except UnknownProgrammeError as error:
                self._problems.add(
                    fields.at("programme"),
                    "programme-unknown",
                    N_("{value} is not a programme; use one of {options}"),
                    value=short(name),
                    options=", ".join(error.shipped),
                )
        rules = fields.raw.get("rules", {})
        if not isinstance(rules, dict):
            self._problems.add(
                fields.at("rules"),
                "not-an-object",
                N_('must be an object {{"...": ...}}, not {value}'),
                value=short(rules),
            )
            return programme
        try:
            return load_programme(programme.name, rules)
        except RulesetError as error:
            self._problems.take_all(error)
            return programme

    def _read_editions(self, fields: Fields) -> frozenset[int]:
        place = fields.at("editions_held")
        held: set[int] = set()
        for index, item in enumerate(fields.items("editions_held")):
            told = year(item, (place, index), self._problems)
            if told is not None:
                if told in held:
                    doubled(told, (place, index), self._problems)
                held.add(told)
        return frozenset(held)

    def _entrant(self, raw: object, place: Place, ids: set[str]) -> list[SeasonEntrant]:
        fields = Fields(
            raw, place, self._problems, ("id", "organisation", "name", "industry", "seats", "branches", "entries")
        )
        if not fields.is_object:
            return []
        entrant_id = fields.text("id") or ""
        if entrant_id and entrant_id in ids:
            self._problems.add(
                fields.at("id"),
                "doubled-id",
                N_("{value} stands twice; give each entrant its own"),
                value=short(entrant_id),
            )
        ids.add(entrant_id)
        industry = fields.text("industry") or ""
        channels: set[str] = set()
        entries = []
        for index, item in enumerate(fields.items("entries", is_needed=True)):
            entry = self._entries.read(item, (fields.at("entries"), index), channels)
            if entry is not None:
                entries.append(entry)
        return [
            SeasonEntrant(
                id=entrant_id,
                organisation=fields.text("organisation", entrant_id or "?") or "",
                name=self._name(fields) or {"en": entrant_id},
                industry=industry,
                seats=fields.size("seats"),
                branches=fields.size("branches"),
                entries=tuple(entries),
            )
        ]

    def _name(self, fields: Fields) -> Text:
        if "name" not in fields.raw:
            return {}
        names = Fields(fields.raw["name"], fields.at("name"), self._problems, ("en", "zh-Hant"))
        told = {key: names.text(key) or "" for key in ("en", "zh-Hant") if key in names.raw}
        return {"en": next(iter(told.values())), **told} if told else {}
