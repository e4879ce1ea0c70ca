"""Seasons scored from answers, on every shipped form, variant and sub-channel; and seasons written and read again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checklists.forms.file import shipped_forms
from checklists.forms.form import Kind, Question
from checklists.record.sheet import Sheet, sheet
from checklists.score.scoring import Scorer
from checklists.season.file import read_season
from checklists.season.problems import SeasonError
from checklists.season.result import result_json
from checklists.season.score import score_season
from checklists.season.write import season_json
from tests.random_seasons import random_season
from tests.seasons import Json, a_season, an_entrant, an_entry
from tests.worked_example import harbour_ferry

FORMS = shipped_forms()


def an_answer(question: Question, place: int) -> Any:
    if question.kind is Kind.YES_NO:
        return question.critical or place % 3 > 0
    if question.kind is Kind.SCALE:
        return (3, 4, 2)[place % 3]
    if question.kind is Kind.BANDS:
        return (0, "12.5", 400)[place % 3]
    if question.kind is Kind.TEXT:
        return "Asked about the opening hours; answered at once."
    return question.options[place % len(question.options)].code


def answers_on(layout: Sheet) -> dict[str, Any]:
    return {key: an_answer(item.question, place) for place, (key, item) in enumerate(layout.items.items())}


LAYOUTS = [
    pytest.param("phone_in", {}, id="phone-in"),
    pytest.param("face_to_face", {}, id="face to face"),
    *[
        pytest.param("online", {"subchannel": code}, id=f"online {code}")
        for code in ("chat", "email", "form", "social")
    ],
    pytest.param("onsite", {"variant": "branch"}, id="onsite branch"),
    pytest.param("onsite", {"variant": "both"}, id="onsite branch and recording check"),
    pytest.param("onsite", {"variant": "recording", "recordings": 2}, id="onsite, two recordings"),
]


def laid_out(channel: str, layout: dict[str, Any]) -> Sheet:
    recorded = FORMS["phone_in@1"] if "recordings" in layout else None
    return sheet(FORMS[f"{channel}@1"], recording_form=recorded, **layout)


@pytest.mark.parametrize(("channel", "layout"), LAYOUTS)
def test_a_season_is_scored_from_answers(channel: str, layout: dict[str, Any]) -> None:
    told = laid_out(channel, layout)
    answers = answers_on(told)
    given: Json = {"form": f"{channel}@1", "answers": answers}
    given |= {"subchannel": layout["subchannel"]} if "subchannel" in layout else {}
    season = a_season(an_entrant(an_entry([given], channel=channel)))
    scored = score_season(read_season(json.dumps(season).encode(), FORMS))
    assert scored.entries[0].rounds[0].assessments[0].base == Scorer(told).base(answers)


@pytest.mark.parametrize(("channel", "layout"), LAYOUTS)
def test_an_answer_left_out_is_a_problem_and_never_not_applicable(channel: str, layout: dict[str, Any]) -> None:
    answers = answers_on(laid_out(channel, layout))
    missing = next(iter(answers))
    del answers[missing]
    given: Json = {"form": f"{channel}@1", "answers": answers}
    given |= {"subchannel": layout["subchannel"]} if "subchannel" in layout else {}
    with pytest.raises(SeasonError) as caught:
        read_season(json.dumps(a_season(an_entrant(an_entry([given], channel=channel)))).encode(), FORMS)
    assert any(problem.place.endswith(f"answers.{missing}") for problem in caught.value.problems)


def test_a_written_season_reads_back_to_the_same_result() -> None:
    seasons = [harbour_ferry(), *(random_season(seed) for seed in range(60))]
    for season in seasons:
        read = read_season(json.dumps(season).encode(), FORMS)
        again = read_season(season_json(read), FORMS)
        assert result_json(score_season(again)) == result_json(score_season(read))
        assert season_json(again) == season_json(read)
