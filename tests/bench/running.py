"""Starting and stopping `serve.py` in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def peak_mb(pid: int) -> float:
    """Return the most resident memory that a process had since its count began, as the kernel counted (Linux)."""
    return int(_PEAK.findall(Path(f"/proc/{pid}/status").read_text())[0]) * 1024 / 1e6


class Process:
    """A server process."""

    def __init__(self, started: subprocess.Popen[str], url: str, ready_s: float) -> None:
        self.popen = started
        self.url = url
        self.ready_s = ready_s

    @property
    def memory_mb(self) -> float:
        """Resident memory now."""
        return psutil.Process(self.popen.pid).memory_info().rss / 1e6

    @contextmanager
    def watched(self) -> Iterator[Callable[[], float]]:
        """Give what tells, after the block, the most resident memory it had in it, as the kernel counted (Linux)."""
        own = Path("/proc") / str(self.popen.pid)
        (own / "clear_refs").write_text("5")  # the count begins anew
        yield lambda: peak_mb(self.popen.pid)

    @property
    def cpu_s(self) -> float:
        """Processor time used so far, by it and the processes it started."""
        first = psutil.Process(self.popen.pid)
        all_times = [each.cpu_times() for each in (first, *first.children(recursive=True))]
        return sum(times.user + times.system for times in all_times)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let it and the processes it started do nothing for the length of a block."""
        first = psutil.Process(self.popen.pid)
        every = (first, *first.children(recursive=True))
        for each in every:
            each.suspend()
        try:
            yield
        finally:
            for each in every:
                each.resume()

    def stop(self, timeout_s: float = 30) -> int:
        """SIGTERM, unless it ended by itself, and its exit status."""
        if self.popen.poll() is None:
            self.popen.terminate()
        return self._ended(timeout_s)

    def kill(self) -> None:
        """SIGKILL."""
        self.popen.kill()
        self._ended(10)

    def _ended(self, timeout_s: float) -> int:
        status = self.popen.wait(timeout_s)
        if self.popen.stdout is not None:
            self.popen.stdout.close()
        return status


def start(data: Path, *arguments: str, env: Mapping[str, str] | None = None, root: Path = ROOT) -> Process:
    """Start a server on `data` from the code in `root`, and return it once it says its address and answers."""
    begun = time.monotonic()
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.serve", "--data", str(data), *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        env={**(os.environ if env is None else env), "PYTHONPATH": str(root)},
    )
    assert started.stdout is not None
    url = started.stdout.readline().strip()
    if not url:
        raise RuntimeError(f"the server did not start: exit status {started.wait(10)}")
    while not _answers(url):
        if started.poll() is not None or time.monotonic() > begun + 60:
            started.kill()
            raise RuntimeError("the server said its address and does not answer")
        time.sleep(0.005)
    return Process(started, url, time.monotonic() - begun)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def running(data: Path, *arguments: str, env: Mapping[str, str] | None = None, root: Path = ROOT) -> Iterator[Process]:
    """A server for the length of a block."""
    process = start(data, *arguments, env=env, root=root)
    try:
        yield process
    finally:
        process.stop()
