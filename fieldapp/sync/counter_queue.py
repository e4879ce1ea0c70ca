"""Sending what customers answered at a counter: the oldest first, each until the server has it, under one id.

KSQ-1  An answer leaves the phone's storage only after the server said that it has it; a cut before that sends it again.
KSQ-2  A refused one stays, with the reason, and holds up no other; it is tried again at the next start, and once the
       office changed where the phone stands or when the survey is open.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from fieldapp.errors import Refused
from fieldapp.kept import Counter, CounterAnswer
from fieldapp.ports import Server, Store


class CounterQueue:
    """What waits, in the store."""

    def __init__(self, store: Store, server: Server) -> None:
        self._store = store
        self._server = server
        self._refused: set[str] = set()  # under `_order`
        self._order: Counter | None = None

    async def send(self, is_stopping: Callable[[], bool] = bool) -> None:
        """Send all that waits, until `is_stopping`.

        Raises:
            Unreachable, SignInNeeded: and what waits goes on waiting.
            NotKept: the device could not store what came of it.
        """
        if self._order != self._store.feed().counter:
            self._order = self._store.feed().counter
            self._refused.clear()
        for answer in self._store.counter_answers():
            if is_stopping():
                return
            if answer.id in self._refused:
                continue
            try:
                await self._server.put_counter_answer(answer.id, body_of(answer))
            except Refused as problem:
                self._refused.add(answer.id)
                if answer.reason != problem.message:
                    await self._store.save_counter_answer(replace(answer, reason=problem.message))
            else:
                await self._store.remove_counter_answer(answer.id)


def body_of(answer: CounterAnswer) -> bytes:
    """Return what is sent of it."""
    body = {"company": answer.company, "answers": answer.answers, "answered_at": answer.answered_at}
    return msgspec.json.encode(body)
