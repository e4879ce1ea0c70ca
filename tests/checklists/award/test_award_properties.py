"""Properties of the award, whatever the season; and the proof that no float is on any path."""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checklists
from checklists.award.result import AwardResult
from checklists.award.rounds import RoundScore, score_again, score_round
from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel, Kind, Question
from checklists.record.assessment import Contact
from checklists.record.sheet import sheet
from checklists.rules.programme import load_programme
from checklists.rules.score_rules import ScoreRules
from checklists.score.assessment_score import Facts, score_assessment
from checklists.score.scoring import Scorer
from checklists.season.file import read_season
from checklists.season.result import result_json
from checklists.season.score import ALL_NOT_APPLICABLE, SeasonScore, score_season
from tests.random_seasons import random_season
from tests.seasons import Json, a_season, an_entrant, an_entry, finals, scored, winners

FORMS = shipped_forms()
PHONE = sheet(FORMS["phone_in@1"])
SEEDS = st.integers(min_value=10_000, max_value=10**9)
# Decimals of a person, and thirds, which no decimal holds.
BASES = st.integers(0, 300).map(lambda thirds: str(Fraction(thirds, 3)))


def result(season: Json) -> Json:
    return dict(json.loads(result_json(score_season(read_season(json.dumps(season).encode(), FORMS)))))


def shares(question: Question, value: object) -> Fraction:
    """How good an answer is, 0..1."""
    if question.kind is Kind.YES_NO:
        return Fraction(bool(value))
    if question.kind is Kind.SCALE:
        return Fraction(str(value)) / 4
    if question.kind is Kind.BANDS:
        return next(band.share for band in question.bands if band.limit is None or Fraction(str(value)) <= band.limit)
    return next(option.share for option in question.options if option.code == value)


def best(question: Question) -> Any:
    return max(values(question), key=lambda value: shares(question, value))


def values(question: Question) -> list[Any]:
    known: dict[Kind, list[Any]] = {
        Kind.YES_NO: [False, True],
        Kind.SCALE: [0, 1, 2, 3, 4],
        Kind.BANDS: [0, 3, 15, 45, 100, 1000, "12.5"],
        Kind.TEXT: ["Asked about the opening hours; answered at once."],
    }
    return known.get(question.kind) or [option.code for option in question.options]


@st.composite
def answer_sheets(draw: st.DrawFn) -> dict[str, Any]:
    return {
        key: draw(st.sampled_from([*values(item.question), *(["na"] if item.question.not_applicable else [])]))
        for key, item in PHONE.items.items()
    }


@settings(max_examples=60, deadline=None)
@given(answers=answer_sheets(), data=st.data(), effect=st.sampled_from(["section_zero", "flag_only"]))
def test_a_better_answer_never_lowers_the_base(answers: dict[str, Any], data: st.DataObject, effect: Any) -> None:
    scorer = Scorer(PHONE, critical_effect=effect)
    key = data.draw(st.sampled_from([key for key, item in PHONE.items.items() if item.question.points]))
    question = PHONE.items[key].question
    worse, better = sorted(
        (data.draw(st.sampled_from(values(question))) for _ in range(2)), key=lambda value: shares(question, value)
    )
    before, after = (scorer.base(answers | {key: value}) for value in (worse, better))
    assert before is not None
    assert after is not None
    assert before <= after


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_order_of_entrants_and_assessments_never_matters(seed: int) -> None:
    """R-AWD-3."""
    season = random_season(seed)
    shuffled = json.loads(json.dumps(season))
    chance = random.Random(seed)
    chance.shuffle(shuffled["entrants"])
    for entrant in shuffled["entrants"]:
        chance.shuffle(entrant["entries"])
        for entry in entrant["entries"]:
            for held in entry["rounds"]:
                chance.shuffle(held["assessments"])
    first, second = result(season), result(shuffled)
    assert first["awards"] == second["awards"]
    assert _by_entry(first) == _by_entry(second)


def _by_entry(told: Json) -> dict[tuple[str, str], Any]:
    return {
        (entry["entrant"], entry["channel"]): (
            [held["score"] for held in entry["rounds"]],
            entry["final"],
            entry["grade"],
            entry["mark"],
        )
        for entry in told["entries"]
    }


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_caps_and_floor_bound_every_score_and_scoring_twice_is_identical(seed: int) -> None:
    season = random_season(seed) | {"rules": {}}
    told = result(season)
    assert told == result(season)
    for entry in told["entries"]:
        held = [entry["final"], *(held["score"] for held in entry["rounds"])]
        held += [assessment["score"] for turn in entry["rounds"] for assessment in turn["assessments"]]
        assert all(0 <= Fraction(score["exact"]) <= 100 for score in held if score)


@settings(max_examples=40, deadline=None)
@given(
    seed=SEEDS,
    other=st.fixed_dictionaries(
        {},
        optional={
            "unreachable.score_mode": st.sampled_from(["impute_minus_penalty", "zero", "exclude", "round_deduct"]),
            "unreachable.all": st.sampled_from(["block", "zero"]),
            "consistency.method": st.sampled_from(["sd", "share_within", "off"]),
            "consistency.min_n": st.integers(1, 5),
            "cap.round": st.sampled_from([None, "90"]),
        },
    ),
)
def test_a_round_under_rules_of_rounds_follows_from_its_figures(seed: int, other: Json) -> None:
    """R-RND-4."""
    season = random_season(seed)
    before, after = (
        score_season(read_season(json.dumps(season | {"rules": season["rules"] | more}).encode(), FORMS))
        for more in ({}, other)
    )
    rules = [ScoreRules.of(score.rules) for score in (before, after)]
    for one, two in zip(before.entries, after.entries, strict=True):
        for old, new in zip(map(bare, one.rounds), map(bare, two.rounds), strict=True):
            again = score_again(old, *rules)
            must_look = rules[1].consistency.method == "share_within" or old.reached_mean is None
            assert again == new or (again is None and must_look)


def bare(round_: RoundScore) -> RoundScore:
    """Return a round as it is kept."""
    return msgspec.structs.replace(round_, assessments=())


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_a_withdrawn_entry_never_changes_an_award(seed: int) -> None:
    """R-AWD-2."""
    season = random_season(seed)
    entry = an_entry(["99"], ["98"], ["97"], withdrawn=True)
    joined = json.loads(json.dumps(season))
    joined["entrants"].append(an_entrant(entry, id="withdrawn", industry=season["entrants"][0]["industry"]))
    assert _won(scored(season)) == _won(scored(joined))


def _won(told: SeasonScore) -> list[tuple[str, str | None, tuple[tuple[str, str], ...]]]:
    def name(decision: AwardResult) -> tuple[str, str | None, tuple[tuple[str, str], ...]]:
        return decision.award.value, decision.industry, decision.winners

    return [name(decision) for decision in told.awards]


@settings(max_examples=25, deadline=None)
@given(base=BASES, order=st.permutations(["a", "b", "c", "d"]))
def test_permuted_ties_stay_joint(base: str, order: list[str]) -> None:
    """R-AWD-3."""
    season = a_season(*[an_entrant(an_entry([base]), id=name) for name in order])
    assert winners(season, "grand") == winners(season, "industry") == ["a", "b", "c", "d"]


@settings(max_examples=40, deadline=None)
@given(base=BASES, better=BASES, ease=st.booleans(), penalty=st.booleans())
def test_a_better_base_never_lowers_the_assessment(base: str, better: str, ease: bool, penalty: bool) -> None:
    low, high = sorted((base, better), key=Fraction)
    given = [{"base": low, "ease": ease, "penalty": penalty}, {"base": high, "ease": ease, "penalty": penalty}]
    first, second = scored(a_season(an_entrant(an_entry(given)))).entries[0].rounds[0].assessments
    assert first.score is not None
    assert second.score is not None
    assert first.score <= second.score


@settings(max_examples=40, deadline=None)
@given(answers=answer_sheets())
def test_a_question_that_is_not_applicable_is_as_if_it_were_not_asked(answers: dict[str, Any]) -> None:
    asked = {key for key, value in answers.items() if value != "na"}
    left = [
        section
        for part in PHONE.parts
        for section in part.sections
        if any(item.key in asked and item.question.points for item in section.items)
    ]
    scorer = Scorer(PHONE)
    total = Fraction(0)
    for section in left:
        held = [item for item in section.items if item.key in asked and item.question.points]
        earned = sum(item.question.points * shares(item.question, answers[item.key]) for item in held)
        possible = sum(item.question.points for item in held)
        fatal = any(item.question.critical and not shares(item.question, answers[item.key]) for item in held)
        total += section.weight * (0 if fatal else Fraction(100 * earned, possible))
    weights = sum(section.weight for section in left)
    assert scorer.base(answers) == (total / weights if weights else None)


def test_the_critical_cap_holds_after_ease() -> None:
    """R-ASC-1."""
    answers = {key: values(item.question)[-1] for key, item in PHONE.items.items()}
    answers |= {key: 0 for key, item in PHONE.items.items() if item.question.kind is Kind.BANDS}
    answers |= {key: best(item.question) for key, item in PHONE.items.items() if item.question.options}
    critical = next(key for key, item in PHONE.items.items() if item.question.critical)
    answers[critical] = False
    told = {
        effect: scored(
            a_season(
                an_entrant(an_entry([{"form": "phone_in@1", "answers": answers, "ease": True}])),
                rules={"critical.effect": effect},
            )
        )
        .entries[0]
        .rounds[0]
        .assessments[0]
        for effect in ("section_zero", "flag_only", "assessment_cap")
    }
    assert told["assessment_cap"].score == Fraction("69.9")
    assert told["assessment_cap"].capped_for_critical
    assert told["flag_only"].base == told["assessment_cap"].base
    assert (told["section_zero"].base or 0) < (told["flag_only"].base or 0)


def test_as12_every_question_not_applicable_has_no_score_and_counts_for_nothing() -> None:
    """R-ASC-4."""
    rules = ScoreRules.of(load_programme("mystery_caller_2021").rules)
    facts = [
        Facts(id="1", state=Contact.CONNECTED, why=ALL_NOT_APPLICABLE),
        Facts(id="2", state=Contact.CONNECTED, base=Fraction(80)),
    ]
    told = score_round(1, [score_assessment(fact, Channel.PHONE_IN, rules) for fact in facts], rules)
    assert (told.assessments[0].score, told.score, told.reached) == (None, Fraction(80), 1)
    assert str(told.assessments[0].why_no_score) == "every question is N/A: there is nothing to score"


# No float.

ROOT = Path(checklists.__file__).parent
# What these modules divide is never two integers: fractions, or paths.
SCORE_PATHS = sorted([*ROOT.glob("*.py"), *(ROOT / "season").glob("*.py")])


def floats(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"line {node.lineno}: {node.value}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "round"):
            if node.func.id == "float" or len(node.args) > 1:
                yield f"line {node.lineno}: {node.func.id}()"
        elif isinstance(node, ast.ImportFrom) and node.module == "math":
            yield from (f"line {node.lineno}: math.{name.name}" for name in node.names if name.name in ("sqrt", "fsum"))


@pytest.mark.parametrize("module", SCORE_PATHS, ids=lambda path: path.name)
def test_no_module_of_the_rules_names_a_float(module: Path) -> None:
    assert list(floats(ast.parse(module.read_text()))) == []


def _held(value: object) -> Iterator[object]:
    yield value
    if hasattr(value, "__struct_fields__"):
        for name in value.__struct_fields__:
            yield from _held(getattr(value, name))
    elif isinstance(value, dict):
        for part in value.values():
            yield from _held(part)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _held(part)


def test_no_float_is_in_any_result() -> None:
    for seed in range(40):
        told = scored(random_season(seed))
        assert not any(isinstance(part, float) for part in _held([told.entries, told.awards, dict(told.rules.values)]))


def test_numbers_of_a_file_are_read_as_written() -> None:
    season = json.dumps(finals("80")).replace('"80"', "80.1")
    told = score_season(read_season(season.encode(), FORMS))
    assert str(told.entries[0].final) == "801/10"
