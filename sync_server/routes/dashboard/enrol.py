"""The public form by which an organisation enrols, and the receipt it is given.

Nothing of it stands in an address: the code by which somebody comes back travels in a form, and the office alone reads
what was handed in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import Connection

from checklists.language import N_, Sentence, SentenceError, in_language, sentence
from sync_server.database.queries import hand_ins as queries
from sync_server.database.queries.audit_log import append_audit
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.exchange.enrolling import enrolment_of
from sync_server.exchange.enrolment_rows import wrong_cells
from sync_server.exchange.letters import post_receipt
from sync_server.hand_in import public_door
from sync_server.hand_in.deadlines import check_enrolment_open, enrolment_deadline, why_enrolment_is_closed
from sync_server.hand_in.enrolment import MOST_UNITS, Wrong, fields_of, problems_of, read_enrolment
from sync_server.hand_in.public_door import WaitError, reserve_place, wrong_files
from sync_server.hand_in.versions import VISITOR, HandedFile, Receipt, begun, came_before, hand_in
from sync_server.people.secret import secret_hash
from sync_server.routes.bounds import FILE_DOORS
from sync_server.routes.dashboard.page import Asked, Page, audit_row, now_of, services_of
from sync_server.routes.dashboard.public_form import (
    EXPIRED,
    address_of,
    carried,
    code_of,
    count_guess,
    new_code,
    sent_by,
    shown_again,
)
from sync_server.season.edition import current_edition
from sync_server.season.rules import rules_in_force, version_in_force

_UNKNOWN = N_("No enrolment has this code. It stands on your receipt.")


@get("/enrol", include_in_schema=False)
async def enrol_form(page: NamedDependency[Page]) -> Response[str]:
    """Show the empty form, or why nobody can enrol."""
    return await asyncio.to_thread(_form, page, {}, code=new_code())


def _again(page: Page, typed: Mapping[str, str]) -> Response[str]:
    return _form(page, typed, code=code_of(typed.get("code", "")), problem=sentence(EXPIRED), status=403)


@post(
    "/enrol",
    include_in_schema=False,
    status_code=200,
    request_max_body_size=FILE_DOORS["/enrol"],
    exception_handlers=shown_again(_again),
)
async def enrol_send(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Keep what was handed in and show its receipt; or say, at each field, what is missing. Sent twice is kept once."""
    typed, files = await sent_by(request)
    code = code_of(typed.get("code", ""))
    if typed.get("act") == "more":
        typed["units"] = str(min(MOST_UNITS, len(read_enrolment(typed).units) + 1))
        return await asyncio.to_thread(_form, page, typed, code=code)
    return await asyncio.to_thread(_handed_in, page, typed, files, code)


@post("/enrol/again", include_in_schema=False, status_code=200)
async def enrol_again(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show what was handed in under a code, with what the office said of it, to be corrected and handed in again."""
    form = await request.form()
    code = str(form.get("code") or "").strip()
    try:
        await count_guess(request, code)
    except SentenceError as error:
        return await asyncio.to_thread(_form, page, {}, code="", again=error.message, status=429)
    return await asyncio.to_thread(_kept, page, code)


def _kept(page: Page, code: str) -> Response[str]:
    with services_of(page.request).database.reading() as db:
        versions = _versions(db, code)
    if not versions:
        return _form(page, {}, code=new_code(), again=sentence(_UNKNOWN), status=404)
    newest = versions[0]
    return _form(page, fields_of(enrolment_of(newest)), code=code, newest=newest)


def _handed_in(page: Page, typed: Mapping[str, str], files: Sequence[HandedFile], code: str) -> Response[str]:
    request, services = page.request, services_of(page.request)
    enrolment, now = read_enrolment(typed), now_of(page.request)
    with services.database.reading() as db:
        closed = why_enrolment_is_closed(db, now)
        rules = rules_in_force(db)
        versions = _versions(db, code)
    if closed is not None:
        return _form(page, typed, code=code, problem=closed.message, status=409)
    wrong = [*problems_of(enrolment, rules.rules), *wrong_cells(enrolment, rules.programme)]
    wrong += [Wrong(field, message) for field, message in wrong_files(files)]
    newest = versions[0] if versions else None
    if wrong:
        return _form(page, typed, code=code, wrong=wrong, newest=newest, status=422)
    kept_files, address = carried(newest, files), address_of(request)

    def write(db: Connection) -> Receipt:
        check_enrolment_open(db, now)
        body = msgspec.to_builtins(enrolment)
        if newest is None and (before := came_before(db, "enrolment", body, files)) is not None:
            return before
        to = begun(db, "enrolment", "", now, code_hash=secret_hash(code))
        receipt = hand_in(db, to, body, files, by=VISITOR, now=now, carried=kept_files)
        if not receipt.is_repeated:
            reserve_place(db, address, now)
            details = {"version": receipt.version, "digest": receipt.digest}
            append_audit(db, [audit_row(request, "handed-in", ("hand-in", receipt.hand_in_id), details)])
            post_receipt(db, receipt, now)
        return receipt

    try:
        receipt = services.writer.run_from_thread(write)
    except WaitError as error:
        answer = _form(page, typed, code=code, problem=error.message, newest=newest, status=429)
        answer.headers["Retry-After"] = str(error.wait_s)
        return answer
    except SentenceError as error:
        return _form(page, typed, code=code, problem=error.message, newest=newest, status=409)
    with services.database.reading() as db:
        edition, zone = current_edition(db), version_in_force(db).zone
        own = code if _versions(db, code) else ""  # of what came under another code, its receipt alone has that
    return page.html("enrol/receipt.html", receipt=receipt, enrolment=enrolment, code=own, edition=edition, zone=zone)


def _versions(db: Connection, code: str) -> Sequence[VersionRow]:
    row = queries.hand_in_of_code(db, secret_hash(code)) if code else None
    return queries.versions_of(db, row.id) if row else ()


def _form(
    page: Page,
    values: Mapping[str, str],
    *,
    code: str,
    wrong: Sequence[Wrong] = (),
    problem: Sentence | None = None,
    again: Sentence | None = None,
    newest: VersionRow | None = None,
    status: int = 200,
) -> Response[str]:
    now = now_of(page.request)
    with services_of(page.request).database.reading() as db:
        edition, rules, deadline = current_edition(db), rules_in_force(db), enrolment_deadline(db)
        closed, zone = why_enrolment_is_closed(db, now), version_in_force(db).zone
    return page.html(
        "enrol/form.html",
        status=status,
        edition=edition,
        deadline=deadline,
        closed=closed.message if closed and problem is None else None,
        industries=[
            (industry.code, in_language(industry.name, page.reader.language)) for industry in rules.programme.industries
        ],
        units=len(read_enrolment(values).units),
        most_units=MOST_UNITS,
        values=values,
        messages=_by_field(wrong),
        code=code,
        newest=newest,
        refused=problem,
        again=again,
        limit_mb=public_door.MAX_FILE_BYTES // 1_000_000,
        zone=zone,
    )


def _by_field(wrong: Sequence[Wrong]) -> Mapping[str, Sequence[Sentence]]:
    by_field: dict[str, list[Sentence]] = {}
    for one in wrong:
        by_field.setdefault(one.field, []).append(one.message)
    return by_field


ROUTES = [enrol_form, enrol_send, enrol_again]
