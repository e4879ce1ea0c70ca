"""The rules in words: every parameter has its sentence, and a control tries what differs and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.language import LANGUAGES, in_language
from checklists.rules.kinds import Choice, Items
from checklists.rules.parameters import PARAMETERS
from checklists.rules.programme import load_programme
from checklists.rules.ruleset import Ruleset
from checklists.rules.words import CHOICES, RULE_WORDS
from checklists.season.what_if import parse_changes
from sync_server.pages.rules import changed_lines, is_a_trial, rule_chapters, said
from sync_server.season.rules import PROGRAMME

SHIPPED = load_programme(PROGRAMME).rules


ZONE = SHIPPED.zone("tz")
RELEASES: Any = SHIPPED.plain_value("report.release_at")
SET = SHIPPED.with_overrides(
    {"faq.deadline": "2027-02-18T23:59:59+08:00", "report.release_at": ["2027-05-14T01:00:00Z", None, None]}
)


def controls(tried: dict[str, str] | None = None, rules: Ruleset = SHIPPED) -> dict[str, str]:
    """Return what the page's form sends where nobody touched it."""
    lines = (line for chapter in rule_chapters(rules, SHIPPED, tried or {}) for line in chapter.lines)
    return {field.name: field.value for line in lines for field in line.fields}


def test_every_parameter_has_one_sentence_with_its_value_in_it() -> None:
    """RWD-1"""
    assert set(RULE_WORDS) == set(PARAMETERS)
    for words in RULE_WORDS.values():
        said = {language: words.sentence.in_language(language) for language in LANGUAGES}
        assert all(text.count("{value}") == 1 for text in said.values())
        assert said["en"] != said["zh-Hant"]
    kinds = [kind.item if isinstance(kind, Items) else kind for kind in PARAMETERS.values()]
    options = {option for kind in kinds if isinstance(kind, Choice) for option in kind.options}
    assert options <= set(CHOICES)


@pytest.mark.parametrize("rules", [SHIPPED, SET], ids=["as shipped", "with moments"])
def test_a_form_that_nobody_touched_tries_nothing(rules: Ruleset) -> None:
    """TRIAL-1, RFD-1"""
    sent = controls(rules=rules)
    assert changed_lines(rules, sent) == []
    assert all(is_a_trial(name) for name in sent)
    assert [value for value in sent.values() if value.startswith(("[", "{")) or value == "null"] == []


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        pytest.param({"unreachable.score_mode": "zero"}, "unreachable.score_mode", "zero", id="TRIAL-1 a choice"),
        pytest.param({"attempts.in_service_hours": "false"}, "attempts.in_service_hours", False, id="TRIAL-1 a flag"),
        pytest.param({"cap.final": ""}, "cap.final", None, id="RFD-2 nothing, where none may stand"),
        pytest.param({"cap.final": " 101 "}, "cap.final", 101, id="TRIAL-1 a number with spaces"),
        pytest.param({f"rounds.weights:{n}": "1/3" for n in range(3)}, "rounds.weights", ["1/3"] * 3, id="a list"),
        pytest.param({"rounds.months:2": "5, 6,7"}, "rounds.months", [[1, 2], [3, 4], [5, 6, 7]], id="lists in a list"),
        pytest.param({"quota.contacts:1": "50"}, "quota.contacts", [20, 50, 80, 120], id="one item of a list"),
        pytest.param(
            {"consistency.tiers:3:0": "9", "consistency.tiers:3:1": "0.5"}, "consistency.tiers",
            [[3, 3], [5, 2], [7, 1], [9, "0.5"]], id="RFD-2 the empty row filled in",
        ),
        pytest.param(
            {"consistency.tiers:1:0": "", "consistency.tiers:1:1": " "}, "consistency.tiers", [[3, 3], [7, 1]],
            id="RFD-2 a row made empty",
        ),
        pytest.param(
            {"attempts.modes:1": "", "attempts.modes:3": "online.email"}, "attempts.modes",
            ["online.chat", "online.email"], id="RFD-2 one choice taken out, another added",
        ),
        pytest.param(
            {"faq.deadline": "2027-02-18T23:59"}, "faq.deadline", "2027-02-18T23:59:00+08:00", id="RFD-3 a moment",
        ),
        pytest.param(
            {"report.release_at:1": "2027-07-15T09:00"}, "report.release_at",
            [RELEASES[0], "2027-07-15T09:00:00+08:00", RELEASES[2]], id="RFD-3 the second of three moments",
        ),
    ],
)  # fmt: skip
def test_what_differs_is_tried(typed: dict[str, str], name: str, value: object) -> None:
    """And what is tried stands in the fields of the next page as it was filled in."""
    lines = changed_lines(SHIPPED, controls() | typed)
    assert SHIPPED.with_overrides(parse_changes(lines)) == SHIPPED.with_overrides({name: value})
    assert [line.partition("=")[0] for line in lines] == [name]
    again = controls({name: lines[0].partition("=")[2]})
    assert changed_lines(SHIPPED, again) == lines


@pytest.mark.parametrize(
    "typed", [pytest.param("many", id="TRIAL-2 a word"), pytest.param("[1,", id="TRIAL-2 half a list")]
)
def test_what_cannot_stand_stays_as_it_was_typed(typed: str) -> None:
    """RFD-4"""
    sent = controls({"rounds.weights": typed})
    assert sent["rounds.weights"] == typed
    assert changed_lines(SHIPPED, sent) == [f"rounds.weights={typed}"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        pytest.param("faq.deadline", "null", ["not set"], id="nothing"),
        pytest.param("faq.deadline", "2027-02-18T15:59:59+00:00", ["18 Feb 2027 23:59:59"], id="a moment, local"),
        pytest.param("consistency.tiers", "[[3, 3], [5, 2]]", ["3: 3", "5: 2"], id="bands"),
        pytest.param("attempts.modes", '["phone_in", "online.chat"]', ["phone-in", "live chat"], id="words of choices"),
        pytest.param("award.improved.must_be_positive", "true", ["yes"], id="a flag"),
    ],
)
def test_a_value_is_told_in_words(name: str, text: str, words: list[str]) -> None:
    told = said(SHIPPED, name, text)
    assert [in_language(one, "en") if isinstance(one, dict) else str(one) for one in told] == words
