"""Webhooks, for administrators: made, their secret changed, ended; the log of what was sent, and sending it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from sync_server.database.queries import webhooks as queries
from sync_server.database.queries.audit_log import last_entry
from sync_server.post import webhooks
from sync_server.post.hooks import TYPES
from sync_server.post.webhooks import HookProblemError
from sync_server.review.basis import DecidedMeanwhileError, refusal
from sync_server.routes.dashboard.deciding import done_or_shown
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    account_of,
    decided,
    fields_of,
    now_of,
    services_of,
    viewed,
)

MOST_SHOWN = 100


@get("/webhooks", include_in_schema=False)
async def webhook_list(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Show the webhooks, the form for another, and what was sent last."""
    return await _list(request, page)


@post("/webhooks", include_in_schema=False, status_code=200)
async def make_webhook(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Make a webhook and show its secret, this once. What was typed stays where it cannot be made."""
    sent, fields = await request.form(), await fields_of(request)
    events = [str(event) for event in sent.getall("event", [])]
    now, created_by = now_of(request), account_of(request).id

    def write(db: Connection) -> str:
        return webhooks.make_hook(
            db,
            name=fields.get("name", ""),
            address=fields.get("address", ""),
            events=events,
            created_by=created_by,
            now=now,
            private_hosts=services_of(request).config.webhook_private_hosts.split(","),
        )[1]

    try:
        secret = await decided(request, "webhook-made", ("webhooks", "list"), write, fields, events=events)
    except (DecidedMeanwhileError, HookProblemError) as error:
        status = 409 if isinstance(error, DecidedMeanwhileError) else 400
        return await _list(request, page, status=status, chosen=events, fields=fields, **refusal(error))
    services_of(request).wake()
    return await _list(request, page, secret=secret)


@post("/webhooks/{webhook_id:str}/secret", include_in_schema=False, status_code=200)
async def change_secret(request: Asked, page: NamedDependency[Page], webhook_id: FromPath[str]) -> Response[str]:
    """Make a new secret and show it, this once. The old one signs beside it for a day."""
    now = now_of(request)

    def write(db: Connection) -> str:
        secret = webhooks.rotate(db, webhook_id, now)
        if not secret:
            raise NotFoundException("no such webhook")
        return secret

    try:
        fields = await fields_of(request)
        secret = await decided(request, "webhook-secret-changed", ("webhook", webhook_id), write, fields)
    except DecidedMeanwhileError as error:
        return await _list(request, page, status=409, **refusal(error))
    return await _list(request, page, secret=secret)


@post("/webhooks/{webhook_id:str}/end", include_in_schema=False)
async def end_webhook(
    request: Asked, page: NamedDependency[Page], webhook_id: FromPath[str]
) -> Response[str] | Redirect:
    """Tell it nothing more. A repeat changes nothing."""
    now = now_of(request)
    return await _done(request, page, "webhook-ended", webhook_id, lambda db: queries.end_hook(db, webhook_id, now))


@post("/webhooks/messages/{message_id:str}/again", include_in_schema=False)
async def again(request: Asked, page: NamedDependency[Page], message_id: FromPath[str]) -> Response[str] | Redirect:
    """Send a message once more."""
    now = now_of(request)
    number = int(message_id) if message_id.isascii() and message_id.isdigit() and len(message_id) <= 15 else 0
    return await _done(request, page, "webhook-replayed", message_id, lambda db: webhooks.send_again(db, number, now))


async def _done(
    request: Asked, page: Page, action: str, subject: str, write: Callable[[Connection], object]
) -> Response[str] | Redirect:
    shown = partial(_list, request, page)
    answer = await done_or_shown(request, action, ("webhook", subject), write, shown=shown, then="/webhooks")
    services_of(request).wake()
    return answer


async def _list(
    request: Asked,
    page: Page,
    *,
    secret: str = "",
    chosen: Sequence[str] = (),
    fields: dict[str, str] | None = None,
    status: int = 200,
    **more: object,
) -> Response[str]:
    await viewed(request, "webhooks-listed", ("webhooks", "list"))

    def read() -> Response[str]:
        with services_of(request).database.reading() as db:
            basis, rows = last_entry(db), queries.hooks(db)
            lines = queries.newest_messages(db, MOST_SHOWN)
        return page.html(
            "webhooks.html",
            status=status,
            basis=basis,
            rows=rows,
            lines=lines,
            events=TYPES,
            secret=secret,
            chosen=chosen,
            fields=fields or {},
            **more,
        )

    return await asyncio.to_thread(read)


ROUTES = [webhook_list, make_webhook, change_secret, end_webhook, again]
