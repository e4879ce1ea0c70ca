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
    TIFF = "tiff"
    BMP = "bmp"
    JPEG_2000 = "jpeg-2000"
    WAV = "wav"
    LONG_WAV = "long-wav"  # RF64 and BW64: WAV beyond 4 GB, which recorders also write for short sound
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
    AIFF = "aiff"
    WMA = "wma"  # the container of WMV too
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
        FileKind.TIFF: "image/tiff",
        FileKind.BMP: "image/bmp",
        FileKind.JPEG_2000: "image/jp2",
        FileKind.WAV: "audio/wav",
        FileKind.LONG_WAV: "audio/x-rf64",
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
        FileKind.AIFF: "audio/aiff",
        FileKind.WMA: "audio/x-ms-wma",
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
    (b"II*\0", FileKind.TIFF),
    (b"MM\0*", FileKind.TIFF),
    (b"II+\0", FileKind.TIFF),  # beyond 4 GB
    (b"MM\0+", FileKind.TIFF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", FileKind.JPEG_2000),
    (b"\xff\x4f\xff\x51", FileKind.JPEG_2000),  # without its container
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FileKind.WMA),
)
_RIFF: Mapping[bytes, FileKind] = {b"WAVE": FileKind.WAV, b"WEBP": FileKind.WEBP}
# The same layout under other names: what stands first, what stands at 8.
_CHUNKED: Mapping[tuple[bytes, bytes], FileKind] = {
    (b"RF64", b"WAVE"): FileKind.LONG_WAV,
    (b"BW64", b"WAVE"): FileKind.LONG_WAV,
    (b"FORM", b"AIFF"): FileKind.AIFF,
    (b"FORM", b"AIFC"): FileKind.AIFF,
}
# Words may begin with "BM": the length of the second header tells.
_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})
_BRANDS: Mapping[bytes, FileKind] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc"), FileKind.HEIC),
    **dict.fromkeys((b"mif1", b"msf1"), FileKind.HEIF),
    **dict.fromkeys((b"avif", b"avis"), FileKind.AVIF),
    b"M4A ": FileKind.M4A,
}
# The sync word of a bare MPEG frame, and its layer bits: 0 is AAC in ADTS, the rest are MPEG audio.
_SYNC, _LAYER = 0xE0, 0x06


def file_kind(head: bytes) -> FileKind | None:
    """Return the kind of the file that begins with `head` (its first 18 bytes do), or None for one not known here."""
    for start, its_kind in _STARTS:
        if head.startswith(start):
            return its_kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if kind := _CHUNKED.get((head[:4], head[8:12])):
        return kind
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return FileKind.BMP
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], FileKind.ISO_MEDIA)
    if len(head) > 1 and head[0] == 0xFF and head[1] & _SYNC == _SYNC:
        return FileKind.MPEG_FRAME if head[1] & _LAYER else FileKind.ADTS_FRAME
    return None
