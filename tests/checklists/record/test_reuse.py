"""A photo that was used before is found by its bytes and by its look."""

from __future__ import annotations

import pytest

from checklists.record.assessment import Assessment, Evidence, MediaKind
from checklists.record.reuse import ALIKE, COLUMNS, ROWS, How, look_of, looks_alike, uses
from tests.builders import NOON, an_assessment

GREYS = [(row * 37 + column * 91) % 256 for row in range(ROWS) for column in range(COLUMNS)]
LOOK = look_of(GREYS)


def a_photo(number: int, sha256: str, look: str = "", kind: MediaKind = MediaKind.PHOTO) -> Evidence:
    return Evidence(
        id=f"photo-{number}",
        sha256=sha256,
        size_bytes=1,
        kind=kind,
        content_type="image/jpeg",
        taken_at=NOON,
        look=look,
    )


def with_files(*files: Evidence) -> Assessment:
    return an_assessment(evidence=files)


def flipped(look: str, bits: int) -> str:
    return f"{int(look, 16) ^ ((1 << bits) - 1):016x}"


@pytest.mark.parametrize(
    ("other", "how"),
    [
        pytest.param(a_photo(2, "a"), [How.BYTES], id="REU-1: the same bytes"),
        pytest.param(a_photo(2, "b", LOOK), [How.LOOK], id="REU-2: the same look"),
        pytest.param(a_photo(2, "b", flipped(LOOK, ALIKE)), [How.LOOK], id="nearly the same look"),
        pytest.param(a_photo(2, "b", flipped(LOOK, ALIKE + 1)), [], id="another look"),
        pytest.param(a_photo(2, "b"), [], id="a look nobody took"),
        pytest.param(a_photo(2, "a", kind=MediaKind.FILE), [], id="no photo"),
        pytest.param(a_photo(1, "a", LOOK), [], id="itself"),
    ],
)
def test_where_else_a_photo_was_used(other: Evidence, how: list[How]) -> None:
    assert [use.how for use in uses(a_photo(1, "a", LOOK), with_files().id, [with_files(other)])] == how


def test_the_same_bytes_are_told_before_the_same_look() -> None:
    record = with_files(a_photo(2, "b", LOOK), a_photo(3, "a"))
    assert [use.evidence.id for use in uses(a_photo(1, "a", LOOK), record.id, [record])] == ["photo-3", "photo-2"]


def test_a_picture_of_one_colour_has_no_look() -> None:
    assert look_of([7] * COLUMNS * ROWS) == ""
    assert not looks_alike("", "")
