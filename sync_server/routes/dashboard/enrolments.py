"""The office's side of enrolment: what was handed in, accepted into the season's records or sent back with words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection

from checklists.language import N_, Language
from sync_server.database.queries import hand_ins as queries
from sync_server.database.queries.audit_log import last_entry
from sync_server.exchange.csv.importing import Importing
from sync_server.exchange.csv.report import Report
from sync_server.exchange.enrolling import (
    Choice,
    Enrolling,
    enrolment_of,
    obstacles,
    same_names,
    suggested,
)
from sync_server.exchange.enrolment_rows import Decided
from sync_server.exchange.season_papers import acceptance_letter
from sync_server.hand_in.deadlines import enrolment_deadline
from sync_server.hand_in.versions import Judgement, is_late
from sync_server.print.document import Document
from sync_server.routes.dashboard.hand_ins import Desk, accepted, sent_back
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    audit_row,
    fields_of,
    now_of,
    services_of,
    viewed,
)
from sync_server.routes.dashboard.paper import Paper, paper_page, paper_pdf
from sync_server.season.rules import rules_in_force, version_in_force

KIND = "enrolment"


@get("/enrolments", include_in_schema=False)
async def enrolment_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show what was handed in, the newest first; who saw whom is logged."""
    await viewed(request, "hand-ins-listed", ("hand-ins", KIND))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            rows = queries.newest_versions(db, KIND)
            deadline, zone = enrolment_deadline(db), version_in_force(db).zone
        now = now_of(request)
        listed = [(version, enrolment_of(version), is_late(version.handed_at, deadline, now)) for _, version in rows]
        return page.html("enrolments/list.html", rows=listed, deadline=deadline, now=now, zone=zone)

    return await asyncio.to_thread(read)


@get("/enrolments/{hand_in_id:str}", include_in_schema=False)
async def enrolment_page(request: Asked, page: NamedDependency[Page], hand_in_id: FromPath[str]) -> Response[str]:
    """Show one enrolment with all that was said of it."""
    await viewed(request, "hand-in-viewed", ("hand-in", hand_in_id))
    return await asyncio.to_thread(_drawn, page, hand_in_id)


@get("/enrolments/{hand_in_id:str}/files/{sha256:str}", include_in_schema=False)
async def enrolment_file(request: Asked, hand_in_id: FromPath[str], sha256: FromPath[str]) -> Response[bytes]:
    """Download a file that was handed in."""
    await viewed(request, "hand-in-file-taken", ("hand-in", hand_in_id), file=sha256[:64])

    def read() -> bytes | None:
        with services_of(request).database.reading() as db:
            return queries.file_of(db, hand_in_id, sha256)

    content = await asyncio.to_thread(read)
    if content is None:
        raise NotFoundException(sha256)
    kind = "pdf" if content.startswith(b"%PDF") else "jpg" if content.startswith(b"\xff\xd8") else "bin"
    headers = {"Content-Disposition": f'attachment; filename="{hand_in_id}-{sha256[:8]}.{kind}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


@get("/enrolments/{hand_in_id:str}/letter", include_in_schema=False)
async def enrolment_letter(request: Asked, page: NamedDependency[Page], hand_in_id: FromPath[str]) -> Response[str]:
    """Show the letter of acceptance."""
    await viewed(request, "hand-in-viewed", ("hand-in", hand_in_id))
    return await paper_page(page, _letter(hand_in_id))


@get("/enrolments/{hand_in_id:str}/letter/pdf", include_in_schema=False)
async def enrolment_letter_pdf(
    request: Asked, page: NamedDependency[Page], hand_in_id: FromPath[str], language: FromQuery[str] = ""
) -> Response[Any]:
    """Download the letter of acceptance as a PDF."""
    await viewed(request, "hand-in-viewed", ("hand-in", hand_in_id))
    return await paper_pdf(page, _letter(hand_in_id), language, f"acceptance-{hand_in_id[:40]}")


def _letter(hand_in_id: str) -> Paper:
    def make(db: Connection, language: Language) -> Document:
        versions = queries.versions_of(db, hand_in_id)
        accepted_one = next((row for row in versions if row.verdict == "accepted"), None)
        if accepted_one is None:
            raise NotFoundException(hand_in_id)
        return acceptance_letter(db, accepted_one, language)

    back = f"/enrolments/{hand_in_id}"
    return Paper(f"{back}/letter", (back, N_("Enrolment")), make)


@post("/enrolments/{hand_in_id:str}/return", include_in_schema=False, status_code=200)
async def enrolment_return(request: Asked, page: NamedDependency[Page], hand_in_id: FromPath[str]) -> Response[Any]:
    """Send a version back with words."""
    form = await fields_of(request)
    judgement = Judgement("returned", form.get("words", ""))
    return await sent_back(page, DESK, hand_in_id, form, judgement)


@post("/enrolments/{hand_in_id:str}/accept", include_in_schema=False, status_code=200)
async def enrolment_accept(request: Asked, page: NamedDependency[Page], hand_in_id: FromPath[str]) -> Response[Any]:
    """Accept a version: it becomes records, all of it or nothing."""
    form = await fields_of(request)
    return await asyncio.to_thread(_accepted, page, hand_in_id, form)


def _accepted(page: Page, hand_in_id: str, form: Mapping[str, str]) -> Response[Any]:
    request, services, now = page.request, services_of(page.request), now_of(page.request)
    with services.database.reading() as db:
        versions = queries.versions_of(db, hand_in_id)
    if not versions:
        raise NotFoundException(hand_in_id)
    version = versions[0]
    choice = _choice(form, len(enrolment_of(version).units))
    details = {
        "version": version.version,
        "organisation": choice.organisation,
        "units": [each.entrant for each in choice.units],
    }
    audit = audit_row(request, "hand-in-accepted", ("hand-in", hand_in_id), details)

    def accept(importing: Importing) -> None:
        enrolling = Enrolling(services.database, services.writer.run_from_thread, importing)
        enrolling.accept(version, choice, by=account_of(request).id, now=now, audit=audit)

    return accepted(page, DESK, hand_in_id, form, accept)


def _choice(form: Mapping[str, str], units: int) -> Choice:
    decided_units = tuple(
        Decided(form.get(f"code-{number}", "").strip(), form.get(f"industry-{number}", ""))
        for number in range(1, units + 1)
    )
    return Choice(form.get("organisation", "").strip(), decided_units, form.get("words", ""))


def _drawn(
    page: Page,
    hand_in_id: str,
    *,
    form: Mapping[str, str] | None = None,
    report: Report | None = None,
    status: int = 200,
    **refused: Any,
) -> Response[str]:
    with services_of(page.request).database.reading() as db:
        row = queries.hand_in_of(db, hand_in_id)
        versions = queries.versions_of(db, hand_in_id)
        if row is None or row.kind != KIND or not versions:
            raise NotFoundException(hand_in_id)
        newest = versions[0]
        enrolment = enrolment_of(newest)
        choice = _choice(form, len(enrolment.units)) if form and "code-1" in form else suggested(db, enrolment)
        others = same_names(queries.newest_versions(db, KIND), newest)
        values = {
            "basis": last_entry(db),
            "in_the_way": list(obstacles(db, newest, choice)) if newest.verdict is None else [],
            "industries": [(each.code, each.name) for each in rules_in_force(db).programme.industries],
            "is_late": is_late(versions[-1].handed_at, enrolment_deadline(db), now_of(page.request)),
            "zone": version_in_force(db).zone,
        }
    return page.html(
        "enrolments/page.html",
        status=status,
        hand_in_id=hand_in_id,
        newest=newest,
        versions=versions,
        enrolment=enrolment,
        choice=choice,
        others=others,
        typed=form or page.reader.typed or {},
        report=report,
        **values,
        **refused,
    )


DESK = Desk("/enrolments", _drawn)
ROUTES = [
    enrolment_list,
    enrolment_page,
    enrolment_file,
    enrolment_letter,
    enrolment_letter_pdf,
    enrolment_return,
    enrolment_accept,
]
