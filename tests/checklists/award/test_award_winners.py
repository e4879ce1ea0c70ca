"""The worked cases of who wins an award, each through a whole season file. Ids are the cases'."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.seasons import (
    Json,
    a_round,
    a_season,
    an_entrant,
    an_entry,
    finals,
    golds,
    scored,
    the_award,
    the_entry,
    why_not,
    winners,
)

FOUR = ("91.2", "88.0", "84.5", "79.0")


def test_aw01_the_highest_of_four_has_the_industry_award() -> None:
    """R-AWD-1."""
    assert winners(finals(*FOUR), "industry") == ["entrant-1"]


def test_aw02_a_group_of_three_has_none_and_grand_is_still_open() -> None:
    """R-IND-1."""
    season = finals("95.0", "90.0", "85.0")
    assert winners(season, "industry") == []
    assert str(the_award(season, "industry").why) == ("Not awarded: units with a final in this group: 3; needed: 4.")
    assert winners(season, "grand") == ["entrant-1"]


def test_aw03_one_of_four_that_withdrew_is_not_counted() -> None:
    """R-AWD-2, R-ENT-3."""
    season = finals("95.0", "90.0", "85.0", "99.0")
    season["entrants"][3]["entries"][0]["withdrawn"] = True
    assert winners(season, "industry") == []
    assert why_not(season, "grand") == {"entrant-4": "no final: withdrawn"}
    told = the_entry(season, 3)
    assert (told.final, told.grade, told.badge, told.rounds[0].score) == (None, None, None, Fraction(99))


def test_aw04_units_are_counted_and_not_entries() -> None:
    """R-IND-1."""
    season = finals("95.0", "90.0", "85.0")
    season["entrants"][0]["entries"].append(an_entry(["70"], channel="online"))
    assert winners(season, "industry") == []
    season["entrants"].append(an_entrant(an_entry(["60"]), id="entrant-4"))
    assert winners(season, "industry") == ["entrant-1"]


BANK_A = {"organisation": "bank-a"}
TWO_OF_ONE = (("91.2", BANK_A), ("90.1", BANK_A), ("88.0", {}), ("84.5", {}))
FOURTH_WITHDREW = (("91.2", {}), ("90.1", {}), ("88.0", {}), (None, {}))
FOURTH_UNDECIDED = (("91.2", {}), ("90.1", {}), ("88.0", {}), ("", {}))


@pytest.mark.parametrize(
    ("units", "count", "is_awarded", "why"),
    [
        pytest.param(TWO_OF_ONE, None, True, "Highest final: 91.20.", id="AW21 by default"),
        pytest.param(TWO_OF_ONE, "finalised_units", True, "Highest final", id="AW21 units"),
        pytest.param(
            TWO_OF_ONE,
            "finalised_organisations",
            False,
            "organisations with a final in this group: 3",
            id="AW21 option",
        ),
        pytest.param(TWO_OF_ONE, "enrolled_units", True, "Highest final", id="units enrolled"),
        pytest.param(TWO_OF_ONE, "enrolled_organisations", False, "organisations enrolled", id="AW21 enrolled"),
        pytest.param(FOURTH_UNDECIDED, "finalised_units", False, "units with a final", id="one without a final"),
        pytest.param(FOURTH_UNDECIDED, "enrolled_units", True, "Highest final", id="one without a final, enrolled"),
        pytest.param(FOURTH_UNDECIDED, "enrolled_organisations", True, "Highest", id="and its organisation"),
        pytest.param(FOURTH_WITHDREW, "enrolled_units", False, "units enrolled in this group: 3", id="AW03 enrolled"),
    ],
)
def test_an_industry_award_counts(units: Any, count: str | None, is_awarded: bool, why: str) -> None:
    """R-IND-1."""
    entrants = [
        an_entrant(
            an_entry(a_round(*([final] if final else [])), withdrawn=final is None), id=f"unit-{place}", **changes
        )
        for place, (final, changes) in enumerate(units, 1)
    ]
    told = the_award(a_season(*entrants, rules={"award.industry.count": count} if count else None), "industry")
    assert ([entrant for entrant, _ in told.winners], why in str(told.why)) == (["unit-1"] if is_awarded else [], True)


def test_aw05_equal_in_everything_is_joint() -> None:
    """R-AWD-3."""
    season = finals("93.2550", "93.2550", "80", "80")
    assert winners(season, "industry") == ["entrant-1", "entrant-2"]
    assert winners(season, "grand") == ["entrant-1", "entrant-2"]


def tied(first: Json, second: Json, rules: Json | None = None) -> list[str]:
    return winners(a_season(an_entrant(first, id="first"), an_entrant(second, id="second"), rules=rules), "grand")


@pytest.mark.parametrize(
    ("first", "second", "rules", "winner"),
    [
        pytest.param(
            an_entry(["85"], ["95"], ["93"]), an_entry(["90"], ["90"], ["94"]), {}, "second", id="AW07 higher R3"
        ),
        pytest.param(
            an_entry(["90"], ["90"], ["94"]), an_entry(["93"], ["88"], ["94"]), {}, "first", id="R28 higher R2"
        ),
        pytest.param(
            an_entry(["90"], ["90"], ["89", "91"]),
            an_entry(["90"], ["90"], ["88", "92"]),
            {},
            "first",
            id="R28 the more even round 3",
        ),
        pytest.param(
            an_entry(["90"], ["90", {"unreached": True}], ["90"]),
            an_entry(["90"], ["90"], ["90"]),
            {"unreachable.score_mode": "exclude"},
            "second",
            id="R28 fewer unreached",
        ),
        pytest.param(
            an_entry(["90.00001"]),
            an_entry(["90"], ["90"], ["90.00004"]),
            {},
            "second",
            id="R28 equal at four decimals, round 3 decides",
        ),
        pytest.param(an_entry(["90.0001"]), an_entry(["90"]), {}, "first", id="R28 not equal at four decimals"),
    ],
)
def test_a_tie_is_broken(first: Json, second: Json, rules: Json, winner: str) -> None:
    """R-TIE-1."""
    assert tied(first, second, rules) == [winner]


def test_in_a_tie_a_round_without_a_score_loses_to_any_and_one_base_is_even() -> None:
    """R-TIE-2."""
    rules = {"rounds.missing": "renormalise"}
    assert tied(an_entry(["0"], ["0"], ["0"]), an_entry(["0"], ["0"], a_round()), rules) == ["first"]
    one, wide = an_entry(["90"], ["90"], ["90"]), an_entry(["90"], ["90"], ["89", "91"])
    assert tied(one, wide) == ["first"]


def test_without_breakers_a_tie_is_joint() -> None:
    """R-TIE-1."""
    entries = an_entry(["85"], ["95"], ["93"]), an_entry(["90"], ["90"], ["94"])
    assert tied(*entries, {"tie.breakers": []}) == ["first", "second"]


def test_aw08_and_aw09_grand_is_the_highest_of_all_and_may_be_held_with_others() -> None:
    season = finals(*FOUR)
    season["entrants"].append(an_entrant(an_entry(["91"], channel="online"), id="other", industry="commerce"))
    assert winners(season, "grand") == ["entrant-1"]
    assert [entrant for entrant, _ in the_award(season, "industry", "transport_logistics").winners] == ["entrant-1"]


def improved(now: str, before: str, **row: Any) -> Json:
    return an_entry([now], history=[golds(2020, final=before, grade="silver", **row)[0]])


def test_aw10_the_largest_rise_wins_most_improved() -> None:
    season = a_season(
        an_entrant(improved("82.0", "74.5"), id="first"), an_entrant(improved("91.0", "88.0"), id="second")
    )
    assert winners(season, "most_improved") == ["first"]


ANY = {"award.improved.last": "any"}
PHONE_THEN_ONLINE = golds(2019, final="70") + golds(2020, final="75", channel="online")


@pytest.mark.parametrize(
    ("entry", "rules", "why"),
    [
        pytest.param(improved("82", "73", channel="online"), {}, "first participation in this", id="AW12 changed mode"),
        pytest.param(improved("82", "73", industry="commerce"), {}, "first participation in this", id="R19 industry"),
        pytest.param(
            improved("82", "73", channel="online"), {"award.improved.same": ["channel"]}, "on this channel", id="mode"
        ),
        pytest.param(
            improved("82", "73", industry="commerce"),
            {"award.improved.same": ["industry"]},
            "this industry",
            id="group",
        ),
        pytest.param(improved("82", "73", channel="online"), ANY, "another channel", id="AW12 any"),
        pytest.param(improved("82", "73", industry="commerce"), ANY, "another industry", id="R19 any"),
        pytest.param(an_entry(["82"]), {}, "first participation:", id="AW13 first-time entrant"),
        pytest.param(improved("82", "82.2"), {}, "did not rise", id="AW15 lower"),
        pytest.param(improved("82", "82"), {}, "did not rise", id="AW15 equal"),
        pytest.param(improved("82", "0"), {"award.improved.metric": "percent"}, "no percentage", id="percent of 0"),
        pytest.param(
            an_entry(["82"], history=golds(2018, final="70")), {"award.improved.max_age": 2}, "too long", id="R16 age"
        ),
        pytest.param(
            an_entry(["82"], history=golds(2018, final="70") + golds(2020, final="70", channel="online")),
            {"award.improved.max_age": 2},
            "2018, is too long ago",
            id="R16 the age is that of the row compared with",
        ),
        pytest.param(an_entry(["85"], history=PHONE_THEN_ONLINE), ANY, "2020, was on another channel", id="AW22 any"),
    ],
)
def test_most_improved_is_not_for(entry: Json, rules: Json, why: str) -> None:
    """R-IMP-1, R-IMP-2, R-IMP-3."""
    season = a_season(an_entrant(entry), rules=rules)
    assert why in why_not(season, "most_improved")["entrant-1"]
    assert winners(season, "most_improved") == []


@pytest.mark.parametrize(
    ("history", "rules", "rise"),
    [
        pytest.param(PHONE_THEN_ONLINE, {}, 15, id="AW22 the phone row of 2019"),
        pytest.param(golds(2005, final="70"), {}, 15, id="a gap of years is none"),
        pytest.param(golds(2012, final="60") + golds(2016, final="80"), {}, 5, id="the latest of two"),
        pytest.param(golds(2016, final="80") + golds(2012, final="60"), {}, 5, id="in whatever order"),
        pytest.param(
            golds(2018, final="70") + golds(2020, final="84", industry="commerce"), {}, 15, id="a year in another group"
        ),
        pytest.param(
            golds(2018, final="70") + golds(2020, final="84", industry="commerce"),
            {"award.improved.same": ["channel"]},
            1,
            id="R19 where the industry need not be the same",
        ),
        pytest.param(
            golds(2018, final="70") + golds(2020, final="84", channel="online"),
            {"award.improved.same": [], **ANY},
            1,
            id="where nothing need be the same",
        ),
        pytest.param(golds(2019, final="70"), {"award.improved.max_age": 2}, 15, id="R16 just young enough"),
        pytest.param(golds(2020, final="70"), ANY, 15, id="any, and it was the same"),
    ],
)
def test_most_improved_compares_with_the_last_participation(history: list[Json], rules: Json, rise: int) -> None:
    """R-IMP-1, R-IMP-3."""
    season = a_season(an_entrant(an_entry(["85"], history=history)), rules=rules)
    assert [place.figure for place in the_award(season, "most_improved").ranked] == [rise]


def test_most_improved_may_be_in_percent_and_without_a_rise() -> None:
    """R-IMP-2."""
    season = a_season(an_entrant(improved("82", "74"), id="first"), an_entrant(improved("51", "44"), id="second"))
    assert winners(season, "most_improved") == ["first"]
    assert winners(season | {"rules": {"award.improved.metric": "percent"}}, "most_improved") == ["second"]
    falling = a_season(an_entrant(improved("80", "81")), rules={"award.improved.must_be_positive": False})
    assert winners(falling, "most_improved") == ["entrant-1"]


def voice(final: str, ivrs: str, count: int = 4, **changes: Any) -> Json:
    return an_entry(a_round(final, ivrs=[ivrs] * count), **changes)


def test_aw16_best_ivrs_needs_gold() -> None:
    """R-IVR-2."""
    season = a_season(an_entrant(voice("89.9", "96"), id="first"), an_entrant(voice("91", "93"), id="second"))
    assert winners(season, "best_ivrs") == ["second"]
    assert why_not(season, "best_ivrs") == {"first": "graded Silver; Gold is needed"}
    assert winners(season | {"rules": {"award.ivrs.needs": "silver"}}, "best_ivrs") == ["first"]


def test_aw17_and_aw18_best_ivrs_is_for_phone_in_and_may_go_to_nobody() -> None:
    """R-IVR-2."""
    season = a_season(an_entrant(an_entry(["95"], channel="online")))
    assert winners(season, "best_ivrs") == []
    assert why_not(season, "best_ivrs") == {"entrant-1": "IVRS is judged on phone-in entries only"}


@pytest.mark.parametrize(
    ("ivrs", "rules", "why"),
    [
        pytest.param([4, 4, 0], {}, "round 3 has no IVRS annex", id="R17 every round needs one"),
        pytest.param([9, 0, 9], {}, "round 2 has no IVRS annex", id="R17 however many the others have"),
        pytest.param([0, 1, 1], {}, "round 1 has no IVRS annex", id="R17 two of three"),
        pytest.param([3, 3, 3], {"award.ivrs.min_n": 10}, "9 IVRS annexes; at least 10 are needed", id="ten a season"),
        pytest.param([1, 1, 0], {"award.ivrs.min_n": 0}, "round 3 has no IVRS annex", id="the minimum lifted"),
        pytest.param([4, 4, 4], {"award.ivrs.source": "panel"}, "no panel figure is recorded", id="R17 panel"),
    ],
)
def test_best_ivrs_is_not_for(ivrs: list[int], rules: Json, why: str) -> None:
    """R-IVR-1, R-IVR-3."""
    entry = an_entry(*[a_round("95", ivrs=["90"] * count) for count in ivrs])
    assert why_not(a_season(an_entrant(entry), rules=rules), "best_ivrs") == {"entrant-1": why}


@pytest.mark.parametrize(
    ("source", "ranked", "why"),
    [
        pytest.param("annex_mean_weighted", ["90", "80", "70"], {}, id="the annexes, whatever a panel gave"),
        pytest.param("panel", ["95", "175/2"], {"none": "no panel figure is recorded"}, id="the panel alone"),
        pytest.param("half_panel", ["355/4", "165/2"], {"none": "no panel figure is recorded"}, id="half of each"),
    ],
)
def test_best_ivrs_by_a_panel(source: str, ranked: list[str], why: Json) -> None:
    """R-IVR-3."""
    entrants = [
        an_entrant(voice("95", annex, **given), id=name)
        for name, annex, given in (
            ("low", "70", {"ivrs_panel": "95"}),
            ("high", "90", {"ivrs_panel": "87.5"}),
            ("none", "80", {}),
        )
    ]
    season = a_season(*entrants, rules={"award.ivrs.source": source})
    assert [str(told.figure) for told in the_award(season, "best_ivrs").ranked] == ranked
    assert why_not(season, "best_ivrs").items() >= why.items()


@pytest.mark.parametrize("ivrs", [pytest.param([1, 1, 1], id="AW23"), pytest.param([4, 1, 1], id="more in one round")])
def test_three_annexes_are_enough_for_best_ivrs(ivrs: list[int]) -> None:
    """R-IVR-1."""
    entry = an_entry(*[a_round("95", ivrs=["90"] * count) for count in ivrs])
    told = the_award(a_season(an_entrant(entry)), "best_ivrs")
    assert (told.winners, told.ranked[0].figure) == ((("entrant-1", "phone_in"),), 90)


def test_best_ivrs_weighs_rounds_and_not_annexes() -> None:
    """R-IVR-1."""
    late = an_entry(a_round("95", ivrs=["50"] * 10), a_round("95", ivrs=["50"]), a_round("95", ivrs=["100"]))
    early = an_entry(a_round("95", ivrs=["100"] * 10), a_round("95", ivrs=["50"]), a_round("95", ivrs=["50"]))
    season = a_season(an_entrant(late, id="late"), an_entrant(early, id="early"))
    assert [str(told.figure) for told in the_award(season, "best_ivrs").ranked] == ["75", "60"]


def test_aw20_a_winner_below_pass_is_awarded_with_a_warning() -> None:
    """R-IND-2."""
    season = finals("68.0", "60", "50", "40")
    told = the_award(season, "industry")
    assert winners(season, "industry") == ["entrant-1"]
    assert len(told.warnings) == 1
    assert winners(season | {"rules": {"award.industry.min_score": 70}}, "industry") == []


def test_industry_awards_may_be_by_industry_and_channel() -> None:
    season = finals(*FOUR, "99", rules={"award.industry.group_by": "industry_channel"})
    season["entrants"][4]["entries"][0]["channel"] = "online"
    told = [(held.channel, held.winners) for held in scored(season).awards if held.award == "industry"]
    assert told == [("online", ()), ("phone_in", (("entrant-1", "phone_in"),))]


def test_awards_come_in_their_order() -> None:
    """R-AWD-1."""
    season = finals("80", "80")
    season["entrants"][0]["industry"] = "travel_hospitality"
    season["entrants"].append(an_entrant(id="x", industry="public_service_utilities") | {"entries": []})
    told = [(held.award.value, held.industry) for held in scored(season).awards]
    assert told == [
        ("industry", "public_utilities"),
        ("industry", "transport_logistics"),
        ("industry", "travel_hospitality"),
        ("grand", None),
        ("most_improved", None),
        ("best_ivrs", None),
    ]
