"""The process that checks records in a crowd: `python -m sync_server.fieldwork.check_child`, started by `checking`.

Its standard input is a socket. What comes first is the address of the database; then each frame is one record with what
came along. A frame back answers one or several of them, in their order: each answer is what is kept of the record, or
why it is refused, or None: look at it yourself. It ends when nobody listens any more. It reads the database and writes
nothing.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import socket
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress

import msgspec

from checklists.wire import prepare_structs
from sync_server.database.engine import Database
from sync_server.errors import RefusedError
from sync_server.fieldwork.assignments import AssignmentBook
from sync_server.fieldwork.push import Arrival, Push, push_of
from sync_server.fieldwork.record_check import RecordCheck
from sync_server.machine.turns import AS_EVERYBODY, take_turns_of
from sync_server.season.forms import FormBook

logger = logging.getLogger(__name__)

LENGTH = struct.Struct("!I")
READ_BYTES = 1 << 18
# Answers that go together while more records wait: each time the server is woken costs it as much as a record.
AT_ONCE = 16
Answer = Push | RefusedError | None

# Pickling a push costs either side as much as a tenth of the check; a refusal is rare.
_ENCODER = msgspec.msgpack.Encoder()
_ARRIVAL = msgspec.msgpack.Decoder(Arrival)
_ANSWERS = msgspec.msgpack.Decoder(list[Push | bytes | None])


def asked(arrival: Arrival, raw: bytes) -> bytes:
    """Return the frame that asks for the record in `raw` to be checked."""
    came_with = _ENCODER.encode(arrival)
    length = LENGTH.size + len(came_with) + len(raw)
    return b"".join((LENGTH.pack(length), LENGTH.pack(len(came_with)), came_with, raw))


def answered(answers: Sequence[Answer]) -> bytes:
    """Return the frame that gives `answers`; of pushes without their bodies, which whoever asks has."""
    pickled = (
        pickle.dumps(answer, pickle.HIGHEST_PROTOCOL) if isinstance(answer, RefusedError) else answer
        for answer in answers
    )
    return framed(_ENCODER.encode(list(pickled)))


def answers_in(frame: bytes) -> Iterator[Answer]:
    """Yield the answers in a frame. `with_body` gives a push its body again."""
    for answer in _ANSWERS.decode(frame):
        if isinstance(answer, bytes):
            refused: RefusedError = pickle.loads(answer)  # noqa: S301 - our own process wrote it
            yield refused
        else:
            yield answer


def framed(body: bytes) -> bytes:
    """Return `body` behind its length."""
    return LENGTH.pack(len(body)) + body


def frames_in(buffer: bytearray) -> Sequence[bytes]:
    """Return the whole frames at the front of `buffer`, which loses them."""
    frames, begin = [], 0
    with memoryview(buffer) as view:
        while begin + LENGTH.size <= len(buffer):
            end = begin + LENGTH.size + LENGTH.unpack_from(buffer, begin)[0]
            if end > len(buffer):
                break
            frames.append(bytes(view[begin + LENGTH.size : end]))
            begin = end
    del buffer[:begin]
    return frames


def main() -> None:
    """Answer frame by frame."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at a terminal reaches both; the server lets this one go
    with socket.socket(fileno=0) as line, suppress(OSError):  # nobody listens any more
        inbox = _Inbox(line)
        url = next(inbox.frames(), b"").decode()
        if url:
            _answer_all(line, inbox, url)


def _answer_all(line: socket.socket, inbox: _Inbox, url: str) -> None:
    _give_way()
    prepare_structs()
    database = Database(url)
    records = RecordCheck(database, AssignmentBook(database), FormBook())
    # As the server does: what is loaded stays, and a record's thousands of short-lived objects make no cycles.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    line.sendall(framed(b""))  # ready
    answers: list[Answer] = []
    for frame in inbox.frames():
        answers.append(_answer(records, frame))
        if len(answers) >= AT_ONCE or inbox.is_empty():
            line.sendall(answered(answers))
            answers.clear()
    database.close()


def _give_way() -> None:
    """Work through what has come instead of breaking in on the server at each record: fewer turns, more records."""
    take_turns_of(AS_EVERYBODY)  # not as the loop that started it
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


class _Inbox:
    """What has come on a socket and is not taken yet."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._buffer = bytearray()
        self._whole: deque[bytes] = deque()

    def frames(self) -> Iterator[bytes]:
        """Yield whole frames, waiting for each, until the other end is closed."""
        while self._whole or self._read():
            while self._whole:
                yield self._whole.popleft()

    def is_empty(self) -> bool:
        """Whether no whole frame is there now."""
        while not self._whole:
            try:
                if not self._read(socket.MSG_DONTWAIT):
                    return True
            except BlockingIOError:
                return True
        return False

    def _read(self, flags: int = 0) -> bool:
        chunk = self._line.recv(READ_BYTES, flags)
        self._buffer += chunk
        self._whole.extend(frames_in(self._buffer))
        return bool(chunk)


def _answer(records: RecordCheck, frame: bytes) -> Answer:
    end = LENGTH.size + LENGTH.unpack_from(frame)[0]
    try:
        arrival, raw = _ARRIVAL.decode(memoryview(frame)[LENGTH.size : end]), frame[end:]
        return push_of(records.checked(raw, arrival.assessment_id, arrival.assessor_id), arrival, body=b"")
    except RefusedError as refused:
        return refused
    except Exception as error:  # noqa: BLE001 - the server meets it too, and replies as to any other failure
        logger.warning("a record could not be checked here (%s); the server looks at it itself", type(error).__name__)
        return None


if __name__ == "__main__":
    main()
