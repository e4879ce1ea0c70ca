"""Which settled double scores of a round do not count yet, what changes once they do, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import SentenceError
from checklists.score.double_scoring import HOW
from sync_server.award.desk import SeasonDesk
from sync_server.award.rule_effects import name_of_effects
from sync_server.database.queries.assessment_lists import round_numbers
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.people import entrant_names
from sync_server.database.queries.second_scores import countable
from sync_server.pages.quality import PARTS
from sync_server.review import settling
from sync_server.review.basis import refusal
from sync_server.review.outcome import By
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of, viewed


@get("/quality/settled", include_in_schema=False)
async def settled_page(
    request: Asked,
    page: NamedDependency[Page],
    round: FromQuery[str] = "",  # noqa: A002 - its name in the address
) -> Response[str]:
    """Show the settled scores of a round that do not count yet, and every figure that they change."""
    await viewed(request, "quality-viewed", ("standings", "quality"))
    return await _drawn(page, round, page.reader.typed or {})


@post("/quality/settled", include_in_schema=False, status_code=200)
async def settled_count(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Let them count, once the form names exactly the effects that were shown."""
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))
    number = form.get("round", "")
    values = await read_season(request, lambda desk: _values(desk, number))
    if form.get("effects") != values["name"]:
        return await _drawn(page, number, form, status=409)

    def write(db: Connection) -> None:
        settling.let_count(db, values["chosen"], form.get("reason", ""), by)

    try:
        await decided(request, "settled-scores-counted", ("round", str(values["chosen"])), write, form)
    except SentenceError as error:
        return await _drawn(page, number, form, status=409, **refusal(error))
    services_of(request).wake()
    return Redirect(f"/quality/agreement?round={values['chosen']}", status_code=303)


def _values(desk: SeasonDesk, number: str) -> dict[str, Any]:
    numbers = round_numbers(desk.db)
    chosen = int(number) if number in map(str, numbers) else max(numbers, default=1)
    pairs = settling.waiting(desk.db, chosen)
    effects = settling.effects(desk, pairs)
    names, visits = dict(entrant_names(desk.db)), {visit.id: visit for visit in countable(desk.db, chosen)}
    lines = [(pair, names.get(visits[pair.id].entrant_id, {}), visits[pair.id].channel) for pair in pairs]
    return {
        "basis": last_entry(desk.db), "rounds": numbers, "chosen": chosen, "lines": lines, "effects": effects,
        "name": name_of_effects([*effects, [pair.id for pair in pairs]]),
    }  # fmt: skip


async def _drawn(
    page: Page, number: str, filled: Mapping[str, str], *, status: int = 200, **refused: Any
) -> Response[str]:
    values = await read_season(page.request, lambda desk: _values(desk, number))
    return page.html(
        "quality/settled.html",
        status=status,
        part="agreement",
        parts=PARTS,
        filled=filled,
        counted=HOW,
        **values,
        **({"problem": None, "meanwhile": ()} | refused),
    )


ROUTES = [settled_page, settled_count]
