"""WR: the writer, on both engines. Ids are those in sync_server/database/writer.py."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from sync_server.database.tables import settings
from sync_server.database.writer import TooBusyError, Writer
from tests.builders import NOON


@pytest.fixture
def writer(database):
    opened = Writer(database, queue_limit=200, batch_limit=64)
    opened.start()
    yield opened
    opened.close()


def keep(name):
    def write(db):
        db.execute(insert(settings).values(name=name, value={}, updated_at=NOON))
        return name

    return write


def names(database):
    with database.reading() as db:
        return set(db.execute(select(settings.c.name)).scalars())


async def test_what_is_answered_is_kept(writer, database):
    """WR-1."""
    assert await asyncio.gather(*(writer.run(keep(f"n{n}")) for n in range(100))) == [f"n{n}" for n in range(100)]
    assert len(names(database)) == 100
    assert writer.batches < 100


async def test_one_bad_write_hurts_no_neighbour(writer, database):
    """WR-2."""
    await writer.run(keep("taken"))
    held = threading.Event()
    first = asyncio.ensure_future(writer.run(lambda _db: held.wait(10)))
    await asyncio.sleep(0)
    others = [
        asyncio.ensure_future(writer.run(keep(name)))
        for name in (*map(str, range(31)), "taken", *map(str, range(31, 63)))
    ]
    await asyncio.sleep(0)
    held.set()
    answers = await asyncio.gather(first, *others, return_exceptions=True)
    assert [type(answer) for answer in answers if isinstance(answer, BaseException)] == [IntegrityError]
    assert names(database) == {"taken", *map(str, range(63))}


async def test_a_write_that_leaves_after_writing_keeps_nothing_of_it(writer, database):
    def half(db):
        keep("half")(db)
        raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await writer.run(half)
    assert await writer.run(keep("after")) == "after"
    assert names(database) == {"after"}


async def test_too_many_writes_are_refused_at_once(database):
    """WR-3."""
    writer = Writer(database, queue_limit=3)
    writer.start()
    held = threading.Event()
    waiting = [asyncio.ensure_future(writer.run(lambda _db: held.wait(10))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(TooBusyError):
        await writer.run(keep("late"))
    held.set()
    await asyncio.gather(*waiting)
    assert await writer.run(keep("now")) == "now"
    writer.close()


async def test_closing_writes_what_was_taken_and_takes_no_more(database):
    """WR-4."""
    writer = Writer(database)
    writer.start()
    waiting = [asyncio.ensure_future(writer.run(keep(f"n{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(writer.close)
    await asyncio.gather(*waiting)
    with pytest.raises(TooBusyError):
        await writer.run(keep("late"))
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(settings)).scalar() == 50


async def test_a_client_that_leaves_does_not_undo_its_write(writer, database):
    """WR-5."""
    held = threading.Event()
    first = asyncio.ensure_future(writer.run(lambda _db: held.wait(10)))
    await asyncio.sleep(0)
    leaving = asyncio.ensure_future(writer.run(keep("left")))
    await asyncio.sleep(0)
    leaving.cancel()
    held.set()
    await first
    await writer.run(keep("next"))
    assert names(database) == {"left", "next"}
