"""The customer-service programme proposal: its limits, and its score out of 70 (seed 003; cases WC*).

R-PRO-1  Words are counted as the form means 字: a Chinese character is one, a run of Latin letters or digits is one;
         punctuation and spaces are none. Over the limit warns, and blocks handing in.
R-PRO-2  An attachment holds at most 10 A4 pages.
R-PRO-3  The parts weigh 10, 20, 20, 10, 10: 70 in all, shown also as a percentage; the other 30 lie outside the form.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

import msgspec

from checklists.language import N_, sentence
from checklists.record.findings import Finding

WORD_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "business_and_customers": 80,
        "goals": 100,
        "aim_note": 30,
        "content_and_roll_out": 1200,
        "change_of_operation": 200,
        "most_distinctive": 200,
        "results_of_evaluation": 200,
        "moving_forward": 300,
        "resources_against_effect": 300,
    }
)
PART_WEIGHTS: Mapping[str, int] = MappingProxyType(
    {"goals": 10, "measures": 20, "innovation": 20, "evaluation": 10, "sustainability": 10}
)
OUTSIDE_THE_FORM = 30
MOST_PAGES = 10


class ProposalScore(msgspec.Struct, frozen=True, kw_only=True):
    """Points of `possible`, and the same as a percentage. `outside` points are the organiser's own."""

    points: Fraction
    possible: int
    percent: Fraction
    outside: int


def word_count(text: str) -> int:
    """Return the length of `text` as the form counts it."""
    count, in_run = 0, False
    for character in text:
        if _is_ideograph(character):
            count, in_run = count + 1, False
        elif character.isalnum() or unicodedata.category(character).startswith("M"):
            count, in_run = count + (not in_run), True
        else:
            in_run = False
    return count


def check_words(field: str, text: str) -> Finding | None:
    """Return the finding of a `field` that is over its limit, None when it is within or has none."""
    limit, count = WORD_LIMITS.get(field), word_count(text)
    if limit is None or count <= limit:
        return None
    message = sentence(
        N_("{count} words; at most {limit} are allowed: shorten by {over}."),
        count=count,
        limit=limit,
        over=count - limit,
    )
    return Finding(code="proposal-too-long", message=message, blocks_finish=True, question=field)


def check_pages(pages: int) -> Finding | None:
    """Return the finding of an attachment of so many A4 pages, None when it may be handed in."""
    if pages <= MOST_PAGES:
        return None
    message = sentence(N_("{pages} pages; an attachment holds at most {most}."), pages=pages, most=MOST_PAGES)
    return Finding(code="proposal-too-many-pages", message=message, blocks_finish=True)


def proposal_score(shares: Mapping[str, Fraction]) -> ProposalScore:
    """Score the parts from the `shares` (0..1) they earned; a part not there earned nothing."""
    points = sum((weight * shares.get(part, Fraction(0)) for part, weight in PART_WEIGHTS.items()), Fraction(0))
    possible = sum(PART_WEIGHTS.values())
    return ProposalScore(points=points, possible=possible, percent=100 * points / possible, outside=OUTSIDE_THE_FORM)


def _is_ideograph(character: str) -> bool:
    # Kana, Hangul and bopomofo are written without spaces too: one each, like a Chinese character.
    name = unicodedata.name(character, "")
    return name.startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEO", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"))
