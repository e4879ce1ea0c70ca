"""Where files are decoded: one child process for many files, replaced when it dies, hangs or has grown.

SHOP-1  Nothing a file does to its decoder reaches the server: memory, seconds and bytes written are the child's and
        limited.
SHOP-2  A file that brings the child down, or takes too long, has its final word by that.
SHOP-3  Only when the machine ended the child (out of memory, a signal from outside, no child to be had) is there no
        word yet: ChildLostError, and the file is tried again.
SHOP-4  The child is given no setting and no secret of the server (CHP-1).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sync_server.evidence.derive_child import NO_ROOM
from sync_server.machine.child_process import environment

START_S = 60
GRACE_S = 2  # the child measures its own seconds first
PICTURE_S, SOUND_S = 20, 60  # seconds that a file of each may take
# A decoder that ends like this was brought down by the file.
_ITS_OWN_END = frozenset(
    -getattr(signal, name)
    for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS", "SIGTRAP")
    if hasattr(signal, name)
)


class ChildLostError(Exception):
    """The machine ended the child, or had none to give."""


class Made(NamedTuple):
    """One derivative, or with `problem` why there is none."""

    purpose: str
    data: bytes
    content_type: str
    problem: str = ""


class Workshop:
    """One child at a time, started when the first file comes. For one thread at a time; `close` from any."""

    def __init__(self, *, picture_s: int = PICTURE_S, sound_s: int = SOUND_S) -> None:
        self._picture_s, self._sound_s = picture_s, sound_s
        self._child: subprocess.Popen[str] | None = None
        self._end: weakref.finalize[..., Workshop] | None = None

    def make(self, blocks: Iterable[bytes], content_type: str, *, areas: Sequence[Sequence[int]] = ()) -> list[Made]:
        """Return what is made of a file of this (sniffed) type; its bytes come in `blocks`. Never empty. Blocks.

        With `areas` it is the one picture with them blacked out (DER-6).

        Raises:
            ChildLostError: there is no word yet.
        """
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with (folder / "original").open("wb") as file:
                file.writelines(blocks)
            seconds = self._sound_s if content_type.startswith("audio/") else self._picture_s
            asked = {"content_type": content_type, "folder": name, "seconds": seconds, "areas": areas}
            answer = self._ask(asked, seconds)
            if isinstance(answer, str):
                return [Made(_purpose(content_type), b"", "", answer)]
            return [
                Made(
                    one["purpose"],
                    b"" if one["problem"] else (folder / one["purpose"]).read_bytes(),
                    one["content_type"],
                    one["problem"],
                )
                for one in answer
            ]

    def close(self) -> None:
        """End the child. The next file starts another."""
        if self._end is not None:
            self._end()
        self._child = self._end = None

    def _ask(self, asked: dict[str, Any], seconds: int) -> list[dict[str, Any]] | str:
        child = self._started()
        line, is_late = _exchange(child, json.dumps(asked), seconds + GRACE_S)
        if line:
            answer = json.loads(line)
            if answer["last"]:
                self.close()
            made: list[dict[str, Any]] = answer["made"]
            return made
        self.close()
        code = child.returncode
        if is_late or code == -getattr(signal, "SIGXCPU", 0) != 0:
            return "too-slow"
        if code == -getattr(signal, "SIGXFSZ", 0) != 0:
            return "too-large"
        if code in _ITS_OWN_END or (code > 0 and code != NO_ROOM):
            return "not-readable"
        raise ChildLostError(f"the process that decodes files ended with {code}")

    def _started(self) -> subprocess.Popen[str]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        surroundings = environment(MALLOC_ARENA_MAX="2", OMP_NUM_THREADS="1")
        try:
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "sync_server.evidence.derive_child"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=surroundings,
                start_new_session=True, encoding="utf-8",
            )  # fmt: skip
        except OSError as error:
            raise ChildLostError(f"no process to decode files: {error}") from error
        self._child, self._end = child, weakref.finalize(self, _ended, child)
        line, _ = _exchange(child, None, START_S)
        if not line:
            self.close()
            raise ChildLostError(f"the process that decodes files did not start ({child.returncode})")
        return child


def _exchange(child: subprocess.Popen[str], line: str | None, wait_s: float) -> tuple[str, bool]:
    """Say `line` to the child and return its answer; an empty one when it ended, and whether it was ended as late."""
    assert child.stdin is not None  # noqa: S101 - both are pipes
    assert child.stdout is not None  # noqa: S101
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(child)

    timer = threading.Timer(wait_s, end)
    timer.daemon = True
    timer.start()
    try:
        if line is not None:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(line + "\n")
                child.stdin.flush()
        answer = child.stdout.readline()
    finally:
        timer.cancel()
    if answer.endswith("\n"):
        return answer, False
    _reap(child)
    return "", late.is_set()


def _purpose(content_type: str) -> str:
    return "playable" if content_type.startswith("audio/") else "shown"


def _reap(child: subprocess.Popen[str]) -> None:
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        _kill(child)
        child.wait()


def _kill(child: subprocess.Popen[str]) -> None:
    if child.poll() is not None:
        return  # its number may be another process already
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)  # what it started too
        else:
            child.kill()


def _ended(child: subprocess.Popen[str]) -> None:
    _kill(child)
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
