"""What a file is, from its first bytes: for files that are kept as they came. Pure."""

from __future__ import annotations

_STARTS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
)
UNKNOWN = "application/octet-stream"


def content_type_of(raw: bytes, told: str = "") -> str:
    """Return the content type by the bytes, else what was `told`, else UNKNOWN. The bytes win over names."""
    for offset, start, content_type in _STARTS:
        if raw[offset : offset + len(start)] == start:
            return content_type
    return told or UNKNOWN
