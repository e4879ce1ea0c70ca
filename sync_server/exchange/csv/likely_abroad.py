"""How likely a reading is that is neither Chinese nor English: Japanese, Korean, and alphabets of one byte a letter.

Nobody here saves in these often, so they never decide: they make a doubt of what would be Chinese of rare characters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from itertools import islice
from math import log

from sync_server.exchange.csv.likely import ENOUGH, MARKS, is_frequent, is_han

OFTEN, COMMON, LIKELY, RARE, STRANGE, WRONG = log(0.5), log(0.35), log(0.25), log(0.04), log(0.003), log(0.0005)
NO_KANA = 3.0
FEWEST = 4  # letters that make a word
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_ALPHABETS: Mapping[str, str] = {
    "cp1251": "Ѐ-ӿ№",
    "koi8_r": "Ѐ-ӿ",
    "cp1253": "Ͱ-Ͽ",
    "cp1255": "\u0590-\u05ff",
    "cp1256": "\u0600-\u06ff،؛؟",
    "cp874": "\u0e01-\u0e5b",
}


def _japanese(text: str) -> float:
    weights = _each(text, _in_japanese)
    has_kana = any("ぁ" <= letter <= "ヿ" for letter in weights)
    return sum(weights.values()) - (0 if has_kana else NO_KANA)


def is_eastern(letter: str) -> bool:
    """Whether a Chinese, Japanese or Korean text holds it."""
    return is_han(letter) or "ぁ" <= letter <= "ヿ" or "가" <= letter <= "힣" or letter in MARKS


def _each(text: str, weigh: Callable[[str], float]) -> Mapping[str, float]:
    """Return each character's weight where it stands least likely: in the midst of an English word it is strange."""
    weights: dict[str, float] = {}
    for match in islice(_NOT_ASCII.finditer(text), ENOUGH):
        letter, before = match[0], text[match.start() - 1 : match.start()]
        weight = weigh(letter) + (STRANGE if "a" <= before <= "z" else 0)
        weights[letter] = min(weight, weights.get(letter, 0.0))
    return weights


def _in_japanese(letter: str) -> float:
    if "ぁ" <= letter <= "ヿ" or letter in "々〆":
        return OFTEN
    if "\uff61" <= letter <= "\uff9f":
        return RARE
    if letter in MARKS or "！" <= letter <= "～":
        return LIKELY
    if not is_han(letter):
        return WRONG
    raw = letter.encode("cp932", "replace")
    is_first_level = len(raw) == 2 and (0x88, 0x9F) <= (raw[0], raw[1]) <= (0x98, 0x72)
    return OFTEN if is_frequent(letter) and is_first_level else LIKELY if is_first_level else STRANGE


def _korean(text: str) -> float:
    return sum(_each(text, _in_korean).values())


def _in_korean(letter: str) -> float:
    if "가" <= letter <= "힣":
        raw = letter.encode("euc_kr", "replace")
        return COMMON if len(raw) == 2 else STRANGE
    if letter in MARKS:
        return LIKELY
    return STRANGE if is_han(letter) else WRONG


def _alphabet(letters: str) -> Callable[[str], float]:
    """Return what weighs a text of one alphabet: a letter in a word of its own alphabet, capitals at its beginning."""
    own = re.compile(f"[{letters}]")

    def weigh(text: str) -> float:
        weights: dict[str, float] = {}
        padded = f" {text} "
        for match in islice(_NOT_ASCII.finditer(padded), ENOUGH):
            before, letter, after = padded[match.start() - 1], match[0], padded[match.end()]
            weights[letter] = min(_in_words(own, before, letter, after), weights.get(letter, 0.0))
        has_enough = sum(own.match(letter) is not None for letter in weights) >= FEWEST
        return sum(weights.values()) if has_enough else -math.inf

    return weigh


def _in_words(own: re.Pattern[str], before: str, letter: str, after: str) -> float:
    if not own.match(letter):
        return RARE if letter in MARKS else WRONG
    if any(beside.isascii() and beside.isalpha() for beside in (before, after)):
        return STRANGE
    return STRANGE if letter.isupper() and before.islower() else LIKELY


# Encoding -> what weighs a reading in it.
ABROAD: Mapping[str, Callable[[str], float]] = {
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp949": _korean,
    **{name: _alphabet(letters) for name, letters in _ALPHABETS.items()},
}
