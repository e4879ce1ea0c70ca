"""Size groups and quotas by channel and onsite variant, by their case ids."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.forms.form import Channel
from checklists.plan.quota import Completion, Made, Plan, Quota, Size, completion, plan_of, shortfalls
from checklists.rules.programme import load_programme
from checklists.rules.ruleset import Ruleset
from tests.seasons import a_round, a_season, an_entrant, an_entry, the_entry

RULES = load_programme("mystery_caller_2021").rules
PHONE, ONLINE, ONSITE, FACE = Channel.PHONE_IN, Channel.ONLINE, Channel.ONSITE, Channel.FACE_TO_FACE
NO_SEATS = "the number of seats is missing: size and quota follow the branches"
NO_BRANCHES = "the number of branches is missing: size and quota follow the seats"


def planned(
    channel: Channel, seats: int | None, branches: int | None, variant: str | None = None, rules: Ruleset = RULES
) -> Plan:
    return plan_of(channel, Size(seats=seats, branches=branches), rules, variant=variant)


@pytest.mark.parametrize(
    ("seats", "group", "contacts"),
    [
        pytest.param(1, "A", 20, id="SZ001"),
        pytest.param(10, "A", 20, id="SZ010"),
        pytest.param(11, "B", 40, id="SZ011"),
        pytest.param(50, "B", 40, id="SZ050"),
        pytest.param(51, "C", 80, id="SZ051"),
        pytest.param(100, "C", 80, id="R23 exactly 100"),
        pytest.param(101, "D", 120, id="R23 101"),
    ],
)
@pytest.mark.parametrize("channel", [PHONE, ONLINE, ONSITE])
def test_contacts_follow_seats(channel: Channel, seats: int, group: str, contacts: int) -> None:
    """R-QTA-1."""
    assert planned(channel, seats, 40, "recording") == Plan(group=group, quota=Quota(contacts=contacts))


@pytest.mark.parametrize(
    ("branches", "group", "asked"),
    [
        pytest.param(1, "A", Quota(visits=6, branches=1), id="BR001 band 1-5, one there is"),
        pytest.param(2, "A", Quota(visits=6, branches=2), id="BR002 two distinct, still 6 visits"),
        pytest.param(3, "A", Quota(visits=6, branches=3), id="BR001 3 branches, 6 visits"),
        pytest.param(5, "A", Quota(visits=6, branches=3), id="QT12"),
        pytest.param(6, "B", Quota(visits=10, branches=5), id="BR006"),
        pytest.param(9, "B", Quota(visits=10, branches=5), id="QT13 9"),
        pytest.param(20, "B", Quota(visits=10, branches=5), id="R24 exactly 20"),
        pytest.param(21, "C", Quota(visits=12, branches=6), id="BR021"),
        pytest.param(25, "C", Quota(visits=12, branches=6), id="QT13 25"),
        pytest.param(30, "C", Quota(visits=12, branches=6), id="BR030"),
        pytest.param(31, "D", Quota(visits=14, branches=7), id="R24 31 and more"),
        pytest.param(40, "D", Quota(visits=14, branches=7), id="QT13 40"),
    ],
)
@pytest.mark.parametrize("channel", [FACE, ONSITE])
def test_visits_follow_branches(channel: Channel, branches: int, group: str, asked: Quota) -> None:
    """R-QTA-1, R-QTA-3."""
    assert planned(channel, 60, branches, "branch") == Plan(group=group, quota=asked)


@pytest.mark.parametrize(
    ("channel", "variant", "seats", "branches", "plan"),
    [
        pytest.param(ONSITE, "recording", 60, None, Plan(group="C", quota=Quota(contacts=80)), id="QT11"),
        pytest.param(ONSITE, None, 60, None, Plan(group="C", quota=Quota(contacts=80)), id="R4 unsaid: recording"),
        pytest.param(ONSITE, None, 60, 5, Plan(group="C", quota=Quota(contacts=80)), id="unsaid, with both figures"),
        pytest.param(ONSITE, None, None, 5, Plan(group="A", quota=Quota(visits=6, branches=3)), id="only branches"),
        pytest.param(FACE, None, 60, 5, Plan(group="A", quota=Quota(visits=6, branches=3)), id="QT12"),
        pytest.param(PHONE, None, 60, 40, Plan(group="C", quota=Quota(contacts=80)), id="QT14"),
        pytest.param(ONSITE, "both", 60, 5, Plan(group="C", quota=Quota(contacts=80, visits=6, branches=3)), id="QT15"),
        pytest.param(
            ONSITE, "both", 5, 40, Plan(group="A", quota=Quota(contacts=20, visits=14, branches=7)), id="both, reversed"
        ),
        pytest.param(PHONE, None, None, None, Plan(group=None, quota=None), id="neither"),
        pytest.param(FACE, None, 0, 0, Plan(group=None, quota=None), id="neither, said as 0"),
    ],
)
def test_an_entry_is_as_large_as_what_gives_its_quota(
    channel: Channel, variant: str | None, seats: int | None, branches: int | None, plan: Plan
) -> None:
    """R-QTA-1, R-QTA-2, R-QTA-4."""
    assert planned(channel, seats, branches, variant) == plan


@pytest.mark.parametrize(
    ("plan", "group", "asked", "warning"),
    [
        pytest.param(planned(PHONE, None, 25), "C", Quota(contacts=80), NO_SEATS, id="phone-in with branches only"),
        pytest.param(planned(PHONE, 0, 31), "D", Quota(contacts=120), NO_SEATS, id="no seats is without seats"),
        pytest.param(planned(FACE, 60, None), "C", Quota(visits=12, branches=6), NO_BRANCHES, id="visits by seats"),
        pytest.param(
            planned(ONSITE, 11, 0, "branch"), "B", Quota(visits=10, branches=5), NO_BRANCHES, id="branch by seats"
        ),
        pytest.param(
            planned(ONSITE, None, 5, "recording"), "A", Quota(contacts=20), NO_SEATS, id="recording by branches"
        ),
        pytest.param(
            planned(ONSITE, None, 9, "both"),
            "B",
            Quota(contacts=40, visits=10, branches=5),
            NO_SEATS,
            id="both, no seats",
        ),
        pytest.param(
            planned(ONSITE, 60, None, "both"),
            "C",
            Quota(contacts=80, visits=12, branches=6),
            NO_BRANCHES,
            id="both, none",
        ),
    ],
)
def test_a_missing_figure_gives_way_to_the_other_with_a_warning(
    plan: Plan, group: str, asked: Quota, warning: str
) -> None:
    """R-QTA-2."""
    assert (plan.group, plan.quota, str(plan.warning)) == (group, asked, warning)


@pytest.mark.parametrize(
    ("seats", "branches", "contacts", "visits"),
    [pytest.param(60, 25, 240, 36, id="QTC"), pytest.param(200, 40, 360, 42, id="QTD")],
)
def test_six_months_are_three_rounds(seats: int, branches: int, contacts: int, visits: int) -> None:
    plans = [planned(channel, seats, branches) for channel in (PHONE, FACE)]
    assert [3 * plan.quota.per_round for plan in plans if plan.quota] == [contacts, visits]


@pytest.mark.parametrize(
    ("rules", "channel", "variant", "asked"),
    [
        pytest.param({"quota.basis.face_to_face": "seats"}, FACE, None, Quota(contacts=80), id="a leaf"),
        pytest.param({"quota.face_to_face": "contacts"}, FACE, None, Quota(contacts=80), id="its name of old"),
        pytest.param({"quota.face_to_face": "visits"}, FACE, None, Quota(visits=6, branches=3), id="of old, visits"),
        pytest.param({"quota.basis.onsite": {"recording": "branches", "branch": "branches"}}, ONSITE, "both",
                     Quota(visits=6, branches=3), id="one basis for both is one row"),
        pytest.param({"quota.visits_per_branch": 3}, FACE, None, Quota(visits=9, branches=3), id="visits a branch"),
        pytest.param({"onsite.variants": ["branch"]}, ONSITE, None, Quota(visits=6, branches=3), id="recording barred"),
        pytest.param({"size.bands.C": 55}, PHONE, None, Quota(contacts=120), id="another band"),
    ],
)  # fmt: skip
def test_the_rules_say_what_an_entry_is_measured_by(
    rules: dict[str, Any], channel: Channel, variant: str | None, asked: Quota
) -> None:
    """R-QTA-1, R-EAR-2, R-RUL-5."""
    assert planned(channel, 60, 5, variant, RULES.with_overrides(rules)).quota == asked


@pytest.mark.parametrize(
    ("made", "asked", "takes"),
    [
        pytest.param(Made(contacts=20), Quota(contacts=20), Completion.COMPLETE, id="met"),
        pytest.param(Made(contacts=18), Quota(contacts=20), Completion.NEEDS_REASON, id="ninety percent"),
        pytest.param(Made(contacts=17), Quota(contacts=20), Completion.NEEDS_SECOND_PERSON, id="below"),
        pytest.param(Made(contacts=99, visits=5), Quota(contacts=80, visits=6), Completion.NEEDS_SECOND_PERSON,
                     id="the poorer row of two"),
    ],
)  # fmt: skip
def test_closing_below_ninety_percent_takes_two(made: Made, asked: Quota, takes: Completion) -> None:
    assert completion(made, asked, RULES) is takes


@pytest.mark.parametrize(
    ("made", "asked", "warnings"),
    [
        pytest.param(Made(contacts=17), Quota(contacts=20), ["round 1: 17 of 20 assessments"], id="contacts"),
        pytest.param(Made(contacts=20), Quota(contacts=20), [], id="met"),
        pytest.param(Made(contacts=20), None, [], id="no quota"),
        pytest.param(
            Made(contacts=79, visits=5),
            Quota(contacts=80, visits=6),
            ["round 1: 79 of 80 recordings", "round 1: 5 of 6 visits"],
            id="both",
        ),
    ],
)
def test_a_shortfall_is_a_warning(made: Made, asked: Quota | None, warnings: list[str]) -> None:
    assert [str(warning) for warning in shortfalls(1, made, asked)] == warnings


def the_warning(*assessments: Any, **changes: Any) -> list[str]:
    entry = an_entry(a_round(*assessments), channel="onsite", **changes)
    told = the_entry(a_season(an_entrant(entry, seats=5, branches=4)))
    assert told.facts.size_group == "A"
    return [str(warning) for warning in told.warnings if str(warning).startswith("round 1")]


@pytest.mark.parametrize(
    ("assessments", "entry", "warnings"),
    [
        pytest.param([{"base": 80, "recordings": 2}] * 9, {}, ["round 1: 18 of 20 assessments"], id="two a session"),
        pytest.param([{"base": 80, "recordings": 2}] * 10, {}, [], id="ten sessions of two are twenty"),
        pytest.param([80] * 19, {}, ["round 1: 19 of 20 assessments"], id="one where nothing is said"),
        pytest.param([80] * 6, {"onsite_variant": "branch"}, [], id="visits"),
        pytest.param(
            [{"base": 80, "recordings": 2}] * 5, {"onsite_variant": "both"},
            ["round 1: 10 of 20 recordings", "round 1: 5 of 6 visits"], id="a visit with two recordings",
        ),
        pytest.param(
            [{"base": 80, "recordings": 2, "variant": "recording"}] * 10 + [{"base": 80, "variant": "branch"}] * 6,
            {"onsite_variant": "both"}, [], id="sessions and visits apart",
        ),
        pytest.param([{"base": 80, "recordings": 20, "void": "recognised"}], {}, ["round 1: 0 of 20 assessments"],
                     id="a void one is nothing"),
    ],
)  # fmt: skip
def test_a_recording_is_a_contact(assessments: list[Any], entry: dict[str, Any], warnings: list[str]) -> None:
    """R-QTA-3."""
    assert the_warning(*assessments, **entry) == warnings
