"""The service document, `$metadata`, and every table: collections, single rows, the answers of one row, counts.

ODR-1  A token reads a table where its scopes name it and its account may open the page that shows the same; it is told
       of no other. An entrant's opens none: what they hold is worked on, and entrants read publications. Every read is
       a row of the audit log.
ODR-2  A collection is made while it is sent, a block at a time, each in a transaction of its own: memory stays flat. A
       page has at most PAGE rows and then the address of the next.
ODR-3  Nothing here carries an ETag: what is asked for is read anew each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec
from litestar import HttpMethod, Request, Response, route
from litestar.exceptions import NotFoundException
from litestar.response import Stream
from sqlalchemy import Connection

from checklists.forms.form import Kind as QuestionKind
from checklists.language import N_, sentence
from sync_server.database.queries.open_rows import MOST_SORTED, Narrowed
from sync_server.database.queries.open_tables import OpenSet, open_sets
from sync_server.database.queries.sight import Sight
from sync_server.errors import RefusedError
from sync_server.exchange.odata.csdl import metadata
from sync_server.exchange.odata.filter_words import QueryError
from sync_server.exchange.odata.formats import JSON, XML, Format, format_of, version_for
from sync_server.exchange.odata.options import options_of, query_of
from sync_server.exchange.odata.paths import Resource, resource_of
from sync_server.people.api_tokens import Caller
from sync_server.people.permissions import rule_of
from sync_server.routes.dashboard.page import base_url
from sync_server.routes.odata.failures import ROOT, version_of
from sync_server.routes.odata.feed import Address, Feed
from sync_server.routes.token_caller import calling_token, noted
from sync_server.services import Services

# HEAD answers as GET does, without the rows (RFC 9110, 9.3.2).
READ = [HttpMethod.GET, HttpMethod.HEAD]
SPOKEN = frozenset({"4.0", "4.01"})
TEXT = "text/plain"
Asked = Request[Any, Any, Any]


@route("/", http_method=READ, include_in_schema=False)
async def service_document(request: Asked) -> Response[bytes]:
    """List the tables that the token may read."""
    services, tables = await _opened(request)
    written = _format(request, JSON)
    await noted(request, services, tables.caller, "odata-read", ("open-table", "service"))
    listed = [{"name": name, "kind": "EntitySet", "url": name} for name in tables.sets]
    return _json(request, written, {"@odata.context": f"{root_of(request)}$metadata", "value": listed})


@route("/{resource:path}", http_method=READ, include_in_schema=False)
async def resource(request: Asked) -> Response[Any]:
    """Answer what the path names: `$metadata`, a table, a row, the answers of a row, or how many there are."""
    services, tables = await _opened(request)
    path = str(request.scope["path"]).removeprefix(ROOT).strip("/")
    if path == "$metadata":
        written = _format(request, XML)
        await noted(request, services, tables.caller, "odata-read", ("open-table", "metadata"))
        return Response(metadata(tables.sets.values()), headers=_headers(request), media_type=written.content_type)
    asked = resource_of(path)
    of, narrowed = tables.found(asked)
    query = query_of(
        options_of(request.scope["query_string"].decode("latin-1")),
        of.kinds,
        of.key,
        {name: tables.sets[name].kinds for name in of.expands if name in tables.sets},
        path=path,
    )
    narrowed = Narrowed(
        sight=narrowed.sight,
        within=narrowed.within,
        without_questions=narrowed.without_questions,
        term=query.term,
        order=query.order,
    )
    written = Format(media=TEXT) if asked.is_count else _format(request, JSON)
    await noted(request, services, tables.caller, "odata-read", ("open-table", of.name))
    address = Address(root_of(request), path, version_of(request))
    feed = Feed(services.database, tables.sets, of, narrowed, query, address=address, written=written)
    if asked.is_count:
        number = str(await asyncio.to_thread(feed.count))
        headers = {**_headers(request), "content-type": TEXT}
        return Response(number.encode(), headers=headers)
    is_too_much = bool(query.order) and await asyncio.to_thread(feed.is_too_much_to_sort)
    if is_too_much:
        allowed = ", ".join(name for name in of.fields if name in of.owner_fields)
        template = N_("More than {most} rows of {table} are put in order by {fields} alone. Narrow them with $filter.")
        said = sentence(template, most=MOST_SORTED, table=of.name, fields=allowed)
        raise QueryError("$orderby", said, is_offered=False)
    is_row = asked.key is not None and not asked.onward
    return await (_row(request, feed, written) if is_row else _rows(request, feed, written))


class _Tables:
    """The tables of one caller."""

    def __init__(self, caller: Caller, sets: Mapping[str, OpenSet], words: frozenset[str]) -> None:
        self.caller = caller
        self.sets = {name: one for name, one in sets.items() if may_read(caller, one)}
        self._all = sets
        self._narrowed = Narrowed(sight=Sight(entrant_id=caller.entrant_id), without_questions=words)

    def found(self, asked: Resource) -> tuple[OpenSet, Narrowed]:
        """Return the table whose rows are asked for, and by which key they are bound."""
        of, narrowed = self._set(asked.table), self._narrowed
        if asked.key is None:
            return of, narrowed
        names = asked.key.keys() - {""}
        if (names and names != set(of.key)) or (not names and len(of.key) != 1):
            raise QueryError(
                "key", sentence(N_("The key of {table} is {fields}."), table=of.name, fields=tuple(of.key))
            )
        key = {name or of.key[0]: value for name, value in asked.key.items()}
        numbers = {name for name in key if of.kinds[name] == "integer"}
        if any(isinstance(value, int) != (name in numbers) for name, value in key.items()):
            raise QueryError("key", sentence(N_("A text of a key stands in single quotes, a number without.")))
        if not asked.onward:
            return of, Narrowed(sight=narrowed.sight, within=key, without_questions=narrowed.without_questions)
        if asked.onward in of.fields:
            raise QueryError(
                asked.onward, sentence(N_("{what} is not offered here."), what=asked.onward), is_offered=False
            )
        if asked.onward not in of.expands:
            raise NotFoundException
        inner = self._set(asked.onward)
        within = {inner.key[0]: next(iter(key.values()))}
        return inner, Narrowed(sight=narrowed.sight, within=within, without_questions=narrowed.without_questions)

    def _set(self, name: str) -> OpenSet:
        if name not in self._all:
            raise NotFoundException
        if name not in self.sets:
            raise RefusedError("scope-missing")
        return self.sets[name]


def may_read(caller: Caller, one: OpenSet) -> bool:
    """Say whether the token may read the table (ODR-1)."""
    return one.scope in caller.scopes and caller.role is not None and caller.role in rule_of("GET", one.page)


def root_of(request: Asked) -> str:
    """Return the address of the service, with a slash at its end."""
    return f"{base_url(request)}{ROOT}/"


async def _opened(request: Asked) -> tuple[Services, _Tables]:
    services: Services = request.app.state.services
    caller = await calling_token(request, services)
    version = request.headers.get("odata-version", "4.0").strip()
    if version not in SPOKEN or version_for(request.headers.get("odata-maxversion", "4.01").strip()) is None:
        raise QueryError("OData-Version", sentence(N_("Only OData 4.0 and 4.01 are spoken here.")))

    def read() -> frozenset[str]:
        with services.database.reading() as db:
            return _written_questions(services, db)

    words = await asyncio.to_thread(read)
    return services, _Tables(caller, open_sets("sqlite" if services.database.is_sqlite else "postgresql"), words)


def _written_questions(services: Services, db: Connection) -> frozenset[str]:
    """Return the questions that are answered in words."""
    asked = (one for form in services.forms.forms(db).values() for part in form.sections for one in part.questions)
    return frozenset(question.id for question in asked if question.kind is QuestionKind.TEXT)


async def _row(request: Asked, feed: Feed, written: Format) -> Response[bytes]:
    row = await asyncio.to_thread(feed.one)
    if row is None:
        raise NotFoundException
    return _json(request, written, row)


async def _rows(request: Asked, feed: Feed, written: Format) -> Stream:
    preferred = _preferred_size(request)
    feed.page_size = min(feed.page_size, preferred or feed.page_size)
    begin = await asyncio.to_thread(feed.first)
    headers = _headers(request) | ({"Preference-Applied": f"odata.maxpagesize={preferred}"} if preferred else {})
    return Stream(_blocks(feed, begin), headers=headers, media_type=written.content_type)


async def _blocks(feed: Feed, begin: bytes) -> AsyncIterator[bytes]:
    yield begin
    while (block := await asyncio.to_thread(feed.more)) is not None:
        yield block


def _json(request: Asked, written: Format, body: Mapping[str, object]) -> Response[bytes]:
    kept = {name: value for name, value in body.items() if name != "@odata.context" or not written.is_bare}
    return Response(msgspec.json.encode(kept), headers=_headers(request), media_type=written.content_type)


def _headers(request: Asked) -> dict[str, str]:
    return {"OData-Version": version_of(request)}


def _format(request: Asked, media: str) -> Format:
    """Return how the answer is written. Raises RefusedError where the client takes nothing of this media type."""
    wanted = options_of(request.scope["query_string"].decode("latin-1")).get("format", "")
    written = format_of(wanted or request.headers.get("accept", "*/*"), media)
    if written is None:
        raise RefusedError("format-not-spoken", media_type=media)
    return written


def _preferred_size(request: Asked) -> int | None:
    for preference in request.headers.get("prefer", "").split(","):
        name, _, value = preference.strip().partition("=")
        if name.lower().removeprefix("odata.") == "maxpagesize" and value.isascii() and value.isdigit():
            return int(value[:9]) or None
    return None


ROUTES = [service_document, resource]
