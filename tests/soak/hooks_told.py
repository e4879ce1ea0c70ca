"""What webhooks are told after a power cut: everything, and nothing under two numbers or two things under one."""

from __future__ import annotations

import json
from datetime import timedelta

from sync_server import clock
from sync_server.database.engine import Database
from sync_server.database.queries import webhooks as queries
from sync_server.database.writer import Writer
from sync_server.post.webhooks import HookJob
from tests.sync_server.hook_receiver import Receiver


def tell_the_rest(url: str, receiver: Receiver, acknowledged: set[str]) -> None:
    """Tell from the database what is left, and fail if anything acknowledged was not told, or was told otherwise."""
    database = Database(url)
    writer = Writer(database)
    writer.start()
    later = clock.now() + timedelta(days=1)  # whatever waits for another try is due
    job = HookJob(database, writer, lambda: later, receiver.caller)
    try:
        while _is_something_left(database, later):
            job("all")
    finally:
        writer.close(10)
        database.close()
    bodies: dict[str, set[bytes]] = {}
    for headers, body in receiver.taken:
        bodies.setdefault(headers["webhook-id"], set()).add(body)
    twice = {number: said for number, said in bodies.items() if len(said) > 1}
    assert not twice, f"two messages under one number: {twice}"
    told = [json.loads(body)["data"]["id"] for said in bodies.values() for body in said]
    assert len(told) == len(set(told)), "one arrival under two numbers"
    assert acknowledged <= set(told), "an acknowledged arrival that nobody was told of"


def _is_something_left(database: Database, now: object) -> bool:
    with database.reading() as db:
        (hook,) = queries.hooks(db, living=True)
        return bool(queries.happenings(db, hook.told_until, 1) or queries.due_messages(db, now, 1))
