"""How long a text of a proposal is (seed 003; cases WC*).

R-PRO-1  Words are counted as the form means 字: a Chinese character is one, a run of Latin letters or digits is one;
         punctuation and spaces are none. Over the limit warns, and blocks handing in.
R-PRO-4  An apostrophe or a hyphen between letters or digits, and a point between digits, joins them: "don't", "e-mail"
         and "3.5" are one. The page prints this rule, and its script counts by it.
"""

from __future__ import annotations

import unicodedata

from checklists.language import N_

COUNTING_RULE = N_(
    "How it is counted: a Chinese character is one; a word of Latin letters or a number is one, also with an "
    "apostrophe, a hyphen or a decimal point inside (don't, e-mail, 3.5%); punctuation and spaces are none."
)
_JOINS = frozenset("'’-‐‑")


def word_count(text: str) -> int:
    """Return the length of `text` as the form counts it."""
    count, in_run = 0, False
    for at, character in enumerate(text):
        if _is_ideograph(character):
            count, in_run = count + 1, False
        elif _is_of_a_word(character):
            count, in_run = count + (not in_run), True
        elif not (in_run and _joins(text, at)):
            in_run = False
    return count


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _joins(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    if not after or _is_ideograph(after):
        return False
    if text[at] == ".":
        return text[at - 1] in "0123456789" and after in "0123456789"
    return text[at] in _JOINS and after.isalnum()


def _is_ideograph(character: str) -> bool:
    # Kana, Hangul and bopomofo are written without spaces too: one each, like a Chinese character.
    name = unicodedata.name(character, "")
    return name.startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEO", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"))
