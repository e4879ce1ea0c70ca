"""The seam between files and where they are kept: a local folder or an object store. All of it blocks: use threads.

MED-1  A call that returned would survive a power cut.
MED-2  A file's name is the SHA-256 of its bytes, so it never changes and keeping it twice is keeping it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

BLOCK_BYTES = 1 << 20
Buffer = bytes | bytearray


class MediaGoneError(Exception):
    """The bytes of a file are not in the store."""


class OffsetTakenError(Exception):
    """Another request has written to this upload since its offset was asked for, or writes now."""


class MediaStore(Protocol):
    """Whole files."""

    def has(self, sha256: str) -> bool:
        """Return whether the file is kept."""

    def size_bytes(self, sha256: str) -> int:
        """Return its length. Raises MediaGoneError."""

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Give the bytes from `start` up to, without, `end`, in blocks. Raises MediaGoneError."""

    def put(self, sha256: str, data: bytes) -> None:
        """Keep `data`, whose SHA-256 the caller has checked. A repeat changes nothing."""

    def adopt(self, upload_id: str, sha256: str) -> None:
        """Make the upload's bytes, which the caller has checked, the file `sha256`. A repeat changes nothing."""

    def remove(self, sha256: str) -> None:
        """Erase the file. A repeat changes nothing."""

    def is_empty(self) -> bool:
        """Return whether no file is kept."""

    def check(self) -> None:
        """Raise OSError when files could not be kept just now."""


class Parts(Protocol):
    """Uploads under way, of the same place as the store that adopts them."""

    @property
    def spool_folder(self) -> Path | None:
        """A folder on the disk that takes the bytes; None where no disk of this machine does."""

    def length(self, upload_id: str) -> int:
        """Return how many bytes are durably kept, 0 when there are none."""

    def append(self, upload_id: str, offset: int, data: Buffer, *, last: bool = False) -> None:
        """Keep `data` after the first `offset` bytes, durably. `last`: the upload is whole and adopted next, or lost.

        Raises:
            OffsetTakenError: the upload is not `offset` bytes long, or is being written to.
        """

    def read(self, upload_id: str) -> Iterator[bytes]:
        """Give what is kept, in blocks; nothing when it was adopted meanwhile."""

    def remove(self, upload_id: str) -> None:
        """Forget the upload. A repeat changes nothing."""
