"""Small files kept whole: written beside, made durable, then put in place, so that a reader sees the old or the new."""

from __future__ import annotations

import os
from pathlib import Path


def keep_file(file: Path, content: bytes, *, private: bool = False) -> None:
    """Make `file` hold `content`, durable when this returns. `private`: only its owner may read it (0600)."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
