"""Which words an entrant's report may have of what an assessor wrote, and of a photo.

EWD-1  A quote is what was written with parts left out, each told by "…", and with words put in place of others in
       [brackets]: nobody's words are changed unseen.
EWD-2  No personal data (E7), no name or code of an assessor, no code of who served, no time of day (E6, E8). A name of
       somebody who served is found by nobody but a reader: whoever clears says that none is there.
EWD-3  No character that no paper can print, and no more than MOST_LETTERS.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from checklists.language import N_, Sentence, Template, sentence
from checklists.record.personal_data import PERSONAL_DATA, personal_data_in
from sync_server.print.characters import lacking, named

MOST_LETTERS = 400
LEFT_OUT = "…"
_SEAMS = re.compile(r"…+|\.{3,}|\[[^\[\]]*\]")
_TIME = re.compile(
    r"(?<![0-9$])(?:[01]?[0-9]|2[0-3])(?:\s?:\s?[0-5][0-9]|(?:\.[0-5][0-9])?\s?[ap]\.?m\b|\s?[時點点])", re.IGNORECASE
)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
LEAST_OF_A_NAME = 3  # letters, of a part of it


class Unnamed(NamedTuple):
    """Whom words must not name: people by name, and codes."""

    names: Sequence[str] = ()
    codes: Sequence[str] = ()


def language_of(words: str) -> str:
    """Return the language that words are likely in."""
    return "zh-Hant" if _HAN.search(words) else "en"


def refused_quote(words: str, original: str, unnamed: Unnamed) -> Sentence | None:
    """Return why `words` may not stand as a quote of `original`; None: they may."""
    if not is_quote(words, original):
        return sentence(_NOT_WRITTEN)
    return refused_words(words, unnamed)


def refused_words(words: str, unnamed: Unnamed) -> Sentence | None:
    """Return why an entrant may not read `words` (EWD-2, EWD-3); None: it may."""
    if len(words) > MOST_LETTERS:
        return sentence(N_("{count} letters: {most} fit."), count=len(words), most=MOST_LETTERS)
    found = personal_data_in(words)
    if found:
        return _holds(PERSONAL_DATA[found[0].kind])
    if _TIME.search(unicodedata.normalize("NFKC", words)):
        return _holds(N_("a time of day"))
    if any(_names(name, words) for name in unnamed.names):
        return _holds(N_("the name of an assessor"))
    if any(_says(code, words) for code in unnamed.codes):
        return _holds(N_("the code of a person"))
    if missing := lacking(words):
        return sentence(N_("No paper can print {characters}: leave them out."), characters=named(missing))
    return None


def is_quote(words: str, original: str) -> bool:
    """Whether `words` are those of `original`, in its order, but for what is left out or in brackets (EWD-1)."""
    within, at = _plain(original), 0
    pieces = [piece for piece in map(_plain, _SEAMS.split(words)) if piece]
    for piece in pieces:
        found = within.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return bool(pieces)


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _holds(what: Template) -> Sentence:
    words = N_("It holds {what}. Leave it out with …, or put what stands for it in [brackets].")
    return sentence(words, what=sentence(what))


def _names(name: str, words: str) -> bool:
    parts = [part for part in name.split() if len(part) >= LEAST_OF_A_NAME]
    return _says(name, words) or any(re.search(rf"\b{re.escape(part)}\b", words) for part in parts)


def _says(code: str, words: str) -> bool:
    """Whether `words` have `code` by itself: not within another number or word of the same letters."""
    before, after = (r"(?<![0-9A-Za-z])(?<![0-9][.,])", r"(?![0-9A-Za-z]|[.,][0-9])") if code.isascii() else ("", "")
    found = re.search(before + re.escape(code.strip()) + after, words, re.IGNORECASE)
    return bool(code.strip()) and found is not None


_NOT_WRITTEN = N_(
    "A quote is what the assessor wrote: leave parts out with …, and put what stands for others in [brackets]."
)
