"""A folder that is handed over: new or empty at first, and complete once its last file is there."""

from __future__ import annotations

from pathlib import Path

from checklists.language import N_, SentenceError, sentence
from sync_server.evidence.store import MediaGoneError, MediaStore
from sync_server.machine.files import keep_blocks, make_folder


class FolderError(SentenceError):
    """The folder cannot be written."""


def check_empty(folder: Path) -> None:
    """Raise FolderError unless `folder` is new or empty."""
    if folder.exists() and any(folder.iterdir()):
        raise FolderError(sentence(N_("{folder} is not empty; name a new folder."), folder=str(folder)))


def copy_file(media: MediaStore, sha256: str, file: Path, *, private: bool = False) -> None:
    """Write a file of the store to `file`, durably.

    Raises:
        FolderError: it is gone from the store.
    """
    make_folder(file.parent)
    try:
        keep_blocks(file, media.read(sha256), private=private)
    except MediaGoneError as error:
        message = sentence(N_("The file {sha256} is gone from the store; run verify first."), sha256=sha256)
        raise FolderError(message) from error
