"""Files and folders kept durably: a reader sees the old content or the new, also after a power cut.

DUR-1  When one of these functions returns, what it kept would survive a power cut: the content and the name.
DUR-2  When one fails, the file holds what it held before, and nothing is left beside it.
DUR-3  An error of the system names the file that was asked for.

Content is synced by its file, a name by its folder: without the second, a file that was renamed may be gone.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

if sys.platform != "win32":
    import resource

MANY_FILES = 1_000_000


def keep_file(file: Path, content: bytes, *, private: bool = False) -> None:
    """Make `file` hold `content`. `private`: only its owner may read it (0600)."""
    keep_blocks(file, (content,), private=private)


def keep_blocks(file: Path, blocks: Iterable[bytes], *, private: bool = False) -> None:
    """Make `file`, in a folder that exists, hold `blocks` one after the other; they may come from afar, and fail."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.new")
    try:
        with named(file, beside):
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
            with os.fdopen(handle, "wb") as stream:
                for block in blocks:
                    stream.write(block)
                stream.flush()
                os.fsync(stream.fileno())
            place_file(beside, file)
    except BaseException:
        with contextlib.suppress(OSError):  # what failed is to be told, not that this could not be taken away
            beside.unlink()
        raise


@contextlib.contextmanager
def named(file: Path, beside: Path | None = None) -> Iterator[None]:
    """Let an error of the system that names no file, or the one `beside` it, name `file` (DUR-3)."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename in (None, str(beside)):
            raise OSError(error.errno, error.strerror, str(file)) from error
        raise


def place_file(source: Path, file: Path) -> None:
    """Move `source`, whose content is synced already, to `file`, replacing what is there.

    Raises:
        FileNotFoundError: there is no `source`.
    """
    source.replace(file)
    sync_folder(file.parent)


def make_folder(folder: Path) -> None:
    """Make `folder` and what is above it. One that is there stays as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def make_private_folder(folder: Path) -> None:
    """Make `folder` where it is not there, and let nobody but its owner look into it (0700).

    One that belongs to somebody else, such as a mounted volume, stays as its owner has it.
    """
    make_folder(folder)
    with contextlib.suppress(PermissionError):
        folder.chmod(0o700)


def files_that_may_be_open() -> int:
    """Let this process have open as many files and connections as the system ever allows it; return how many."""
    if sys.platform == "win32":
        return MANY_FILES
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # where "as many as you like" is not taken at its word
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MANY_FILES if allowed == resource.RLIM_INFINITY else allowed


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, where the system has a way to."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
