"""A photo that was used before: the same bytes, or a picture that looks the same.

REU-1  The same bytes anywhere else are the same photo.
REU-2  Photos look the same when at most `ALIKE` of the 64 bits of their looks differ; it is shown, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Generic, NamedTuple, Protocol, TypeVar

import msgspec

from checklists.record.assessment import Evidence, MediaKind

COLUMNS, ROWS = 9, 8  # a look compares each of 8 x 8 grey fields with the one to its right
ALIKE = 5  # of 64 bits


class How(StrEnum):
    """What tells that it was used before."""

    BYTES = "bytes"
    LOOK = "look"


class HasPhotos(Protocol):
    """A record, or as much of one as tells of its photos."""

    @property
    def id(self) -> str:
        """Its own."""

    @property
    def evidence(self) -> Sequence[Evidence]:
        """Its files."""


R = TypeVar("R", bound=HasPhotos)


class PhotosOf(msgspec.Struct, frozen=True, gc=False):
    """As much of a record as tells of its photos: a quarter of the work of reading all of it, and of its memory."""

    id: str
    evidence: tuple[Evidence, ...] = ()


class Use(NamedTuple, Generic[R]):
    """One earlier use of a photo."""

    record: R
    evidence: Evidence
    how: How


def look_of(greys: Sequence[int]) -> str:
    """Return the look of a picture of `COLUMNS` by `ROWS` grey fields, row by row; "" where all are alike."""
    bits = 0
    for row in range(ROWS):
        for column in range(COLUMNS - 1):
            at = row * COLUMNS + column
            bits = bits << 1 | (greys[at] > greys[at + 1])
    return f"{bits:016x}" if bits else ""


def looks_alike(one: str, other: str) -> bool:
    """Whether two looks are of what seems one picture."""
    return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= ALIKE


def uses(photo: Evidence, of: str, records: Iterable[R]) -> list[Use[R]]:
    """Return where else `photo` of the record `of` was used among the records; the same bytes before the same look.

    What is no photo was used nowhere.
    """
    if photo.kind is not MediaKind.PHOTO:
        return []
    found = [
        Use(record, other, How.BYTES if other.sha256 == photo.sha256 else How.LOOK)
        for record in records
        for other in record.evidence
        if other.kind is MediaKind.PHOTO
        and (record.id, other.id) != (of, photo.id)
        and (other.sha256 == photo.sha256 or looks_alike(other.look, photo.look))
    ]
    return sorted(found, key=lambda use: use.how)
