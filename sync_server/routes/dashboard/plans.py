"""Planning a round: a seed is sealed, the plan made beside the running work, previewed, and written by one decision."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, Text, in_language, sentence
from sync_server.database.queries import assessment_lists, people, season
from sync_server.database.queries import plans as queries
from sync_server.database.queries.planned_conflicts import planned_conflicts
from sync_server.exchange import spreadsheet
from sync_server.exchange.csv.archive import Gathered
from sync_server.exchange.csv.bulk import Chosen, changed_at_once
from sync_server.exchange.csv.importing import WHILE_SERVING, Importing
from sync_server.exchange.csv.planned import FILE, planned_csv, planned_rows
from sync_server.exchange.csv.planning import Planning
from sync_server.exchange.table_files import XLSX
from sync_server.pages.plan import Called, ConflictLine, conflict_lines, plan_view
from sync_server.planning.closed_visits import closed_visits
from sync_server.planning.result import Plan, both
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    audit_row,
    audited,
    fields_of,
    now_of,
    services_of,
)
from sync_server.routes.dashboard.tables import kind_of, table_stream
from sync_server.season.opening import FIRST, red_lines
from sync_server.season.rules import version_in_force

logger = logging.getLogger(__name__)

ANSWERED_WITHIN_S = 2.0
INTERRUPTED_AFTER = timedelta(minutes=20)  # longer than any plan takes: the server stopped in the middle
FAILED = N_("The plan could not be made; the log says why. Nothing was written. Publish another seed and try again.")
GONE = N_("This preview is gone, as nobody confirmed it for a day. Publish another seed and make the plan again.")
NOTHING = N_("Nothing that is still to do fits this choice. Nothing was changed.")
_under_way: set[asyncio.Task[None]] = set()  # a task nobody holds may be collected in the middle


@get("/plan", include_in_schema=False)
async def plans_page(page: NamedDependency[Page]) -> Response[str]:
    """Show the plans so far, and the forms to begin one and to change many assignments at once."""
    return await _first(page)


@post("/plan", include_in_schema=False, status_code=200)
async def plan_seal(request: Asked) -> Response[Any]:
    """Publish the hash of a fresh seed for a round; one that waits for its plan is used."""
    form = await fields_of(request)
    number = form.get("round", "")
    if number not in map(str, await asyncio.to_thread(_rounds, request)):
        raise NotFoundException(number)
    row = await asyncio.to_thread(_planning(request).seal, int(number), account_of(request).id)
    if row.sealed_by == account_of(request).id:
        await audited(request, "plan-sealed", ("plan", row.id), lambda _db: None, round=row.round, hash=row.seed_hash)
    return Redirect(f"/plan/{row.id}", status_code=303)


@post("/plan/many", include_in_schema=False, status_code=200)
async def plan_many(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Withdraw many assignments, or give them to somebody else; the answer leads to the preview."""
    form = await fields_of(request)
    chosen = Chosen(form.get("round", ""), form.get("assessor", ""), form.get("entrant", ""))

    def read() -> bytes | None:
        with services_of(request).database.reading() as db:
            return changed_at_once(db, chosen, form.get("give_to", ""))

    table = await asyncio.to_thread(read)
    if table is None:
        return await _first(page, status=422, note=both(sentence(NOTHING)))
    importing = _importing(request)
    set_id = await asyncio.to_thread(importing.begin, account_of(request).id)
    await asyncio.to_thread(importing.preview, set_id, Gathered(files={FILE: table}))
    return Redirect(f"/imports/{set_id}", status_code=303)


@get("/plan/{plan_id:str}", include_in_schema=False)
async def plan_page(page: NamedDependency[Page], plan_id: FromPath[str]) -> Response[str]:
    """Show one plan: sealed, being made, or made, with all that it would write."""
    return await _drawn(page, plan_id)


@post("/plan/{plan_id:str}/make", include_in_schema=False, status_code=200)
async def plan_make(request: Asked, plan_id: FromPath[str]) -> Response[Any]:
    """Make a sealed plan, in a thread and a process of its own; wait for it a moment. A repeat changes nothing."""
    form = await fields_of(request)
    without = sorted({form.get("assessor", ""), form.get("branch", "")} - {""})
    planning = _planning(request)

    async def work() -> None:
        try:
            await asyncio.to_thread(planning.make, plan_id, without)
        except LookupError:
            logger.info("a plan is being made already, or there is none")
        except SentenceError:
            logger.info("a plan cannot be made; its page says why")
        except Exception:
            logger.exception("a plan could not be made")
            await asyncio.to_thread(planning.give_up, plan_id, both(sentence(FAILED)))

    task = asyncio.create_task(work())
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    await asyncio.wait({task}, timeout=ANSWERED_WITHIN_S)
    return Redirect(f"/plan/{plan_id}", status_code=303)


@post("/plan/{plan_id:str}/confirm", include_in_schema=False, status_code=200)
async def plan_confirm(request: Asked, page: NamedDependency[Page], plan_id: FromPath[str]) -> Response[Any]:
    """Write a plan: one decision, all of it or nothing. Confirming what is written already changes nothing."""
    planning = _planning(request)
    row = await asyncio.to_thread(planning.row, plan_id)
    if row is None:
        raise NotFoundException(plan_id)
    details = {"round": row.round, "seed_hash": row.seed_hash, "digest": row.digest or ""}
    audit = audit_row(request, "plan-written", ("plan", plan_id), details)
    try:
        await asyncio.to_thread(planning.confirm, plan_id, audit)
    except LookupError:
        return await _drawn(page, plan_id, status=409, note=both(sentence(GONE)))
    except SentenceError as error:
        return await _drawn(page, plan_id, status=409, note=both(error.message))
    services_of(request).wake()
    return Redirect(f"/plan/{plan_id}", status_code=303)


@get("/plan/{plan_id:str}/assignments.csv", include_in_schema=False)
async def plan_table(request: Asked, plan_id: FromPath[str]) -> Response[Any]:
    """Download a plan as the table that an import reads."""

    def read() -> Plan | None:
        with services_of(request).database.reading() as db:
            return _plan(queries.body_of(db, plan_id))

    plan = await asyncio.to_thread(read)
    if plan is None:
        raise NotFoundException(plan_id)
    if kind_of(request) == XLSX:
        return table_stream(request, FILE.removesuffix(".csv"), await asyncio.to_thread(planned_rows, plan))
    content = await asyncio.to_thread(planned_csv, plan)
    headers = {"Content-Disposition": f'attachment; filename="{FILE}"'}
    return Response(content, media_type=spreadsheet.CONTENT_TYPE, headers=headers)


async def _drawn(page: Page, plan_id: str, *, status: int = 200, note: Text | None = None) -> Response[str]:
    request = page.request

    def read() -> Mapping[str, Any]:
        with services_of(request).database.reading() as db:
            row = queries.plan_of(db, plan_id)
            if row is None:
                raise NotFoundException(plan_id)
            names = people.assessor_names(db)
            plan = _plan(queries.body_of(db, plan_id))
            places = {each["id"]: each["name"] for each in season.rows_of(db, "branches")}
            branches = [(code, f"{in_language(name, page.reader.language)} ({code})") for code, name in places.items()]
            entrants = {each["id"]: each["name"] for each in season.rows_of(db, "entrants")}
            view = None if plan is None else plan_view(plan, Called(dict(names), entrants, places))
            red = red_lines(db) if row.round == FIRST and row.written_at is None else 0
            return {"row": row, "view": view, "assessors": names, "branches": branches, "red": red}

    values = await asyncio.to_thread(read)
    row: queries.PlanRow = values["row"]
    is_stuck = row.state == "making" and row.asked_at is not None and row.asked_at < now_of(request) - INTERRUPTED_AFTER
    state = "failed" if is_stuck else row.state
    failure = row.failure or both(sentence(FAILED))
    reply = await asyncio.to_thread(
        page.html, "plans/page.html", status=status, state=state, failure=failure, note=note or {}, **values
    )
    if state == "making":
        reply.headers["Refresh"] = "1"
    return reply


async def _first(page: Page, *, status: int = 200, note: Text | None = None) -> Response[str]:
    database = services_of(page.request).database

    def read() -> Mapping[str, Any]:
        with database.reading() as db:
            return {
                "plans": queries.recent_plans(db),
                "assessors": people.assessor_names(db),
                "working": season.working_assessors(db),
                "entrants": [(row["id"], row["name"]) for row in season.entrants_of_award(db)],
                "rounds": assessment_lists.round_numbers(db),
                "next_round": _next_round(db, now_of(page.request)),
                "conflicts": _conflicts(db, now_of(page.request)),
                "red": red_lines(db),
            }

    return page.html("plans/list.html", status=status, note=note or {}, **await asyncio.to_thread(read))


def _next_round(db: Connection, now: datetime) -> int | None:
    """Return the round to be planned next: the first still to end without a visit, else the first still to end."""
    planned = queries.planned_rounds(db)
    coming = [row["number"] for row in season.rows_of(db, "rounds") if row["closes_at"] > now]
    return next((number for number in coming if number not in planned), next(iter(coming), None))


def _conflicts(db: Connection, now: datetime) -> Sequence[ConflictLine]:
    coming = [row["number"] for row in season.rows_of(db, "rounds") if row["closes_at"] > now]
    found = [*planned_conflicts(db, coming), *closed_visits(db, coming, now)]
    return conflict_lines(found, version_in_force(db).zone)


def _rounds(request: Asked) -> Sequence[int]:
    with services_of(request).database.reading() as db:
        return assessment_lists.round_numbers(db)


def _plan(body: str | None) -> Plan | None:
    return None if body is None else msgspec.json.decode(body, type=Plan)


def _importing(request: Asked) -> Importing:
    services = services_of(request)
    return Importing(services.database, services.writer.run_from_thread, services.clock, rest=WHILE_SERVING)


def _planning(request: Asked) -> Planning:
    services = services_of(request)
    return Planning(services.database, services.writer.run_from_thread, services.clock, _importing(request))


ROUTES = [plans_page, plan_seal, plan_many, plan_page, plan_make, plan_confirm, plan_table]
