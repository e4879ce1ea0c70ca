"""Branches and visits as GeoJSON (RFC 7946), made while it is sent.

PLC-1  A branch stands where it was said to be. A visit stands where its arrival was stamped, rounded to DECIMALS of a
       degree, about a hundred metres (privacy E19), with the accuracy that the phone gave.
PLC-2  Of a visit it holds its number, entrant, branch, channel and day: nobody's name, no hour, no answer.
PLC-3  Without a place the geometry is null; a visit of which none was looked for is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from checklists import wire
from checklists.record.assessment import Assessment
from checklists.record.round_of_contact import began_at
from sync_server.database.engine import Database
from sync_server.database.queries.assessment_lists import Filter
from sync_server.database.queries.taken_along import Branch, branches_placed, records_page
from sync_server.season.rules import version_in_force

CONTENT_TYPE = "application/geo+json"
DECIMALS = 3


def places(database: Database, narrowed: Filter) -> Iterator[bytes]:
    """Yield the collection in blocks: branches, then the visits that the filter lets through."""
    with database.reading() as db:
        zone, branches = version_in_force(db).zone, branches_placed(db)
        block = records_page(db, narrowed, after="")
    yield b'{"type":"FeatureCollection","features":['
    features = [_branch(one) for one in branches]
    is_first = True
    while True:
        visits = (_visit(wire.decode(record.body, Assessment), zone) for record in block)
        features.extend(visit for visit in visits if visit is not None)
        if features:
            body = b",\n".join(msgspec.json.encode(one) for one in features)
            yield body if is_first else b",\n" + body
            is_first, features = False, []
        if not block:
            break
        with database.reading() as db:
            block = records_page(db, narrowed, after=block[-1].id)
    yield b"]}\n"


def _branch(one: Branch) -> dict[str, Any]:
    point = None if one.latitude is None or one.longitude is None else _point(one.longitude, one.latitude)
    told = {"kind": "branch", "branch": one.id, "entrant": one.entrant_id, "name": one.name, "address": one.address}
    return {"type": "Feature", "geometry": point, "properties": told}


def _visit(record: Assessment, zone: ZoneInfo) -> dict[str, Any] | None:
    stamped = [one for one in record.measurements.values() if one.position is not None or one.no_position]
    if not stamped:
        return None
    position = next((one.position for one in stamped if one.position is not None), None)
    told: dict[str, Any] = {
        "kind": "visit",
        "assessment": record.id,
        "entrant": record.entrant_id,
        "channel": record.channel.value,
        "on": began_at(record).astimezone(zone).date().isoformat(),
    }
    if position is None:
        return {"type": "Feature", "geometry": None, "properties": told | {"no_position": stamped[0].no_position}}
    point = _point(*(round(float(one), DECIMALS) for one in (position.longitude, position.latitude)))
    return {"type": "Feature", "geometry": point, "properties": told | {"accuracy_m": position.accuracy_m}}


def _point(longitude: float, latitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}
