"""The process that checks records in a crowd: `python -m sync_server.fieldwork.check_child`, started by `checking`.

Its standard input is a socket. What comes first is the address of the database; then each frame is one record with what
came along, and each answer is what is kept of it, or why it is refused, or None: look at it yourself. Answers come in
the order of the records. It ends when nobody listens any more. It reads the database and writes nothing.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress

import msgspec

from checklists.wire import prepare_structs
from sync_server.database.engine import Database
from sync_server.errors import RefusedError
from sync_server.fieldwork.assignments import AssignmentBook
from sync_server.fieldwork.push import Arrival, Push, push_of
from sync_server.fieldwork.record_check import RecordCheck
from sync_server.season.forms import FormBook

logger = logging.getLogger(__name__)

LENGTH = struct.Struct("!I")
READ_BYTES = 1 << 18
# Answers that go together while more records wait: each time the server is woken costs it as much as a record.
AT_ONCE = 16
REFUSED = b"R"
Answer = Push | RefusedError | None

# Pickling a push costs either side as much as a tenth of the check.
_ENCODER = msgspec.msgpack.Encoder()
_ARRIVAL = msgspec.msgpack.Decoder(Arrival)
_PUSH = msgspec.msgpack.Decoder(Push | None)


def asked(arrival: Arrival, raw: bytes) -> bytes:
    """Return the frame that asks for the record in `raw` to be checked."""
    came_with = _ENCODER.encode(arrival)
    length = LENGTH.size + len(came_with) + len(raw)
    return b"".join((LENGTH.pack(length), LENGTH.pack(len(came_with)), came_with, raw))


def answered(answer: Answer) -> bytes:
    """Return the frame that answers; of a push without its body, which whoever asks has."""
    if isinstance(answer, RefusedError):
        return framed(REFUSED + pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    return framed(_ENCODER.encode(answer and answer._replace(row=answer.row._replace(body=b""))))


def answer_in(frame: bytes, raw: bytes) -> Answer:
    """Return the answer in a frame, about the record in `raw`."""
    if frame.startswith(REFUSED):
        refused: RefusedError = pickle.loads(frame[len(REFUSED) :])  # noqa: S301 - our own process wrote it
        return refused
    push: Push | None = _PUSH.decode(frame)
    return push and push._replace(row=push.row._replace(body=raw))


def framed(body: bytes) -> bytes:
    """Return `body` behind its length."""
    return LENGTH.pack(len(body)) + body


def has_frame(buffer: bytearray) -> bool:
    """Return whether a whole frame stands at the front of `buffer`."""
    return len(buffer) >= LENGTH.size and len(buffer) >= LENGTH.size + LENGTH.unpack_from(buffer)[0]


def frames_in(buffer: bytearray) -> Iterator[bytes]:
    """Yield each whole frame at the front of `buffer`, which loses it."""
    while has_frame(buffer):
        end = LENGTH.size + LENGTH.unpack_from(buffer)[0]
        frame = bytes(memoryview(buffer)[LENGTH.size : end])
        del buffer[:end]
        yield frame


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
    answers: list[bytes] = []
    for frame in inbox.frames():
        answers.append(answered(_answer(records, frame)))
        if len(answers) >= AT_ONCE or inbox.is_empty():
            line.sendall(b"".join(answers))
            answers.clear()
    database.close()


def _give_way() -> None:
    """Work through what has come instead of breaking in on the server at each record: fewer turns, more records."""
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


class _Inbox:
    """What has come on a socket and is not taken yet."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._buffer = bytearray()

    def frames(self) -> Iterator[bytes]:
        """Yield whole frames, waiting for each, until the other end is closed."""
        while True:
            yield from frames_in(self._buffer)
            if not self._read():
                return

    def is_empty(self) -> bool:
        """Whether no whole frame is there now."""
        while not has_frame(self._buffer):
            try:
                if not self._read(socket.MSG_DONTWAIT):
                    return True
            except BlockingIOError:
                return True
        return False

    def _read(self, flags: int = 0) -> bool:
        chunk = self._line.recv(READ_BYTES, flags)
        self._buffer += chunk
        return bool(chunk)


def _answer(records: RecordCheck, frame: bytes) -> Answer:
    end = LENGTH.size + LENGTH.unpack_from(frame)[0]
    try:
        arrival, raw = _ARRIVAL.decode(memoryview(frame)[LENGTH.size : end]), frame[end:]
        return push_of(records.checked(raw, arrival.assessment_id, arrival.assessor_id), arrival)
    except RefusedError as refused:
        return refused
    except Exception as error:  # noqa: BLE001 - the server meets it too, and replies as to any other failure
        logger.warning("a record could not be checked here (%s); the server looks at it itself", type(error).__name__)
        return None


if __name__ == "__main__":
    main()
