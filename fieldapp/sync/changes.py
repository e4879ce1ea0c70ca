"""The server's changes, applied to what the device knows. Pure; applying a page twice changes nothing.

A change this version of the app cannot read is noted in `Feed.unread`; the next start reads the feed again, and may be
a newer version.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from checklists import wire
from checklists.forms.form import Form
from checklists.record.assessment import Attempt
from checklists.record.assignment import Assignment
from fieldapp.kept import Counter, Feed, Programme, Review
from fieldapp.server_replies import Change, Page

T = TypeVar("T")
FORM = "form"


class _Attempts(msgspec.Struct, frozen=True):
    attempts: tuple[Attempt, ...] = ()


def forms_of(page: Page) -> tuple[Form, ...]:
    """Return the forms on a page: kept before the feed that says they were read."""
    read = (_read(change, Form) for change in page.changes if change.kind == FORM)
    return tuple(form for form in read if form)


def applied(feed: Feed, page: Page) -> Feed:
    """Return what the device knows after `page`, its cursor included."""
    for change in page.changes:
        feed = _apply(feed, change)
    return replace(feed, cursor=page.cursor, counter=_counter(page))


def _counter(page: Page) -> Counter | None:
    order = page.counter
    if order is None:
        return None
    return Counter(
        company=order.company,
        name=order.name,
        opens_at=order.opens_at,
        closes_at=order.closes_at,
        organiser=order.organiser,
        contact=order.contact,
    )


def _apply(feed: Feed, change: Change) -> Feed:
    match change.kind:
        case "form":
            return feed if _read(change, Form) else _unread(feed, change)
        case "programme":
            programme = _read(change, Programme)
            return replace(feed, programme=programme) if programme else _unread(feed, change)
        case "assignment":
            assignment = _read(change, Assignment)
            if assignment is None:
                return _unread(feed, change)
            return replace(
                feed,
                assignments={**feed.assignments, assignment.id: assignment},
                handed_on=_without(feed.handed_on, assignment.id),
            )
        case "attempts":
            body = _read(change, _Attempts)
            if body is None:
                return _unread(feed, change)
            return replace(feed, attempts={**feed.attempts, change.id: body.attempts})
        case "review":
            review = _read(change, Review)
            if review is None:
                return _unread(feed, change)
            return replace(feed, reviews={**feed.reviews, review.assessment_id: review})
        case "revocation":
            return replace(feed, handed_on=(*_without(feed.handed_on, change.id), change.id))
        case _:
            return _unread(feed, change)


def _read(change: Change, kind: type[T]) -> T | None:
    try:
        return wire.decode(bytes(change.body), kind)
    except wire.NotReadableError:
        return None


def _unread(feed: Feed, change: Change) -> Feed:
    name = f"{change.kind} {change.id}"
    return replace(feed, unread=(*_without(feed.unread, name), name))


def _without(names: Iterable[str], name: str) -> tuple[str, ...]:
    return tuple(kept for kept in names if kept != name)
