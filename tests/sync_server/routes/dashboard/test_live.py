"""Live pages: an arrival is told within a second, and a browser that comes back misses nothing."""

from __future__ import annotations

import contextlib
import re
import threading
import time

from sqlalchemy import delete

from sync_server.database import tables
from sync_server.feed.open_pages import STREAMS_OF_A_SESSION
from sync_server.people.permissions import Role
from sync_server.routes.dashboard import live
from tests.sync_server.desk import browser, push, signed_in
from tests.sync_server.live_events import events_of, next_assessment
from tests.sync_server.season_kit import a_call
from tests.sync_server.waiting import until


def test_an_arrival_is_told_within_a_second(desk):
    """EV-1: the event is the id, and nothing more."""
    with signed_in(desk, Role.VIEWER) as client, client.stream("GET", "/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = events_of(answer)
        assert next(events)["event"] == "alive"
        call = a_call()
        pushed_at = []

        def send():
            push(desk, call)
            pushed_at.append(time.monotonic())

        phone = threading.Thread(target=send)
        phone.start()
        told = next_assessment(events)
        phone.join(20)
        assert time.monotonic() - pushed_at[0] < 1
    assert told["data"] == call.id


def test_a_browser_that_comes_back_reads_on_from_where_it_was(desk):
    first, second = a_call(), a_call()
    with signed_in(desk, Role.VIEWER) as client:
        push(desk, first)
        with client.stream("GET", "/events", params={"after": "0"}) as answer:
            seen = next_assessment(events_of(answer))
        assert first.id in seen["data"]
        push(desk, second)
        with client.stream("GET", "/events", headers={"Last-Event-ID": seen["id"]}) as answer:
            missed = next_assessment(events_of(answer))
    assert missed["data"] == second.id


def test_a_page_that_is_loading_misses_nothing(desk):
    call = a_call()
    with signed_in(desk, Role.VIEWER) as client:
        stream = re.search(r'data-events="([^"]+)"', client.get("/assessments").text)[1]
        push(desk, call)
        with client.stream("GET", stream) as answer:
            assert next_assessment(events_of(answer))["data"] == call.id


def test_a_stream_says_from_the_start_where_it_is(desk):
    push(desk, a_call())
    with signed_in(desk, Role.VIEWER) as client, client.stream("GET", "/events") as answer:
        assert int(next(events_of(answer))["id"]) > 0


def test_the_rows_that_changed_are_drawn_for_the_filter_that_is_on(desk):
    call = a_call()
    push(desk, call)
    with signed_in(desk, Role.VIEWER) as client:
        drawn = client.get("/assessments/rows", params={"ids": call.id, "channel": "phone_in"}).text
        assert f'<tr id="assessment-{call.id}"' in drawn
        assert "<html" not in drawn
        assert "<tr" not in client.get("/assessments/rows", params={"ids": call.id, "channel": "online"}).text


def test_a_stream_ends_when_its_reader_signs_out(desk, monkeypatch):
    monkeypatch.setattr(live, "LOOK_AGAIN_S", 0)
    with signed_in(desk, Role.VIEWER) as client, client.stream("GET", "/events") as answer:
        events = events_of(answer)
        next(events)
        with desk.services.database.transaction() as db:
            db.execute(delete(tables.sessions))
        push(desk, a_call())
        assert [event["event"] for event in events if event["event"] != "alive"] == []


def test_a_stream_is_for_people_who_are_signed_in(desk):
    with browser(desk) as client:
        assert client.get("/events").status_code == 401
        assert client.get("/assessments/rows?ids=x").status_code == 401


def test_one_session_listens_on_so_many_pages(desk):
    """EV-4."""
    with contextlib.ExitStack() as pages:
        client = pages.enter_context(signed_in(desk, Role.VIEWER))
        streams = [pages.enter_context(client.stream("GET", "/events")) for _ in range(STREAMS_OF_A_SESSION)]
        heard = [events_of(stream) for stream in streams]
        assert {next(events)["event"] for events in heard} == {"alive"}
        until(lambda: desk.services.events.subscribers == STREAMS_OF_A_SESSION or None, "all of them listen")
        late = client.get("/events")
        assert (late.status_code, late.headers["Retry-After"]) == (429, "30")
        with signed_in(desk, Role.REVIEWER) as other, other.stream("GET", "/events") as answer:
            assert next(events_of(answer))["event"] == "alive"
    until(lambda: desk.services.events.subscribers == 0 or None, "nobody listens")
