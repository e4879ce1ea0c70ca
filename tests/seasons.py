"""Season files for tests: whole and valid by default, keyword changes for what the test is about.

`scored(a_season(an_entrant(an_entry([80, 90], [85], [90]))))` reads and scores one, exactly as the command does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from checklists.award.entry_score import EntryScore
from checklists.award.result import AwardResult
from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.score import SeasonScore, score_season

Json = dict[str, Any]
Bases = Sequence[int | str | Json]


def a_round(*assessments: int | str | Json, **changes: Any) -> Json:
    """A round; a bare number or text is an assessment with that base."""
    told = [dict(given) if isinstance(given, dict) else {"base": given} for given in assessments]
    return {"assessments": told, **changes}


def an_entry(*rounds: Bases | Json, channel: str = "phone_in", **changes: Any) -> Json:
    """An entry of three rounds; those not given repeat the last."""
    told = [given if isinstance(given, dict) else a_round(*given) for given in rounds or [["80"]]]
    told += [json.loads(json.dumps(told[-1])) for _ in range(3 - len(told))]
    number = 0
    for held in told:
        for assessment in held.get("assessments", []):
            number += 1
            assessment.setdefault("id", f"a{number}")
    return {"channel": channel, "rounds": told, **changes}


def an_entrant(*entries: Json, id: str = "entrant-1", **changes: Any) -> Json:  # noqa: A002 - the file's own word
    return {"id": id, "industry": "transport_logistics", "entries": list(entries or [an_entry()]), **changes}


def a_season(*entrants: Json, rules: Mapping[str, Any] | None = None, **changes: Any) -> Json:
    told = {"season_format": 1, "programme": "mystery_caller_2021", "entrants": list(entrants or [an_entrant()])}
    return told | ({"rules": dict(rules)} if rules else {}) | changes


def finals(*figures: str, rules: Mapping[str, Any] | None = None, **changes: Any) -> Json:
    """A season of one-assessment rounds whose finals are exactly `figures`, without any bonus, one entrant each."""
    entrants = [
        an_entrant(an_entry([figure], [figure], [figure]), id=f"entrant-{place}", **changes)
        for place, figure in enumerate(figures, 1)
    ]
    return a_season(*entrants, rules=rules)


def scored(season: Json) -> SeasonScore:
    return score_season(read_season(json.dumps(season).encode(), shipped_forms()))


def the_entry(season: Json, place: int = 0) -> EntryScore:
    return scored(season).entries[place]


def the_award(season: Json, award: str, industry: str | None = None) -> AwardResult:
    return next(
        decision
        for decision in scored(season).awards
        if decision.award.value == award and industry in (None, decision.industry)
    )


def winners(season: Json, award: str) -> list[str]:
    return [entrant for entrant, _ in the_award(season, award).winners]


def why_not(season: Json, award: str) -> dict[str, str]:
    return {out.entrant: str(out.why) for out in the_award(season, award).not_eligible}


def golds(*years: int, **changes: Any) -> list[Json]:
    row = {"industry": "transport_logistics", "channel": "phone_in", "final": "92", "grade": "gold"} | changes
    return [row | {"year": year} for year in years]
