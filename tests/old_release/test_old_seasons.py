"""Season files that commit 084b5b8 exported score to every figure it scored them to. `make_season.py` made them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.result import result_json
from checklists.season.score import score_season
from checklists.season.write import season_json

SEASONS: dict[str, Any] = json.loads((Path(__file__).parent / "seasons.json").read_bytes())
SENTENCES = frozenset({"why", "why_no_score", "why_no_final"})  # they may be worded better any day


def in_todays_spelling(raw: str) -> Any:
    return json.loads(raw.replace("public_service_utilities", "public_utilities"))


def figures(value: Any) -> Any:
    """Everything that is said, of sentences the numbers in them."""
    if isinstance(value, dict):
        return {
            key: re.findall(r"\d+(?:\.\d+)?", part or "") if key in SENTENCES else figures(part)
            for key, part in value.items()
        }
    return [figures(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", SEASONS)
def test_a_season_file_of_the_old_release_scores_as_it_did(name: str) -> None:
    told = read_season(json.dumps(SEASONS[name]["exported"]).encode(), shipped_forms())
    scored = json.loads(result_json(score_season(told)))
    assert figures(scored) == figures(in_todays_spelling(json.dumps(SEASONS[name]["scored"])))


@pytest.mark.parametrize("name", SEASONS)
def test_it_is_written_again_with_the_names_it_came_with(name: str) -> None:
    told = read_season(json.dumps(SEASONS[name]["exported"]).encode(), shipped_forms())
    assert json.loads(season_json(told)) == in_todays_spelling(json.dumps(SEASONS[name]["exported"]))
