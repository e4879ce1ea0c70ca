"""Signing in by a provider (OpenID Connect): who begins, who comes back, and which account of the office that is.

IDP-1  A sign-in is finished by the browser that began it, once, within TRY_LASTS: state, nonce and the verifier of the
       code (PKCE, S256) are random and made for it alone.
IDP-2  A person is the provider's subject, not a name. The first time, the account is found by its link that waits for
       the name, or by a user name that is the name; then the link is made, and the name counts no more.
IDP-3  No account is made and no role is given: both are the account's own. Only accounts of the office come in so.
IDP-4  A second factor is asked for as after a password, whatever the provider says it has asked for.

Every function works on the caller's transaction; what the provider says is read and checked by `provider.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.database.queries import provider_links, sign_in_throttles, users
from sync_server.database.queries.provider_links import TryRow
from sync_server.people import throttle
from sync_server.people.accounts import role_of
from sync_server.people.kept_words import KeptWords
from sync_server.people.permissions import STAFF
from sync_server.people.secret import secret_hash

TRY_LASTS = timedelta(minutes=10)
MOST_NAME = 320  # as long as an e-mail address may be


class Why(StrEnum):
    """Why a sign-in by the provider came to nothing. The word stands in the log and in the audit log."""

    AWAY = "provider-away"  # it does not answer, or not as it should
    BROKEN_OFF = "broken-off"  # the person, or the provider, said no
    STATE = "state-unknown"  # not begun in this browser, too long ago, or answered before
    TOKEN = "token-refused"  # noqa: S105 - a word; what came cannot be trusted
    PERSON = "person-unknown"  # nobody who may come in


class ProviderError(Exception):
    """A sign-in by the provider came to nothing. `detail` is for the log: it holds no secret and no name."""

    def __init__(self, why: Why, detail: str = "") -> None:
        """Say why, in a word of ours."""
        super().__init__(f"{why}: {detail}" if detail else str(why))
        self.why = why


class LinkProblemError(SentenceError):
    """The link cannot be made as it was typed."""


class Trial(NamedTuple):
    """What is made for one sign-in alone."""

    state: str
    nonce: str
    verifier: str


class Person(NamedTuple):
    """Whom the provider vouches for. `name` is "" where it vouches for none."""

    issuer: str
    subject: str
    name: str


class Provider(Protocol):
    """What vouches for people. Both functions wait for it: never on the event loop."""

    name: str  # what it is called on pages

    def address(self, redirect_uri: str, trial: Trial) -> str:
        """Return where the browser goes to sign in. Raises ProviderError."""
        ...

    def person(self, answer: Mapping[str, str], redirect_uri: str, trial: Trial, now: datetime) -> Person:
        """Return who came back with this answer, once all of it was checked. Raises ProviderError."""
        ...


def new_trial() -> Trial:
    """Make what one sign-in needs."""
    return Trial(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


def reserve_try(db: Connection, address: str, now: datetime) -> timedelta:
    """Count a sign-in begun from `address`, unless it must wait; return the wait (0: it may begin). See `succeed`."""
    name, since = _counter(address), now - throttle.WINDOW
    sign_in_throttles.bring_back_failures(db, [name], now)
    wait = throttle.wait_after(*sign_in_throttles.failures_of(db, name, since), now, throttle.ADDRESS)
    if not wait:
        sign_in_throttles.count_failure(db, name, now, since)
    return wait


def succeed(db: Connection, address: str) -> None:
    """Take back what `reserve_try` counted."""
    sign_in_throttles.take_back_failure(db, _counter(address))


def keep_trial(
    db: Connection, trial: Trial, browser: str, *, onward: str, kept: KeptWords | None, now: datetime
) -> None:
    """Keep a sign-in that the provider is asked about, for the browser with this secret."""
    row = TryRow(trial.nonce, trial.verifier, onward, None if kept is None else msgspec.to_builtins(kept))
    provider_links.add_try(db, secret_hash(trial.state), secret_hash(browser), row, now=now, expires_at=now + TRY_LASTS)


def take_trial(db: Connection, state: str, browser: str, now: datetime) -> tuple[Trial, str, KeptWords | None] | None:
    """Return what this browser began under a state, where it goes on and the words it had; None: IDP-1."""
    row = provider_links.take_try(db, secret_hash(state), secret_hash(browser), now)
    if row is None:
        return None
    kept = None if row.kept_words is None else msgspec.convert(row.kept_words, KeptWords)
    return Trial(state, row.nonce, row.verifier), row.onward, kept


def account_of(db: Connection, person: Person, now: datetime) -> tuple[users.UserRow, bool]:
    """Return the account of a person, and whether its link was made only now (IDP-2, IDP-3).

    Raises:
        ProviderError: there is none that may sign in.
    """
    user_id = provider_links.user_of_subject(db, person.issuer, person.subject)
    is_new = user_id is None
    user = _account_named(db, person.name) if user_id is None else users.user_of_id(db, user_id)
    if user is None or user.disabled_at is not None or not is_of_office(user):
        raise ProviderError(Why.PERSON)
    if is_new:
        if not provider_links.has_link(db, user.id):
            provider_links.add_waiting(db, user.id, person.name, now)
        provider_links.keep_subject(db, user.id, person.issuer, person.subject, now)
    return user, is_new


def link(db: Connection, user_id: str, name: str, now: datetime) -> None:
    """Let an account wait for the first sign-in of the person whom the provider calls `name`.

    Raises:
        LinkProblemError
    """
    user, name = users.user_of_id(db, user_id), name.strip().lower()
    if user is None or not is_of_office(user):
        raise LinkProblemError(sentence(N_("Choose an account of the office.")))
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise LinkProblemError(sentence(N_("Write how the provider names the person, such as an e-mail address.")))
    if provider_links.has_link(db, user.id):
        raise LinkProblemError(sentence(N_("This account has a link. Take it off first.")))
    if provider_links.is_named(db, name):
        raise LinkProblemError(sentence(N_("Another account is linked under this name.")))
    provider_links.add_waiting(db, user.id, name, now)


def is_of_office(user: users.UserRow | users.ListedUser) -> bool:
    """Say whether an account is one of the office's."""
    return role_of(user.role, reads_only=user.reads_only) in STAFF


def _account_named(db: Connection, name: str) -> users.UserRow | None:
    """Return the account that a name opens the first time: one that waits for it, or whose user name it is."""
    if not name:
        return None
    if waiting := provider_links.user_waiting(db, name):
        return users.user_of_id(db, waiting)
    user = users.user_named(db, name)
    # A link that is made, or waits for another name, says who the account is; a name that is linked is not free.
    is_free = user is not None and not provider_links.has_link(db, user.id) and not provider_links.is_named(db, name)
    return user if is_free else None


def _counter(address: str) -> str:
    return secret_hash(f"provider {throttle.place_of(address)}")
