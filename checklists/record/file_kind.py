"""What a file is, by its first bytes: names, and what is said of a file, are often wrong. One table for both sides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class FileKind(StrEnum):
    """A kind of file that its first bytes give away."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    HEIC = "heic"
    HEIF = "heif"  # the same container with other brands
    AVIF = "avif"
    WAV = "wav"
    WEBM = "webm"
    OGG = "ogg"
    FLAC = "flac"
    M4A = "m4a"
    ISO_MEDIA = "iso-media"  # the container of MP4, sound or film: the first bytes do not say which
    MP3 = "mp3"
    MPEG_FRAME = "mpeg-frame"  # two bytes alone, and UTF-16 text may begin with them
    ADTS_FRAME = "adts-frame"  # AAC; the same two bytes
    AMR = "amr"
    CAF = "caf"
    PDF = "pdf"


# What a file of each kind is called. A side that has always kept another name for one says so where it does.
CONTENT_TYPES: Mapping[FileKind, str] = MappingProxyType(
    {
        FileKind.JPEG: "image/jpeg",
        FileKind.PNG: "image/png",
        FileKind.GIF: "image/gif",
        FileKind.WEBP: "image/webp",
        FileKind.HEIC: "image/heic",
        FileKind.HEIF: "image/heif",
        FileKind.AVIF: "image/avif",
        FileKind.WAV: "audio/wav",
        FileKind.WEBM: "audio/webm",
        FileKind.OGG: "audio/ogg",
        FileKind.FLAC: "audio/flac",
        FileKind.M4A: "audio/mp4",
        FileKind.ISO_MEDIA: "audio/mp4",
        FileKind.MP3: "audio/mpeg",
        FileKind.MPEG_FRAME: "audio/mpeg",
        FileKind.ADTS_FRAME: "audio/aac",
        FileKind.AMR: "audio/amr",
        FileKind.CAF: "audio/x-caf",
        FileKind.PDF: "application/pdf",
    }
)
UNKNOWN_TYPE = "application/octet-stream"

_STARTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
    (b"\x1aE\xdf\xa3", FileKind.WEBM),
    (b"OggS", FileKind.OGG),
    (b"fLaC", FileKind.FLAC),
    (b"ID3", FileKind.MP3),
    (b"#!AMR", FileKind.AMR),
    (b"caff", FileKind.CAF),
    (b"%PDF-", FileKind.PDF),
)
_RIFF: Mapping[bytes, FileKind] = {b"WAVE": FileKind.WAV, b"WEBP": FileKind.WEBP}
_BRANDS: Mapping[bytes, FileKind] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc"), FileKind.HEIC),
    **dict.fromkeys((b"mif1", b"msf1"), FileKind.HEIF),
    **dict.fromkeys((b"avif", b"avis"), FileKind.AVIF),
    b"M4A ": FileKind.M4A,
}
# The sync word of a bare MPEG frame, and its layer bits: 0 is AAC in ADTS, the rest are MPEG audio.
_SYNC, _LAYER = 0xE0, 0x06


def file_kind(head: bytes) -> FileKind | None:
    """Return the kind of the file that begins with `head` (its first 12 bytes do), or None for one not known here."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], FileKind.ISO_MEDIA)
    if len(head) > 1 and head[0] == 0xFF and head[1] & _SYNC == _SYNC:
        return FileKind.MPEG_FRAME if head[1] & _LAYER else FileKind.ADTS_FRAME
    return None
