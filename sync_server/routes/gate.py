"""The one guard of the application: who calls, may they, and did the form come from our own page?

GATE-1  Every call of the router passes here; the row of `permissions.RULES` decides. No row, no answer. (A push is
        answered before the router, by the token of its device alone.)
GATE-2  A route for devices only, or for API tokens only, is left to its own token check; a session cookie never opens
        it.
GATE-3  A call that changes something, by anybody but a device, must carry the form token of the session (of the visit,
        before sign-in) and must not come from another site: by `Sec-Fetch-Site`, or by `Origin` where a browser sends
        only that (an old one, or any without TLS).
GATE-4  An address or a form with a NUL in it is refused: no text of PostgreSQL may hold one.
GATE-5  Nothing is read of a body that is announced as longer than its door reads (BND-2), nor of one whose sender may
        not call the door or has no cookie to check a form against.
       A form that somebody sent whose session is over is read for its words alone (KEPT-1), as short as they may be;
       so is one of a page for anybody that comes without a cookie of ours (PFM-3).
GATE-6  A call under a name that is not this server's (HST) is refused, whoever calls; only how the server is, it says
       under any name.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import (
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
    ValidationException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from sqlalchemy import Connection

from sync_server.custody.erasure_notice import announced
from sync_server.database.queries.editions import newest_edition
from sync_server.database.queries.releases import round_rows
from sync_server.errors import RefusedError
from sync_server.machine.connections import HEALTH
from sync_server.pages.desk_notices import ClockNotice, DeskNotices, EditionNotice, ErasureNotice
from sync_server.people import sessions
from sync_server.people.kept_words import MOST_BYTES, KeptWords, words_of
from sync_server.people.permissions import BENCH_FIELD, DEVICES, STAFF, TOKENS, Role, page_of_form, rule_of
from sync_server.season.edition import current_edition
from sync_server.season.edition_checks import checks, reds
from sync_server.season.observed_time import mark_of
from sync_server.season.opening import red_lines
from sync_server.season.rules import version_in_force
from sync_server.services import Services

SESSION_COOKIE = "session"
VISIT_COOKIE = "visit"  # holds the form token of somebody who has not signed in
NOTICES = "desk_notices"  # where the connection's state has them
EDITION = "edition"
ROUND_IS_NEAR = timedelta(days=30)
CSRF_FIELD = "csrf"
CSRF_HEADER = "Form-Token"
WITH_NUL = "a NUL character cannot be kept"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_DIGITS = 15  # a longer number is more than any limit here
# What opens to an account that must have a second factor and has none.
BEFORE_SECOND_FACTOR = frozenset(
    {
        "/account/second-factor",
        "/sign-out",
        "/preferences",
        "/static/{file_path}",
        "/sign-in",
        "/sign-in/code",
        "/sign-in/provider",
        "/sign-in/provider/back",
    }
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInNeededError(NotAuthorizedException):
    """Nobody is signed in, and this route is not for visitors. `words` are those of the form that was sent."""

    words: KeptWords | None = None


class NotAllowedError(PermissionDeniedException):
    """The caller's role may not call this route."""


class SecondFactorNeededError(PermissionDeniedException):
    """The account's role must have a second factor, and it has none yet (TFA-5)."""


class FormExpiredError(PermissionDeniedException):
    """The form's token does not belong to this session: an old page, or another site's form.

    `words` are those of an old page of the same account; its session has them now. `typed` is what was typed into the
    form of a page for anybody (PFM-3).
    """

    words: KeptWords | None = None
    typed: Mapping[str, str] | None = None


async def gate(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let the call pass or raise. Sets `request.user` to the living `Session`, or None.

    Raises:
        SignInNeededError, NotAllowedError, FormExpiredError, NotFoundException, ValidationException,
        RequestEntityTooLarge, RefusedError (`host-not-ours`)
    """
    _check_host(connection)
    if "\0" in connection.scope["path"]:
        raise NotFoundException
    if b"%00" in connection.scope["query_string"]:
        raise ValidationException(WITH_NUL)
    method = str(connection.scope.get("method", "GET"))
    path = connection.scope["path_template"] or "/"
    rule = rule_of(method, path)
    if rule in {DEVICES, TOKENS}:
        connection.scope["user"] = None
        return
    if method not in SAFE_METHODS:
        _check_length(connection, handler)
    session = await current_session(connection)
    connection.scope["user"] = session
    role = session.account.role if session else Role.VISITOR
    if role not in rule:
        if session is not None:
            raise NotAllowedError("not allowed")
        needed = SignInNeededError("sign in first")
        if method not in SAFE_METHODS and _is_from_here(connection):
            needed.words = await _words_of(connection)
        raise needed
    if session is not None and _must_set_up(connection, session) and path not in BEFORE_SECOND_FACTOR:
        raise SecondFactorNeededError("set the second factor up first")
    if method not in SAFE_METHODS and Role.DEVICE not in rule:
        await _check_form(connection, session, is_for_anybody=Role.VISITOR in rule)


def _must_set_up(connection: ASGIConnection[Any, Any, Any, Any], session: sessions.Session) -> bool:
    services: Services = connection.app.state.services
    return not session.has_second_factor and session.account.role.value in services.config.second_factor_roles


async def current_session(connection: ASGIConnection[Any, Any, Any, Any]) -> sessions.Session | None:
    """Return the living session of the connection's cookie, and note its use now and then."""
    if not connection.cookies.get(SESSION_COOKIE):
        return None
    services: Services = connection.app.state.services
    now = services.clock()
    session = await asyncio.to_thread(session_now, connection)
    if session is not None and now - session.last_seen_at > sessions.NOTE_USE_EVERY:
        lasts = timedelta(hours=services.config.session_h)
        await services.writer.run(lambda db: sessions.note_use(db, session, now, lasts=lasts))
    return session


def session_now(connection: ASGIConnection[Any, Any, Any, Any]) -> sessions.Session | None:
    """Return the living session of the connection's cookie. Reads the database; keeps nothing there.

    What every page prints goes into the connection's state: the edition, and for the office what it has to be told.
    """
    secret = connection.cookies.get(SESSION_COOKIE)
    services: Services = connection.app.state.services
    if not secret:
        return None
    with services.database.reading() as db:
        session = sessions.find_session(db, secret, services.clock())
        if session is not None:
            connection.scope.setdefault("state", {})[EDITION] = newest_edition(db)
        if session is not None and session.account.role in STAFF:
            connection.scope.setdefault("state", {})[NOTICES] = desk_notices(db, services.clock())
    return session


def desk_notices(db: Connection, now: datetime) -> DeskNotices:
    """Return what the office is to be told on every page, until somebody does something about it."""
    waiting, mark = announced(db), mark_of(db, now).after(now)
    return DeskNotices(
        erasure=None if waiting is None else ErasureNotice(**waiting._asdict()),
        clock=None if mark.believes_its_clock else ClockNotice(shows=now, seen_until=mark.at),
        edition=_edition_notice(db, now),
    )


def _edition_notice(db: Connection, now: datetime) -> EditionNotice | None:
    """Return what is red, from ROUND_IS_NEAR before round 1 is to open until it has opened (OPG-1)."""
    opens_at = min((row.opens_at for row in round_rows(db)), default=None)
    if opens_at is None or opens_at > now + ROUND_IS_NEAR:
        return None
    is_late = opens_at <= now
    red = red_lines(db) if is_late else reds(checks(current_edition(db), version_in_force(db).zone))
    return EditionNotice(red, opens_at, is_late) if red else None


def _check_host(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    services: Services = connection.app.state.services
    named = connection.headers.getall("host", [""])
    if not all(services.host_names.has(host) for host in named) and connection.scope["path"] not in HEALTH:
        raise RefusedError("host-not-ours")


def _check_length(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    announced = connection.headers.get("content-length", "")
    bound = handler.resolve_request_max_body_size() if isinstance(handler, HTTPRouteHandler) else None
    is_number = announced.isascii() and announced.isdigit()
    if bound and is_number and (len(announced) > MAX_DIGITS or int(announced) > bound):
        raise RequestEntityTooLarge


async def _check_form(
    connection: ASGIConnection[Any, Any, Any, Any], session: sessions.Session | None, *, is_for_anybody: bool
) -> None:
    if not _is_from_here(connection):
        raise FormExpiredError("sent from another site")
    expected = session.csrf if session else connection.cookies.get(VISIT_COOKIE, "")
    if not expected and not (is_for_anybody and (_is_short(connection) or _has_been_here(connection))):
        raise FormExpiredError("there is no token to check the form against")
    sent, form, typed = connection.headers.get(CSRF_HEADER), None, None
    if sent is None and isinstance(connection, Request):
        form = await connection.form()
        if any(isinstance(value, str) and "\0" in value for value in form.values()):
            raise ValidationException(WITH_NUL)
        sent = form.get(CSRF_FIELD)
        typed = {name: value for name, value in form.items() if isinstance(value, str)} if is_for_anybody else None
    if not expected or not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), expected.encode()):
        expired = FormExpiredError("the form's token is not this session's")
        expired.typed = typed
        words = await _words_of(connection)
        if form is not None:
            await form.close()
        if session is not None and words is not None and words.by == session.account.id:
            services: Services = connection.app.state.services
            kept = words
            await services.writer.run(lambda db: sessions.keep_words_in(db, session, kept))
            expired.words = words
        raise expired
    page = page_of_form(connection.url.path, is_from_bench=bool(form and form.get(BENCH_FIELD)))
    if session is not None and session.kept_words and session.kept_words.page == page:
        forgetful: Services = connection.app.state.services
        await forgetful.writer.run(lambda db: sessions.forget_words(db, session))


async def _words_of(connection: ASGIConnection[Any, Any, Any, Any]) -> KeptWords | None:
    """Return the words of a short form of ours, sent by a browser that has been here (KEPT-3)."""
    is_form = connection.headers.get("content-type", "").startswith(FORM_TYPES)
    if not (isinstance(connection, Request) and _is_short(connection) and is_form and _has_been_here(connection)):
        return None
    form = await connection.form()
    await form.close()  # its words are all that is wanted of it
    return words_of(form, page_of_form(connection.url.path, is_from_bench=bool(form.get(BENCH_FIELD))))


def _has_been_here(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    return bool(connection.cookies.keys() & {SESSION_COOKIE, VISIT_COOKIE})


def _is_short(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    announced = connection.headers.get("content-length", "")
    return announced.isascii() and announced.isdigit() and len(announced) < 8 and int(announced) <= 2 * MOST_BYTES


def _is_from_here(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    services: Services = connection.app.state.services
    # A Host that is not ours has been refused before (GATE-6).
    ours = {connection.headers.get("host", ""), _host_of(services.config.public_url)}
    # A page without an origin of its own (a sandboxed frame) says "null", which has no host.
    return _host_of(origin) in {host.lower() for host in ours if host}


def _host_of(origin: str) -> str:
    return origin.lower().partition("://")[2].partition("/")[0]
