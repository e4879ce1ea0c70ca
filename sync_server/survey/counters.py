"""Phones at counters: which asks the customers of which company, and taking what they were told.

KSK-1  A phone stands at one counter at a time: setting it to another ends the order before. One that is revoked, or
       was never enrolled, is set to none.
KSK-2  An answer counts at the moment its customer gave it, however long the phone was without a network: within the
       time that the phone stood there, whatever its clock says.
KSK-3  An answer about a company at whose counter the phone never stood is refused.
KSK-4  With every page of changes a phone hears at whose counter it stands, and from when to when answers are taken.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, Text, sentence
from sync_server.database.queries import counters as queries
from sync_server.database.queries import survey
from sync_server.errors import RefusedError
from sync_server.season.edition import current_edition
from sync_server.survey.taking import Given, NotTakenError, keep_answer


class NotSetError(SentenceError):
    """The phone cannot be set to that counter."""


class StandingOrder(NamedTuple):
    """What a phone at a counter needs to ask its customers."""

    company: str
    name: Text
    opens_at: datetime
    closes_at: datetime
    organiser: Text
    contact: tuple[str, ...]  # where customers' questions go


def set_counter(db: Connection, device_id: str, company: str, now: datetime) -> None:
    """Set a phone to a counter, or to none with "". In a write (KSK-1).

    Raises:
        NotSetError: there is no such phone or company.
    """
    if not company:
        if not queries.end_order(db, device_id, now):
            raise NotSetError(sentence(N_("This phone stands at no counter.")))
        return
    if device_id not in {phone.id for phone in queries.phones(db)}:
        raise NotSetError(sentence(N_("Choose a phone that is enrolled.")))
    if survey.company_of(db, company) is None:
        raise NotSetError(sentence(N_("There is no such company in the survey.")))
    if queries.company_at(db, device_id) == company:
        return
    queries.end_order(db, device_id, now)
    queries.add_order(db, device_id, company, now)


def standing_order(db: Connection, device_id: str, now: datetime) -> StandingOrder | None:
    """Return at whose counter a phone stands; None too while no survey is open or to come."""
    company = queries.company_at(db, device_id)
    row = survey.company_of(db, company) if company else None
    coming = [one for one in survey.survey_rows(db) if now < one.closes_at] if row else []
    if row is None or not coming:
        return None
    first, edition = min(coming, key=lambda one: one.opens_at), current_edition(db)
    who: Text = (edition.organiser or {}) if edition else {}
    ways = tuple(edition.contact.values()) if edition else ()
    return StandingOrder(row.id, row.name, first.opens_at, first.closes_at, who, ways)


def take(db: Connection, device_id: str, given: Given, given_at: datetime, now: datetime) -> bool:
    """Keep an answer that a phone took at its counter; False where it is kept already. In a write.

    Raises:
        RefusedError: `counter-not-ordered` (KSK-3), or `survey-not-open` when it was given (KSK-2).
    """
    stood = [order for order in queries.orders_of(db, device_id) if order.company == given.company]
    if not stood:
        raise RefusedError("counter-not-ordered")
    order = next((order for order in stood if order.set_at <= given_at), stood[-1])
    at = min(max(given_at, order.set_at), order.ended_at or now, now)
    try:
        return keep_answer(db, given, at)
    except NotTakenError as error:
        raise RefusedError("survey-not-open") from error
