"""Every parameter of the list is obeyed: another value changes a result, or the one who reads it is named here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

import pytest
from msgspec.structs import replace

from checklists.forms.file import shipped_forms
from checklists.plan.quota import Made, Quota, completion
from checklists.record.attempts import judge, next_try
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.kinds import Choice, Flag
from checklists.rules.parameters import PARAMETERS
from checklists.rules.ruleset import Ruleset
from checklists.season.file import read_season
from checklists.season.model import Season, SeasonAssessment
from checklists.season.result import result_json
from checklists.season.score import score_season
from tests.builders import an_attempt, at
from tests.random_seasons import random_season

# What no result of a season file depends on, and where it is read.
READ_ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "rounds.months": ("sync_server.season", "round_dates.py"),
    "report.release_at": ("sync_server.season", "release.py"),
    "results.release_at": ("sync_server.season", "release.py"),
    "quota.close_min": ("checklists.plan", "quota.py"),
    "fees.waiver": ("checklists.plan", "fees.py"),
    "fees.waiver_charged": ("checklists.plan", "fees.py"),
    "attempts.require_stamp": ("checklists.rules", "attempt_rules.py"),
    "attempts.queue_timeout_s": ("checklists.rules", "attempt_rules.py"),
    "attempts.suggest_per_day": ("checklists.rules", "attempt_rules.py"),
    **{name: ("checklists.score", "ease.py") for name in PARAMETERS if name.startswith("ease.test.")},
}
# Names with one value so far: nothing else can be set.
FIXED = frozenset({"rounds.assign_by", "award.ivrs.channel", "tie.then"})

# Other values, and what has to be set beside them so that they matter.
OTHERS: Mapping[str, tuple[Any, Mapping[str, Any]]] = {
    "tz": ("Europe/London", {"attempts.needed": 2, "attempts.days": 1}),
    "rounds.weights": (["1/3", "1/3", "1/3"], {}),
    "size.bands": ([1, 2, 3], {}),
    "size.branch_bands": ([1, 2, 3], {}),
    "quota.contacts": ([1, 2, 3, 4], {}),
    "quota.visits": ([1, 2, 3, 4], {}),
    "quota.branches": ([7, 8, 9, 10], {"quota.visits_per_branch": 2}),
    "quota.visits_per_branch": (1, {}),
    "attempts.needed": (2, {}),
    "attempts.days": (9, {}),
    "attempts.min_gap_min": (600, {}),
    "attempts.modes": ([], {}),
    "unreachable.penalty": ("0.5", {}),
    "unreachable.max_penalty": ("0.5", {}),
    "ease.points.phone_in": (3, {}),
    "ease.points.online": (3, {}),
    "ease.points.face_to_face": (3, {}),
    "ease.points.onsite": (3, {}),
    "consistency.tiers": ([[50, 1]], {}),
    "consistency.within": ("0.1", {"consistency.method": "share_within"}),
    "consistency.share_tiers": ([["0.1", 1]], {"consistency.method": "share_within"}),
    "consistency.min_n": (1, {}),
    "consistency.min_mean": (99, {}),
    "consistency.max": (1, {}),
    "faq.deadline": (None, {}),
    "faq.penalty": (9, {}),
    "faq.round": (3, {}),
    "cap.assessment": (70, {}),
    "cap.round": (70, {}),
    "cap.final": (70, {}),
    "cap.floor": (75, {}),
    "critical.effect": ("flag_only", {}),
    "critical.cap": (5, {"critical.effect": "assessment_cap"}),
    "grade.dp": (0, {}),
    "grade.bands.gold": (99, {}),
    "grade.bands.silver": (89, {}),
    "grade.bands.bronze": (30, {"rounds.missing": "zero", "grade.pass": 10}),
    "grade.pass": (89, {}),
    "award.industry.min_entrants": (99, {}),
    "award.industry.min_score": (99, {}),
    "award.improved.same": ([], {"award.improved.last": "any"}),
    "award.improved.must_be_positive": (False, {"unreachable.score_mode": "zero", "cap.floor": 0}),
    "award.improved.max_age": (1, {}),
    "award.ivrs.needs": ("bronze", {}),
    "award.ivrs.min_n": (99, {}),
    "badge.min_run": (9, {}),
    "badge.star_min": (1, {}),
    "badge.crown_every": (2, {}),
    "badge.same": ([], {}),
    "badge.carry_over": (True, {}),
    "tie.dp": (0, {}),
    "tie.breakers": ([], {"tie.dp": 0}),
    "onsite.variants": (["branch"], {}),
}


SKIPPED = 2018  # no edition was held
# What has to be set beside one of a few words.
BESIDE: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "attempts.window": ({"attempts.needed": 3},),
    "attempts.late_connect": ({"attempts.needed": 1},),
    "award.industry.count": tuple({"award.industry.min_entrants": number} for number in (12, 15, 18, 21, 24, 27)),
}


@cache
def season() -> Season:
    """Entrants of many seasons by chance in one, where a critical item failed once in each round of an entry."""
    entrants = []
    for seed in range(12):
        for entrant in random_season(seed)["entrants"]:
            for entry in entrant["entries"]:
                entry["history"] = [past for past in entry["history"] if past["year"] != SKIPPED]
                if entry["channel"] == "onsite":
                    entry["onsite_variant"] = (None, "branch", "both")[seed % 3]
            entrants += [entrant | {"id": f"{seed}-{entrant['id']}", "seats": 60, "branches": 9}]
    told = {"season_format": 1, "programme": "mystery_caller_2021", "entrants": entrants}
    read = read_season(json.dumps(told).encode(), shipped_forms())
    first = read.entrants[0]
    failed = SeasonAssessment(id="failed", base=Fraction(50), base_unzeroed=Fraction(80), critical_failed=True)
    rounds = tuple(replace(one, assessments=(*one.assessments, failed)) for one in first.entries[0].rounds)
    changed = replace(first, entries=(replace(first.entries[0], rounds=rounds), *first.entries[1:]))
    return replace(read, entrants=(changed, *read.entrants[1:]))


def result(rules: Mapping[str, Any]) -> str:
    """What the season comes to under `rules`, without naming them."""
    scored = json.loads(result_json(score_season(season().with_overrides(rules))))
    return json.dumps([scored["entries"], scored["awards"]])


@cache
def shipped_result() -> str:
    return result({})


def others(name: str) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Rules that differ in one value alone, in pairs."""
    kind = PARAMETERS[name]
    now = season().programme.rules.plain_value(name)
    if name in OTHERS:
        value, beside = OTHERS[name]
        yield beside, {**beside, name: value}
    elif isinstance(kind, Flag):
        yield {}, {name: not now}
    elif isinstance(kind, Choice):
        for beside in BESIDE.get(name, ({},)):
            yield from ((beside, {**beside, name: word}) for word in kind.options if word != now)


SCORED = [name for name in PARAMETERS if name not in READ_ELSEWHERE and name not in FIXED]


@pytest.mark.parametrize("name", SCORED)
def test_another_value_changes_a_result(name: str) -> None:
    pairs = list(others(name))
    assert pairs, "give it another value above"
    assert any((result(before) if before else shipped_result()) != result(after) for before, after in pairs)


@pytest.mark.parametrize("name", READ_ELSEWHERE)
def test_whoever_reads_it_is_there(name: str) -> None:
    package, file = READ_ELSEWHERE[name]
    source = resources.files(package).joinpath(file).read_text("utf-8")
    assert name in source or '"ease.test."' in source or 'f"ease.test.' in source


def advice_after_three(rules: Ruleset) -> object:
    tries = [an_attempt(30 * number) for number in range(3)]
    following = next_try(judge(tries, AttemptRules.of(rules)), at(120))
    return following is not None and following.advice


def closing_ten_of_twelve(rules: Ruleset) -> object:
    return completion(Made(contacts=10), Quota(contacts=12), rules)


# What of those read elsewhere a rule beside the season file decides: another value, and what it decides.
DECIDED: Mapping[str, tuple[Any, Callable[[Ruleset], object]]] = {
    "attempts.require_stamp": (
        False,
        lambda rules: judge([an_attempt(stamped=False)], AttemptRules.of(rules)).counted,
    ),
    "attempts.suggest_per_day": (9, advice_after_three),
    "attempts.queue_timeout_s": (60, lambda rules: AttemptRules.of(rules).queue_timeout_s),
    "quota.close_min": ("0.5", closing_ten_of_twelve),
}


@pytest.mark.parametrize("name", DECIDED)
def test_another_value_decides_otherwise(name: str) -> None:
    value, decide = DECIDED[name]
    rules = season().programme.rules
    assert decide(rules) != decide(rules.with_overrides({name: value}))


@pytest.mark.parametrize("name", sorted(FIXED))
def test_what_has_one_value_takes_no_other(name: str) -> None:
    kind = PARAMETERS[name]
    assert isinstance(kind, Choice)
    assert len(kind.options) == 1
