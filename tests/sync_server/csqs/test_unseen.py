"""RTD-1, RTD-3: no door hands out how a site visit was rated to whoever may still rate it a second time.

Each door is tried by each role, before the second rating is final and after it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import httpx
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from sync_server.database import tables
from sync_server.database.queries.assessment_lists import Filter
from sync_server.exchange.visits_wanted import Wanted
from sync_server.exchange.visits_workbook import write_visits
from sync_server.people.api_tokens import READING, issue
from sync_server.people.permissions import Role
from tests.sync_server.closed_season import desk_of
from tests.sync_server.csqs.csqs_kit import a_visit, handed_out, moderated
from tests.sync_server.desk import push, send, signed_in
from tests.sync_server.openrosa_kit import collect_token, instance, phone, sent

RATERS = (Role.ADMIN, Role.COORDINATOR, Role.REVIEWER)
STAFF = (*RATERS, Role.VIEWER)
Door = Callable[[Any, Role, str], bool | None]


def _file(path: str) -> Door:
    """A table by this path, as CSV: whether the visit's ratings are in its row. None: not for this role."""

    def tried(desk: Any, role: Role, visit: str) -> bool | None:
        with signed_in(desk, role) as client:
            answer = client.get(path)
        if answer.status_code != 200:
            return None
        lines = [line for line in answer.text.splitlines() if visit in line]
        return any(",3,3,3,3," in line or ",S101," in line or "/data/S101" in line for line in lines)

    return tried


def _sheet(desk: Any, role: Role, _visit: str) -> bool | None:
    with signed_in(desk, role) as client:
        answer = client.get("/assessments/export?as=xlsx")
    return None if answer.status_code != 200 else _has_ratings(answer.content)


def _workbook(desk: Any, role: Role, _visit: str) -> bool | None:
    """What the job makes, for whoever may ask for it."""
    with signed_in(desk, role) as client:
        if client.get("/assessments/downloads").status_code != 200:
            return None
    path = desk.services.config.data_dir / f"{role}.xlsx"
    with desk.services.database.reading() as db:
        write_visits(desk_of(db), Wanted(narrowed=Filter(), language="en", words=True), path)
    return _has_ratings(path.read_bytes())


def _has_ratings(content: bytes) -> bool:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return any(row[at : at + 4] == [3, 3, 3, 3] for row in rows for at in range(len(row)))


def _odata(path: str) -> Door:
    def tried(desk: Any, role: Role, visit: str) -> bool | None:
        with desk.services.database.transaction() as db:
            user = db.execute(select(tables.users.c.id).where(tables.users.c.username == role.value)).scalar_one()
            scopes = tuple(scope.value for scope in READING)
            asked: Any = {"name": "R", "speaks_for": ("user", user), "scopes": scopes, "lasts_days": 30}
            token = issue(db, created_by=user, now=desk.services.clock(), **asked)[1]
        with desk.client(token) as program:
            answer = program.get(f"/odata/v4/{path.format(visit=visit)}")
        assert answer.status_code == 200, answer.text
        return "S101" in answer.text or (answer.text not in ("0", "") and answer.text.isdigit())

    return tried


def _refused(path: str, **fields: str) -> Door:
    """A form that is refused, and the page that says so."""

    def tried(desk: Any, role: Role, visit: str) -> bool | None:
        with signed_in(desk, role) as client:
            answer: httpx.Response = send(client, path.format(visit=visit), fields)
        return None if answer.status_code == 403 else "S101" in answer.text

    return tried


def _page(path: str) -> Door:
    def tried(desk: Any, role: Role, visit: str) -> bool | None:
        with signed_in(desk, role) as client:
            answer = client.get(path.format(visit=visit))
        return None if answer.status_code != 200 else "S101" in answer.text

    return tried


NOT = dict.fromkeys(STAFF, None)
FILE = NOT | dict.fromkeys((Role.ADMIN, Role.COORDINATOR), False)
REFUSED = NOT | dict.fromkeys(RATERS, False)
SEEN_BY_VIEWERS = dict.fromkeys(RATERS, False) | {Role.VIEWER: True}
DOORS: dict[str, tuple[Door, dict[Role, bool | None]]] = {
    "table": (_file("/assessments/export"), FILE),
    "table as a workbook": (_sheet, FILE),
    "workbook": (_workbook, FILE),
    "how it was filled in": (_file("/assessments/audit.csv"), FILE),
    "OData answers": (_odata("Answers?$filter=Channel eq 'site_visit'"), dict.fromkeys(STAFF, False)),
    "OData answers counted": (_odata("Answers/$count?$filter=Value eq '3'"), dict.fromkeys(STAFF, False)),
    "OData answers of one": (_odata("Assessments('{visit}')/Answers"), dict.fromkeys(STAFF, False)),
    "OData answers of each": (_odata("Assessments?$expand=Answers"), dict.fromkeys(STAFF, False)),
    "OData answer": (_odata("Answers?$filter=AssessmentId eq '{visit}' and Question eq 'S101' and Number ge 2"),
                     dict.fromkeys(STAFF, False)),
    "page": (_page("/assessments/{visit}"), SEEN_BY_VIEWERS),
    "bench": (_page("/bench/{visit}"), REFUSED),
    "refused verdict": (_refused("/assessments/{visit}/review", verdict="accepted", digest="x"), REFUSED),
    "refused verdict on the bench":
        (_refused("/assessments/{visit}/review", verdict="accepted", digest="x", bench="1"), REFUSED),
    "refused ruling": (_refused("/assessments/{visit}/decisions", decision="void"), FILE),
    "refused correction": (_refused("/bench/{visit}/correction", question="S102", answer="9", why="x"), REFUSED),
}  # fmt: skip


def test_rtd_3_no_door_shows_a_rating_before_the_second_one_is_final_and_each_does_after(desk: Any) -> None:
    """One server for all doors: what is read of it costs little, and making it much."""
    with desk.services.database.transaction() as db:
        record = a_visit(handed_out(db), 3)
    push(desk, record)
    before = {name: {role: tried(desk, role, record.id) for role in STAFF} for name, (tried, _) in DOORS.items()}
    with desk.services.database.transaction() as db:
        reviewer = db.execute(select(tables.users.c.id).where(tables.users.c.username == "reviewer")).scalar_one()
        moderated(db, record.id, reviewer)
    after = {name: {role: tried(desk, role, record.id) for role in STAFF} for name, (tried, _) in DOORS.items()}

    assert before == {name: expected for name, (_, expected) in DOORS.items()}
    assert after == {
        name: {role: None if may is None else True for role, may in expected.items()}
        for name, (_, expected) in DOORS.items()
    }


def test_rtd_1_what_another_app_sent_of_a_site_visit_shows_no_rating_in_the_tray(desk: Any) -> None:
    values = {"S101": "3", "wishes": "none"}
    with phone(desk, collect_token(desk)) as app:
        assert sent(app, instance("nothing-known", values, version="site_visit@1")).status_code in (201, 202)
    with signed_in(desk, Role.COORDINATOR) as client:
        tray = client.get("/submissions").text
    assert "wishes" in tray
    assert "S101" not in tray
