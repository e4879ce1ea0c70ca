"""Which bytes stand for a file on a page: a derivative, or the phone's own prepared file until there is one.

SHOW-1  A derivative comes first: it holds no metadata, and every browser shows or plays it.
SHOW-2  Without one, a file that the phone prepared is shown as it is where browsers know its type.
SHOW-3  A file that came as it was is never shown itself; it waits for its derivative, or says why there is none.
SHOW-4  Where nothing can stand for a file, there is a word that says why, as soon as the work on it is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.database.queries import assessment_pages
from sync_server.database.queries.derivatives import Derived
from sync_server.database.queries.media import held_files

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
    """Return what is sent for `file`, or None: not made yet, or it cannot be (`why_not_made`)."""
    for purpose in purposes:
        derived = derivatives.get(purpose)
        if derived is not None and derived.sha256 is not None:
            return Given(derived.sha256, derived.content_type, derived.size_bytes)
    types = SOUNDS if purposes == SOUND else PICTURES
    return file if was_prepared and file.content_type in types else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFile:
    """A file that an assessment names, as it is held here."""

    original: Given
    derived: Mapping[str, Derived]
    was_prepared: bool  # so says every revision that names it

    def given(self, purposes: tuple[str, ...]) -> Given | None:
        """Return what stands for it on a page, or None."""
        return given_for(self.original, self.derived, purposes, was_prepared=self.was_prepared)

    def is_made(self, purposes: tuple[str, ...]) -> bool:
        """Return whether something was made of it here for one of these."""
        return any(purpose in self.derived and self.derived[purpose].sha256 for purpose in purposes)

    def problem(self, purposes: tuple[str, ...]) -> str:
        """Return why nothing can stand for it, as a word; empty where something does, or still may."""
        if self.given(purposes) is not None:
            return ""
        # What was made of it serves another purpose: a photo whose bytes are sound.
        return why_not_made(self.derived) or ("not-as-recorded" if self.derived else "")


def files_held(db: Connection, assessment_id: str, sha256s: Sequence[str]) -> Mapping[str, HeldFile]:
    """Return those of `sha256s` that are held. The page of an assessment and the doors of its files decide by these."""
    derived = assessment_pages.shown_derivatives(db, sha256s)
    unprepared = assessment_pages.kept_as_they_came(db, assessment_id, sha256s)
    return {
        row.sha256: HeldFile(
            original=Given(row.sha256, row.content_type, row.size_bytes),
            derived=derived.get(row.sha256, {}),
            was_prepared=row.sha256 not in unprepared,
        )
        for row in held_files(db, sha256s)
    }


def why_not_made(derivatives: Mapping[str, Derived]) -> str:
    """Return why derivatives could not be made, as a word; empty while they may still come."""
    return next((derived.problem for derived in derivatives.values() if derived.problem), "")
