"""Signing in by the provider of the office: the way there, and the way back. `people` says what is believed."""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from sqlalchemy import Connection

from checklists.language import N_, Sentence, Template, sentence
from sync_server.database.queries import second_factors
from sync_server.database.queries.audit_log import append_audit
from sync_server.people import kept_words, second_factor, vouching
from sync_server.people.vouching import Person, Provider, ProviderError, Why
from sync_server.routes.dashboard.page import (
    Asked,
    Page,
    audit_row,
    base_url,
    cookie,
    fields_of,
    now_of,
    own_path,
    services_of,
)
from sync_server.routes.dashboard.sign_in import by_account, entered, signed_in, too_many_tries
from sync_server.routes.dashboard.sign_in_form import sign_in_form

logger = logging.getLogger(__name__)

BROWSER_COOKIE = "sign-in"  # ties what comes back to the browser that began
BACK = "/sign-in/provider/back"

# What whoever signs in is told, and the status.
SAID: Mapping[Why, tuple[Template, int]] = {
    Why.AWAY: (
        N_("{provider} does not answer as it should. Try again in a minute, or sign in with your password."),
        503,
    ),
    Why.BROKEN_OFF: (N_("Signing in by {provider} was broken off. Nothing has changed."), 401),
    Why.STATE: (
        N_("This sign-in was not begun in this browser, took too long, or was finished before. Begin again."),
        400,
    ),
    Why.TOKEN: (
        N_(
            "What {provider} answered could not be checked, so nobody was signed in. Try again; if that does not help, "
            "whoever runs the server finds the reason in its log."
        ),
        401,
    ),
    Why.PERSON: (N_("{provider} knows you, but no account here is linked to you. Ask an administrator."), 403),
}


class _Way(NamedTuple):
    """Where a sign-in goes on, and with what words."""

    onward: str = "/"
    kept: kept_words.KeptWords | None = None


@post("/sign-in/provider", include_in_schema=False, status_code=200)
async def to_provider(request: Asked, page: NamedDependency[Page]) -> Response[str]:
    """Begin a sign-in and lead to the provider. Many of one address are slowed down (THR-3).

    A page leads there, not the answer itself: our forms may send nobody to another site (Content-Security-Policy).
    """
    provider, form = _provider_of(request), await fields_of(request)
    services, now = services_of(request), now_of(request)
    kept = kept_words.read(form.get("kept", ""))
    way = _Way(own_path(form.get("next", "/") if kept is None else kept.page), kept)
    address = _address_of(request)
    if wait := await services.writer.run(lambda db: vouching.reserve_try(db, address, now)):
        seconds = math.ceil(wait.total_seconds())
        answer = _form(page, way, too_many_tries(seconds), 429)
        answer.headers["Retry-After"] = str(seconds)
        return answer
    trial, browser = vouching.new_trial(), request.cookies.get(BROWSER_COOKIE) or secrets.token_urlsafe(32)
    try:
        there = await asyncio.to_thread(provider.address, base_url(request) + BACK, trial)
    except ProviderError as error:
        await services.writer.run(lambda db: vouching.succeed(db, address))  # no fault of whoever tries
        return await _failed(request, page, way, error)

    def keep(db: Connection) -> None:
        vouching.keep_trial(db, trial, browser, onward=way.onward, kept=way.kept, now=now)

    await services.writer.run(keep)
    answer = page.html("to_provider.html", address=there, provider=provider.name)
    lasts_s = int(vouching.TRY_LASTS.total_seconds())
    answer.set_cookie(cookie(request, BROWSER_COOKIE, browser, max_age_s=lasts_s))
    return answer


@get(BACK, include_in_schema=False)
async def from_provider(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Finish a sign-in with what the provider answered: a session, or the question for the code of the second step."""
    provider, services, now = _provider_of(request), services_of(request), now_of(request)
    answer = {name: value for name, value in request.query_params.items() if isinstance(value, str)}
    browser, state = request.cookies.get(BROWSER_COOKIE, ""), answer.get("state", "")
    begun = await services.writer.run(lambda db: vouching.take_trial(db, state, browser, now)) if browser else None
    if begun is None:
        return await _failed(request, page, _Way(), ProviderError(Why.STATE))
    trial, onward, kept = begun
    way = _Way(onward, kept)
    try:
        person = await asyncio.to_thread(provider.person, answer, base_url(request) + BACK, trial, now)
        secret, waits_for_code = await services.writer.run(lambda db: _enter(db, request, person, kept))
    except ProviderError as error:
        return await _failed(request, page, way, error)
    if waits_for_code:
        carried = "" if kept is None else kept_words.text_of(kept)
        return page.html("sign_in_code.html", pending=secret, next=onward, kept=carried)
    return signed_in(request, onward, secret)


def _enter(db: Connection, request: Asked, person: Person, kept: kept_words.KeptWords | None) -> tuple[str, bool]:
    """Return the secret of the new session, or of the question for a code, and which of the two it is."""
    now = now_of(request)
    user, is_new = vouching.account_of(db, person, now)
    if is_new:
        append_audit(db, [by_account(request, user.id, "provider-linked", {})])
    vouching.succeed(db, _address_of(request))
    if second_factors.has_factor(db, user.id):
        return second_factor.ask_for_code(db, user.id, now), True
    return entered(db, request, user, kept, by="provider"), False


async def _failed(request: Asked, page: Page, way: _Way, error: ProviderError) -> Response[str]:
    logger.warning("sign-in by the provider: %s", error)
    row = audit_row(request, "sign-in-failed", ("user", "visitor"), {"step": "provider", "why": error.why.value})
    await services_of(request).writer.run(lambda db: append_audit(db, [row]))
    words, status = SAID[error.why]
    return _form(page, way, sentence(words, provider=_provider_of(request).name), status)


def _form(page: Page, way: _Way, problem: Sentence, status: int) -> Response[str]:
    carried = "" if way.kept is None else kept_words.text_of(way.kept)
    return sign_in_form(page, problem=problem, status=status, onward=way.onward, kept=carried)


def _provider_of(request: Asked) -> Provider:
    provider = services_of(request).provider
    if provider is None:
        raise NotFoundException("no provider is set")
    return provider


def _address_of(request: Asked) -> str:
    return request.client.host if request.client else "unknown"


ROUTES = [to_provider, from_provider]
