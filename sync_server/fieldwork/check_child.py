"""The process that checks records in a crowd: `python -m sync_server.fieldwork.check_child`, started by `checking`.

Its standard input is a socket. What comes first is the address of the database; then each frame is one record with what
came along, and each answer is what is kept of it, or why it is refused, or None: look at it yourself. Answers come in
the order of the records. It ends when nobody listens any more. It reads the database and writes nothing.
"""

from __future__ import annotations

import gc
import logging
import pickle
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress

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
Answer = Push | RefusedError | None


def framed(body: bytes) -> bytes:
    """Return `body` behind its length."""
    return LENGTH.pack(len(body)) + body


def frames_in(buffer: bytearray) -> Iterator[bytes]:
    """Yield each whole frame at the front of `buffer`, which loses it."""
    while len(buffer) >= LENGTH.size:
        end = LENGTH.size + LENGTH.unpack_from(buffer)[0]
        if len(buffer) < end:
            return
        frame = bytes(memoryview(buffer)[LENGTH.size : end])
        del buffer[:end]
        yield frame


def main() -> None:
    """Answer frame by frame."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at a terminal reaches both; the server lets this one go
    with socket.socket(fileno=0) as line, suppress(OSError):  # nobody listens any more
        frames = _frames(line)
        url = next(frames, [b""])[0].decode()
        if url:
            _answer_all(line, frames, url)


def _answer_all(line: socket.socket, frames: Iterator[list[bytes]], url: str) -> None:
    prepare_structs()
    database = Database(url)
    records = RecordCheck(database, AssignmentBook(database), FormBook())
    # As the server does: what is loaded stays, and a record's thousands of short-lived objects make no cycles.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    line.sendall(framed(b""))  # ready
    for some in frames:
        line.sendall(b"".join(_answers(records, some)))
    database.close()


def _answers(records: RecordCheck, frames: list[bytes]) -> Iterator[bytes]:
    for frame in frames:
        yield framed(pickle.dumps(_answer(records, frame), pickle.HIGHEST_PROTOCOL))


def _answer(records: RecordCheck, frame: bytes) -> Answer:
    size = LENGTH.unpack_from(frame)[0]
    arrival = Arrival(*pickle.loads(frame[LENGTH.size : LENGTH.size + size]))  # noqa: S301 - the server wrote it
    raw = frame[LENGTH.size + size :]
    try:
        push = push_of(records.checked(raw, arrival.assessment_id, arrival.assessor_id), arrival)
    except RefusedError as refused:
        return refused
    except Exception as error:  # noqa: BLE001 - the server meets it too, and replies as to any other failure
        logger.warning("a record could not be checked here (%s); the server looks at it itself", type(error).__name__)
        return None
    return push._replace(row=push.row._replace(body=b""))  # whoever asks has it


def _frames(line: socket.socket) -> Iterator[list[bytes]]:
    """Yield what has come, some whole frames at a time, until the other end is closed."""
    buffer = bytearray()
    while chunk := line.recv(READ_BYTES):
        buffer += chunk
        if some := list(frames_in(buffer)):
            yield some


if __name__ == "__main__":
    main()
