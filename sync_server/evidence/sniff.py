"""What a file is, read from its first bytes, never from what was said of it. Unknown is plain bytes."""

from __future__ import annotations

from checklists.record.file_kind import CONTENT_TYPES, UNKNOWN_TYPE, FileKind, file_kind

UNKNOWN = UNKNOWN_TYPE
HEAD_BYTES = 64

# As they have been stored from the first release on.
_STORED_AS = {FileKind.HEIC: "image/heif", FileKind.PDF: UNKNOWN}


def sniffed_type(head: bytes) -> str:
    """Return the type of the file that begins with `head` (HEAD_BYTES of it do)."""
    kind = file_kind(head)
    return UNKNOWN if kind is None else _STORED_AS.get(kind, CONTENT_TYPES[kind])
