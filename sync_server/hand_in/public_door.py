"""How much anybody without an account may hand in: bounds that no honest organisation meets.

PUB-1  A file is a PDF or a picture of MAX_FILE_BYTES at most; a version has MOST_FILES. Others are refused by name.
PUB-2  An address that hands in again and again waits (THR); no more than MOST_WAITING may wait for the office at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from sqlalchemy import Connection

from checklists.language import N_, Sentence, SentenceError, sentence
from checklists.record.file_kind import FileKind, file_kind
from sync_server.database.queries import hand_ins, sign_in_throttles
from sync_server.hand_in.versions import HandedFile
from sync_server.people import throttle
from sync_server.people.secret import secret_hash

MAX_FILE_BYTES = 5_000_000
MOST_FILES = 24
MOST_WAITING = 2_000
KINDS = (FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.HEIC)


class WaitError(SentenceError):
    """Too much came from one address; `wait_s` is how long it must wait."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(sentence(N_("Too many tries. Please wait {seconds} s and try again."), seconds=wait_s))
        self.wait_s = wait_s


class FullError(SentenceError):
    """So much waits for the office that nothing more is taken."""


def wrong_files(files: Sequence[HandedFile]) -> Iterator[tuple[str, Sentence]]:
    """Yield field and sentence of what is wrong with files (PUB-1)."""
    if len(files) > MOST_FILES:
        yield files[0].field, sentence(N_("At most {count} files can be handed in."), count=MOST_FILES)
    for file in files:
        if not file.content:
            yield file.field, sentence(N_("“{name}” is empty: choose it again."), name=file.name)
        elif len(file.content) > MAX_FILE_BYTES:
            words = N_("“{name}” is larger than {limit} MB. Make it smaller, or hand in a part.")
            yield file.field, sentence(words, name=file.name, limit=MAX_FILE_BYTES // 1_000_000)
        elif file_kind(file.content[:64]) not in KINDS:
            yield file.field, sentence(N_("“{name}” is neither a PDF nor a picture."), name=file.name)


def short_name(name: str) -> str:
    """Return the name of a file without folders, and not too long."""
    return PurePosixPath(name.replace("\\", "/")).name[-120:] or "file"


def reserve_place(db: Connection, address: str, now: datetime) -> None:
    """Count one more that comes from `address`. Inside the write that keeps it.

    Raises:
        WaitError, FullError: PUB-2.
    """
    name, since = secret_hash(f"enrolment {throttle.place_of(address)}"), now - throttle.ENROLMENT_WINDOW
    wait = throttle.wait_after(*sign_in_throttles.failures_of(db, name, since), now, throttle.ENROLMENT)
    if wait:
        raise WaitError(math.ceil(wait.total_seconds()))
    if hand_ins.count_waiting(db, "enrolment") >= MOST_WAITING:
        raise FullError(sentence(N_("So many enrolments wait that no more are taken today. Write to the organiser.")))
    sign_in_throttles.count_failure(db, name, now, since)
