"""Which format and which version an answer has, of those that its client takes.

ODM-1  Of the ranges that can be met, that with the highest q counts, of equals the first. One with a parameter unknown
       here is not met, and so metadata=full never is.
ODM-2  The type of an answer names its charset where the client named one, and nowhere else.
ODM-3  An answer is of version 4.0 for a client that knows no later one, else of 4.01.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

JSON, XML = "application/json", "application/xml"
MINIMAL = f"{JSON};odata.metadata=minimal"
SHORT: Mapping[str, str] = {"json": JSON, "xml": XML, "atom": "application/atom+xml"}  # of $format
# What a range of JSON may say, by its parameters' names without "odata.".
SAID: Mapping[str, frozenset[str]] = {
    "metadata": frozenset({"minimal", "none"}),
    "streaming": frozenset({"true", "false"}),
    "ieee754compatible": frozenset({"true", "false"}),
    "charset": frozenset({"utf-8"}),
}
_VERSION = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of an answer. `is_bare`: without metadata; `counts_as_text`: long numbers stand in quotes."""

    media: str
    is_bare: bool = False
    counts_as_text: bool = False
    names_charset: bool = False

    @property
    def content_type(self) -> str:
        """Return it as the header of the answer has it (ODM-2)."""
        parts = [self.media]
        if self.media == JSON:
            parts.append(f"odata.metadata={'none' if self.is_bare else 'minimal'}")
        parts += ["IEEE754Compatible=true"] if self.counts_as_text else []
        return ";".join([*parts, "charset=utf-8"] if self.names_charset else parts)


def format_of(accepted: str, media: str) -> Format | None:
    """Return how an answer of `media` is written for a client that sent `accepted`: an Accept header or a $format.

    None: it takes no such answer.
    """
    best: tuple[float, Format] | None = None
    refused = False
    for one in SHORT.get(accepted.strip().lower(), accepted).split(","):
        name, *rest = (part.strip().lower() for part in one.split(";"))
        said = dict(_said(part) for part in rest if part)
        quality = _quality(said.pop("q", "1"))
        if name not in {media, "application/*", "*/*"}:
            continue
        if name == media and not said and not quality:
            refused = True
        found = _format(media, said) if quality else None
        if found is not None and (best is None or quality > best[0]) and not (refused and name != media):
            best = quality, found
    return None if best is None else best[1]


def version_for(most: str) -> str | None:
    """Return the version for a client that knows none after `most`; None where there is none so early (ODM-3)."""
    if not _VERSION.fullmatch(most) or float(most) < 4:
        return None
    return "4.0" if float(most) < 4.01 else "4.01"


def _said(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip().removeprefix("odata."), value.strip().strip('"')


def _quality(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.[0-9]{0,3})?", text) else 1.0


def _format(media: str, said: Mapping[str, str]) -> Format | None:
    known = SAID if media == JSON else {"charset": SAID["charset"]}
    if any(value not in known.get(name, ()) for name, value in said.items()):
        return None
    return Format(
        media=media,
        is_bare=said.get("metadata") == "none",
        counts_as_text=said.get("ieee754compatible") == "true",
        names_charset="charset" in said,
    )
