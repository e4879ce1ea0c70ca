"""Doors through which answers of a visit that is still to be judged unseen must not go: what each hands to whom."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
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
from tests.sync_server.desk import send, signed_in

RATERS = (Role.ADMIN, Role.COORDINATOR, Role.REVIEWER)
STAFF = (*RATERS, Role.VIEWER)
Door = Callable[[Any, Role, str], str | None]  # the text that it gives; None: not for this role
Doors = Mapping[str, tuple[Door, Mapping[Role, bool | None]]]

NOT = dict.fromkeys(STAFF, None)
NEVER = dict.fromkeys(STAFF, False)
FILE = NOT | dict.fromkeys((Role.ADMIN, Role.COORDINATOR), False)


def table(path: str) -> Door:
    """The visit's lines of a table by this path, as CSV."""

    def tried(desk: Any, role: Role, visit: str) -> str | None:
        with signed_in(desk, role) as client:
            answer = client.get(path)
        if answer.status_code != 200:
            return None
        return "\n".join(line for line in answer.text.splitlines() if visit in line)

    return tried


def whole(path: str) -> Door:
    """A page or a file as it is."""

    def tried(desk: Any, role: Role, visit: str) -> str | None:
        with signed_in(desk, role) as client:
            answer = client.get(path.format(visit=visit))
        return None if answer.status_code != 200 else answer.text

    return tried


def archive(desk: Any, role: Role, _visit: str) -> str | None:
    """What the archive of photos and sound says of itself."""
    with signed_in(desk, role) as client:
        answer = client.get("/assessments/media.zip")
    if answer.status_code != 200:
        return None
    with zipfile.ZipFile(io.BytesIO(answer.content)) as held:
        return held.read("files.csv").decode()


def sheet(desk: Any, role: Role, _visit: str) -> str | None:
    """The table as a workbook."""
    with signed_in(desk, role) as client:
        answer = client.get("/assessments/export?as=xlsx")
    return None if answer.status_code != 200 else _cells(answer.content)


def workbook(desk: Any, role: Role, _visit: str) -> str | None:
    """What the job makes, for whoever may ask for it."""
    with signed_in(desk, role) as client:
        if client.get("/assessments/downloads").status_code != 200:
            return None
    path = desk.services.config.data_dir / f"{role}.xlsx"
    with desk.services.database.reading() as db:
        write_visits(desk_of(db), Wanted(narrowed=Filter(), language="en", words=True), path)
    return _cells(path.read_bytes())


def _cells(content: bytes) -> str:
    """Its rows below the headings, a line each."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()[2:]]
    return "\n".join(",".join(f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row) for row in rows)


def odata(path: str) -> Door:
    """What a program of this account reads; "" where it counted none."""

    def tried(desk: Any, role: Role, visit: str) -> str | None:
        with desk.services.database.transaction() as db:
            user = db.execute(select(tables.users.c.id).where(tables.users.c.username == role.value)).scalar_one()
            scopes = tuple(scope.value for scope in READING)
            asked: Any = {"name": "R", "speaks_for": ("user", user), "scopes": scopes, "lasts_days": 30}
            token = issue(db, created_by=user, now=desk.services.clock(), **asked)[1]
        with desk.client(token) as program:
            answer = program.get(f"/odata/v4/{path.format(visit=visit)}")
        assert answer.status_code == 200, answer.text
        return "" if answer.text == "0" else answer.text

    return tried


def refused(path: str, **fields: str) -> Door:
    """A form that is refused, and the page that says so."""

    def tried(desk: Any, role: Role, visit: str) -> str | None:
        with signed_in(desk, role) as client:
            answer: httpx.Response = send(client, path.format(visit=visit), fields)
        return None if answer.status_code == 403 else answer.text

    return tried


def tried_all(desk: Any, doors: Doors, visit: str, shows: Callable[[str], bool]) -> dict[str, dict[Role, bool | None]]:
    """Return by door and role whether the answers are in what it gives; None: not for this role."""
    found: dict[str, dict[Role, bool | None]] = {}
    for name, (door, _) in doors.items():
        texts = {role: door(desk, role, visit) for role in STAFF}
        found[name] = {role: None if text is None else shows(text) for role, text in texts.items()}
    return found
