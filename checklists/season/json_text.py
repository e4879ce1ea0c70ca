"""Hostile JSON, read safely: text in, plain values out, numbers exactly as written.

The second JSON door beside `wire`: a season file comes from anybody, and must be read loosely, so that all that is
wrong in it can be reported at once. Doubled keys, NaN and deep nesting are problems here; a number that is not whole
stays the text it was (`NumberText`), so that no float is ever made; bounds on digits are the reader's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from checklists.language import N_
from checklists.problems import Place, Problems, short

MAX_DEPTH = 50


class NumberText(str):
    """A JSON number as its text."""

    __slots__ = ()


class _NotFinite(str):
    """NaN or an infinity: a word JSON does not have."""

    __slots__ = ()


class _Doubled(dict[str, Any]):
    """An object in which a key stood twice; `keys_doubled` lists them."""

    keys_doubled: tuple[str, ...] = ()


def read_json(raw: bytes, problems: Problems) -> Any:
    """Return the value in `raw`; doubled keys and NaN are added to `problems` with their place.

    Raises:
        SeasonError: not UTF-8, not JSON, or nested too deep to be read.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(None, "not-utf-8", N_("is not UTF-8 at byte {byte}; save it as UTF-8"), byte=error.start)
        problems.refuse()
    suspects: list[object] = []
    try:
        value = _loads(text, suspects)
    except json.JSONDecodeError as error:
        problems.add(
            None,
            "not-json",
            N_("is not JSON at line {line}, column {column} ({reason}); correct it there"),
            line=error.lineno,
            column=error.colno,
            reason=short(NumberText(error.msg)),
        )
        problems.refuse()
    except RecursionError:
        problems.add(None, "too-deep", N_("is nested deeper than {most}; flatten it"), most=MAX_DEPTH)
        problems.refuse()
    if suspects:
        _report(value, problems)
    return value


def is_too_deep(value: object, depth: int) -> bool:
    """Is `value`, which lies at `depth`, nested below MAX_DEPTH? Looks no further than one level beyond."""
    level: list[object] = [value]
    while level:
        if depth > MAX_DEPTH and any(isinstance(item, (dict, list)) for item in level):
            return True
        level = [part for item in level for part in _parts(item)]
        depth += 1
    return False


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _loads(text: str, suspects: list[object]) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        return members if len(members) == len(pairs) else doubled(pairs)

    def doubled(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice = _Doubled(pairs)
        twice.keys_doubled = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        suspects.append(twice)
        return twice

    def not_finite(word: str) -> _NotFinite:
        suspects.append(word)
        return _NotFinite(word)

    try:
        return json.loads(text, object_pairs_hook=unique, parse_float=NumberText, parse_constant=not_finite)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # An integer of thousands of digits, which Python will not convert: keep it as text, the reader refuses it.
        suspects.clear()
        return json.loads(
            text,
            object_pairs_hook=unique,
            parse_float=NumberText,
            parse_int=NumberText,
            parse_constant=not_finite,
        )


def _report(value: object, problems: Problems) -> None:
    for place, part in _walk(value):
        if isinstance(part, _Doubled):
            for key in part.keys_doubled:
                problems.add((place, key), "doubled-key", N_("stands twice; keep one"))
        elif isinstance(part, _NotFinite):
            problems.add(
                place, "not-finite", N_("{word} is not a number; write decimal text or leave it out"), word=str(part)
            )


def _walk(value: object) -> Iterator[tuple[Place | None, object]]:
    """Yield everything within `value` in reading order, without recursion."""
    waiting: list[tuple[Place | None, object]] = [(None, value)]
    while waiting:
        place, part = waiting.pop()
        yield place, part
        if isinstance(part, dict):
            waiting.extend(reversed([((place, key), inner) for key, inner in part.items()]))
        elif isinstance(part, list):
            waiting.extend(reversed([((place, index), inner) for index, inner in enumerate(part)]))
