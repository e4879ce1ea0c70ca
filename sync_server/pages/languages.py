"""Which of our languages does the reader of a page want? Its browser says it in a header.

LANG-1  The first wanted language that we have, by weight and then by order; any Chinese is Traditional Chinese here.
LANG-2  A weight of 0, or one that cannot be read, is a language not wanted. Without a wanted one it is English.
"""

from __future__ import annotations

from collections.abc import Mapping

from babel import negotiate_locale

from checklists.language import Language

OURS: Mapping[str, Language] = {"en": "en", "zh": "zh-Hant"}


def language_of_header(accept_language: str) -> Language:
    """Return the language of a page for a browser with this Accept-Language."""
    weighed = [_weighed(entry) for entry in accept_language.split(",")]
    wanted = sorted((entry for entry in weighed if entry[1] > 0), key=lambda entry: -entry[1])
    return OURS[negotiate_locale((tag.lower() for tag, _ in wanted), OURS, sep="-") or "en"]


def _weighed(entry: str) -> tuple[str, float]:
    tag, _, weight = entry.partition(";")
    name, _, number = weight.replace(" ", "").partition("=")
    if not name:
        return tag.strip(), 1
    try:
        return tag.strip(), float(number) if name.lower() == "q" else 0
    except ValueError:
        return tag.strip(), 0
