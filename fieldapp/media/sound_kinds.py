"""What sound a file holds, by its first bytes: names and what a browser says about a recording are often wrong."""

from __future__ import annotations

# Offset, bytes found there, content type.
_STARTS: tuple[tuple[int, bytes, str], ...] = (
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"caff", "audio/x-caf"),
)
# The sync word of a bare MPEG frame, by its layer bits: 0 is AAC in ADTS, the rest are MPEG audio.
_SYNC, _LAYER = 0xE0, 0x06


def sound_kind(raw: bytes) -> str | None:
    """Return the content type of the sound in `raw`, or None when it is none we know."""
    for offset, start, content_type in _STARTS:
        if raw[offset : offset + len(start)] == start:
            return content_type
    if len(raw) > 4 and raw[0] == 0xFF and raw[1] & _SYNC == _SYNC:
        return "audio/mpeg" if raw[1] & _LAYER else "audio/aac"
    return None
