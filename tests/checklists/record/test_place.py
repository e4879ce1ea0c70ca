"""PLACE: how far from the branch, and what stands in for a position. Ids are those in checklists/record/place.py."""

from __future__ import annotations

import pytest

from checklists.record.assessment import Measurement, Position
from checklists.record.assignment import Branch
from checklists.record.place import Nearness, distance_m, nearness, offset_m, proofs_missing, reach_m
from tests.builders import NOON, an_assessment, both, evidence


def branch(lat: float | None = 22.2870, lon: float | None = 114.1610) -> Branch:
    return Branch(id="pier", name=both("Pier"), address=both("Central"), lat=lat, lon=lon)


def position(lat: float, lon: float, accuracy_m: int = 12) -> Position:
    return Position(latitude=f"{lat:.6f}", longitude=f"{lon:.6f}", accuracy_m=accuracy_m)


HERE = position(22.2870, 114.1610)


@pytest.mark.parametrize(
    ("where", "metres"),
    [
        pytest.param(HERE, 0, id="PLACE-1 at the door"),
        pytest.param(position(22.2880, 114.1610), 111, id="PLACE-1 a thousandth of a degree north"),
        pytest.param(position(22.2870, 114.1620), 103, id="PLACE-1 the same east, which is less"),
        pytest.param(position(-22.2870, -65.8390), 20_015_087, id="PLACE-1 the other end of the earth"),
    ],
)
def test_the_distance_is_over_the_ground(where: Position, metres: int) -> None:
    assert distance_m(branch(), where) == metres


@pytest.mark.parametrize(
    ("where", "says"),
    [
        pytest.param(position(22.2870, 114.1624), Nearness.NEAR, id="PLACE-2 144 m"),
        pytest.param(position(22.2870, 114.1625), Nearness.FAR, id="PLACE-2 154 m"),
        pytest.param(position(22.2870, 114.1610, 100), Nearness.NEAR, id="PLACE-2 known to 100 m"),
        pytest.param(position(22.2870, 114.1610, 101), Nearness.VAGUE, id="PLACE-2 known to 101 m"),
    ],
)
def test_a_position_is_near_far_or_vague(where: Position, says: Nearness) -> None:
    assert nearness(branch(), where) is says


def test_without_a_branch_on_the_map_nothing_is_said() -> None:
    assert (nearness(None, HERE), distance_m(branch(None), HERE), offset_m(branch(lon=None), HERE)) == (None,) * 3


def test_the_picture_reaches_round_the_accuracy_and_across_the_date_line() -> None:
    offset = offset_m(branch(0.0, 179.999), position(0.0, -179.999, 30))
    assert offset is not None
    assert round(offset[0]) == 222
    assert round(reach_m(offset, 30)) == 252


@pytest.mark.parametrize(
    ("stamp", "kinds", "missing"),
    [
        pytest.param(Measurement(at=NOON), (), 0, id="PLACE-3 never looked for"),
        pytest.param(Measurement(at=NOON, position=HERE), (), 0, id="PLACE-3 there"),
        pytest.param(Measurement(at=NOON, no_position="refused"), (), 2, id="PLACE-3 refused"),
        pytest.param(Measurement(at=NOON, no_position="off"), ("receipt",), 1, id="PLACE-3 one of two"),
        pytest.param(Measurement(at=NOON, no_position="off"), ("receipt", "receipt"), 1, id="PLACE-3 twice the same"),
        pytest.param(Measurement(at=NOON, no_position="unknown"), ("receipt", "ticket_photo"), 0, id="PLACE-3 two"),
        pytest.param(Measurement(at=NOON, position=position(0, 0, 500)), (), 1, id="PLACE-3 vague wants one"),
    ],
)
def test_other_proofs_stand_in_for_a_position(stamp: Measurement, kinds: tuple[str, ...], missing: int) -> None:
    files = tuple(evidence(f"Q{place}", kind) for place, kind in enumerate(kinds))
    assert proofs_missing(an_assessment(measurements={"t_arrive": stamp}, evidence=files)) == missing
