"""Where records are checked: in the server while few come, and while many do in a process of its own beside it.

CKP-1  Both do the same, by the same code, and a record is refused alike. Which one did it shows nowhere.
CKP-2  A record that the other process gives no answer to - it ended, hangs, or met what it did not expect - is checked
       in the server, as if it had never been sent there. Nobody waits longer than twice STUCK_S for that.
CKP-3  The other process reads the database and writes nothing. Its address, which may hold a password, is told through
       the socket between the two: a command line can be read by everybody on the machine.

An interpreter uses one processor. Checking is two fifths of what a push costs it, and needs nothing of the rest.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import cast

from sync_server.clock import monotonic_s
from sync_server.errors import RefusedError
from sync_server.fieldwork.check_child import Answer, answers_in, asked, framed, frames_in
from sync_server.fieldwork.push import Arrival, Push, push_of, with_body
from sync_server.fieldwork.record_check import RecordCheck
from sync_server.machine.child_process import module_path

logger = logging.getLogger(__name__)

CROWD = 6  # pushes under way; fewer are checked sooner than they could be sent elsewhere
LULL_S = 0.5  # a crowd comes in waves: between two of them it is one still
STUCK_S = 5.0
AGAIN_S = 30.0  # between two starts
END_S = 2.0


class Checking:
    """Checks records. For one event loop; `waiting` says how many pushes wait to be written."""

    def __init__(
        self,
        records: RecordCheck,
        database_url: str,
        turn: threading.Lock,
        waiting: Callable[[], int],
        *,
        stuck_s: float = STUCK_S,
    ) -> None:
        self._records = records
        self._url = database_url
        self._turn = turn
        self._waiting = waiting
        self._stuck_s = stuck_s
        self._line: _Line | None = None
        self._starting: asyncio.Task[None] | None = None
        self._started_s: float | None = None
        self._crowded_s = -LULL_S  # never
        self._may_start = sys.platform != "win32" and _processors() > 1

    async def push_of(self, arrival: Arrival, raw: bytes) -> Push:
        """Return the checked record in `raw`, on its way to the database.

        Raises:
            RefusedError: as `RecordCheck.checked`.
        """
        line, now = self._line, monotonic_s()
        if (line.waiting if line else 0) + self._waiting() >= CROWD:
            self._crowded_s = now
        if now - self._crowded_s < LULL_S:
            if line is not None and line.is_open:
                answer = await line.ask(arrival, raw)
                if isinstance(answer, RefusedError):
                    raise answer
                if answer is not None:
                    return with_body(answer, raw)
            else:
                self._start()
        with self._turn:
            return push_of(self._records.checked(raw, arrival.assessment_id, arrival.assessor_id), arrival)

    @property
    def process(self) -> int | None:
        """The number of the other process while it answers."""
        return self._line.process if self._line is not None and self._line.is_open else None

    async def close(self) -> None:
        """Let the other process go. What it was asked is checked here."""
        self._may_start = False
        if self._starting is not None:
            await self._starting
        if self._line is not None:
            await self._line.close()

    def _start(self) -> None:
        now = monotonic_s()
        if self._may_start and (self._started_s is None or now - self._started_s >= AGAIN_S):
            self._started_s = now
            self._starting = asyncio.create_task(self._connect())

    async def _connect(self) -> None:
        try:
            ours, process = await asyncio.to_thread(_started)
        except OSError as error:
            logger.warning("no process to check records in: %s; they are checked here", error)
            return
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: _Line(process, self._url, self._stuck_s), sock=ours)
        self._line = line


class _Line(asyncio.Protocol):
    """The socket to one process, and the answers that are awaited, in order."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, stuck_s: float) -> None:
        self._process = process
        self._url = url
        self._stuck_s = stuck_s
        self._buffer = bytearray()
        self._asked: deque[asyncio.Future[Answer]] = deque()
        self._loop = asyncio.get_running_loop()
        self._watch: asyncio.TimerHandle | None = None
        self._heard_s = monotonic_s()
        self._gone = self._loop.create_future()
        self.is_open = False

    @property
    def process(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def waiting(self) -> int:
        """How many answers are awaited."""
        return len(self._asked)

    async def ask(self, arrival: Arrival, raw: bytes) -> Answer:
        """Return the process's answer, a push without its body; None when there is none to be had."""
        self._transport.write(asked(arrival, raw))
        future: asyncio.Future[Answer] = self._loop.create_future()
        if not self._asked:
            self._heard_s = monotonic_s()
        self._asked.append(future)
        if self._watch is None:
            self._watch = self._loop.call_later(self._stuck_s, self._look)
        return await future

    async def close(self) -> None:
        """End the process, as soon as it has seen that nobody asks any more."""
        self._transport.close()
        await self._gone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(framed(self._url.encode()))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._heard_s = monotonic_s()
        for frame in frames_in(self._buffer):
            if not frame:
                self.is_open = True
                continue
            for answer in answers_in(frame):
                future = self._asked.popleft()
                if not future.done():
                    future.set_result(answer)

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_open = False
        if self._watch is not None:
            self._watch.cancel()
        for future in self._asked:
            if not future.done():
                future.set_result(None)
        self._asked.clear()
        self._loop.run_in_executor(None, self._reap)

    def _look(self) -> None:
        """End a process that has not answered for too long: then nobody waits for it any more."""
        self._watch = None
        if not self._asked:
            return
        if monotonic_s() - self._heard_s >= self._stuck_s:
            logger.warning("the process that checks records does not answer and is ended; they are checked here")
            self._transport.abort()
        else:
            self._watch = self._loop.call_later(self._stuck_s, self._look)

    def _reap(self) -> None:
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._loop.call_soon_threadsafe(self._gone.set_result, None)


def _started() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "sync_server.fieldwork.check_child"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": module_path()},
            )
        except BaseException:
            ours.close()
            raise
    ours.setblocking(False)
    return ours, process


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
