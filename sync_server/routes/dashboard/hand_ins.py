"""What the desks of enrolment and of FAQs do alike: a version is sent back with words, or accepted as rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from litestar import Response
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import SentenceError
from sync_server.database.queries.hand_ins import VersionRow
from sync_server.exchange.csv.importing import WHILE_SERVING, Importing
from sync_server.exchange.judged_import import RefusedRowsError
from sync_server.exchange.letters import post_verdict
from sync_server.hand_in.versions import Judgement, judge
from sync_server.review.basis import basis_of, check_basis, refusal
from sync_server.routes.dashboard.page import Page, account_of, decided, now_of, services_of

Form = Mapping[str, str]


class Draw(Protocol):
    """Draws the page of a hand-in again, with what was typed and what is wrong."""

    def __call__(self, page: Page, hand_in_id: str, *, form: Form, status: int, **values: Any) -> Response[str]: ...  # noqa: D102 - see above


class Desk(NamedTuple):
    """Where a desk's pages are, and what draws one of them again."""

    at: str
    draw: Draw


async def sent_back(page: Page, desk: Desk, hand_in_id: str, form: Form, judgement: Judgement) -> Response[Any]:
    """Send the version that `form` names back, as `judgement` says; the page again where that cannot be."""
    request = page.request
    now, by, version = now_of(request), account_of(request).id, version_of(form)

    def write(db: Connection) -> VersionRow:
        judged = judge(db, hand_in_id, version, judgement, by=by, now=now)
        post_verdict(db, judged, judgement, now)
        return judged

    try:
        await decided(request, "hand-in-returned", ("hand-in", hand_in_id), write, form, version=version)
    except LookupError as error:
        raise NotFoundException(hand_in_id) from error
    except SentenceError as error:
        return await asyncio.to_thread(desk.draw, page, hand_in_id, form=form, status=409, **refusal(error))
    return Redirect(f"{desk.at}/{hand_in_id}", status_code=303)


def accepted(
    page: Page, desk: Desk, hand_in_id: str, form: Form, accept: Callable[[Importing], object]
) -> Response[Any]:
    """Accept a version by `accept`, on what its reader saw; the page again where the season refuses it. Blocks."""
    request, services = page.request, services_of(page.request)
    importing = Importing(services.database, services.writer.run_from_thread, services.clock, rest=WHILE_SERVING)
    try:
        with services.database.reading() as db:
            check_basis(db, ("hand-in", hand_in_id), basis_of(form.get("basis", ""), account_of(request).id))
        accept(importing)
    except RefusedRowsError as error:
        return desk.draw(page, hand_in_id, form=form, report=error.report, status=422, **refusal(error))
    except SentenceError as error:
        return desk.draw(page, hand_in_id, form=form, status=409, **refusal(error))
    services.wake()
    return Redirect(f"{desk.at}/{hand_in_id}", status_code=303)


def version_of(form: Form) -> int:
    """Return the number of the version that a form is about; 0: it names none."""
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
