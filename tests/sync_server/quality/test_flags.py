"""FLG: each flag at the very line it crosses, with its figure. Ids are those in sync_server/quality/flags.py."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from sync_server.quality.flags import flags_of
from sync_server.quality.likeness import likeness
from sync_server.quality.visits import Peers, Visit

HOUR, DAY = 3600, 86_400
PIER, PEAK = (22.2870, 114.1600), (22.2759, 114.1455)  # some 1.9 km apart


def a_visit(**changes: Any) -> Visit:
    fields: dict[str, Any] = {
        "id": "this", "assessor": "a1", "entrant": "ferry", "channel": "phone_in", "round": 1, "form": "phone_in@1",
        "began_s": 0.0, "ended_s": 600.0, "fill_s": 900.0, "recall_s": 300.0, "talk_s": 240.0, "answered": 40,
        "scales": 9, "alike": 5, "na": 2,
    }  # fmt: skip
    return Visit(**(fields | changes))


def others(count: int, **changes: Any) -> list[Visit]:
    """Visits of other people to other entries, of the same form."""
    return [a_visit(**({"id": f"o{n}", "assessor": f"p{n}", "entrant": f"e{n}"} | changes)) for n in range(count)]


def flagged(visit: Visit, *peers: Visit) -> dict[str, int]:
    return {flag.kind: flag.weight for flag in flags_of(visit, Peers([visit, *peers]))}


@pytest.mark.parametrize(
    ("changes", "kind", "weight"),
    [
        pytest.param({"fill_s": 359.0}, "speeding", 1, id="FLG-1 under 0.4 of the median of 900 s"),
        pytest.param({"fill_s": 360.0}, "", 0, id="FLG-1 at the line"),
        pytest.param({"fill_s": 499.0, "answered": 200}, "speeding", 1, id="FLG-1 under 2.5 s an answer"),
        pytest.param({"talk_s": 44.0}, "short", 1, id="FLG-2 a talk of 44 s"),
        pytest.param({"talk_s": 45.0}, "", 0, id="FLG-2 a talk of 45 s"),
        pytest.param({"channel": "onsite", "ended_s": 179.0, "faqs": 3}, "short", 1, id="FLG-2 a visit of 179 s"),
        pytest.param({"channel": "onsite", "ended_s": 179.0, "faqs": 2}, "", 0, id="FLG-2 with two FAQs only"),
        pytest.param({"recall_s": 2.0 * HOUR}, "", 0, id="FLG-3 at 2 h"),
        pytest.param({"recall_s": 2.0 * HOUR + 1}, "recall", 1, id="FLG-3 after 2 h"),
        pytest.param({"recall_s": 24.0 * HOUR + 1}, "recall", 2, id="FLG-3 after 24 h it should go back"),
        pytest.param({"scales": 20, "alike": 19}, "straight", 1, id="FLG-4 95 % alike"),
        pytest.param({"scales": 20, "alike": 18}, "", 0, id="FLG-4 90 % alike"),
        pytest.param({"scales": 7, "alike": 7}, "", 0, id="FLG-4 seven scales"),
        pytest.param({"na": 13}, "na", 1, id="FLG-5 above 30 %"),
        pytest.param({"na": 3}, "na", 1, id="FLG-5 above the mean of peers who never do"),
        pytest.param({"copied": 0.8, "copied_from": "x"}, "copied", 2, id="FLG-6 at 0.8"),
        pytest.param({"copied": 0.79, "copied_from": "x"}, "", 0, id="FLG-6 under it"),
        pytest.param({"far_m": 151, "accuracy_m": 20}, "place", 2, id="FLG-7 151 m away"),
        pytest.param({"far_m": 150, "accuracy_m": 20}, "", 0, id="FLG-7 150 m away"),
        pytest.param({"far_m": 900, "accuracy_m": 101}, "", 0, id="FLG-7 vague, with other proofs"),
        pytest.param({"accuracy_m": 101, "proofs_missing": 1}, "place", 2, id="FLG-7 vague and no proof"),
        pytest.param({"clock_s": -121}, "clock", 1, id="FLG-9 off by 121 s"),
        pytest.param({"clock_s": 120}, "", 0, id="FLG-9 off by 120 s"),
        pytest.param({"is_disordered": True}, "clock", 1, id="FLG-9 stamps out of order"),
        pytest.param({"edited": 9}, "edits", 1, id="FLG-11 9 of 40"),
        pytest.param({"edited": 8}, "", 0, id="FLG-11 8 of 40"),
    ],
)
def test_a_flag_is_up_past_its_line_and_not_at_it(changes: dict[str, Any], kind: str, weight: int) -> None:
    never_na = {"na": 0} if changes.get("na") == 3 else {"na": 12}
    peers = others(8, **({"na": 2} | never_na if "na" in changes else {}))
    found = flagged(a_visit(**({"na": 0} | changes)), *peers)
    assert found == ({kind: weight} if kind else {})


@pytest.mark.parametrize(
    ("mine", "other", "is_flagged"),
    [
        pytest.param({}, {"began_s": 500.0, "ended_s": 900.0}, True, id="FLG-8 they overlap"),
        pytest.param({}, {"began_s": 600.0, "ended_s": 900.0}, False, id="one begins as the other ends"),
        pytest.param({"position": PIER}, {"began_s": 660.0, "ended_s": 900.0, "position": PEAK}, True,
                     id="FLG-8 1.9 km in a minute"),
        pytest.param({"position": PIER}, {"began_s": 800.0, "ended_s": 900.0, "position": PEAK}, False,
                     id="1.9 km in 200 s is 35 km/h"),
        pytest.param({"channel": "online"}, {"began_s": 500.0, "ended_s": 900.0}, False, id="over an e-mail"),
    ],
)  # fmt: skip
def test_two_visits_of_one_person_must_be_possible(
    mine: dict[str, Any], other: dict[str, Any], is_flagged: bool
) -> None:
    found = flagged(a_visit(**mine), a_visit(id="other", entrant="bus", **other))
    assert found == ({"travel": 2} if is_flagged else {})


@pytest.mark.parametrize(
    ("peers", "is_flagged"),
    [
        pytest.param(
            [a_visit(id="o", began_s=6.9 * DAY, ended_s=6.9 * DAY)], True, id="FLG-10 the same entry within 7 days"
        ),
        pytest.param([a_visit(id="o", began_s=7.1 * DAY, ended_s=7.1 * DAY)], False, id="after 7 days"),
        pytest.param(
            [
                a_visit(id="o", began_s=9.0 * DAY, ended_s=9.0 * DAY),
                *(a_visit(id=f"x{n}", assessor=f"b{n}", began_s=None, ended_s=None) for n in range(4)),
            ],
            True,
            id="FLG-10 two of six of a round",
        ),
    ],
)
def test_an_assessor_is_not_paired_too_often(peers: list[Visit], is_flagged: bool) -> None:
    assert flagged(a_visit(), *peers) == ({"pairing": 1} if is_flagged else {})


def test_the_same_branch_is_not_visited_again_within_sixty_days() -> None:
    """FLG-10"""
    other = a_visit(id="o", branch="pier", began_s=59.0 * DAY, ended_s=59.0 * DAY)
    assert flagged(a_visit(branch="pier"), other) == {"pairing": 1}
    assert flagged(a_visit(branch="peak"), other) == {}


def test_a_score_far_off_is_flagged_with_the_median_beside_it() -> None:
    """FLG-12: the worked row of the page, 52 among 83 to 88."""
    rest = [
        a_visit(id=str(base), assessor=f"x{base}", base=float(base), began_s=None) for base in (84, 86, 85, 88, 83, 87)
    ]
    rest.append(a_visit(id="85b", assessor="y", base=85.0, began_s=None))
    low = a_visit(base=52.0, began_s=None)
    (flag,) = flags_of(low, Peers([*rest, low]))
    assert (flag.kind, flag.figure.in_language("en")) == ("far-off", "52.0, the median of its entry is 85.0")


def test_figures_say_both_numbers_in_both_languages() -> None:
    (flag,) = flags_of(a_visit(recall_s=9660.0), Peers([]))
    assert flag.figure.in_language("en") == "last answer 2 h 41 min after the contact; line 2 h 0 min"
    assert flag.figure.in_language("zh-Hant") != flag.figure.in_language("en")


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        pytest.param(
            "they said it would be kept for me", "they said it would be kept for me", 1.0, id="FLG-6 the same"
        ),
        pytest.param("a b c d e f", "a b c d e x", 1 / 3, id="one run of three"),
        pytest.param("他說會替我保留", "他說會替我保管", 0.5, id="Chinese by its characters"),
        pytest.param("too short", "too short", 0.0, id="under five words says nothing"),
    ],
)
def test_likeness_is_of_runs_of_five_words(one: str, other: str, share: float) -> None:
    assert likeness(one, other) == pytest.approx(share)


def test_a_visit_survives_being_kept() -> None:
    visit = a_visit(position=PIER, critical_failed=("PD3",))
    assert msgspec.json.decode(msgspec.json.encode(visit), type=Visit) == visit
