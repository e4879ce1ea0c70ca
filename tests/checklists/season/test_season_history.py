"""Past results and industries of a season file: editions that were held, industries that the programme lists."""

from __future__ import annotations

import json

import pytest

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.problems import SeasonError
from checklists.season.write import season_json
from tests.seasons import Json, a_season, an_entrant, an_entry, scored

ENTRY = "entrants[0].entries[0]"


def problems(raw: bytes | Json) -> list[str]:
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    with pytest.raises(SeasonError) as caught:
        read_season(body, shipped_forms())
    return [str(problem) for problem in caught.value.problems]


def history(*years: int) -> list[Json]:
    row = {"industry": "commerce", "channel": "phone_in", "final": "80", "grade": "silver"}
    return [row | {"year": year} for year in years]


@pytest.mark.parametrize(
    ("years", "reason"),
    [
        pytest.param([2019, 2019], "history[1].year: 2019 stands twice", id="a year twice"),
        pytest.param([2017], "history[0].year: 2017 is not in editions_held", id="a year not held"),
    ],
)
def test_history_years_are_past_editions_once_each(years: list[int], reason: str) -> None:
    season = a_season(an_entrant(an_entry(history=history(*years))), editions_held=[2018, 2019])
    assert any(reason in line for line in problems(season))


NOT_LISTED = "'ferries' is not one of public_utilities, banks_loans"


@pytest.mark.parametrize(
    ("entrant", "place"),
    [
        pytest.param(an_entrant(industry="ferries"), "entrants[0].industry", id="an entrant's"),
        pytest.param(
            an_entrant(an_entry(history=[history(2019)[0] | {"industry": "ferries"}])),
            f"{ENTRY}.history[0].industry",
            id="of the past",
        ),
    ],
)
def test_an_industry_that_the_programme_does_not_list_is_told(entrant: Json, place: str) -> None:
    (line,) = problems(a_season(entrant))
    assert line.startswith(f"{place}: {NOT_LISTED}")


def test_an_old_spelling_of_an_industry_is_the_same_group() -> None:
    """R-PRG-2."""
    old, new = "public_service_utilities", "public_utilities"
    rows = [row | {"industry": name} for row, name in zip(history(2018, 2019), (old, new), strict=True)]
    season = a_season(
        an_entrant(an_entry(["85"], history=rows), id="first", industry=old),
        an_entrant(an_entry(["80"], history=rows[:1]), id="second", industry=new),
    )
    told = scored(season)
    assert {entry.facts.industry for entry in told.entries} == {new}
    assert {past.industry for entry in told.entries for past in entry.facts.history.values()} == {new}
    assert [held.industry for held in told.awards if held.award == "industry"] == [new]
    assert b"public_service" not in season_json(told.season)
