"""Where a visit was made: how far from its branch, and what stands in for a position that could not be had.

PLACE-1  The distance is the one over the ground, in whole metres.
PLACE-2  A position is far from the branch beyond 150 m, and vague when its accuracy is worse than 100 m.
PLACE-3  Where a position was looked for and not had, two other proofs of different kinds stand in for it; a vague one
         wants one. A record that never looked for a position, as of an older release, wants none.

Degrees are decimal text in records, and never scored; a float is good enough to tell metres.
"""

from __future__ import annotations

from enum import StrEnum
from math import asin, cos, hypot, radians, sin, sqrt

from checklists.record.assessment import Assessment, Position
from checklists.record.assignment import Branch

EARTH_M = 6_371_000
FAR_M, VAGUE_M = 150, 100
PROOFS = ("photo_no_people", "ticket_photo", "receipt")  # evidence kinds
INSTEAD = 2


class Nearness(StrEnum):
    """What a position says of being at the branch."""

    NEAR = "near"
    FAR = "far"
    VAGUE = "vague"


def offset_m(branch: Branch | None, position: Position) -> tuple[float, float] | None:
    """Return how far east and north of the branch the position is; None: the branch has no place on the map."""
    if branch is None or branch.lat is None or branch.lon is None:
        return None
    lat, lon = float(position.latitude), float(position.longitude)
    east = radians((lon - branch.lon + 180) % 360 - 180) * cos(radians((lat + branch.lat) / 2)) * EARTH_M
    return east, radians(lat - branch.lat) * EARTH_M


def distance_m(branch: Branch | None, position: Position) -> int | None:
    """Return how far from the branch the position is (PLACE-1); None: the branch has no place on the map."""
    if branch is None or branch.lat is None or branch.lon is None:
        return None
    lat, lon = radians(float(position.latitude)), radians(float(position.longitude))
    to_lat, to_lon = radians(branch.lat), radians(branch.lon)
    chord = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return round(2 * EARTH_M * asin(min(1.0, sqrt(chord))))


def nearness(branch: Branch | None, position: Position) -> Nearness | None:
    """Return what `position` says of being at the branch (PLACE-2); None: there is nothing to compare it with."""
    if position.accuracy_m > VAGUE_M:
        return Nearness.VAGUE
    distance = distance_m(branch, position)
    if distance is None:
        return None
    return Nearness.FAR if distance > FAR_M else Nearness.NEAR


def proofs_given(record: Assessment) -> tuple[str, ...]:
    """Return the kinds of other proof that are there, in the order of `PROOFS`."""
    there = {file.evidence_kind for file in record.evidence}
    return tuple(kind for kind in PROOFS if kind in there)


def proofs_missing(record: Assessment) -> int:
    """Return how many other proofs of the visit are still wanted (PLACE-3)."""
    wanted = 0
    for measurement in record.measurements.values():
        if measurement.no_position:
            wanted = INSTEAD
        elif measurement.position is not None and measurement.position.accuracy_m > VAGUE_M:
            wanted = max(wanted, 1)
    return max(0, wanted - len(proofs_given(record))) if wanted else 0


def reach_m(offset: tuple[float, float], accuracy_m: int) -> float:
    """Return how far a picture must reach round the branch to show a position with its accuracy."""
    return hypot(*offset) + accuracy_m
