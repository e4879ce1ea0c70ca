"""Two people approve a scenario before anybody is sent to play it (privacy E13).

APV-1  One person is one name, however it is spaced, cased or written in full width: "May Chan; may  chan" is one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

NAMES_OF_APPROVAL = 2


def is_approved(names: Iterable[str]) -> bool:
    """Whether enough different people approved."""
    return len({_person(name) for name in names}) >= NAMES_OF_APPROVAL


def has_approved(name: str, names: Iterable[str]) -> bool:
    """Whether the person of that name is among them."""
    return _person(name) in map(_person, names)


def _person(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
