"""What a file is, read from its first bytes, never from what was said of it. Unknown is plain bytes."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"
HEAD_BYTES = 64

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"caff", "audio/x-caf"),
)
_RIFF = {b"WAVE": "audio/wav", b"WEBP": "image/webp"}
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_AVIF = (b"avif", b"avis")


def content_type_of(head: bytes) -> str:
    """Return the type of the file that begins with `head` (HEAD_BYTES of it do)."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _iso_media(head[8:12])
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # A frame of MPEG audio: layer bits 00 mean AAC in ADTS, anything else MP3.
        return "audio/aac" if head[1] & 0x06 == 0 else "audio/mpeg"
    return UNKNOWN


def _iso_media(brand: bytes) -> str:
    if brand in _HEIF:
        return "image/heif"
    if brand in _AVIF:
        return "image/avif"
    return "audio/mp4"
