"""The pages of the award: standings, one entry, the awards, the borderline, what if, and the season as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.award.entry_score import EntryScore
from checklists.language import Sentence
from checklists.problems import Problem
from checklists.rules.ruleset import RulesetError
from checklists.season.what_if import parse_changes
from checklists.season.write import season_json
from sync_server.award import entries, standings
from sync_server.database.queries.rulesets import versions
from sync_server.database.queries.standings import decision_rows
from sync_server.exchange.season_file import season_to_export
from sync_server.pages import award
from sync_server.pages.drawing import Reader
from sync_server.review import decision, rulings
from sync_server.routes.dashboard.page import Asked, account_of, audited, fields_of, html, now_of, services_of, viewed
from sync_server.season import rules as ruleset_versions
from sync_server.season.forms import FormBook
from sync_server.season.rules import Rules, rules_in_force

Result = TypeVar("Result")
MAX_WHAT_IF = 4000


async def _read(request: Asked, look: Callable[[Connection, Rules, FormBook], Result]) -> Result:
    services = services_of(request)

    def read() -> Result:
        with services.database.reading() as db:
            return look(db, rules_in_force(db), services.forms)

    return await asyncio.to_thread(read)


@get("/standings", include_in_schema=False)
async def standings_page(
    request: Asked, reader: NamedDependency[Reader], *, channel: FromQuery[str] = "", industry: FromQuery[str] = ""
) -> Response[str]:
    """Show where every entry stands, by channel and industry, the best first."""
    await viewed(request, "standings-viewed", ("standings", "list"))
    told = await _read(request, lambda db, rules, book: award.board(standings.kept_standings(db, rules, book), rules))
    return await asyncio.to_thread(
        html,
        request,
        reader,
        "award/standings.html",
        board=told.narrowed(channel=channel, industry=industry),
        channel=channel,
        industry=industry,
    )


@get("/standings/{entrant_id:str}/{channel:str}", include_in_schema=False)
async def entry_page(
    request: Asked, reader: NamedDependency[Reader], entrant_id: FromPath[str], channel: FromPath[str]
) -> Response[str]:
    """Show one entry: its rounds, what its final rests on, what a better band needs, and its awards."""
    answer = await _entry(request, reader, (entrant_id, channel))
    await viewed(request, "standing-viewed", ("entry", f"{entrant_id}/{channel}"))
    return answer


@post("/standings/{entrant_id:str}/{channel:str}/consistency", include_in_schema=False)
async def set_consistency(
    request: Asked, reader: NamedDependency[Reader], entrant_id: FromPath[str], channel: FromPath[str]
) -> Response[Any]:
    """Set the consistency bonus of one round, with a reason, where the rules leave it to the coordinator."""
    form, key = await fields_of(request), (entrant_id, channel)
    await _read(request, lambda db, rules, book: _known(db, key, rules, book))
    by = decision.By(account_of(request).id, now_of(request))
    number = int(form["round"]) if form.get("round", "").isascii() and form.get("round", "")[:2].isdigit() else 0

    def write(db: Connection) -> None:
        rulings.decide_consistency(
            db, key, number, form.get("points", "")[:50], reason=form.get("reason", "")[:2000], by=by
        )

    try:
        await audited(request, "consistency-decided", ("entry", "/".join(key)), write, round=number)
    except decision.CannotDecideError as error:
        return await _entry(request, reader, key, problem=error.message, status=409)
    return Redirect(f"/standings/{entrant_id}/{channel}", status_code=303)


def _known(db: Connection, key: tuple[str, str], rules: Rules, book: FormBook) -> EntryScore:
    told = standings.standing_of(db, key, rules, book)
    if told is None:
        raise NotFoundException("no such entry")
    return told


async def _entry(
    request: Asked, reader: Reader, key: tuple[str, str], *, problem: Sentence | None = None, status: int = 200
) -> Response[str]:
    def look(db: Connection, rules: Rules, book: FormBook) -> award.EntryView:
        told = _known(db, key, rules, book)
        awards = standings.awards_of(standings.kept_standings(db, rules, book), rules)
        return award.entry_view(told, awards, rules, decision_rows(db, *key))

    shown = await _read(request, look)
    return await asyncio.to_thread(
        html, request, reader, "award/entry.html", status=status, entry=shown, problem=problem
    )


@get("/awards", include_in_schema=False)
async def awards_page(request: Asked, reader: NamedDependency[Reader]) -> Response[str]:
    """Show each award: winners, ties, and for every other entry why not."""
    await viewed(request, "awards-viewed", ("awards", "list"))
    told = await _read(
        request, lambda db, rules, book: award.award_views(standings.kept_standings(db, rules, book), rules)
    )
    return await asyncio.to_thread(html, request, reader, "award/awards.html", awards=told)


@get("/borderline", include_in_schema=False)
async def borderline_page(request: Asked, reader: NamedDependency[Reader]) -> Response[str]:
    """Show the finals that lie close to a band's edge: those to look at again before results."""
    await viewed(request, "borderline-viewed", ("standings", "borderline"))
    told = await _read(
        request, lambda db, rules, book: award.borderline(standings.kept_standings(db, rules, book), rules)
    )
    return await asyncio.to_thread(
        html, request, reader, "award/borderline.html", rows=told, within=award.BORDERLINE_WITHIN
    )


@get("/what-if", include_in_schema=False)
async def what_if_page(
    request: Asked,
    reader: NamedDependency[Reader],
    *,
    changes: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[str]:
    """Show who would move under other parameters. It is worked out on a copy; nothing is kept or published."""
    await viewed(request, "what-if-viewed", ("standings", "what-if"), changes=changes[:200])
    lines = [line.strip() for line in changes[:MAX_WHAT_IF].splitlines() if line.strip()]

    def look(db: Connection, rules: Rules, book: FormBook) -> award.WhatIf:
        try:
            other = rules.rules.with_overrides(parse_changes(lines), "") if lines else rules.rules
        except RulesetError as error:
            return award.WhatIf(rules=rules.rules, comparison=None, problems=error.problems)
        if not lines:
            return award.WhatIf(rules=rules.rules, comparison=None, problems=())
        season = entries.season_of(db, rules, book)
        return award.what_if(season, rules, other)

    told = await _read(request, look)
    return await _what_if(request, reader, told, changes=changes, done=done)


@post("/rules", include_in_schema=False)
async def new_rules(request: Asked, reader: NamedDependency[Reader]) -> Response[Any]:
    """Make other parameters the rules: a new version, with a reason. Every entry is then scored anew."""
    form = await fields_of(request)
    changes, reason = form.get("changes", "")[:MAX_WHAT_IF], form.get("reason", "")[:MAX_WHAT_IF]
    lines = [line.strip() for line in changes.splitlines() if line.strip()]
    by, now = account_of(request).id, now_of(request)

    def write(db: Connection) -> None:
        ruleset_versions.add_version(db, parse_changes(lines), reason, created_by=by, now=now)

    try:
        await audited(request, "rules-changed", ("ruleset", "new"), write, changes=lines[:50], reason=reason[:500])
    except RulesetError as error:
        problems = error.problems
    except ruleset_versions.NoReasonError as error:
        problems = (Problem(place="", code="reason-missing", message=error.message),)
    else:
        return Redirect("/what-if?done=rules", status_code=303)
    told = await _read(
        request, lambda _, rules, __: award.WhatIf(rules=rules.rules, comparison=None, problems=problems)
    )
    return await _what_if(request, reader, told, changes=changes, reason=reason, status=409)


async def _what_if(
    request: Asked,
    reader: Reader,
    told: award.WhatIf,
    *,
    changes: str,
    reason: str = "",
    done: str = "",
    status: int = 200,
) -> Response[str]:
    kept = await _read(request, lambda db, _, __: versions(db))
    return await asyncio.to_thread(
        html,
        request,
        reader,
        "award/what_if.html",
        status=status,
        told=told,
        changes=changes,
        reason=reason,
        versions=kept,
        done=done,
    )


@get("/season.json", include_in_schema=False)
async def season_file(request: Asked) -> Response[bytes]:
    """Give the season as a season file, which scores to exactly what the pages show."""
    await viewed(request, "season-exported", ("season", "season"))
    body = await _read(request, lambda db, rules, book: season_json(season_to_export(db, rules, book)))
    return Response(
        body,
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="season.json"', "Cache-Control": "no-store"},
    )


ROUTES = [
    standings_page,
    entry_page,
    set_consistency,
    awards_page,
    borderline_page,
    what_if_page,
    new_rules,
    season_file,
]
