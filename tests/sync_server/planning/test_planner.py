"""PLN, RST, SPR, LIM: what a plan never breaks, on small seasons of any kind. Ids are those of the modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.record.assignment import ServiceHours
from checklists.record.service_hours import open_minutes
from sync_server.planning.planner import make_plan
from sync_server.planning.question import Kept, Line, Lost, Person, Place, Question
from sync_server.planning.result import Plan

FIRST = date(2021, 3, 1)
OFFICE = ServiceHours(days=(1, 2, 3, 4, 5), hours=(("09:00", "18:00"),), closed_on=(date(2021, 3, 10),))
HOURS = (None, OFFICE, ServiceHours(days=(6, 7), hours=(("10:00", "13:00"), ("15:00", "23:30"))))


def a_line(number: int = 0, **changes: Any) -> Line:
    plain: dict[str, Any] = {
        "entrant": f"e{number}", "organisation": f"o{number}", "channel": "phone_in", "variant": None, "visits": 4,
        "share_of": 20, "service": OFFICE, "scenarios": ("s1", "s2", "s3"),
    }  # fmt: skip
    return Line(**plain | changes)


def with_branches(number: int = 0, branches: int = 2, **changes: Any) -> Line:
    places = tuple(
        Place(id=f"e{number}-b{n}", district=("Eastern", "Sha Tin", "沙田區")[n % 3], service=OFFICE) for n in range(4)
    )
    return a_line(number, channel="face_to_face", places=places, branches=branches, **changes)


def a_person(number: int = 0, **changes: Any) -> Person:
    plain: dict[str, Any] = {"id": f"A-{number:02d}", "languages": ("yue",), "districts": ()}
    return Person(**plain | changes)


def a_question(lines: Sequence[Line], people: Sequence[Person], *, days: int = 28, **changes: Any) -> Question:
    plain: dict[str, Any] = {
        "round": 1, "first": FIRST, "last": FIRST + timedelta(days=days - 1), "begin": FIRST, "seed": "1",
        "holidays": (date(2021, 3, 17),), "lines": tuple(lines), "people": tuple(people), "kept": (),
    }  # fmt: skip
    return Question(**plain | changes)


def kept_of(plan: Plan, **changes: Any) -> Iterator[Kept]:
    """The visits of a plan, as they are kept once it is written."""
    for visit in plan.visits:
        fields = {name: getattr(visit, name) for name in Kept.__struct_fields__ if hasattr(visit, name)}
        of_day = {"id": visit.code, "first": visit.day, "last": visit.day, "minute": visit.begin, "round": plan.round}
        yield Kept(**fields | of_day | changes)


def hard_rules_broken(question: Question, plan: Plan) -> list[str]:
    """What of the hard rules a plan breaks, judged without the planner's own code."""
    lines = {line.key: line for line in question.lines}
    people = {person.id: person for person in question.people}
    turns: dict[tuple[str, ...], list[date]] = {}
    played: Counter[tuple[str, ...]] = Counter()
    for kept in question.kept:
        turns.setdefault((kept.assessor, kept.entrant), []).append(kept.first)
        turns.setdefault((kept.assessor, "branch", kept.branch or ""), []).append(kept.first)
        played[kept.assessor, kept.entrant, kept.channel, kept.scenario] += 1
    broken = []
    for visit in plan.visits:
        line, person = lines[visit.entrant, visit.channel, visit.variant], people[visit.assessor]
        place = next((place for place in line.places if place.id == visit.branch), None)
        spans = open_minutes(place.service if place else line.service, visit.day)
        turns.setdefault((visit.assessor, visit.entrant), []).append(visit.day)
        turns.setdefault((visit.assessor, "branch", visit.branch or ""), []).append(visit.day)
        played[visit.assessor, visit.entrant, visit.channel, visit.scenario] += 1
        checks = {
            "day": question.begin <= visit.day <= question.last,
            "service hours": any(begin <= visit.begin < visit.end <= end for begin, end in spans),
            "language": not person.languages or visit.language in person.languages,
            "conflict": not any(
                name in person.conflicts and (person.conflicts[name] or "9999") >= visit.day.isoformat()
                for name in (line.organisation, line.entrant)
            ),
            "scenario": visit.scenario in line.scenarios,
            "branch": (place is not None) == bool(line.branches),
        }
        broken += [f"{visit.code}: {name}" for name, holds in checks.items() if not holds]
    for key, days in turns.items():
        gap = 60 if key[1:2] == ("branch",) else 7
        if key[1:] != ("branch", "") and any((b - a).days < gap for a, b in pairwise(sorted(days))):
            broken.append(f"{key}: {gap} days")
    broken += [f"{key}: twice" for key, count in played.items() if count > 1]
    broken += [f"{key}: over" for key in lines if _count(plan, key) > lines[key].visits]
    return broken


def _count(plan: Plan, key: tuple[Any, ...]) -> int:
    return sum((visit.entrant, visit.channel, visit.variant) == key for visit in plan.visits)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    lines = []
    for number in range(draw(st.integers(1, 3))):
        shape = {
            "visits": draw(st.integers(0, 9)),
            "service": draw(st.sampled_from(HOURS)),
            "scenarios": tuple(f"s{n}" for n in range(draw(st.integers(1, 4)))),
        }
        lines.append(with_branches(number, **shape) if draw(st.booleans()) else a_line(number, **shape))
    if draw(st.booleans()):
        lines.append(a_line(0, channel="online", subchannels=("chat", "email"), visits=draw(st.integers(0, 5))))
    people = [
        a_person(
            number,
            languages=draw(st.sampled_from([(), ("yue",), ("en", "yue"), ("cmn",)])),
            districts=draw(st.sampled_from([(), ("Eastern",)])),
            conflicts=draw(st.sampled_from([{}, {"o0": None}, {"e1": "2021-03-15"}])),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    begin = FIRST + timedelta(days=draw(st.integers(0, 20)))
    return a_question(lines, people, begin=begin, seed=draw(st.sampled_from(["1", "2"])))


@given(questions())
@settings(max_examples=20, deadline=None)
def test_no_hard_rule_is_broken_and_every_visit_is_planned_or_refused(question: Question) -> None:
    """PLN-1, PLN-2, ROS-1, ROS-2, ROS-3, SPR-3, STF-1, DMD-1."""
    plan = make_plan(question)
    assert hard_rules_broken(question, plan) == []
    assert len(plan.visits) + sum(one.count for one in plan.unmet) == plan.wanted
    assert all(one.why["zh-Hant"] and one.way_out["en"] for one in plan.unmet)
    assert len({visit.code for visit in plan.visits}) == len(plan.visits)


@given(questions())
@settings(max_examples=6, deadline=None)
def test_one_question_has_one_plan_and_a_repeat_adds_nothing(question: Question) -> None:
    """PLN-3, PLN-4, PLQ-1, STF-3, DMD-1."""
    plan = make_plan(question)
    again = msgspec.json.decode(msgspec.json.encode(question), type=Question)
    assert make_plan(again) == plan
    assert again.digest == question.digest == plan.question
    kept = tuple(kept_of(plan))
    after = msgspec.structs.replace(question, kept=kept, codes=tuple(one.id for one in kept))
    assert make_plan(after).visits == ()
    half = msgspec.structs.replace(question, kept=kept[::2], codes=tuple(one.id for one in kept[::2]))
    rest = make_plan(half)
    assert hard_rules_broken(half, rest) == []
    assert not {visit.code for visit in rest.visits} & set(half.codes)


def by_search(days: Sequence[date], people: Sequence[Person], line: Line) -> int:
    """The most visits there can be, by trying everything: each assessor's days apart, each scenario once."""

    def of(person: Person, free: Sequence[date], left: int) -> int:
        if not free or not left:
            return 0
        later = [day for day in free[1:] if (day - free[0]).days >= 7]
        here = 0 if person.is_barred(line, free[0]) else 1 + of(person, later, left - 1)
        return max(here, of(person, free[1:], left))

    speaking = [person for person in people if any(person.speaks(name) for name in ("yue", "en", "cmn"))]
    return min(line.visits, sum(of(person, days, len(line.scenarios)) for person in speaking))


@given(
    st.integers(1, 3),
    st.integers(1, 16),
    st.integers(1, 9),
    st.integers(1, 3),
    st.sampled_from(HOURS),
    st.sampled_from([{}, {"o0": "2021-03-05"}]),
)
@settings(max_examples=20, deadline=None)
def test_what_is_refused_is_impossible_by_exhaustive_search(  # noqa: PLR0917 - what hypothesis draws
    people: int, days: int, visits: int, scenarios: int, service: ServiceHours | None, conflicts: dict[str, str]
) -> None:
    """LIM-1, LIM-2, LIM-3, PLN-2."""
    line = a_line(visits=visits, service=service, scenarios=("s1", "s2", "s3")[:scenarios])
    somebody = [a_person(n, conflicts=conflicts if n == 0 else {}) for n in range(people)]
    question = a_question([line], somebody, days=days, holidays=())
    open_days = [day for day in question.days if open_minutes(service, day)]
    assert len(make_plan(question).visits) == by_search(open_days, somebody, line)


def branches_by_search(line: Line, people: int, days: Sequence[date], wanted: dict[str, int]) -> int:
    """The most visits to branches, each by each assessor once within sixty days, by trying everything."""
    best = 0

    def go(person: int, free: Sequence[date], left: dict[str, int], seen: frozenset[str], made: int) -> None:
        nonlocal best
        best = max(best, made)
        if person == people:
            return
        go(person + 1, days, left, frozenset(), made)
        for at, day in enumerate(free):
            for place, count in left.items():
                if count and place not in seen:
                    later = [one for one in free[at:] if (one - day).days >= 7]
                    go(person, later, {**left, place: count - 1}, seen | {place}, made + 1)

    go(0, days, wanted, frozenset(), 0)
    return best


@pytest.mark.parametrize(
    ("people", "days", "visits"),
    [
        pytest.param(1, 10, 4, id="one assessor, two weeks"),
        pytest.param(2, 10, 4, id="two assessors"),
        pytest.param(1, 16, 4, id="two branches alone"),
    ],
)
def test_what_is_refused_of_branches_is_impossible_as_well(people: int, days: int, visits: int) -> None:
    line = with_branches(visits=visits)
    question = a_question([line], [a_person(n) for n in range(people)], days=days, holidays=())
    plan = make_plan(question)
    open_days = [day for day in question.days if open_minutes(OFFICE, day)][::3]
    wanted = dict.fromkeys(plan.drawn[0].branches, visits // 2)
    assert len(plan.visits) >= branches_by_search(line, people, open_days, wanted)
    assert len(plan.visits) == min(visits, people * min(2, 1 + (days - 3) // 7))


CLOSED = ServiceHours(days=(), hours=())


@pytest.mark.parametrize(
    ("line", "people", "rule", "way_out"),
    [
        pytest.param(a_line(service=CLOSED), [a_person()], "closed", "service hours", id="open on no day"),
        pytest.param(a_line(), [], "people", "Bring in more assessors: 2 more.", id="nobody"),
        pytest.param(
            a_line(), [a_person(conflicts={"o0": None})], "conflict", "without a conflict", id="everybody in conflict"
        ),
        pytest.param(a_line(), [a_person(languages=("fr",))], "language", "speak yue", id="no language"),
        pytest.param(
            a_line(scenarios=("s1",)), [a_person()], "scenario", "Approve more scenarios for this channel: 3 more.",
            id="one scenario",
        ),
        pytest.param(
            a_line(visits=9, scenarios=tuple("abcdefghi")), [a_person()], "entrant-days", "assessors: 2 more.",
            id="seven days apart",
        ),
        pytest.param(with_branches(visits=4), [a_person()], "branch-days", "have not been there: 1", id="sixty days"),
        pytest.param(
            a_line(channel="face_to_face", branches=2), [a_person()], "no-branch", "branches.csv", id="no branch listed"
        ),
        pytest.param(
            a_line(blocked=({"en": "not told", "zh-Hant": "未告知"}, {"en": "Tell staff.", "zh-Hant": "告知。"})),
            [a_person()], "not-ready", "Tell staff.", id="staff were not told",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_met_names_its_rule_and_the_cheapest_way_out(
    line: Line, people: list[Person], rule: str, way_out: str
) -> None:
    """REF-1, REF-2."""
    plan = make_plan(a_question([line], people, days=28))
    (unmet,) = plan.unmet
    assert unmet.rule == rule
    assert way_out in unmet.way_out["en"]
    assert unmet.count == line.visits - len(plan.visits) > 0


def test_shares_are_kept_and_what_is_missed_is_told() -> None:
    """SPR-1, SPR-2, SPR-4, SFT-1, SFT-2, SFT-3, STF-2."""
    people = [a_person(n, languages=("yue", "en", "cmn"), districts=("Eastern",)) for n in range(12)]
    line = a_line(visits=40, share_of=40, scenarios=tuple("abcdefgh"))
    plan = make_plan(a_question([line], people, days=61))
    assert plan.missed == ()
    assert Counter(visit.language for visit in plan.visits) == {"yue": 28, "en": 8, "cmn": 4}
    assert all(index >= 95 for index in plan.cover[0].index.values())
    late = a_question([line], people[:6], days=61, begin=FIRST + timedelta(days=40))
    missed = {(one.line, one.rule) for one in make_plan(late).missed}
    assert ("e0/phone_in", "month") in missed
    few = make_plan(a_question([a_line(visits=6, share_of=6)], people[:2], days=28))
    assert {one.rule for one in few.missed} >= {"share"}
    assert {visit.reason != "" for visit in few.visits} == {True, False}
    away = make_plan(a_question([with_branches()], people[:4], days=28))
    assert any(one.rule == "district" for one in away.missed)
    crowd = a_question([a_line(n, visits=2) for n in range(12)], people[:1], days=9)
    assert any(one.rule == "load" for one in make_plan(crowd).missed)


def test_sft_4_visits_without_a_certificate_are_told_where_the_round_has_certificates() -> None:
    plain = a_question([a_line(visits=4)], [a_person(n) for n in range(4)])
    assert "certificate" not in {one.rule for one in make_plan(plain).missed}
    assert b"certified" not in msgspec.json.encode(plain), "a question of an earlier release has its digest still"
    held = msgspec.structs.replace(plain, certified={"phone_in": ("A-00", "A-01"), "online": ("A-02",)})
    plan = make_plan(held)
    told = {one.line: one.what["en"] for one in plan.missed if one.rule == "certificate"}
    made = Counter(visit.assessor for visit in plan.visits if visit.assessor not in ("A-00", "A-01"))
    assert told == {
        name: f"{count} visits by Phone-in without a certificate for this round" for name, count in made.items()
    }
    assert told


def test_the_shares_of_a_line_are_kept_across_its_branches() -> None:
    """SPR-2: six visits to three branches are one round, not three rounds of two."""
    people = [a_person(n, languages=("yue", "en", "cmn")) for n in range(8)]
    plan = make_plan(a_question([with_branches(branches=3, visits=6, share_of=6)], people, days=61))
    assert {one.rule for one in plan.missed} <= {"daypart"}
    assert max(Counter(visit.day for visit in plan.visits).values()) == 1
    assert sorted(Counter(visit.day.month for visit in plan.visits).values()) == [3, 3]
    by_branch = {visit.branch: set[str]() for visit in plan.visits}
    for visit in plan.visits:
        by_branch[visit.branch].add(visit.daypart)
    assert sum(len(parts) for parts in by_branch.values()) >= 5


def test_branches_are_drawn_in_strata_and_stay_drawn() -> None:
    """DRW-1, DRW-2, DRW-3, DMD-2."""
    people = [a_person(n) for n in range(6)]
    question = a_question([with_branches(branches=3, visits=6)], people)
    plan = make_plan(question)
    (drawn,) = plan.drawn
    assert len(drawn.branches) == 3
    assert set(drawn.branches) & {"e0-b0", "e0-b3"}, "one at least of the island"
    assert Counter(visit.branch for visit in plan.visits) == dict.fromkeys(drawn.branches, 2)
    seeds = {make_plan(msgspec.structs.replace(question, seed=str(n))).drawn[0].branches for n in range(9)}
    assert len(seeds) > 1, "another seed draws others"
    kept = tuple(one for one in kept_of(plan) if one.branch == drawn.branches[0])
    after = msgspec.structs.replace(question, kept=kept, codes=tuple(one.id for one in kept), seed="other")
    assert drawn.branches[0] in make_plan(after).drawn[0].branches


def test_a_lost_visit_has_its_code_again_and_a_void_one_is_replaced() -> None:
    """PLN-3."""
    question = a_question([a_line(visits=3)], [a_person(n) for n in range(3)])
    plan = make_plan(question)
    kept = list(kept_of(plan))
    lost = Lost(id=kept[0].id, entrant="e0", channel="phone_in", variant=None)
    codes = tuple(one.id for one in kept)
    without = msgspec.structs.replace(question, kept=tuple(kept[1:]), lost=(lost,), codes=codes)
    assert [visit.code for visit in make_plan(without).visits] == [lost.id]
    void = msgspec.structs.replace(kept[0], counts=False)
    (new,) = make_plan(msgspec.structs.replace(question, kept=(void, *kept[1:]), codes=codes)).visits
    assert new.code not in codes
    assert (new.assessor, new.scenario) != (void.assessor, void.scenario), "the void one did take place"


def test_sft_5_what_was_lost_and_is_not_planned_again_is_told_by_its_code() -> None:
    question = a_question([a_line(visits=3)], [a_person(n) for n in range(3)])
    kept = tuple(kept_of(make_plan(question)))
    beyond = Lost(id="one-more", entrant="e0", channel="phone_in", variant=None)
    plan = make_plan(msgspec.structs.replace(question, kept=kept, lost=(beyond,)))
    assert plan.visits == ()
    assert ["one-more" in one.what["en"] for one in plan.missed if one.rule == "lost"] == [True]
