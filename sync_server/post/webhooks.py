"""Making webhooks, and the job that tells them what has happened (HOK).

HOK-5  What became of each message is kept for LOG_KEPT and can be looked at; any of them can be sent again, under its
       own id, so that a receiver that has it knows.
"""

from __future__ import annotations

import http.client
import logging
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from sync_server.clock import Clock
from sync_server.database.engine import Database
from sync_server.database.queries import webhooks as queries
from sync_server.database.queries.jobs import Job, ask_for
from sync_server.database.queries.webhooks import DueMessage
from sync_server.database.writer import Writer
from sync_server.post.caller import Caller, CallRefusedError, is_private_number, parts_of
from sync_server.post.hooks import ROTATION, TYPES, headers, message, new_secret, next_try, type_of

logger = logging.getLogger(__name__)

HOOK_JOB = Job("hooks", "all")
LOOK_EVERY = timedelta(seconds=10)
LOG_KEPT = timedelta(days=30)
MOST_READ, MOST_AT_ONCE = 500, 5  # fewer messages than time out within a worker's lease
MOST_NAME, MOST_ADDRESS = 100, 500


class HookProblemError(SentenceError):
    """The webhook cannot be made as it was typed."""


def make_hook(
    db: Connection,
    *,
    name: str,
    address: str,
    events: Collection[str],
    created_by: str,
    now: datetime,
    private_hosts: Collection[str] = (),
) -> tuple[str, str]:
    """Keep a new webhook and return its id and its secret. `private_hosts` may lie in the server's own network.

    Raises:
        HookProblemError
    """
    name, address, chosen = " ".join(name.split()), address.strip(), [event for event in TYPES if event in events]
    if not name or len(name) > MOST_NAME:
        raise HookProblemError(sentence(N_("Say in at most {most} characters who is told."), most=MOST_NAME))
    if not chosen:
        raise HookProblemError(sentence(N_("Choose at least one thing that is told.")))
    try:
        host = parts_of(address[: MOST_ADDRESS + 1])[0]
    except CallRefusedError as error:
        raise HookProblemError(sentence(N_("Give an address that begins with https://, without a user."))) from error
    if len(address) > MOST_ADDRESS:
        raise HookProblemError(sentence(N_("An address has at most {most} characters."), most=MOST_ADDRESS))
    if is_private_number(host) and host not in private_hosts:
        raise HookProblemError(sentence(N_("This address lies in a private network. Nothing is ever sent there.")))
    hook_id, secret = uuid.uuid4().hex, new_secret()
    values = {"id": hook_id, "name": name, "address": address, "events": chosen, "secret": secret}
    queries.add_hook(db, **values, created_at=now, created_by=created_by)
    ask_for(db, [HOOK_JOB], now)
    return hook_id, secret


def rotate(db: Connection, hook_id: str, now: datetime) -> str:
    """Make a new secret and return it, "" where there is no such webhook. The old one signs beside it for a while."""
    secret = new_secret()
    return secret if queries.change_secret(db, hook_id, secret, now + ROTATION) else ""


def send_again(db: Connection, message_id: int, now: datetime) -> None:
    """Have a message sent once more."""
    if queries.send_again(db, message_id, now):
        ask_for(db, [HOOK_JOB], now)


class HookJob:
    """Makes messages of what has happened, sends what is due, and asks for itself again. Safe to repeat."""

    def __init__(self, database: Database, writer: Writer, clock: Clock, caller: Caller) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._caller = caller

    def __call__(self, _subject: str) -> None:
        """Do it. Blocks as long as receivers let it wait; never in a thread that somebody else waits for."""
        with self._database.reading() as db:
            living = queries.hooks(db, living=True)
            has_news = any(queries.happenings(db, hook.told_until, 1) for hook in living)
        if not living:
            return
        if has_news:
            self._writer.run_from_thread(lambda db: make_messages(db, self._clock()))
        with self._database.reading() as db:
            due = queries.due_messages(db, self._clock(), MOST_AT_ONCE)
        for one in due:
            note = self._sent(one)
            self._writer.run_from_thread(note)
        wait = timedelta() if len(due) == MOST_AT_ONCE else LOOK_EVERY

        def again(db: Connection) -> None:
            queries.forget_messages(db, self._clock() - LOG_KEPT)
            ask_for(db, [HOOK_JOB], self._clock() + wait)

        self._writer.run_from_thread(again)

    def _sent(self, one: DueMessage) -> partial[None]:
        now = self._clock()
        is_rotating = one.old_until is not None and now < one.old_until
        signing = (one.secret, one.old_secret) if is_rotating else (one.secret,)
        body, status, problem = one.body.encode(), None, ""
        try:
            status = self._caller.post(one.address, body, headers(f"msg_{one.id}", now, body, signing))
        except CallRefusedError as error:
            problem = str(error)
        except (OSError, http.client.HTTPException):
            problem = "no-answer"
        is_taken = status is not None and 200 <= status < 300
        logger.info("webhook message: %s", "taken" if is_taken else problem or status)
        due_at = None if is_taken else next_try(one.tries + 1, self._clock())
        return partial(
            _note, one.id, status=status, problem=problem, due_at=due_at, taken_at=self._clock() if is_taken else None
        )


def make_messages(db: Connection, now: datetime) -> None:
    """Make the messages of what has happened since each webhook was told last."""
    for hook in queries.hooks(db, living=True):
        read = queries.happenings(db, hook.told_until, MOST_READ)
        for one in read:
            event = type_of(one.action, one.details)
            if event in hook.events:
                body = message(event, one.at, (one.subject_kind, one.subject_id), one.details)
                queries.add_message(db, hook.id, one.id, event, body=body.decode(), now=now)
        if read:
            queries.note_told(db, hook.id, read[-1].id)


def _note(
    message_id: int,
    db: Connection,
    *,
    status: int | None,
    problem: str,
    due_at: datetime | None,
    taken_at: datetime | None,
) -> None:
    queries.note_sent(db, message_id, status=status, problem=problem, due_at=due_at, taken_at=taken_at)
