"""A button that decides one thing of a list: done, and back to the list; or the list again, with what came between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response
from litestar.response import Redirect
from sqlalchemy import Connection

from sync_server.review.basis import DecidedMeanwhileError, refusal
from sync_server.routes.dashboard.page import Asked, decided, fields_of

Shown = Callable[..., Awaitable[Response[str]]]


async def done_or_shown(
    request: Asked,
    action: str,
    subject: tuple[str, str],
    write: Callable[[Connection], object],
    *,
    shown: Shown,
    then: str,
    **details: Any,
) -> Response[str] | Redirect:
    """Do `write` as `action` and go to `then`. Where it was decided about meanwhile, `shown` draws the list with that.

    `shown` takes `status` and what `review.basis.refusal` gives.
    """
    try:
        await decided(request, action, subject, write, await fields_of(request), **details)
    except DecidedMeanwhileError as error:
        return await shown(status=409, **refusal(error))
    return Redirect(then, status_code=303)
