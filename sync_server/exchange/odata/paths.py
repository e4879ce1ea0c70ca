"""The part of an address below the service root: a table, one row of it, its rows in another table, or a count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checklists.language import N_, sentence
from sync_server.exchange.odata.filter_words import QueryError, words_of

_ROW = re.compile(r"(?P<table>[A-Za-z_]\w*)(?:\((?P<key>.*)\))?", re.DOTALL)
NOT_OFFERED = frozenset({"$filter", "$each", "$batch", "$entity", "$all", "$crossjoin", "$ref", "$value", "$query"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What is asked for. `key`: the values of one row's key by field, "" for a key of one field without its name."""

    table: str
    key: Mapping[str, str | int] | None = None
    onward: str = ""  # a table whose rows belong to that row
    is_count: bool = False


def resource_of(path: str) -> Resource:
    """Return what `path` names, such as "Assessments('1')/Answers/$count". Raises QueryError."""
    parts = path.strip("/").split("/")
    for part in parts:
        # A dot stands in the names of types alone, and no row is reached by one.
        if part.partition("(")[0] in NOT_OFFERED or "." in part.partition("(")[0]:
            raise QueryError(part, sentence(N_("{what} is not offered here."), what=part), is_offered=False)
    is_count = parts[-1] == "$count" and len(parts) > 1
    names = parts[:-1] if is_count else parts
    found = _ROW.fullmatch(names[0])
    if found is None or len(names) > 2:
        raise QueryError(path, sentence(N_("{what} is not offered here."), what=path), is_offered=False)
    if len(names) == 2 and found["key"] is None:
        raise QueryError(path, sentence(N_("{what} needs the key of one row before it."), what=names[1]))
    return Resource(
        table=found["table"],
        key=None if found["key"] is None else _key(found["key"]),
        onward=names[1] if len(names) == 2 else "",
        is_count=is_count,
    )


def _key(text: str) -> Mapping[str, str | int]:
    wrong = QueryError(
        "key", sentence(N_("{what} is no key, such as ('1') or (EntrantId='1',Channel='onsite')."), what=text)
    )
    key: dict[str, str | int] = {}
    parts = re.findall(r"(?:'(?:[^']|'')*'|[^,'])+", text)
    if ",".join(parts) != text:
        raise wrong
    for part in parts:
        name, _, value = part.partition("=") if "=" in part.partition("'")[0] else ("", "", part)
        words = words_of(value.strip())
        constant = words[0].constant
        if len(words) != 2 or constant is None or not isinstance(constant.value, (str, int)) or name.strip() in key:
            raise wrong
        key[name.strip()] = constant.value
    if not key or ("" in key and len(key) > 1):
        raise wrong
    return key
