"""The office's FAQ desk: whose list is there, late or in time; each accepted from a day on, or sent back with words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from sync_server.database.queries import hand_ins as queries
from sync_server.database.queries import season
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.exchange.csv.importing import Importing
from sync_server.exchange.csv.report import Report
from sync_server.exchange.faq_desk import KIND, FaqDesk, faqs_of, in_force, today_of
from sync_server.hand_in.deadlines import faq_deadline
from sync_server.hand_in.faq import REASONS, is_filed_late, item_words, items_of
from sync_server.hand_in.versions import Judgement
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
from sync_server.season.rules import rules_in_force, version_in_force


@get("/faqs", include_in_schema=False)
async def faq_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show every entrant: what it handed in, whether late, and who is to be reminded."""
    await viewed(request, "hand-ins-listed", ("hand-ins", KIND))

    def read() -> Response[str]:
        now = now_of(request)
        with services_of(request).database.reading() as db:
            by_entrant = {row.subject: (row, version) for row, version in queries.newest_versions(db, KIND)}
            first = queries.first_handed(db, KIND)
            entries = [row for row in season.rows_of(db, "entries") if not row["withdrawn"]]
            names = {row["id"]: row["name"] for row in season.rows_of(db, "entrants")}
            deadline, zone = faq_deadline(db), version_in_force(db).zone
            rules = rules_in_force(db).rules
        filed = {row["entrant_id"]: row for row in entries if not row["faq_awaited"]}
        lines = []
        for entrant_id in dict.fromkeys(row["entrant_id"] for row in entries):
            kept, version = by_entrant.get(entrant_id, (None, None))
            by_hand = filed.get(entrant_id) if version is None else None
            at = first.get(entrant_id) or (by_hand["faq_filed_at"] if by_hand else None)
            late = is_filed_late([row for row in entries if row["entrant_id"] == entrant_id], deadline, now)
            lines.append((entrant_id, names[entrant_id], kept, version, at, late))
        # A row may also say that an entrant never filed any.
        filed_some = {entrant_id for entrant_id, row in filed.items() if row["faq_filing"] != "never"}
        missing = sum(line[3] is None and line[0] not in filed_some for line in lines)
        return page.html(
            "faqs/list.html",
            lines=lines,
            missing=missing,
            by_hand=filed,
            deadline=deadline,
            penalty=rules.plain_value("faq.penalty"),
            penalty_round=rules.whole("faq.round"),
            now=now,
            zone=zone,
        )

    return await asyncio.to_thread(read)


@get("/faqs/{faq_id:str}", include_in_schema=False)
async def faq_page(request: Asked, page: NamedDependency[Page], faq_id: FromPath[str]) -> Response[str]:
    """Show one list beside what is in force, with what was said of each version."""
    await viewed(request, "hand-in-viewed", ("hand-in", faq_id))
    return await asyncio.to_thread(_drawn, page, faq_id)


@post("/faqs/{faq_id:str}/return", include_in_schema=False, status_code=200)
async def faq_return(request: Asked, page: NamedDependency[Page], faq_id: FromPath[str]) -> Response[Any]:
    """Send a version back: with words, or a reason at a FAQ."""
    form = await fields_of(request)
    newest = await asyncio.to_thread(_newest, request, faq_id)
    items = items_of(form, [faq.code for faq in faqs_of(newest).faqs])
    return await sent_back(page, DESK, faq_id, form, Judgement("returned", form.get("words", ""), items))


@post("/faqs/{faq_id:str}/accept", include_in_schema=False, status_code=200)
async def faq_accept(request: Asked, page: NamedDependency[Page], faq_id: FromPath[str]) -> Response[Any]:
    """Accept the newest version: what differs counts from the day that is given."""
    form = await fields_of(request)
    return await asyncio.to_thread(_accepted, page, faq_id, form)


def _accepted(page: Page, hand_in_id: str, form: Mapping[str, str]) -> Response[Any]:
    request, services, now = page.request, services_of(page.request), now_of(page.request)
    version, by = _newest(request, hand_in_id), account_of(request).id
    audit = audit_row(request, "hand-in-accepted", ("hand-in", hand_in_id), {"version": version.version})

    def accept(importing: Importing) -> None:
        desk = FaqDesk(services.writer.run_from_thread, importing)
        with services.database.reading() as db:
            to = queries.hand_in_of(db, hand_in_id)
            on = _day(form.get("counts_from", "")) or today_of(db, now)
            words, entrant_id = form.get("words", ""), to.subject if to else ""
            desk.accept(db, version, entrant_id, on, words=words, by=by, now=now, audit=audit)

    return accepted(page, DESK, hand_in_id, form, accept)


def _newest(request: Asked, hand_in_id: str) -> VersionRow:
    with services_of(request).database.reading() as db:
        row = queries.hand_in_of(db, hand_in_id)
        versions = queries.versions_of(db, hand_in_id) if row is not None and row.kind == KIND else ()
    if not versions:
        raise NotFoundException(hand_in_id)
    return versions[0]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _drawn(
    page: Page,
    hand_in_id: str,
    *,
    form: Mapping[str, str] | None = None,
    report: Report | None = None,
    status: int = 200,
    **refused: Any,
) -> Response[str]:
    now, newest = now_of(page.request), _newest(page.request, hand_in_id)
    with services_of(page.request).database.reading() as db:
        row = queries.hand_in_of(db, hand_in_id)
        versions = queries.versions_of(db, hand_in_id)
        entrant_id = row.subject if row else ""
        name: Mapping[str, str] = next(
            (each["name"] for each in season.rows_of(db, "entrants") if each["id"] == entrant_id), {}
        )
        of_season = season.rows_of(db, "entries")
        entries = [each for each in of_season if each["entrant_id"] == entrant_id and not each["withdrawn"]]
        today = today_of(db, now)
        basis, counting, deadline = last_entry(db), in_force(db, entrant_id, today), faq_deadline(db)
        zone, rules = version_in_force(db).zone, rules_in_force(db).rules
    return page.html(
        "faqs/page.html",
        status=status,
        hand_in_id=hand_in_id,
        name=name,
        newest=newest,
        versions=versions,
        list=faqs_of(newest),
        said={code: item_words(item) for code, item in (newest.items or {}).items()},
        reasons=REASONS,
        filled=form or page.reader.typed or {},
        report=report.causes[0].first.message if report and report.causes else None,
        today=today,
        late=is_filed_late(entries, deadline, now),
        deadline=deadline,
        basis=basis,
        counting=counting,
        penalty=rules.plain_value("faq.penalty"),
        penalty_round=rules.whole("faq.round"),
        zone=zone,
        **refused,
    )


DESK = Desk("/faqs", _drawn)
ROUTES = [faq_list, faq_page, faq_accept, faq_return]
