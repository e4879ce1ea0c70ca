"""The IVRS panel: judges mark each voice menu, seeing nobody's marks but their own; a coordinator fixes the figure."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import Sentence, SentenceError
from checklists.number import decimal_text, exact
from sync_server.award.desk import SeasonDesk
from sync_server.award.rule_effects import name_of_effects
from sync_server.database.queries import panel, season
from sync_server.database.queries.audit_log import last_entry
from sync_server.panel.marking import declare
from sync_server.review import ivrs_panel
from sync_server.review.basis import refusal
from sync_server.review.ivrs_panel import Menu, subject_of
from sync_server.review.outcome import By
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    audited,
    decided,
    fields_of,
    now_of,
    services_of,
    viewed,
)  # fmt: skip


@get("/judging/ivrs/{entrant_id:str}", include_in_schema=False)
async def menu_page(
    request: Asked, page: NamedDependency[Page], entrant_id: FromPath[str], *, done: FromQuery[str] = ""
) -> Response[str]:
    """Ask for a tie first; then show what to listen for, with the marks beside it."""
    await viewed(request, "ivrs-panel-viewed", ("panel", entrant_id))
    return await _marking(page, entrant_id, done=done)


@post("/judging/ivrs/{entrant_id:str}/tie", include_in_schema=False)
async def menu_tie(request: Asked, page: NamedDependency[Page], entrant_id: FromPath[str]) -> Response[Any]:
    """Keep whether this judge is tied to the organisation."""
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))
    await read_season(request, lambda desk: _menu(desk, entrant_id))
    if form.get("tie") not in ("yes", "no"):
        return await _marking(page, entrant_id, status=422)
    is_tied = form["tie"] == "yes"

    def write(db: Connection) -> None:
        declare(db, subject_of(entrant_id), by.user_id, is_tied=is_tied, now=by.now)

    try:
        await audited(request, "tie-declared", ("panel", entrant_id), write, tied=is_tied)
    except SentenceError as error:
        return await _marking(page, entrant_id, problem=error.message, status=409)
    return Redirect(f"/judging/ivrs/{entrant_id}", status_code=303)


@post("/judging/ivrs/{entrant_id:str}/marks", include_in_schema=False)
async def menu_marks(request: Asked, page: NamedDependency[Page], entrant_id: FromPath[str]) -> Response[Any]:
    """Keep this judge's marks, as a draft or for good."""
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))
    parts = await read_season(request, lambda desk: (_menu(desk, entrant_id), ivrs_panel.parts_of(desk))[1])
    is_final = form.get("act") == "final"
    try:
        marks = ivrs_panel.read_marks(parts, form, is_final=is_final)
        await audited(
            request,
            "ivrs-marks-kept",
            ("panel", entrant_id),
            lambda db: ivrs_panel.mark(db, entrant_id, marks, is_final=is_final, by=by),
            final=is_final,
        )
    except SentenceError as error:
        return await _marking(page, entrant_id, form=form, problem=error.message, status=409)
    return Redirect("/judging" if is_final else f"/judging/ivrs/{entrant_id}?done=kept", status_code=303)


@get("/awards/ivrs", include_in_schema=False)
async def panel_page(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show each voice menu with its judges' points, their spread, and what is fixed."""
    await viewed(request, "awards-viewed", ("awards", "ivrs"))
    return await _drawn(page, page.reader.typed or {})


@post("/awards/ivrs", include_in_schema=False, status_code=200)
async def panel_fix(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Show what fixing a figure changes; once the form names exactly that, fix it."""
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))
    entrant_id = form.get("entrant", "")

    def look(desk: SeasonDesk) -> tuple[Menu, Any]:
        menu = _menu(desk, entrant_id)
        return menu, ivrs_panel.effects(desk, menu) if menu.figure is not None else ()

    menu, effects = await read_season(request, look)
    name = name_of_effects([*effects, [str(menu.figure)]])
    if menu.figure is not None and form.get("effects") != name:
        return await _drawn(page, form, menu=menu, effects=effects, effects_name=name)
    try:
        await decided(
            request,
            "ivrs-panel-fixed",
            ("entry", f"{entrant_id}/{ivrs_panel.CHANNEL}"),
            lambda db: ivrs_panel.fix(db, menu, form.get("reason", ""), by),
            form,
        )
    except SentenceError as error:
        return await _drawn(
            page, form, menu=menu, effects=effects, effects_name=name, status=409, **refusal(error)
        )  # fmt: skip
    services_of(request).wake()
    return Redirect("/awards/ivrs", status_code=303)


def _menu(desk: SeasonDesk, entrant_id: str) -> Menu:
    menu = next((one for one in ivrs_panel.menus(desk) if one.entrant_id == entrant_id), None)
    if menu is None or not ivrs_panel.is_by_panel(desk):
        raise NotFoundException(entrant_id)
    return menu


async def _marking(
    page: Page,
    entrant_id: str,
    *,
    done: str = "",
    form: Mapping[str, str] | None = None,
    problem: Sentence | None = None,
    status: int = 200,
) -> Response[str]:
    judge = account_of(page.request).id

    def read(desk: SeasonDesk) -> dict[str, Any]:
        menu, subject = _menu(desk, entrant_id), subject_of(entrant_id)
        rows = panel.marks_of(desk.db, subject, judge)
        lines = [
            row
            for row in season.rows_of(desk.db, "contact_points")
            if row["entrant_id"] == entrant_id and row["channel"] == ivrs_panel.CHANNEL
        ]
        return {
            "name": menu.name,
            "tie": panel.tie_of(desk.db, subject, judge),
            "kept": {row.part: decimal_text(exact(row.points)) for row in rows}
            | {f"{row.part}-note": row.note for row in rows},
            "is_final": any(row.is_final for row in rows),
            "parts": ivrs_panel.parts_of(desk),
            "lines": lines,
        }

    values = await read_season(page.request, read)
    filled = {**values.pop("kept"), **(form or page.reader.typed or {})}
    status = 403 if values["tie"] else status
    return await asyncio.to_thread(
        page.html, "award/ivrs_marking.html", status=status, entrant_id=entrant_id, done=done, filled=filled,
        problem=problem, **values,
    )  # fmt: skip


async def _drawn(page: Page, filled: Mapping[str, str], *, status: int = 200, **more: Any) -> Response[str]:
    def read(desk: SeasonDesk) -> dict[str, Any]:
        return {
            "basis": last_entry(desk.db),
            "is_by_panel": ivrs_panel.is_by_panel(desk),
            "menus": ivrs_panel.menus(desk),
            "judges": panel.judge_names(desk.db),
            "least": ivrs_panel.LEAST,
        }

    values = await read_season(page.request, read)
    shown = {"menu": None, "effects": (), "effects_name": "", "problem": None, "meanwhile": ()} | more
    return await asyncio.to_thread(page.html, "award/ivrs.html", status=status, filled=filled, **values, **shown)


ROUTES = [menu_page, menu_tie, menu_marks, panel_page, panel_fix]
