"""Random seasons against the plain reading of the rules in tests/plain_award.py."""

from __future__ import annotations

import json

import pytest

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.result import result_json
from checklists.season.score import score_season
from tests.plain_award import exact, reference
from tests.random_seasons import random_season


@pytest.mark.parametrize("block", range(10))
def test_random_seasons_agree_with_a_plain_reading(block: int) -> None:
    for seed in range(block * 30, block * 30 + 30):
        season = random_season(seed)
        told = json.loads(result_json(score_season(read_season(json.dumps(season).encode(), shipped_forms()))))
        expected = reference(season)
        for entry, wanted in zip(told["entries"], expected["entries"], strict=True):
            assert [r["score"] and r["score"]["exact"] for r in entry["rounds"]] == [
                exact(r["score"]) for r in wanted["rounds"]
            ], (seed, season.get("rules"))
            assert [r["mean"] and r["mean"]["exact"] for r in entry["rounds"]] == [
                exact(r["mean"]) for r in wanted["rounds"]
            ], seed
            assert [[a["state"] for a in r["assessments"]] for r in entry["rounds"]] == [
                r["states"] for r in wanted["rounds"]
            ], seed
            assert (entry["final"] and entry["final"]["exact"], entry["grade"]) == (
                exact(wanted["final"]),
                wanted["grade"],
            ), seed
            assert (entry["mark"] and tuple(entry["mark"].values())) == wanted["mark"], seed
        winners = [
            (a["award"], a.get("industry"), {(w["entrant"], w["channel"]) for w in a["winners"]})
            for a in told["awards"]
        ]
        assert winners == expected["awards"], (seed, season.get("rules"))
