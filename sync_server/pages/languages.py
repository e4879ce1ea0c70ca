"""Which of our languages does somebody want: a browser by its header, a terminal by its environment?

LANG-1  The first wanted language that we have, by weight and then by order; any Chinese is Traditional Chinese here.
LANG-2  A weight of 0, or one that cannot be read, is a language not wanted. Without a wanted one it is English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from babel import negotiate_locale

from checklists.language import Language

OURS: Mapping[str, Language] = {"en": "en", "zh": "zh-Hant"}
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of_header(accept_language: str) -> Language:
    """Return the language of a page for a browser with this Accept-Language."""
    weighed = [_weighed(entry) for entry in accept_language.split(",")]
    wanted = sorted((entry for entry in weighed if entry[1] > 0), key=lambda entry: -entry[1])
    return _negotiated(tag for tag, _ in wanted)


def language_of_environment(environment: Mapping[str, str]) -> Language:
    """Return the language of a terminal: the first variable that is set says it, as in "zh_HK.UTF-8"."""
    locale = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return _negotiated([locale.partition(".")[0].replace("_", "-")])


def _negotiated(wanted: Iterable[str]) -> Language:
    return OURS[negotiate_locale((tag.lower() for tag in wanted), OURS, sep="-") or "en"]


def _weighed(entry: str) -> tuple[str, float]:
    tag, _, weight = entry.partition(";")
    name, _, number = weight.replace(" ", "").partition("=")
    if not name:
        return tag.strip(), 1
    try:
        return tag.strip(), float(number) if name.lower() == "q" else 0
    except ValueError:
        return tag.strip(), 0
