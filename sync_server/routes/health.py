"""For machines: whether the process is alive, whether it can take work, and what it has counted."""

from __future__ import annotations

import asyncio
import hmac
from ipaddress import ip_address
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.config.app import AppConfig
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from sync_server.database.engine import FileReplacedError
from sync_server.database.queries.health import check
from sync_server.evidence.store import MediaGoneError
from sync_server.services import Services

AnyRequest = Request[Any, Any, Any]


def plug(app: AppConfig) -> None:
    """Add the three routes."""
    app.route_handlers.extend([healthz, readyz, metrics])


@get("/healthz", media_type=MediaType.TEXT, tags=["machines"])
async def healthz(request: AnyRequest) -> Response[str]:
    """Answer 200 while the process takes requests and its writer lives; anything else: start it anew."""
    services: Services = request.app.state.services
    return _answer(problems=[] if services.writer.is_alive else ["the writer has stopped"])


@get("/readyz", media_type=MediaType.TEXT, tags=["machines"])
async def readyz(request: AnyRequest) -> Response[str]:
    """Answer 200 when a push and a file would be kept now; 503 with a line for each reason why not."""
    services: Services = request.app.state.services
    problems = await asyncio.to_thread(_problems, services)
    return _answer(problems)


@get("/metrics", media_type=MediaType.TEXT, include_in_schema=False)
async def metrics(request: AnyRequest) -> Response[bytes]:
    """Answer Prometheus: with the token of the settings, or without one to this machine only."""
    services: Services = request.app.state.services
    if not _may_read(request, services.config.metrics_token):
        return Response(b"not for you\n", status_code=403, media_type=MediaType.TEXT)
    counted = services.metrics
    counted.writes.set(services.writer.written)
    counted.commits.set(services.writer.batches)
    counted.waiting.set(services.writer.waiting)
    counted.subscribers.set(services.events.subscribers)
    return Response(counted.text(), media_type=CONTENT_TYPE_LATEST)


def _answer(problems: list[str]) -> Response[str]:
    return Response(
        "\n".join(problems or ["ok"]) + "\n", status_code=503 if problems else 200, media_type=MediaType.TEXT
    )


def _problems(services: Services) -> list[str]:
    problems = [] if services.writer.is_alive else ["the writer has stopped"]
    if services.writer.waiting >= services.config.writer_queue:
        problems.append("more writes wait than may")
    try:
        with services.database.reading() as db:
            check(db)
    except SQLAlchemyError:
        problems.append("the database does not answer")
    except FileReplacedError:
        problems.append("the database file was deleted or replaced; put it back, and start the server anew")
    try:
        services.media.check()
    except (OSError, MediaGoneError):
        problems.append("the media store does not take files")
    return problems


def _may_read(request: AnyRequest, token: str) -> bool:
    if token:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    try:
        # Behind a proxy everybody comes from this machine; then only a token is good enough.
        here = request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        here = False
    return here and "x-forwarded-for" not in request.headers
