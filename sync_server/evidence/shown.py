"""Which bytes stand for a file on a page: a derivative, or the phone's own prepared file until there is one.

SHOW-1  A derivative comes first: it holds no metadata, and every browser shows or plays it.
SHOW-2  Without one, a file that the phone prepared is shown as it is where browsers know its type.
SHOW-3  A file that came as it was is never shown itself; it waits for its derivative, or says why there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sync_server.database.queries.derivatives import Derived

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
SOUNDS = frozenset({"audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/wav", "audio/aac", "audio/flac"})
# Which derivatives serve, the best first.
PREVIEW, FULL, SOUND = ("preview", "shown"), ("shown",), ("playable",)


class Given(NamedTuple):
    """What to send: the stored file's name, its type and length."""

    sha256: str
    content_type: str
    size_bytes: int


def given_for(
    file: Given, derivatives: Mapping[str, Derived], purposes: tuple[str, ...], *, was_prepared: bool
) -> Given | None:
    """Return what is sent for `file`, or None: not made yet, or it cannot be (`problem_of`)."""
    for purpose in purposes:
        derived = derivatives.get(purpose)
        if derived is not None and derived.sha256 is not None:
            return Given(derived.sha256, derived.content_type, derived.size_bytes)
    types = SOUNDS if purposes == SOUND else PICTURES
    return file if was_prepared and file.content_type in types else None


def problem_of(derivatives: Mapping[str, Derived]) -> str:
    """Return why derivatives could not be made, as a word; empty while they may still come."""
    return next((derived.problem for derived in derivatives.values() if derived.problem), "")
