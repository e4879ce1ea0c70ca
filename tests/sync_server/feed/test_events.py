"""EV, NTC: live changes reach every process, on both engines."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from sqlalchemy import make_url

from sync_server.database.notices import Listener
from sync_server.database.queries.changes import NewChange, append_changes
from sync_server.feed.open_pages import EventHub
from tests.builders import NOON
from tests.sync_server.waiting import until


def tell(database, *subjects):
    with database.transaction() as db:
        append_changes(db, [NewChange("office", "assessment", subject, NOON) for subject in subjects])


async def collect(hub, count, after=0):
    subjects = []
    async for page in hub.subscribe(after):
        subjects.extend(change.subject_id for change in page or ())
        if len(subjects) >= count:
            return subjects
    return subjects


async def test_a_subscriber_reads_on_from_its_own_cursor(database):
    """EV-2"""
    hub = EventHub(database)
    hub.start()
    tell(database, "a", "b")
    assert await asyncio.wait_for(collect(hub, 2), 10) == ["a", "b"]
    waiting = asyncio.ensure_future(collect(hub, 1, after=2))
    await asyncio.sleep(0)
    await asyncio.to_thread(tell, database, "c")
    hub.wake()
    assert await asyncio.wait_for(waiting, 10) == ["c"]


async def test_a_lost_wake_up_is_only_late(database):
    """EV-2, EV-3: the poll finds it."""
    hub = EventHub(database, poll_s=0.05)
    hub.start()
    waiting = asyncio.ensure_future(collect(hub, 1))
    await asyncio.to_thread(tell, database, "a")
    assert await asyncio.wait_for(waiting, 10) == ["a"]


async def test_closing_ends_every_subscription(database):
    hub = EventHub(database)
    hub.start()
    waiting = asyncio.ensure_future(collect(hub, 1))
    await asyncio.to_thread(until, lambda: hub.subscribers or None, "the page listens")
    hub.close()
    assert await asyncio.wait_for(waiting, 10) == []


@pytest.mark.parametrize("database_place", ["postgresql"], indirect=True)
async def test_a_listener_hears_other_processes_and_comes_back_after_a_cut(database):
    """EV-3. NTC-1: each notice makes it look again. NTC-2: it connects again after a cut, and wakes then too."""
    loop, woken = asyncio.get_running_loop(), asyncio.Queue()
    listener = Listener(database.url, lambda: loop.call_soon_threadsafe(woken.put_nowait, None))
    listener.start()
    try:
        await asyncio.wait_for(woken.get(), 10)
        await asyncio.to_thread(tell, database, "a")
        await asyncio.wait_for(woken.get(), 10)
        url = make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid() AND datname = current_database()"
            )
        await asyncio.wait_for(woken.get(), 10)
        await asyncio.to_thread(tell, database, "b")
        await asyncio.wait_for(woken.get(), 10)
    finally:
        await asyncio.to_thread(listener.close, 10)
