"""Group commit: one thread writes, one transaction takes what is waiting, and each write is answered after the commit.

WR-1  An awaited write is durable when it is answered.
WR-2  A write that raises hurts no neighbour: the batch is rolled back and repeated one by one, each in a savepoint.
      So a write may be run twice and must do nothing but read and write the database.
WR-3  At most `queue_limit` writes wait; the next is refused with `TooBusyError`, before memory grows.
WR-4  After `close` nothing is taken any more, and everything taken before is written.
WR-5  A write goes on when whoever waits for it leaves.

The event loop and the writer's thread share one interpreter. So the loop wakes the thread once an iteration, when
every write of that iteration is there, and the thread answers a whole batch by one call into the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sqlalchemy import Connection

from sync_server.database.engine import Database, is_away, is_storage_full
from sync_server.machine.turns import take_turns_of

Item = TypeVar("Item")
Result = TypeVar("Result")
# Writes several items of one kind in order, and returns one result for each.
Batch = Callable[[Connection, Sequence[Item]], Sequence[Result]]
AfterCommit = Callable[[], None]
GATHER_S = 0.02  # a loop that was stopped in the middle wakes nobody
TURN_S = 0.0002  # all that is written waits for this thread, and it waits for the disk and the interpreter every moment


class TooBusyError(Exception):
    """More writes wait than the server may hold; the caller tries again in a moment."""


class StorageFullError(Exception):
    """The disk under the database is full; nothing was kept. It recovers by itself once there is room."""


class DatabaseAwayError(Exception):
    """The database cannot be reached, or went away meanwhile. The write may be kept or not: repeat it."""


class _Waiting(NamedTuple):
    batch: Batch[Any, Any]
    item: Any
    future: asyncio.Future[Any] | Future[Any]
    loop: asyncio.AbstractEventLoop | None  # where the future must be resolved; None: in any thread


class _Failed(Generic[Result]):
    def __init__(self, error: BaseException) -> None:
        self.error = error


class Writer:
    """The one writer of a process. `submit` and `run` are for the event loop; the thread starts with `start`."""

    def __init__(self, database: Database, *, queue_limit: int = 512, batch_limit: int = 128) -> None:
        self._database = database
        self._queue: deque[_Waiting] = deque()
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()  # one for each time there may be something new
        self._wake_due_in: asyncio.AbstractEventLoop | None = None  # the loop that will wake the thread in a moment
        self._queue_limit = queue_limit
        self._batch_limit = batch_limit
        self._waiting = 0
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._after_commit: list[AfterCommit] = []
        self.submitted = 0
        self.batches = 0
        self.written = 0

    @property
    def waiting(self) -> int:
        """How many writes wait or are under way."""
        return self._waiting

    @property
    def is_alive(self) -> bool:
        """Whether writes are being taken and made."""
        return self._thread.is_alive() and not self._closed

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def after_commit(self, call: AfterCommit) -> None:
        """Register `call`, made in the writer's thread after each commit and before its writes are answered."""
        self._after_commit.append(call)

    async def submit(self, batch: Batch[Item, Result], item: Item) -> Result:
        """Write `item` with others of its `batch` and return its result once durable.

        Raises:
            TooBusyError: too many wait; nothing was done.
            StorageFullError: the disk is full; nothing was kept.
            DatabaseAwayError: the database cannot be reached; repeating the write later is harmless.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._enqueue(_Waiting(batch, item, future, loop))
        self.submitted += 1
        if self._wake_due_in is not loop:
            self._wake_due_in = loop
            loop.call_soon(self._wake)
        return await future

    async def run(self, write: Callable[[Connection], Result]) -> Result:
        """Run one write, with whatever else is waiting, and return its result once durable. Raises what it raised."""
        return cast("Result", await self.submit(_run_each, write))

    def run_from_thread(self, write: Callable[[Connection], Result]) -> Result:
        """Do as `run`, from a thread that is not the event loop's; returns once durable."""
        future: Future[Result] = Future()
        self._enqueue(_Waiting(_run_each, write, future, None))
        self._wake()
        return future.result()

    def close(self, timeout_s: float = 30) -> None:
        """Write what was taken, then stop. Repeating it is harmless."""
        with self._lock:
            self._closed = True
        self._wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _enqueue(self, waiting: _Waiting) -> None:
        with self._lock:
            if self._closed or self._waiting >= self._queue_limit:
                raise TooBusyError
            self._waiting += 1
            self._queue.append(waiting)

    def _wake(self) -> None:
        self._wake_due_in = None
        self._wakes.put(None)

    def _work(self) -> None:
        take_turns_of(TURN_S)
        while True:
            self._let_the_loop_finish()
            taken, is_closed = self._take()
            if taken:
                self._answer(taken, self._write(taken))
            elif is_closed:
                return
            else:
                self._wakes.get()

    def _let_the_loop_finish(self) -> None:
        """Wait until the loop has ended the iteration it is in, when that has brought writes: it may bring more."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._wakes.get_nowait()
        if self._wake_due_in is not None:
            with contextlib.suppress(queue.Empty):
                self._wakes.get(timeout=GATHER_S)

    def _take(self) -> tuple[list[_Waiting], bool]:
        with self._lock:
            size = min(len(self._queue), self._batch_limit)
            return [self._queue.popleft() for _ in range(size)], self._closed

    def _write(self, taken: list[_Waiting]) -> list[Any]:
        """Return one result or _Failed for each of `taken`."""
        try:
            with self._database.transaction() as db:
                results = [result for group in _groups(taken) for result in _together(db, group)]
        except Exception as error:  # noqa: BLE001 - whatever one write raised belongs to that write alone
            if len(taken) == 1:
                return [_Failed(_named(error))]
            results = self._write_one_by_one(taken)
        self.batches += 1
        self.written += len(taken)
        for call in self._after_commit:
            call()
        return results

    def _write_one_by_one(self, taken: list[_Waiting]) -> list[Any]:
        results: list[Any] = []
        try:
            with self._database.transaction() as db:
                for waiting in taken:
                    try:
                        with db.begin_nested():
                            results.extend(_together(db, [waiting]))
                    except Exception as error:  # noqa: BLE001 - told to its own caller
                        results.append(_Failed(_named(error)))
        except Exception as error:  # noqa: BLE001 - the commit itself failed: nothing of the batch was kept
            return [_Failed(_named(error)) for _ in taken]
        return results

    def _answer(self, taken: list[_Waiting], results: list[Any]) -> None:
        with self._lock:
            self._waiting -= len(taken)
        answers = zip(taken, results, strict=True)
        for loop, group in groupby(answers, key=lambda answer: answer[0].loop):
            if loop is None:
                _resolve(list(group))
                continue
            with contextlib.suppress(RuntimeError):  # that loop has ended: nobody waits there any more
                loop.call_soon_threadsafe(_resolve, list(group))


def _resolve(answers: list[tuple[_Waiting, Any]]) -> None:
    for waiting, result in answers:
        future = waiting.future
        if future.cancelled():
            continue
        if isinstance(result, _Failed):
            future.set_exception(result.error)
            # The client may have left, and an error nobody awaits must not be logged as forgotten.
            future.exception()
        else:
            future.set_result(result)


def _groups(taken: list[_Waiting]) -> Iterator[list[_Waiting]]:
    for _, group in groupby(taken, key=lambda waiting: waiting.batch):
        yield list(group)


def _together(db: Connection, group: list[_Waiting]) -> Sequence[Any]:
    results = group[0].batch(db, [waiting.item for waiting in group])
    if len(results) != len(group):
        raise RuntimeError(f"{group[0].batch!r} answered {len(results)} of {len(group)} writes")
    return results


def _run_each(db: Connection, writes: Sequence[Callable[[Connection], Any]]) -> list[Any]:
    return [write(db) for write in writes]


def _named(error: Exception) -> Exception:
    named: Exception
    if is_storage_full(error):
        named = StorageFullError("the disk under the database is full")
    elif is_away(error):
        named = DatabaseAwayError("the database cannot be reached")
    else:
        return error
    named.__cause__ = error
    return named
