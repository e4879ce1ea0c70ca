"""Reading a season file: `read_season` returns it whole, or reports every problem with its place, reason and remedy.

`SeasonReader` reads one of ours whose entrants stand apart, so that nobody holds the visits of more than one.

`rules_by_round` is optional: parameters by dotted name that a round has of its own, laid over the season's `rules`.
"""

from __future__ import annotations

from collections.abc import Mapping

from checklists.forms.form import Form
from checklists.language import N_, Text
from checklists.problems import Place, Problems, short
from checklists.rules.programme import Programme, UnknownProgrammeError, load_programme, programme_names
from checklists.rules.ruleset import Ruleset, RulesetError
from checklists.score.scoring import Scorers
from checklists.season.assessments import AssessmentReader
from checklists.season.entries import EntryReader, industry_of, report_doubled
from checklists.season.fields import NOT_AN_OBJECT, JsonObject, size, text, year
from checklists.season.json_text import read_json
from checklists.season.model import Season, SeasonEntrant
from checklists.season.problems import season_problems

FORMAT = 1


def read_season(raw: bytes, forms: Mapping[str, Form]) -> Season:
    """Return the season in `raw`, its answers given on `forms` (by id).

    Raises:
        SeasonError: it cannot be scored; every problem at once.
    """
    problems = season_problems()
    value = read_json(raw, problems)
    season = _Reader(problems, forms).season(value)
    problems.raise_any()
    return season


class SeasonReader:
    """Reads a season without entrants, then entrants one by one. `season` has none of them."""

    def __init__(self, raw: bytes, forms: Mapping[str, Form]) -> None:
        """Read all but the entrants: `raw` has an empty list of them, and says which editions were held.

        Raises:
            SeasonError: it cannot be scored.
        """
        self._problems = season_problems()
        self._reader = _Reader(self._problems, forms)
        self.season = self._reader.season(read_json(raw, self._problems))
        self._problems.raise_any()

    def entrant(self, raw: bytes) -> SeasonEntrant:
        """Return the entrant in `raw`.

        Raises:
            SeasonError: it cannot be scored.
        """
        found = self._reader.entrant(read_json(raw, self._problems), "entrant", set())
        self._problems.raise_any()
        return found[0]


class _Reader:
    """Reads one file. What is wrong goes to `problems`; a stand-in takes its place, so that reading can go on."""

    def __init__(self, problems: Problems, forms: Mapping[str, Form]) -> None:
        self._problems = problems
        self._forms = forms

    def season(self, raw: object) -> Season:
        fields = JsonObject(
            raw,
            None,
            self._problems,
            ("season_format", "programme", "rules", "rules_by_round", "editions_held", "entrants"),
        )
        if fields.is_object and (fields.raw.get("season_format") != FORMAT or fields.raw["season_format"] is True):
            self._problems.add(
                fields.at("season_format"),
                "season-format",
                N_("must be {wanted}, not {value}; write the file in that format"),
                wanted=FORMAT,
                value=short(fields.raw.get("season_format")),
            )
        self._programme = self._read_programme(fields)
        editions = self._read_editions(fields) if "editions_held" in fields else None
        self._entries = EntryReader(
            self._problems,
            self._programme,
            AssessmentReader(self._problems, Scorers(self._forms), self._forms),
            editions=editions,
        )
        entrants: list[SeasonEntrant] = []
        ids: set[str] = set()
        for place, item in fields.items("entrants", is_needed=True):
            entrants += self.entrant(item, place, ids)
        return Season(
            programme=self._programme,
            entrants=tuple(entrants),
            editions_held=frozenset(self._entries.years_named) if editions is None else editions,
            forms=self._forms,
            rules_by_round=self._read_rules_by_round(fields),
        )

    def _read_programme(self, fields: JsonObject) -> Programme:
        name = fields.needed("programme", text)
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
                    options=tuple(error.shipped),
                )
        rules = fields.raw.get("rules", {})
        if not isinstance(rules, dict):
            self._problems.add_misfit(fields.at("rules"), NOT_AN_OBJECT, rules)
            return programme
        try:
            return load_programme(programme.name, rules)
        except RulesetError as error:
            self._problems.extend(error.problems)
            return programme

    def _read_rules_by_round(self, fields: JsonObject) -> Mapping[int, Ruleset]:
        """Return the rules of the rounds that name parameters of their own, laid over the season's."""
        numbers = {str(number): number for number in self._programme.rounds}
        if "rules_by_round" not in fields:
            return {}
        given = JsonObject(fields.raw["rules_by_round"], fields.at("rules_by_round"), self._problems, tuple(numbers))
        by_round: dict[int, Ruleset] = {}
        for name, number in numbers.items():
            if name not in given:
                continue
            rules = given.raw[name]
            if not isinstance(rules, dict):
                self._problems.add_misfit(given.at(name), NOT_AN_OBJECT, rules)
                continue
            try:
                by_round[number] = self._programme.rules.with_overrides(rules, str(given.at(name)))
            except RulesetError as error:
                self._problems.extend(error.problems)
        return by_round

    def _read_editions(self, fields: JsonObject) -> frozenset[int]:
        editions: set[int] = set()
        for place, item in fields.items("editions_held"):
            edition = self._problems.fit(place, year, item)
            if edition is not None:
                if edition in editions:
                    report_doubled(edition, place, self._problems)
                editions.add(edition)
        return frozenset(editions)

    def entrant(self, raw: object, place: Place, ids: set[str]) -> list[SeasonEntrant]:
        """Return the entrant in `raw`; nothing where it is none. `ids` are those of the entrants before it."""
        fields = JsonObject(
            raw, place, self._problems, ("id", "organisation", "name", "industry", "seats", "branches", "entries")
        )
        if not fields.is_object:
            return []
        entrant_id = fields.needed("id", text) or ""
        if entrant_id and entrant_id in ids:
            self._problems.add(
                fields.at("id"),
                "doubled-id",
                N_("{value} stands twice; give each entrant its own"),
                value=short(entrant_id),
            )
        ids.add(entrant_id)
        industry = fields.needed("industry", industry_of(self._programme)) or ""
        channels: set[str] = set()
        entries = []
        for place_of_entry, item in fields.items("entries", is_needed=True):
            entry = self._entries.read(item, place_of_entry, channels)
            if entry is not None:
                entries.append(entry)
        organisation = fields.take("organisation", text) if "organisation" in fields else entrant_id or "?"
        return [
            SeasonEntrant(
                id=entrant_id,
                organisation=organisation or "",
                name=self._name(fields) or {"en": entrant_id},
                industry=industry,
                seats=fields.unless_null("seats", size),
                branches=fields.unless_null("branches", size),
                entries=tuple(entries),
            )
        ]

    def _name(self, fields: JsonObject) -> Text:
        if "name" not in fields:
            return {}
        names = JsonObject(fields.raw["name"], fields.at("name"), self._problems, ("en", "zh-Hant"))
        words = {key: names.take(key, text) or "" for key in ("en", "zh-Hant") if key in names}
        return {"en": next(iter(words.values())), **words} if words else {}
