"""The industry group of each entrant: who decided it, when and why; and deciding another, with its effects first."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import SentenceError
from sync_server.award.desk import SeasonDesk
from sync_server.award.grouping import effects_of_group
from sync_server.award.rule_effects import Effects, name_of_effects
from sync_server.database.queries import season
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.groupings import groupings_by_entrant
from sync_server.exchange.regrouping import Regrouping, is_locked, regroup
from sync_server.review.basis import refusal
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of


@get("/grouping", include_in_schema=False)
async def grouping_page(page: NamedDependency[Page]) -> Response[str]:
    """Show every entrant's group with what was decided about it, and how many each group has."""
    return await _drawn(page, page.reader.typed or {})


@post("/grouping", include_in_schema=False, status_code=200)
async def grouping_decide(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Show what another group changes; once the form names exactly that, decide it."""
    form, now, by = await fields_of(request), now_of(request), account_of(request).id
    entrant, industry = form.get("entrant", ""), form.get("industry", "")

    def look(desk: SeasonDesk) -> Effects:
        if industry not in {each.code for each in desk.in_force.programme.industries}:
            raise NotFoundException(industry)
        return effects_of_group(desk, entrant, industry)

    try:
        effects = await read_season(request, look)
    except LookupError as error:
        raise NotFoundException(entrant) from error
    if form.get("effects") != name_of_effects(effects):
        return await _drawn(page, form, effects=effects)
    decision = Regrouping(entrant, industry, form.get("reason", ""), effects)

    def write(db: Connection) -> str:
        return regroup(db, decision, by=by, now=now)

    try:
        details = {"industry": industry, "reason": decision.reason[:500]}
        await decided(request, "industry-decided", ("entrant", entrant), write, form, **details)
    except SentenceError as error:
        return await _drawn(page, form, effects=effects, status=409, **refusal(error))
    services_of(request).wake()
    return Redirect("/grouping", status_code=303)


async def _drawn(
    page: Page, form: Mapping[str, str], *, effects: Effects = (), status: int = 200, **refused: Any
) -> Response[str]:
    def read(desk: SeasonDesk) -> dict[str, Any]:
        entrants = season.entrants_of_award(desk.db)
        taking_part = {row["entrant_id"] for row in season.rows_of(desk.db, "entries") if not row["withdrawn"]}
        return {
            "basis": last_entry(desk.db),
            "entrants": entrants,
            "decisions": groupings_by_entrant(desk.db),
            "industries": [(each.code, each.name) for each in desk.in_force.programme.industries],
            "sizes": Counter(row["industry"] for row in entrants if row["id"] in taking_part),
            "least": desk.rules.whole("award.industry.min_entrants"),
            "locked": is_locked(desk.db, now_of(page.request)),
        }

    values = await read_season(page.request, read)
    name = name_of_effects(effects) if effects else ""
    return await asyncio.to_thread(
        page.html, "grouping.html", status=status, filled=form, effects=effects, effects_name=name, **values, **refused
    )


ROUTES = [grouping_page, grouping_decide]
