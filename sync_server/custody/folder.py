"""A folder that is handed over: new or empty at first, and complete once its last file is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from checklists.language import N_, SentenceError, sentence
from sync_server.evidence.store import MediaGoneError, MediaStore
from sync_server.machine.files import keep_blocks, make_folder

# Said of a file that a folder should hold.
LACKING = N_("Not in it: the file {sha256} is gone or damaged.")


class FolderError(SentenceError):
    """The folder cannot be written."""


class _OtherContentError(Exception):
    """The bytes are not those that the name says."""


def check_empty(folder: Path) -> None:
    """Raise FolderError unless `folder` is new or empty."""
    if folder.exists() and any(folder.iterdir()):
        raise FolderError(sentence(N_("{folder} is not empty; name a new folder."), folder=str(folder)))


def is_copied(media: MediaStore, sha256: str, file: Path) -> bool:
    """Write a file of the store to `file`, durably and for its owner alone.

    False, and nothing is written, where it is gone from the store or not what its name says.
    """
    digest = hashlib.sha256()

    def hashed() -> Iterator[bytes]:
        for block in media.read(sha256):
            digest.update(block)
            yield block
        if digest.hexdigest() != sha256:
            raise _OtherContentError

    make_folder(file.parent)
    try:
        keep_blocks(file, hashed(), private=True)
    except (MediaGoneError, _OtherContentError):
        return False
    return True
