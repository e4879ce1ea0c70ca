"""What a file that is kept as it came is called."""

from __future__ import annotations

import pytest

from fieldapp.state.content_types import content_type


@pytest.mark.parametrize(
    ("raw", "named", "expected"),
    [
        pytest.param(b"\x00\x00\x00\x18ftypheic", "image/jpeg", "image/heic", id="the bytes win over the name"),
        pytest.param(b"%PDF-1.7", "", "application/pdf", id="bytes without a name"),
        pytest.param(b"\x00\x00\x00\x20ftypM4A ", "", "audio/mp4", id="sound in MP4"),
        pytest.param(b"\x00\x00\x00\x20ftypisom", "video/mp4", "video/mp4", id="a film: MP4 by its name"),
        pytest.param(b"\xff\xfeH\x00i\x00", "text/plain", "text/plain", id="UTF-16 begins like a frame of MP3"),
        pytest.param(b"Hello", "text/plain", "text/plain", id="words"),
        pytest.param(b"Hello", "", "application/octet-stream", id="nothing known"),
    ],
)
def test_a_file_is_called_by_its_bytes_else_by_its_name(raw: bytes, named: str, expected: str) -> None:
    assert content_type(raw, named) == expected
