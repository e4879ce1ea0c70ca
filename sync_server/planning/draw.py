"""Which branches of an entry are visited in a round: a draw in strata that anybody can repeat from its seed.

DRW-1  Strata are Hong Kong Island, Kowloon and the New Territories, each by the number of its branches.
DRW-2  A branch is drawn once a round. What was drawn already stays; only what is missing is drawn.
DRW-3  Within a stratum, branches are in the order of the SHA-256 of "seed:round:entrant:channel:branch".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from checklists.plan.shares import still_wanted
from sync_server.planning.districts import region_of
from sync_server.planning.question import Line, Place, rank


def drawn(line: Line, already: Collection[str], open_places: Collection[str], seed: str, number: int) -> list[Place]:
    """Return the places of `line` for round `number`: those `already` drawn, and as many more as are asked for.

    Only `open_places` can be drawn anew.
    """
    there = [place for place in line.places if place.id in already]
    free = [place for place in line.places if place.id not in already and place.id in open_places]
    missing = min(max(0, line.branches - len(there)), len(free))
    sizes = Counter(region_of(place.district) for place in sorted(line.places, key=lambda one: one.id))
    have = Counter(region_of(place.district) for place in there)
    picked: list[Place] = []
    in_order = sorted(free, key=lambda place: rank(seed, number, line.entrant, line.channel, place.id))
    for region, count in still_wanted({name: sizes[name] for name in sorted(sizes)}, have, missing).items():
        picked += [place for place in in_order if region_of(place.district) == region][:count]
    # A stratum may have fewer left than its share; the others give what it lacks.
    picked += [place for place in in_order if place not in picked][: missing - len(picked)]
    return sorted([*there, *picked], key=lambda place: place.id)
