"""What a file that is kept as it came is called: by its first bytes where they are certain, else by its name. Pure."""

from __future__ import annotations

from checklists.record.file_kind import CONTENT_TYPES, UNKNOWN_TYPE, FileKind, file_kind

# Film and sound share a container, and text may begin like a bare frame: there the name knows more than the bytes.
_UNCERTAIN = frozenset({FileKind.ISO_MEDIA, FileKind.MPEG_FRAME, FileKind.ADTS_FRAME})


def content_type(raw: bytes, named: str = "") -> str:
    """Return the content type by the bytes, else as it was `named`, else UNKNOWN_TYPE. The bytes win over names."""
    kind = file_kind(raw)
    if kind is not None and kind not in _UNCERTAIN:
        return CONTENT_TYPES[kind]
    return named or UNKNOWN_TYPE
