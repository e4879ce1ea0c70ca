"""DER: what is made of originals. Ids are those in evidence/derive.py; more of them in jobs/test_work.py."""

from __future__ import annotations

import struct
import zlib

import pytest

from sync_server.evidence.derive import MAX_PIXELS, derivatives_of


def a_png_that_claims(width: int, height: int) -> bytes:
    """A picture of a few bytes, whatever size its header gives."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "problem"),
    [
        pytest.param(MAX_PIXELS // 1000 + 1, "too-large", id="DER-4 more pixels than are decoded"),
        pytest.param(1000, "not-readable", id="DER-3 no more than that, but not all there"),
    ],
)
def test_a_picture_is_judged_by_its_header_before_it_is_decoded(width: int, problem: str) -> None:
    assert {one.problem for one in derivatives_of(a_png_that_claims(width, 1000), "image/png")} == {problem}
