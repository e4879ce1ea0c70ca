"""The system query options of an address, read against one table: all problems of an address at its first wrong one.

ODO-1  An option is known with its $ and without, in any letters (4.01); one that OData knows and this server does not
       is not offered, one it does not know is an error, and one without $ is nobody's and passed over.
ODO-2  A page ends with a mark of where it ended, which the next address carries. It is of this table, filter and order
       and of no other.
"""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from checklists.language import N_, sentence
from sync_server.database.queries.narrowing import Kind, Term
from sync_server.exchange.odata.filter_words import QueryError
from sync_server.exchange.odata.filters import filter_of

READ = frozenset({"select", "filter", "orderby", "top", "skip", "skiptoken", "count", "expand", "format"})
NOT_OFFERED = frozenset({"search", "apply", "compute", "index", "deltatoken", "levels", "schemaversion", "id"})
MOST = 10**12
Order = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """A table whose rows come with each row, and which of its fields (None: all)."""

    name: str
    select: tuple[str, ...] | None = None

    @classmethod
    def whole(cls, name: str) -> Expanded:
        """Return all of a table."""
        return cls(name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What an address asks of one table."""

    select: tuple[str, ...]
    term: Term | None = None
    order: Order = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    expand: tuple[Expanded, ...] = ()
    after: Sequence[Any] | None = None
    path: str = ""  # what is asked of, below the root of the service
    sent: Mapping[str, str] = field(default_factory=dict)  # the options as they were sent, by plain name


def options_of(query_string: str) -> Mapping[str, str]:
    """Return the system query options by their plain names. Raises QueryError."""
    sent: dict[str, str] = {}
    for name, value in parse_qsl(query_string, keep_blank_values=True):
        plain = name.removeprefix("$").lower()
        if plain in NOT_OFFERED:
            raise QueryError(name, sentence(N_("{option} is not offered here."), option=name), is_offered=False)
        if plain not in READ:
            if name.startswith("$"):
                raise QueryError(name, sentence(N_("There is no option {option}."), option=name))
            continue
        if plain in sent:
            raise QueryError(f"${plain}", sentence(N_("{option} is given twice."), option=f"${plain}"))
        sent[plain] = value
    return sent


def query_of(
    sent: Mapping[str, str],
    fields: Mapping[str, Kind],
    key: Sequence[str],
    tables: Mapping[str, Mapping[str, Kind]],
    *,
    path: str = "",
) -> Query:
    """Return what the options ask of the table at `path` with these fields; `tables` are those that may be expanded.

    Raises:
        QueryError
    """
    order = _order(sent.get("orderby", ""), fields)
    whole = (*order, *((name, False) for name in key if name not in dict(order)))
    count = sent.get("count", "false").lower()
    if count not in {"true", "false"}:
        raise QueryError("$count", sentence(N_("$count is true or false.")))
    return Query(
        select=_select(sent["select"], fields, tables) if "select" in sent else tuple(fields),
        term=filter_of(sent["filter"], fields) if "filter" in sent else None,
        order=order,
        top=_number(sent, "top"),
        skip=_number(sent, "skip") or 0,
        count=count == "true",
        expand=_expansions(sent.get("expand", ""), tables),
        after=_mark(sent, path, whole, fields) if "skiptoken" in sent else None,
        path=path,
        sent=sent,
    )


def next_query(query: Query, last: Sequence[Any], given: int) -> str:
    """Return the query string of the page after the one that gave `given` rows and ended with `last`."""
    on = {name: value for name, value in query.sent.items() if name not in {"skip", "skiptoken", "top"}}
    if query.top is not None:
        on["top"] = str(query.top - given)
    mark = msgspec.json.encode([_sum_of(query.sent, query.path), *last])
    on["skiptoken"] = urlsafe_b64encode(mark).decode().rstrip("=")
    return urlencode({f"${name}": value for name, value in on.items()})


def _number(sent: Mapping[str, str], name: str) -> int | None:
    if name not in sent:
        return None
    text = sent[name].strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text) < MOST):
        raise QueryError(f"${name}", sentence(N_("{option} is a number from 0 up."), option=f"${name}"))
    return int(text)


def _select(text: str, fields: Mapping[str, Kind], tables: Collection[str] = ()) -> tuple[str, ...]:
    """Return the fields that are chosen. A table that could be expanded may stand among them and brings nothing."""
    named = [one.strip() for one in text.split(",") if one.strip()]
    if "*" in named or not named:
        return tuple(fields)
    for name in named:
        if set("./($@") & set(name):
            raise QueryError("$select", sentence(N_("{what} is not offered here."), what=name), is_offered=False)
        if name not in fields and name not in tables:
            raise QueryError("$select", sentence(N_("There is no field {what}."), what=name))
    return tuple(name for name in fields if name in named)


def _order(text: str, fields: Mapping[str, Kind]) -> Order:
    order: dict[str, bool] = {}
    for item in filter(None, (one.strip() for one in text.split(","))):
        name, _, way = item.partition(" ")
        if "(" in item or "/" in name:
            raise QueryError("$orderby", sentence(N_("{what} is not offered here."), what=item), is_offered=False)
        if name not in fields:
            raise QueryError("$orderby", sentence(N_("There is no field {what}."), what=name))
        if way.strip().lower() not in {"", "asc", "desc"}:
            raise QueryError("$orderby", sentence(N_("After a field comes asc or desc, not {what}."), what=way.strip()))
        order.setdefault(name, way.strip().lower() == "desc")
    return tuple(order.items())


def _split(text: str) -> list[str]:
    """Return the parts between commas that stand in no bracket."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _expansions(text: str, tables: Mapping[str, Mapping[str, Kind]]) -> tuple[Expanded, ...]:
    listed = [
        each
        for one in _split(text)
        for each in (map(Expanded.whole, tables) if one == "*" else [_expanded(one, tables)])
    ]
    if len({one.name for one in listed}) < len(listed):
        raise QueryError("$expand", sentence(N_("{option} is given twice."), option=text))
    return tuple(listed)


def _expanded(text: str, tables: Mapping[str, Mapping[str, Kind]]) -> Expanded:
    name, bracket, rest = text.partition("(")
    if "/" in name and name.partition("/")[0] in tables:
        raise QueryError("$expand", sentence(N_("{what} is not offered here."), what=name), is_offered=False)
    if name.strip() not in tables:
        raise QueryError("$expand", sentence(N_("There is no table {what} to expand."), what=name.strip()))
    if bracket and not rest.endswith(")"):
        raise QueryError("$expand", sentence(N_("A bracket is open at the end.")))
    fields, asked = tables[name.strip()], rest.removesuffix(")").strip()
    if not asked:
        return Expanded(name=name.strip())
    option, _, value = asked.partition("=")
    if option.strip().removeprefix("$").lower() != "select" or ";" in value:
        raise QueryError("$expand", sentence(N_("Only $select is offered inside $expand.")), is_offered=False)
    return Expanded(name=name.strip(), select=_select(value, fields))


_HELD: Mapping[Kind, type | tuple[type, ...]] = {
    Kind.INTEGER: int,
    Kind.NUMBER: (int, float),
    Kind.FLAG: bool,
}


def _sum_of(sent: Mapping[str, str], path: str) -> int:
    """Return a number that differs where table, filter or order do."""
    return zlib.crc32(msgspec.json.encode([path, sent.get("filter", ""), sent.get("orderby", "")]))


def _mark(sent: Mapping[str, str], path: str, order: Order, fields: Mapping[str, Kind]) -> Sequence[Any]:
    text = sent["skiptoken"]
    wrong = QueryError("$skiptoken", sentence(N_("$skiptoken is of another address. Begin again without it.")))
    try:
        values = msgspec.json.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise wrong from error
    if not isinstance(values, list) or len(values) != len(order) + 1 or values.pop(0) != _sum_of(sent, path):
        raise wrong
    for (name, _), value in zip(order, values, strict=True):
        if value is not None and not isinstance(value, _HELD.get(fields[name], str)):
            raise wrong
    return values
