"""PLC, MZP: branches and visits as GeoJSON, photos and sound as a ZIP archive, both made while they are sent."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from sqlalchemy import update

from checklists.record.assessment import Measurement, Position
from sync_server.database import tables
from sync_server.database.queries.assessment_lists import Filter
from sync_server.exchange.places import places
from sync_server.people.permissions import Role
from tests.builders import NOON
from tests.sync_server.closed_season import a_round_that_ended, add_accepted
from tests.sync_server.desk import keep_file, push, signed_in
from tests.sync_server.finished_season import a_database
from tests.sync_server.season_kit import ASSESSOR, a_call, a_photo


def an_arrival(number: int, **more: Any) -> Any:
    arrived = {"arrived": Measurement(at=NOON, **more)}
    return a_call(
        id=f"{number}" * 8 + "-0000-7000-8000-000000000000", assignment_id=f"visit-{number}", measurements=arrived
    )


def test_plc_1_a_place_is_rounded_and_plc_2_names_nobody_and_no_hour(tmp_path: Path) -> None:
    """PLC-3"""
    database = a_database(tmp_path)
    with database.transaction() as db:
        a_round_that_ended(db, calls=1)
        db.execute(update(tables.branches).values(lat=22.28745, lon=114.15812))
        at = Position(latitude="22.2874512", longitude="114.1581234", accuracy_m=12)
        add_accepted(db, an_arrival(1, position=at))
        add_accepted(db, an_arrival(2, no_position="refused"))
    body = b"".join(places(database, Filter()))
    none = json.loads(b"".join(places(database, Filter(channel="online"))))
    database.close()
    told = json.loads(body)
    assert [
        (one["properties"]["kind"], one["geometry"] and one["geometry"]["coordinates"]) for one in told["features"]
    ] == [
        ("branch", [114.15812, 22.28745]),
        ("visit", [114.158, 22.287]),
        ("visit", None),
    ]
    first, second = (one["properties"] for one in told["features"][1:])
    assert (first["accuracy_m"], second["no_position"], first["on"]) == (12, "refused", "2021-03-01")
    assert ASSESSOR.encode() not in body
    assert [one["properties"]["kind"] for one in none["features"]] == ["branch"]


def test_mzp_1_files_lie_under_their_assessment_and_mzp_3_what_is_missing_is_listed(desk: Any) -> None:
    """MZP-2, MZP-4"""
    photo = a_photo(b"screenshot")
    call = a_call()
    push(desk, call)
    with signed_in(desk, Role.COORDINATOR) as client:
        empty = zipfile.ZipFile(io.BytesIO(client.get("/assessments/media.zip").content))
        assert empty.namelist() == ["files.csv"]
        keep_file(desk, b"screenshot", "image/png")
        answer = client.get("/assessments/media.zip?round=1")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    (name, _) = archive.namelist()
    assert (name.partition("/")[0], name.rpartition(".")[2]) == (call.id, "png")
    assert archive.read(name) == b"screenshot"
    rows = list(csv.DictReader(io.StringIO(archive.read("files.csv").decode("utf-8-sig"))))
    assert [(row["assessment"], row["file"], row["missing"]) for row in rows if row["file"]] == [(call.id, name, "")]
    desk.services.media.remove(photo.sha256)
    with signed_in(desk, Role.COORDINATOR) as client:
        gone = zipfile.ZipFile(io.BytesIO(client.get("/assessments/media.zip").content))
    assert gone.namelist() == ["files.csv"]
    assert b"gone" in gone.read("files.csv")


def test_only_coordinators_take_files_along(desk: Any) -> None:
    with signed_in(desk, Role.REVIEWER) as client:
        paths = ("/assessments/media.zip", "/assessments/places.geojson", "/assessments/downloads")
        assert [client.get(path).status_code for path in paths] == [403, 403, 403]
