"""What other apps sent: the tray of what is no record yet, and the desk's word on it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists import wire
from checklists.csqs.standard import csqs
from checklists.language import Sentence, SentenceError
from checklists.record.assignment import Assignment
from sync_server.database.queries import submissions as queries
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.submissions import SubmissionRow
from sync_server.exchange.openrosa.collecting import set_aside, shown_values
from sync_server.exchange.openrosa.xforms import title_of
from sync_server.review.basis import refusal
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    base_url,
    decided,
    fields_of,
    now_of,
    services_of,
    viewed,
)


@get("/submissions", include_in_schema=False)
async def submission_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show what came from other apps: what waits for the desk, and what became of the rest."""
    await viewed(request, "submissions-listed", ("submissions", "list"))
    return await _drawn(page, page.reader.typed or {})


@post("/submissions", include_in_schema=False, status_code=200)
async def submission_decide(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Make a submission the record of an assignment, or set it aside with a reason."""
    form, now, by = await fields_of(request), now_of(request), account_of(request).id
    id_, digest, reason = form.get("submission", ""), form.get("digest", ""), form.get("reason", "")[:2000]
    takes, assignment_id = form.get("decision") == "take", form.get("assignment", "")
    services = services_of(request)

    def find() -> SubmissionRow | None:
        with services.database.reading() as db:
            return queries.submission(db, id_, digest)

    row = await asyncio.to_thread(find)
    if row is None or not row.document:
        raise NotFoundException(id_)
    kept = row
    try:
        if takes:
            taken = await asyncio.to_thread(services.collecting.decided, kept, assignment_id)

            def write(db: Connection) -> object:
                return taken(db, by, now)

        else:

            def write(db: Connection) -> object:
                set_aside(db, kept, by=by, reason=reason, now=now)
                return None

        action = "submission-taken" if takes else "submission-set-aside"
        details = {"assignment": assignment_id if takes else "", "reason": reason[:500]}
        await decided(request, action, ("submission", id_[:64]), write, form, **details)
    except SentenceError as error:
        return await _drawn(page, form, status=409, **refusal(error))
    services.wake()
    return Redirect("/submissions", status_code=303)


async def _drawn(page: Page, form: Mapping[str, str], *, status: int = 200, **refused: Any) -> Response[str]:
    def read() -> dict[str, Any]:
        with services_of(page.request).database.reading() as db:
            rows = queries.list_submissions(db)
            waiting = {row.assessor_id for row, _ in rows if row.state in ("waiting", "tray")}
            bodies = {one: queries.assignments_held(db, one) for one in waiting}
            basis = last_entry(db)
        listed = [(row, name, _reasons(row), _unrated(row)) for row, name in rows]
        choices = {
            one: [(held.id, title_of(held)) for held in (wire.decode(body, Assignment) for body in held_bodies)]
            for one, held_bodies in bodies.items()
        }
        return {"basis": basis, "rows": listed, "choices": choices}

    values = await asyncio.to_thread(read)
    address = f"{base_url(page.request)}/openrosa"
    return await asyncio.to_thread(
        page.html, "submissions.html", status=status, filled=form, address=address, **values, **refused
    )


def _unrated(row: SubmissionRow) -> Sequence[tuple[str, str]]:
    """Return what it says without the ratings of a site visit, which somebody here may give a second time (RTD-1)."""
    return [(name, value) for name, value in shown_values(row) if name not in csqs().items]


def _reasons(row: SubmissionRow) -> list[Sentence]:
    return [wire.decode(wire.encode(one), Sentence) for one in row.why]


ROUTES = [submission_list, submission_decide]
