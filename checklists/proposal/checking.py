"""What keeps a proposal from being handed in, each by its field, all at once.

R-PRO-2  An attachment holds at most 10 A4 pages.
R-PRO-5  A needed field is filled, a text keeps its limit, a box that wants words has them, and words stand only beside
         a box that is ticked.
R-PRO-6  An award of 4(3) begins with its year, from two years before the edition to the edition's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from checklists.language import N_, Sentence, sentence
from checklists.proposal.counting import word_count
from checklists.proposal.template import TICKED, Field, Template, name_of_tick, words_of_tick

MAX_TEXT = 20_000
_YEAR = re.compile(r"\s*((?:19|20)[0-9]{2})(?![0-9])")


class Wrong(NamedTuple):
    """What is wrong at a field of the body."""

    name: str
    message: Sentence


def problems_of(template: Template, body: Mapping[str, str]) -> list[Wrong]:
    """Return everything that keeps `body` from being handed in, in the template's order."""
    return [wrong for field in template.fields for wrong in _of_field(template, field, body)]


def _of_field(template: Template, field: Field, body: Mapping[str, str]) -> Iterator[Wrong]:
    if field.ticks:
        yield from _of_ticks(field, body)
        return
    text = body.get(field.key, "").strip()
    if field.needed and not text:
        yield Wrong(field.key, sentence(N_("Fill this in.")))
    yield from _too_long(field.key, text, field.limit)
    if field.years_back is not None:
        first, last = template.edition - field.years_back, template.edition
        for line in filter(str.strip, text.splitlines()):
            year = _YEAR.match(line)
            if year is None or not first <= int(year[1]) <= last:
                words = N_("“{line}” does not begin with a year from {first} to {last}.")
                yield Wrong(field.key, sentence(words, line=line.strip()[:40], first=first, last=last))


def _of_ticks(field: Field, body: Mapping[str, str]) -> Iterator[Wrong]:
    for tick in field.ticks:
        name, words_name = name_of_tick(field, tick), words_of_tick(field, tick)
        words, is_ticked = body.get(words_name, "").strip(), body.get(name) == TICKED
        if is_ticked and tick.needs_words and not words:
            yield Wrong(words_name, sentence(N_("Say in words what is ticked here.")))
        if words and not is_ticked:
            yield Wrong(name, sentence(N_("There are words beside this box: tick it, or take them out.")))
        yield from _too_long(words_name, words, tick.limit)


def _too_long(name: str, text: str, limit: int | None) -> Iterator[Wrong]:
    if len(text) > MAX_TEXT:
        words = N_("{count} characters; at most {limit} are kept: shorten it.")
        yield Wrong(name, sentence(words, count=len(text), limit=MAX_TEXT))
    elif limit is not None and (count := word_count(text)) > limit:
        words = N_("{count} words; at most {limit} are allowed: shorten by {over}.")
        yield Wrong(name, sentence(words, count=count, limit=limit, over=count - limit))


def pages_problem(template: Template, pages: int) -> Sentence | None:
    """Return what is wrong with an attachment of so many pages; None where it may be handed in."""
    if pages <= template.most_pages:
        return None
    return sentence(N_("{pages} pages; an attachment holds at most {most}."), pages=pages, most=template.most_pages)
