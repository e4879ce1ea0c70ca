"""Rules proposed for what has opened: what they would change, confirmed or turned down by a second person."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import SentenceError
from checklists.problems import Problem
from checklists.rules.ruleset import RulesetError
from checklists.season.what_if import Comparison, parse_changes
from sync_server.award.desk import SeasonDesk
from sync_server.award.rule_effects import Effects, compared, effects_of
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.proposed_rules import ProposedRow, proposed_of
from sync_server.database.queries.users import list_users
from sync_server.pages.plot import SCORES
from sync_server.pages.standings import plotted
from sync_server.review.basis import refusal
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, viewed
from sync_server.routes.dashboard.rules import RULESET, rule_words, shown_of
from sync_server.season import proposed_rules


class _Shown(NamedTuple):
    """A proposal and, while it can be confirmed, what it would change by now."""

    row: ProposedRow
    is_out_of_date: bool
    comparison: Comparison | None = None
    effects: Effects = ()
    name: str = ""
    problems: Sequence[Problem] = ()

    @property
    def changes(self) -> Sequence[tuple[str, str]]:
        """Name and value of each line."""
        lines = (line.partition("=") for line in self.row.lines)
        return [(name.strip(), value.strip()) for name, _, value in lines]

    @property
    def has_moved(self) -> bool:
        """Whether it would change other figures by now than whoever proposed it was shown."""
        return self.comparison is not None and list(map(list, self.effects)) != list(map(list, self.row.effects))


@get("/what-if/proposed/{proposed_id:str}", include_in_schema=False)
async def proposed_page(request: Asked, page: NamedDependency[Page], proposed_id: FromPath[str]) -> Response[str]:
    """Show what is proposed, by whom and why, and every figure that it changes by now."""
    await viewed(request, "what-if-viewed", ("standings", "what-if"), proposed=proposed_id)
    return await _drawn(page, proposed_id, page.reader.typed or {})


@post("/what-if/proposed/{proposed_id:str}/confirm", include_in_schema=False)
async def confirm_proposed(request: Asked, page: NamedDependency[Page], proposed_id: FromPath[str]) -> Response[Any]:
    """Make it the rules as the second person, once the form names exactly what was shown."""
    form, by, now = await fields_of(request), account_of(request).id, now_of(request)
    shown = await read_season(request, lambda desk: _looked(desk, proposed_id))
    if shown.comparison is not None and form.get("effects") != shown.name and shown.row.proposed_by != by:
        return await _drawn(page, proposed_id, form, status=409, is_anew=True)

    def write(db: Connection) -> None:
        proposed_rules.confirm(db, shown.row.id, shown.effects, by=by, now=now)

    details = {"proposed": proposed_id, "changes": list(shown.row.lines)[:50], "about": list(shown.row.about)}
    try:
        await decided(request, "rules-confirmed", RULESET, write, form, **details)
    except RulesetError as error:
        return await _drawn(page, proposed_id, form, status=409, problems=error.problems)
    except SentenceError as error:
        return await _drawn(page, proposed_id, form, status=409, **refusal(error))
    return Redirect("/what-if?done=rules", status_code=303)


@post("/what-if/proposed/{proposed_id:str}/withdraw", include_in_schema=False)
async def withdraw_proposed(request: Asked, page: NamedDependency[Page], proposed_id: FromPath[str]) -> Response[Any]:
    """Take one's own back, or turn somebody else's down, with why."""
    form, by, now = await fields_of(request), account_of(request).id, now_of(request)
    reason, row = form.get("reason", ""), await read_season(request, lambda desk: _kept(desk, proposed_id))

    def write(db: Connection) -> None:
        proposed_rules.withdraw(db, row.id, reason, by=by, now=now)

    action = "rules-taken-back" if row.proposed_by == by else "rules-turned-down"
    try:
        await decided(request, action, RULESET, write, form, proposed=proposed_id, reason=reason[:500])
    except SentenceError as error:
        return await _drawn(page, proposed_id, form, status=409, **refusal(error))
    return Redirect(f"/what-if/proposed/{proposed_id}", status_code=303)


def _kept(desk: SeasonDesk, proposed_id: str) -> ProposedRow:
    is_number = proposed_id.isascii() and proposed_id.isdigit() and len(proposed_id) < 10
    row = proposed_of(desk.db, int(proposed_id)) if is_number else None
    if row is None:
        raise NotFoundException(proposed_id)
    return row


def _looked(desk: SeasonDesk, proposed_id: str) -> _Shown:
    row = _kept(desk, proposed_id)
    is_out_of_date = row.waits and proposed_rules.is_out_of_date(desk.db, row)
    if not row.waits or is_out_of_date:
        return _Shown(row, is_out_of_date)
    try:
        comparison = compared(desk, parse_changes(row.lines), row.about)
    except RulesetError as error:  # kept by another release
        return _Shown(row, is_out_of_date, problems=error.problems)
    return _Shown(row, is_out_of_date, comparison, effects_of(comparison), shown_of(desk, comparison))


async def _drawn(
    page: Page,
    proposed_id: str,
    filled: Mapping[str, str],
    *,
    status: int = 200,
    is_anew: bool = False,
    problems: Sequence[Problem] = (),
    **refused: Any,
) -> Response[str]:
    def read(desk: SeasonDesk) -> dict[str, Any]:
        shown = _looked(desk, proposed_id)
        return {
            **rule_words(desk, {}),
            "basis": last_entry(desk.db),
            "one": shown,
            "may_confirm": proposed_rules.can_confirm(desk.db, shown.row, account_of(page.request).id),
            "problems": problems or shown.problems,
            "people": {row.id: row for row in list_users(desk.db)},
        }

    kept = await read_season(page.request, read)
    return await asyncio.to_thread(
        page.html,
        "award/proposed_rules.html",
        status=status,
        filled=filled,
        is_anew=is_anew,
        plotted=plotted,
        SCORES=SCORES,
        **kept,
        **refused,
    )


ROUTES = [proposed_page, confirm_proposed, withdraw_proposed]
