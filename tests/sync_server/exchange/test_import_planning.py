"""What planning needs to know of entries, branches and assessors: imported, and in the feed to the phone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from checklists.record.assignment import Assignment, Conflict, ServiceHours
from checklists.wire import decode
from sync_server.database.engine import Database
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.database.queries.season import rows_of
from sync_server.exchange.csv.plan import Checked
from tests.sync_server.season_files import changed, example_season, with_row

Files = Mapping[str, bytes]
Import = Callable[[Files], Checked]

AT_THE_PIER = {"channel": "onsite", "variant": "branch", "branch": "central-pier", "scenario": "ride"}


def an_onsite_season() -> dict[str, bytes]:
    """The example season with an onsite entry beside it, and a visit of it: r1-pier-01."""
    files = with_row(example_season(), "entries.csv", channel="onsite")
    files = with_row(files, "contact_points.csv", contact_point="pier", channel="onsite")
    files = with_row(files, "scenarios.csv", scenario="ride", channel="onsite", faqs="")
    return with_row(files, "assignments.csv", assignment="r1-pier-01", form="onsite@1", **AT_THE_PIER)


def bodies(database: Database, assessor: str = "A-07") -> dict[str, Assignment]:
    """The newest body of each assignment that the assessor's phones were given."""
    with database.reading() as db:
        changes = changes_for_assessor(db, assessor, 0)
    return {change.subject_id: decode(change.body, Assignment) for change in changes if change.kind == "assignment"}


def problems(checked: Checked) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in checked.problems]


def test_a_phone_is_given_what_planning_knows_of_a_visit(bring_in: Import, database: Database) -> None:
    files = changed(an_onsite_season(), "entries.csv", row=1, onsite_variant="both", direction="outbound")
    files = changed(files, "branches.csv", service_days="1-5", service_hours="10:00-17:00")
    files = changed(files, "conflicts.csv", organisation="harbour", until="2020-12-31")
    files = changed(files, "assignments.csv", row=1, exception="Nobody else is free.")
    assert problems(bring_in(files)) == []
    visit = bodies(database)["r1-pier-01"]
    assert (visit.onsite_variant, visit.direction, visit.exception) == ("both", "outbound", "Nobody else is free.")
    assert (visit.assessor_languages, visit.assessor_districts) == (("yue", "en"), ("Central and Western",))
    assert visit.conflicts == (
        Conflict(organisation="harbour", reason="Worked there until 2019.", until=date(2020, 12, 31)),
    )
    assert visit.branch is not None
    assert (visit.branch.lat, visit.branch.lon, visit.branch.district) == (22.287, 114.1616, "Central and Western")
    assert visit.service == ServiceHours(
        days=(1, 2, 3, 4, 5), hours=(("10:00", "17:00"),), closed_on=(date(2021, 4, 2),)
    )


def test_a_visit_to_a_branch_without_hours_of_its_own_has_the_entrys(bring_in: Import, database: Database) -> None:
    bring_in(an_onsite_season())
    assert bodies(database)["r1-pier-01"].service == bodies(database)["r1-harbour-ferry-01"].service


def without(files: Files, file: str, *columns: str) -> dict[str, bytes]:
    """The files as they were before `columns` were there."""
    lines = files[file].decode("utf-8-sig").splitlines()
    assert len(lines) == 2, "one row only"
    at = [number for number, name in enumerate(lines[0].split(",")) if name not in columns]
    return {**files, file: "\n".join(",".join(line.split(",")[n] for n in at) for line in lines).encode()}


def test_the_new_columns_and_the_new_file_may_be_missing(bring_in: Import, database: Database) -> None:
    files = without(example_season(), "entries.csv", "onsite_variant", "direction")
    del files["conflicts.csv"]
    assert problems(bring_in(files)) == []
    with database.reading() as db:
        (entry,) = rows_of(db, "entries")
        assert rows_of(db, "conflicts") == []
    assert (entry["onsite_variant"], entry["direction"]) == (None, None)


@pytest.mark.parametrize(
    ("file", "cells", "reached"),
    [
        pytest.param("entries.csv", {"direction": "both"}, ["r1-harbour-ferry-01"], id="an entry's direction"),
        pytest.param("branches.csv", {"lat": "22.28"}, ["r1-pier-01"], id="where a branch is"),
        pytest.param("branches.csv", {"service_hours": "10:00-12:00"}, ["r1-pier-01"], id="a branch's hours"),
        pytest.param(
            "assessors.csv", {"districts": "Eastern"}, ["r1-harbour-ferry-01", "r1-pier-01"], id="IMP-4 an assessor's"
        ),
        pytest.param(
            "conflicts.csv",
            {"organisation": "harbour"},
            ["r1-harbour-ferry-01", "r1-pier-01"],
            id="IMP-4 a conflict that is declared",
        ),
        pytest.param("conflicts.csv", {"organisation": "somebody"}, [], id="a conflict with somebody else"),
    ],
)
def test_a_change_of_them_reaches_the_phones_that_show_it(
    bring_in: Import, database: Database, file: str, cells: dict[str, Any], reached: list[str]
) -> None:
    bring_in(an_onsite_season())
    with database.reading() as db:
        before = len(list(changes_for_assessor(db, "A-07", 0)))
    assert problems(bring_in({file: changed(an_onsite_season(), file, **cells)[file]})) == []
    with database.reading() as db:
        assert sorted(change.subject_id for change in list(changes_for_assessor(db, "A-07", 0))[before:]) == reached


@pytest.mark.parametrize(
    ("file", "cells", "expected"),
    [
        pytest.param(
            "entries.csv", {"onsite_variant": "both"}, ("entries.csv: row 2: onsite_variant", "variant-not-onsite"),
            id="a variant by phone",
        ),
        pytest.param(
            "entries.csv", {"direction": "up"}, ("entries.csv: row 2: direction", "not-a-choice"), id="a direction"
        ),
        pytest.param("branches.csv", {"lat": "114.16"}, ("branches.csv: row 2: lat", "not-degrees"), id="swapped"),
        pytest.param("branches.csv", {"lon": "east"}, ("branches.csv: row 2: lon", "not-degrees"), id="words"),
        pytest.param("branches.csv", {"lon": ""}, ("branches.csv: row 2: lon", "cell-missing"), id="lat alone"),
        pytest.param("conflicts.csv", {"reason": ""}, ("conflicts.csv: row 2: reason", "cell-missing"), id="no reason"),
        pytest.param(
            "conflicts.csv", {"assessor": "A-99"}, ("conflicts.csv: row 2: assessor", "reference-unknown"),
            id="IMP-2 of nobody",
        ),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_fit_is_named(
    bring_in: Import, file: str, cells: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert problems(bring_in(changed(example_season(), file, **cells))) == [expected]


def test_what_an_old_phone_does_not_know_of_an_assignment_has_a_default() -> None:
    kept = {
        "id": "a", "assessor_id": "A-07", "entrant_id": "e", "entrant_name": {"en": "E"}, "industry": "commerce",
        "channel": "phone_in", "round": 1, "form": "phone_in@1", "due_from": "2021-03-01T00:00:00Z",
        "due_until": "2021-04-01T00:00:00Z", "scenario": {"id": "s", "title": {"en": "S"}, "briefing": {"en": "B"}},
    }  # fmt: skip
    assert decode(json.dumps(kept), Assignment).exception == ""
