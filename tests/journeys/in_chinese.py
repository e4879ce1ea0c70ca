"""The app's words in Chinese, for steps that name them in English: by its own catalogues, and the texts of the forms.

A step says "Stamp Call dialled" and "Yes, PA1"; what is on the screen is made of a template, of labels and of keys,
each of which has its Chinese somewhere. What has none fails by its name: it would be English on a Chinese screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

import msgspec

from checklists.csqs.standard import site_visit_form
from checklists.forms.file import shipped_forms
from checklists.language import translator

CHINESE: str = "zh-Hant"
_PLACE = re.compile(r"\{([a-z_]+)\}")
_KEY = re.compile(r"^(.+)(, [A-Z]{1,2}\d+(?:#\d+)?)$")
_FIGURE = re.compile(r"^(\d+) (.+)$")
_NOT_WORDS = re.compile(r"[\W\d_]*|\{\w*\}|.*[\u2e80-\uffee].*", re.DOTALL)  # the last is Chinese already


class NotInChineseError(AssertionError):
    """A catalogue or a form lacks it."""


def in_chinese(words: str) -> str:
    """Return what a Chinese screen says for `words`. Raises NotInChineseError."""
    found = _whole(words)
    if found is None:
        raise NotInChineseError(words)
    return found


def _whole(words: str) -> str | None:
    plain = _plain(words)
    if plain is not None:
        return plain
    if of_a_question := _KEY.match(words):
        name = _whole(of_a_question[1])
        return name and name + of_a_question[2]
    if figure := _FIGURE.match(words):
        said = _whole(figure[2])
        return said and f"{figure[1]} {said}"
    return _joined(words, ": ") or _joined(words, " (") or _filled(words)


def _plain(words: str) -> str | None:
    return words if _NOT_WORDS.fullmatch(words) else _said().get(words)


def _filled(words: str) -> str | None:
    """Return the template that `words` are made of, filled in Chinese: the one with most words of its own first."""
    for pattern, chinese in _templates():
        if (places := pattern.fullmatch(words)) is None:
            continue
        values = {name: _plain(value) for name, value in places.groupdict().items()}
        if None not in values.values():
            return chinese.format(**values)
    return None


def _joined(words: str, by: str) -> str | None:
    """Return words that are put together of two, as a label and its choice are, or a kind and "(required)"."""
    at = words.rfind(by)
    first, rest = words[:at], words[at:].strip(": ")
    one, other = (_plain(first), _plain(rest)) if at > 0 else (None, None)
    return f"{one}{': ' if ':' in by else ' '}{other}" if one and other else None


def half(words: str) -> str:
    """Return one half of a label of two, as it is shown: with a capital of its own."""
    return words.strip()[:1].upper() + words.strip()[1:]


@cache
def _said() -> Mapping[str, str]:
    forms = [*shipped_forms().values(), site_visit_form()]
    texts = {text["en"]: text[CHINESE] for text in _texts(forms)}
    halves: dict[str, str] = {}
    for english, chinese in texts.items():
        two, zwei = english.split("/"), chinese.replace("／", "/").split("/")
        if len(two) == len(zwei) == 2:
            halves |= {half(one): half(other) for one, other in zip(two, zwei, strict=True)}
    return halves | texts | _catalogue("checklists") | _catalogue("fieldapp")


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    filled = [(words, chinese) for words, chinese in _said().items() if _PLACE.search(words)]
    filled.sort(key=lambda pair: len(_PLACE.sub("", pair[0])), reverse=True)
    return [(_pattern(words), chinese) for words, chinese in filled]


def _pattern(template: str) -> re.Pattern[str]:
    """Return what matches the template filled in any way, each place under its name."""
    seen: set[str] = set()
    parts = []
    for number, part in enumerate(_PLACE.split(template)):
        is_place = number % 2
        parts.append((f"(?P={part})" if part in seen else f"(?P<{part}>.+)") if is_place else re.escape(part))
        seen |= {part} if is_place else set()
    return re.compile("".join(parts), re.DOTALL)


def _texts(value: object) -> Iterator[Mapping[str, str]]:
    if isinstance(value, msgspec.Struct):
        value = [getattr(value, name) for name in value.__struct_fields__]
    if isinstance(value, Mapping):
        if "en" in value and CHINESE in value:
            yield value
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        yield from chain.from_iterable(map(_texts, value))


def _catalogue(package: str) -> dict[str, str]:
    translate = translator(package, CHINESE)  # type: ignore[arg-type]
    whole = translate.__self__._catalog  # type: ignore[attr-defined]  # gettext shows no other way in
    return {words: chinese for words, chinese in whole.items() if isinstance(words, str) and words}
