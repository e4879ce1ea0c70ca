"""A paper that goes to an organisation: a page in the reader's language, a PDF in the one that is asked for (SPP-1)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from litestar import Response
from sqlalchemy import Connection

from checklists.language import LANGUAGES, Language, Sentence, Template, Text
from sync_server.print.document import CannotPrintError, Document
from sync_server.print.process import printed
from sync_server.routes.dashboard.page import Page, services_of


class Paper(NamedTuple):
    """A paper: the address of its page, where that leads back to, and what makes it or raises NotFoundException."""

    address: str
    back: tuple[str, Template | Text]
    make: Callable[[Connection, Language], Document]


async def paper_page(page: Page, paper: Paper) -> Response[str]:
    """Show a paper."""

    def read() -> Response[str]:
        return _shown(page, paper, _made(page, paper, page.reader.language))

    return await asyncio.to_thread(read)


async def paper_pdf(page: Page, paper: Paper, language: str, name: str) -> Response[str] | Response[bytes]:
    """Download a paper; where it cannot be set, its page says why."""
    chosen = next((one for one in LANGUAGES if one == language), page.reader.language)

    def read() -> Response[str] | Response[bytes]:
        document = _made(page, paper, chosen)
        try:
            body = printed(document)
        except CannotPrintError as error:
            return _shown(page, paper, document, status=409, problem=error.message)
        headers = {"Content-Disposition": f'attachment; filename="{name}_{chosen}.pdf"', "Cache-Control": "no-store"}
        return Response(body, media_type="application/pdf", headers=headers)

    return await asyncio.to_thread(read)


def _made(page: Page, paper: Paper, language: Language) -> Document:
    with services_of(page.request).database.reading() as db:
        return paper.make(db, language)


def _shown(
    page: Page, paper: Paper, document: Document, *, status: int = 200, problem: Sentence | None = None
) -> Response[str]:
    values = {"document": msgspec.to_builtins(document), "address": paper.address, "back": paper.back}
    return page.html("paper.html", status=status, problem=problem, **values)
