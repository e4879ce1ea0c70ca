"""What no scenario may play (privacy E13): words of the programme's list, in a text of either language.

R-RED-1  English words are found whole, in any case; Chinese ones anywhere. Width and case of letters do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache


def red_lines_in(texts: Iterable[str], words: Sequence[str]) -> tuple[str, ...]:
    """Return those of `words` that stand in any of `texts`, in the order of the list, each once."""
    told = "\n".join(map(_plain, texts))
    return tuple(word for word in words if _pattern(word).search(told))


def _plain(text: str) -> str:
    return re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    plain = re.escape(_plain(word))
    # A number of money, "$999" or "999.50", is none.
    return re.compile(rf"(?<![a-z0-9$.]){plain}(?![a-z0-9]|[.,][0-9])" if word.isascii() else plain)
