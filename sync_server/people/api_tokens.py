"""Tokens with which other programs come in: made by an administrator, shown once, revoked.

TOK-1  A token is random (256 bits). Only its SHA-256 is kept, with its last four characters to tell tokens apart.
TOK-2  It ends when it is revoked, when its time is over (a year at most), when its account is disabled, and when its
       assessor has left.
TOK-3  It speaks for one account or one assessor, and opens what its scopes name and that account or assessor may see:
       an account reads by the rule of the page that shows the same, and within its Sight (PERM-3); an assessor
       collects, and subscribes to its own visits.
TOK-4  It comes as a bearer token or as the password of Basic, never in an address. Over a connection that is not
       encrypted it is taken from this machine alone.
"""

from __future__ import annotations

import binascii
import secrets
import uuid
from base64 import b64decode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.database.queries import api_tokens as queries
from sync_server.database.queries.api_tokens import TokenRow
from sync_server.people.permissions import Role
from sync_server.people.secret import secret_hash

PREFIX = "fieldtool_"  # so that a program that looks for lost secrets knows one when it sees it
HINT_CHARS = 4
LASTS_DAYS = (30, 90, 365)
MOST_NAME = 100
# A token's use is noted at most this often: a read must not cost a write.
NOTE_USE_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token is for: those OF_ASSESSORS speak for an assessor, all others read, and speak for an account."""

    ASSESSMENTS = "assessments"
    ANSWERS = "answers"
    SEASON = "season"
    STANDINGS = "standings"
    PEOPLE = "people"
    COLLECT = "collect"  # forms out and submissions in, as one assessor
    CALENDAR = "calendar"  # the visits of one assessor, for a calendar program


OF_ASSESSORS = frozenset({Scope.COLLECT, Scope.CALENDAR})
READING = tuple(scope for scope in Scope if scope not in OF_ASSESSORS)


class TokenState(StrEnum):
    """What a token can still do; the words of enrolment codes."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


class TokenProblemError(SentenceError):
    """The token cannot be made as it was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whom a living token speaks for: an account of `role` (of `entrant_id`), or an assessor."""

    token_id: str
    hint: str
    scopes: frozenset[str]
    user_id: str | None = None
    role: Role | None = None
    entrant_id: str | None = None
    assessor_id: str | None = None
    needs_noting: bool = False


def issue(
    db: Connection,
    *,
    name: str,
    speaks_for: tuple[str, str],
    scopes: Collection[str],
    lasts_days: int,
    created_by: str,
    now: datetime,
) -> tuple[str, str]:
    """Keep a new token and return its id and its text, in clear this once. `speaks_for`: ("user" or "assessor", id).

    Raises:
        TokenProblemError: it has no name, speaks for nobody, or its scopes are not those of whom it speaks for.
    """
    (kind, owner), name = speaks_for, " ".join(name.split())
    chosen = [scope for scope in Scope if scope in scopes]
    if not name or len(name) > MOST_NAME:
        raise TokenProblemError(sentence(N_("Say in at most {most} characters what the token is for."), most=MOST_NAME))
    if kind not in {"user", "assessor"} or not owner:
        raise TokenProblemError(sentence(N_("Choose the account or the assessor the token speaks for.")))
    if lasts_days not in LASTS_DAYS:
        raise TokenProblemError(sentence(N_("Choose how long the token lasts.")))
    if not chosen or any((scope in OF_ASSESSORS) != (kind == "assessor") for scope in chosen):
        raise TokenProblemError(
            sentence(
                N_(
                    "A token of an account reads, a token of an assessor collects or opens the calendar: "
                    "choose one of these at least."
                )
            )
        )
    token, token_id = PREFIX + secrets.token_urlsafe(32), uuid.uuid4().hex
    queries.add_token(
        db,
        id=token_id,
        name=name,
        hint=token[-HINT_CHARS:],
        token_hash=secret_hash(token),
        user_id=owner if kind == "user" else None,
        assessor_id=owner if kind == "assessor" else None,
        scopes=[scope.value for scope in chosen],
        created_at=now,
        created_by=created_by,
        expires_at=now + timedelta(days=lasts_days),
    )
    return token_id, token


def state_of(row: TokenRow, now: datetime) -> TokenState:
    """Say what the token can still do."""
    if row.revoked_at is not None or row.owner_gone_at is not None:
        return TokenState.REVOKED
    return TokenState.EXPIRED if row.expires_at <= now else TokenState.OPEN


def token_in(authorization: str) -> str:
    """Return the token an Authorization header carries, as Bearer or as the password of Basic; "" for none."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(rest.strip(), validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def caller_of(db: Connection, token: str, now: datetime) -> Caller | None:
    """Return whom the token speaks for, or None where it lets nobody in (TOK-2)."""
    row = queries.token_of_hash(db, secret_hash(token)) if token.startswith(PREFIX) and token.isascii() else None
    if row is None or state_of(row, now) is not TokenState.OPEN:
        return None
    return Caller(
        token_id=row.id,
        hint=row.hint,
        scopes=frozenset(row.scopes),
        user_id=row.user_id,
        role=None if row.role is None else Role(row.role),
        entrant_id=row.entrant_id,
        assessor_id=row.assessor_id,
        needs_noting=row.last_used_at is None or now - row.last_used_at > NOTE_USE_EVERY,
    )


def listed(db: Connection, now: datetime) -> Sequence[tuple[TokenRow, TokenState]]:
    """Return the newest tokens, each with what it can still do."""
    return [(row, state_of(row, now)) for row in queries.list_tokens(db)]
