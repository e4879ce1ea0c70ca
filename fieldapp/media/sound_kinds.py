"""Which sound is kept as it came: all that is compressed already. Another coding would cost quality and gain little."""

from __future__ import annotations

from checklists.record.file_kind import CONTENT_TYPES, FileKind, file_kind
from fieldapp.media.limits import unreadable_sound
from fieldapp.ports import Sound

WAV = CONTENT_TYPES[FileKind.WAV]
_COMPRESSED = frozenset(
    {
        FileKind.WEBM,
        FileKind.OGG,
        FileKind.FLAC,
        FileKind.M4A,
        FileKind.ISO_MEDIA,
        FileKind.MP3,
        FileKind.MPEG_FRAME,
        FileKind.ADTS_FRAME,
        FileKind.AMR,
        FileKind.CAF,
    }
)


def as_it_came(raw: bytes, content_type: str) -> Sound | None:
    """Return compressed sound as it is, None for WAV, which is to be thinned.

    The recorder's own `content_type` stays where the bytes agree with it: it may name the codec too.

    Raises:
        NotSound: no sound we know.
    """
    kind = file_kind(raw)
    if kind is FileKind.WAV:
        return None
    if kind not in _COMPRESSED:
        raise unreadable_sound()
    by_bytes = CONTENT_TYPES[kind]
    agrees = content_type.partition(";")[0] == by_bytes
    return Sound(data=raw, content_type=content_type if agrees else by_bytes)
