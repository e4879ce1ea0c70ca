"""The rules in words: every parameter has its sentence, and a control tries what differs and nothing else."""

from __future__ import annotations

import pytest

from checklists.language import LANGUAGES
from checklists.rules.kinds import Choice
from checklists.rules.parameters import PARAMETERS
from checklists.rules.programme import load_programme
from checklists.rules.words import CHOICES, RULE_WORDS
from checklists.season.what_if import parse_changes
from sync_server.pages.rules import changed_lines, rule_chapters
from sync_server.season.rules import PROGRAMME

SHIPPED = load_programme(PROGRAMME).rules


def controls(tried: dict[str, str] | None = None) -> dict[str, str]:
    """Return what the page's form sends where nobody touched it."""
    return {line.name: line.value for chapter in rule_chapters(SHIPPED, SHIPPED, tried or {}) for line in chapter.lines}


def test_every_parameter_has_one_sentence_with_its_value_in_it() -> None:
    """RWD-1"""
    assert set(RULE_WORDS) == set(PARAMETERS)
    for words in RULE_WORDS.values():
        said = {language: words.sentence.in_language(language) for language in LANGUAGES}
        assert all(text.count("{value}") == 1 for text in said.values())
        assert said["en"] != said["zh-Hant"]
    options = {option for kind in PARAMETERS.values() if isinstance(kind, Choice) for option in kind.options}
    assert options <= set(CHOICES)


def test_a_form_that_nobody_touched_tries_nothing() -> None:
    """TRIAL-1"""
    assert changed_lines(SHIPPED, controls()) == []


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        pytest.param("unreachable.score_mode", "zero", "zero", id="TRIAL-1 a choice"),
        pytest.param("attempts.in_service_hours", "false", False, id="TRIAL-1 a flag"),
        pytest.param("rounds.weights", "1/3, 1/3, 1/3", ["1/3"] * 3, id="TRIAL-2 a list with commas"),
        pytest.param("rounds.months", "[[1], [2], [3, 4]]", [[1], [2], [3, 4]], id="TRIAL-2 a list as JSON"),
        pytest.param("cap.final", "", None, id="TRIAL-2 nothing, where none may stand"),
        pytest.param("cap.final", " 101 ", 101, id="TRIAL-1 a number with spaces"),
    ],
)
def test_what_differs_is_tried(name: str, typed: str, value: object) -> None:
    lines = changed_lines(SHIPPED, controls() | {name: typed})
    assert SHIPPED.with_overrides(parse_changes(lines)) == SHIPPED.with_overrides({name: value})
    assert [line.partition("=")[0] for line in lines] == [name]


@pytest.mark.parametrize(
    "typed", [pytest.param("many", id="TRIAL-2 a word"), pytest.param("[1,", id="TRIAL-2 half a list")]
)
def test_what_cannot_stand_stays_as_it_was_typed(typed: str) -> None:
    assert controls({"rounds.weights": typed})["rounds.weights"] == typed
