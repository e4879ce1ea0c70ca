"""Which API token calls. The doors of other programs ask here, each for the scope it needs."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import Any

from litestar import Request

from sync_server.database.queries.api_tokens import note_used
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.errors import RefusedError
from sync_server.people.api_tokens import Caller, Scope, caller_of, token_in
from sync_server.services import Services


async def calling_token(request: Request[Any, Any, Any], services: Services) -> Caller:
    """Return whom the token of the request speaks for.

    Raises:
        RefusedError: `encryption-needed`, `api-token-not-valid`
    """
    token = token_in(request.headers.get("authorization", ""))
    if not _is_covered(request, services):
        raise RefusedError("encryption-needed")

    def find() -> Caller | None:
        with services.database.reading() as db:
            return caller_of(db, token, services.clock())

    caller = await asyncio.to_thread(find) if token else None
    if caller is None:
        raise RefusedError("api-token-not-valid")
    return caller


async def calling_assessor(request: Request[Any, Any, Any], services: Services, scope: Scope) -> Caller:
    """Return the assessor's token that calls, which must have `scope`; its use is noted now and then.

    Raises:
        RefusedError: as `calling_token`, `scope-missing`, and `api-token-not-valid` where the desk has withdrawn the
            device that stands for the token.
    """
    caller = await calling_token(request, services)
    if scope not in caller.scopes or caller.assessor_id is None:
        raise RefusedError("scope-missing")
    services.collecting.device_of(caller)
    if caller.needs_noting:
        now = services.clock()
        await services.writer.run(lambda db: note_used(db, caller.token_id, now))
    return caller


async def noted(
    request: Request[Any, Any, Any], services: Services, caller: Caller, action: str, subject: tuple[str, str]
) -> None:
    """Log what the token is about to read, and now and then its use. Returns once that is durable."""
    now = services.clock()
    row = AuditRow(
        at=now,
        actor_kind="user" if caller.user_id else "system",
        actor_id=caller.user_id or "api-token",
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        details={"token": caller.token_id},
        request_id=str(request.scope.get("state", {}).get("request_id", "")),
    )

    def write(db: Any) -> None:
        append_audit(db, [row])
        if caller.needs_noting:
            note_used(db, caller.token_id, now)

    await services.writer.run(write)


def _is_covered(request: Request[Any, Any, Any], services: Services) -> bool:
    if request.url.scheme == "https" or services.config.is_https:
        return True
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
