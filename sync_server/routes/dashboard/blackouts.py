"""Blacking out areas of a photo: they are marked on one page, looked at on the next, and only then is it done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from checklists.language import SentenceError
from sync_server.custody import blackouts
from sync_server.custody.blackouts import MOST_AREAS, SIDES, CannotBlackOutError, areas_of, reason_of
from sync_server.database.queries.assessment_pages import head_of, kind_of_file
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.blackouts import Area
from sync_server.review.basis import refusal
from sync_server.review.outcome import By
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, services_of, viewed
from sync_server.routes.ids import is_sha256


@get("/bench/{assessment_id:str}/black-out/{sha256:str}", include_in_schema=False)
async def black_out_page(
    request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str], sha256: FromPath[str]
) -> Response[str]:
    """Show a photo, to mark areas on."""
    await viewed(request, "assessment-viewed", ("assessment", assessment_id), on="black-out")
    return await asyncio.to_thread(_drawn, page, (assessment_id, sha256), {})


@post("/bench/{assessment_id:str}/black-out/{sha256:str}", include_in_schema=False)
async def black_out(
    request: Asked, page: NamedDependency[Page], assessment_id: FromPath[str], sha256: FromPath[str]
) -> Response[Any]:
    """Show what is about to be destroyed, or, once that was confirmed, have it done."""
    form, by = await fields_of(request), By(account_of(request).id, now_of(request))
    name = (assessment_id, sha256)
    try:
        areas, reason = areas_of(form), reason_of(form)
        if form.get("act") != "destroy":
            return await asyncio.to_thread(_drawn, page, name, form, areas)
        await decided(
            request,
            "black-out-decided",
            ("assessment", assessment_id),
            lambda db: blackouts.decide(db, assessment_id, sha256, areas, reason=reason, by=by),
            form,
            sha256=sha256,
        )
    except SentenceError as error:
        return await asyncio.to_thread(_drawn, page, name, form, (), error)
    return Redirect(f"/bench/{assessment_id}?done=black-out-decided", status_code=303)


def _drawn(
    page: Page,
    name: tuple[str, str],
    form: Mapping[str, str],
    areas: Sequence[Area] = (),
    problem: SentenceError | None = None,
) -> Response[str]:
    """Draw the page that marks, or with `areas` the one that confirms. `name`: assessment and photo."""
    with services_of(page.request).database.reading() as db:
        head = head_of(db, name[0])
        if head is None or not is_sha256(name[1]) or kind_of_file(db, *name) is None:
            raise NotFoundException("no such photo here")
        try:
            blackouts.refuse(db, *name)
            refused = None
        except CannotBlackOutError as error:
            refused = error.message
        basis = last_entry(db)
    return page.html(
        "bench/black_out.html",
        status=409 if problem else 200,
        head=head,
        sha256=name[1],
        areas=areas,
        refused=refused,
        filled=form or page.reader.typed or {},
        numbers=range(1, MOST_AREAS + 1),
        sides=SIDES,
        basis=form.get("basis") or basis,
        **(refusal(problem) if problem else {"problem": None, "meanwhile": ()}),
    )


ROUTES = [black_out_page, black_out]
