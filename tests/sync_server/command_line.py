"""Commands as a person starts them: a real process, what it says, and stopping or killing it; or only what they say."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sync_server.__main__ import main

WITHIN_S = 90
ROOT = Path(__file__).parent.parent.parent


def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds; fails after WITHIN_S."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


class Command:
    """`sync-server <words>` in a process of its own. `lines` grow as they are waited for."""

    def __init__(self, *words: str, environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sync_server", *words],
            cwd=ROOT,
            env={**of_a_terminal(os.environ), "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.lines: list[str] = []
        self._rest = b""

    def wait_for(self, words: str) -> str:
        """The first line that holds `words`; fails when the process ends or WITHIN_S passes without it."""
        deadline = time.monotonic() + WITHIN_S
        out = self.process.stdout
        assert out is not None
        while time.monotonic() < deadline:
            for line in self.lines:
                if words in line:
                    return line
            ready, _, _ = select.select([out], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(out.fileno(), 65536) if ready else b""
            if not piece:
                break
            *whole, self._rest = (self._rest + piece).split(b"\n")
            self.lines += [line.decode() for line in whole]
        self.process.kill()
        raise AssertionError(f"no {words!r} in {self.lines} / {self.problems()}")

    def ended(self) -> tuple[int, str]:
        """The exit status and everything on standard error, once it has ended by itself."""
        self.process.wait(WITHIN_S)
        return self.process.returncode, self.problems()

    def problems(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()

    def stop(self) -> int:
        """Ask it to stop, as Ctrl+C or a service manager does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(WITHIN_S)
        finally:
            self.close()
        return self.process.returncode

    def kill(self) -> None:
        """What a dead battery does."""
        self.process.kill()
        self.close()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(WITHIN_S)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


def told(*words: str, environment: Mapping[str, str] | None = None) -> tuple[int, list[str], str]:
    """Run a command in this process, as `sync-server` does in one of its own; its status, lines and problems."""
    out, problems = io.StringIO(), io.StringIO()
    with _as_in_a_process(environment or {}), contextlib.redirect_stdout(out), contextlib.redirect_stderr(problems):
        try:
            status = main(words)
        except SystemExit as end:
            status = int(end.code or 0)
    return status, out.getvalue().splitlines(), problems.getvalue()


@contextlib.contextmanager
def _as_in_a_process(environment: Mapping[str, str]) -> Iterator[None]:
    """Put back afterwards what a command sets for its process, which it takes for its own."""
    root = logging.getLogger()
    kept, mask, handlers, level = dict(os.environ), os.umask(0o077), root.handlers[:], root.level
    try:
        _set_environment({**of_a_terminal(kept), **environment})
        yield
    finally:
        _set_environment(kept)
        os.umask(mask)
        root.handlers[:] = handlers
        root.setLevel(level)


def _set_environment(environment: Mapping[str, str]) -> None:
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)


def of_a_terminal(environment: Mapping[str, str]) -> Mapping[str, str]:
    """An environment without settings of the server, in no language."""
    return {name: value for name, value in environment.items() if not name.startswith(("SYNC_SERVER_", "LC_", "LANG"))}
