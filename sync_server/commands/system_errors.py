"""What a command says where the system refuses a file, a folder or its output: the place, the reason, what to do.

SYE-1  The place is named, whatever the system said: a write into a file that is open has no name of its own.
SYE-2  A file on its way is whole or what it was before. A device, or another end of a pipe, is written as it is.
SYE-3  Output that cannot be written ends the command; whoever has seen enough of it (`| head`) is told nothing.

Light enough for `score`, which loads neither the web server nor the database.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from checklists.language import N_, Sentence, Template, sentence
from sync_server.machine.files import keep_file, named

OUTPUT = N_("standard output")
_FULL = N_("{place}: no room is left. Make some, or name a place on another disk, and run the command again.")
_BARRED = N_("{place}: this account may not use it. Name another place, or run the command as its owner.")
_NO_FOLDER = N_("{place}: a file is where a folder should be. Name another place, or move that file away.")
_BROKEN = N_("{place}: the disk fails. Look at it, and name a place on another one.")
_SAID: Mapping[int, Template] = MappingProxyType(
    {
        errno.ENOENT: N_("{place}: there is no such file or folder. Correct the name, or make the folder first."),
        errno.ENOSPC: _FULL,
        errno.EDQUOT: _FULL,
        errno.EFBIG: _FULL,
        errno.EACCES: _BARRED,
        errno.EPERM: _BARRED,
        errno.EROFS: N_("{place}: that disk is for reading only. Name a place on another one."),
        errno.ENOTDIR: _NO_FOLDER,
        errno.EEXIST: _NO_FOLDER,
        errno.EISDIR: N_("{place}: it is a folder, and a file is wanted. Name a file."),
        errno.ENAMETOOLONG: N_("{place}: the name is too long for this disk. Choose a shorter one."),
        errno.EIO: _BROKEN,
    }
)
_OTHER = N_("{place}: the system refuses it ({why}). Name another place.")


def said_of(error: OSError) -> Sentence:
    """Return what is said of `error` (SYE-1)."""
    where = error.filename2 or error.filename or N_("a file")
    words = _SAID.get(error.errno or 0, _OTHER)
    why = {"why": error.strerror or str(error)} if words is _OTHER else {}
    return sentence(words, place=sentence(where) if isinstance(where, Template) else str(where), **why)


def write_file(file: Path, content: bytes) -> None:
    """Make `file` hold `content` (SYE-2). Raises OSError, which names it."""
    real = file.resolve()
    if real.exists() and not real.is_file():
        with named(file):
            real.write_bytes(content)
    else:
        keep_file(real, content, private=True)


def write_out(content: bytes) -> None:
    """Write `content` on standard output. Raises OSError, which names it (SYE-3)."""
    with to_output():
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


@contextlib.contextmanager
def to_output() -> Iterator[None]:
    """Do what writes on standard output."""
    try:
        yield
    except BrokenPipeError:
        _leave_nothing_to_flush()
        raise SystemExit(0) from None
    except OSError as error:
        _leave_nothing_to_flush()
        raise OSError(error.errno, error.strerror, OUTPUT) from error


def _leave_nothing_to_flush() -> None:
    # The interpreter writes at its end what a stream still holds, and would fail a second time, with a trace.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
