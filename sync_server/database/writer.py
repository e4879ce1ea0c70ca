"""Group commit: one thread writes, one transaction takes what is waiting, and each write is answered after the commit.

WR-1  An awaited write is durable when it is answered.
WR-2  A write that raises hurts no neighbour: the batch is rolled back and repeated one by one, each in a savepoint.
      So a write may be run twice and must do nothing but read and write the database.
WR-3  At most `queue_limit` writes wait; the next is refused with `TooBusyError`, before memory grows.
WR-4  After `close` nothing is taken any more, and everything taken before is written.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sqlalchemy import Connection

from sync_server.database.engine import Database, is_away, is_storage_full

Item = TypeVar("Item")
Result = TypeVar("Result")
# Writes several items of one kind in order, and returns one result for each.
Batch = Callable[[Connection, Sequence[Item]], Sequence[Result]]
AfterCommit = Callable[[], None]


class TooBusyError(Exception):
    """More writes wait than the server may hold; the caller tries again in a moment."""


class StorageFullError(Exception):
    """The disk under the database is full; nothing was kept. It recovers by itself once there is room."""


class DatabaseAwayError(Exception):
    """The database cannot be reached, or went away meanwhile. The write may be kept or not: repeat it."""


class _Waiting(NamedTuple):
    batch: Batch[Any, Any]
    item: Any
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class _Failed(Generic[Result]):
    def __init__(self, error: BaseException) -> None:
        self.error = error


class Writer:
    """The one writer of a process. `submit` and `run` are for the event loop; the thread starts with `start`."""

    def __init__(self, database: Database, *, queue_limit: int = 512, batch_limit: int = 128) -> None:
        self._database = database
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._queue_limit = queue_limit
        self._batch_limit = batch_limit
        self._waiting = 0
        self._count = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._after_commit: list[AfterCommit] = []
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
        """Have `call` called, in the writer's thread, after each commit and before its writes are answered."""
        self._after_commit.append(call)

    async def submit(self, batch: Batch[Item, Result], item: Item) -> Result:
        """Write `item` with others of its `batch` and return its result once durable.

        Raises:
            TooBusyError: too many wait; nothing was done.
            StorageFullError: the disk is full; nothing was kept.
            DatabaseAwayError: the database cannot be reached; repeating the write later is harmless.
        """
        if self._closed or self._waiting >= self._queue_limit:
            raise TooBusyError
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        with self._count:
            self._waiting += 1
        self._queue.put(_Waiting(batch, item, loop, future))
        # The write goes on when its client leaves: a cancelled wait must not cancel what others share.
        return await asyncio.shield(future)

    async def run(self, write: Callable[[Connection], Result]) -> Result:
        """Run one write, with whatever else is waiting, and return its result once durable. Raises what it raised."""
        return cast("Result", await self.submit(_run_each, write))

    def run_from_thread(self, write: Callable[[Connection], Result]) -> Result:
        """Do as `run`, from a thread that is not the event loop's; returns once durable."""
        return asyncio.run(self.run(write))

    def close(self, timeout_s: float = 30) -> None:
        """Write what was taken, then stop. Repeating it is harmless."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            taken, ended = self._take(first)
            self._answer(taken, self._write(taken))
            if ended:
                return

    def _take(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        taken = [first]
        with contextlib.suppress(queue.Empty):
            while len(taken) < self._batch_limit:
                more = self._queue.get_nowait()
                if more is None:
                    return taken, True
                taken.append(more)
        return taken, False

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
        with self._count:
            self._waiting -= len(taken)
        answers = list(zip(taken, results, strict=True))
        for loop, group in groupby(answers, key=lambda answer: answer[0].loop):
            with contextlib.suppress(RuntimeError):  # that loop has ended: nobody waits there any more
                loop.call_soon_threadsafe(self._resolve, list(group))

    def _resolve(self, answers: list[tuple[_Waiting, Any]]) -> None:
        for waiting, result in answers:
            if waiting.future.cancelled():
                continue
            if isinstance(result, _Failed):
                waiting.future.set_exception(result.error)
                # The client may have left, and an error nobody awaits must not be logged as forgotten.
                waiting.future.exception()
            else:
                waiting.future.set_result(result)


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
