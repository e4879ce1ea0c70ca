"""Run by a browser's own Python (see phone_kills): an assessor who never stops, and tells what is acknowledged.

The app's own state, verbs and storage, without a screen. Before each verb the place it concerns is told, after it that
it is durable; what the storage holds at the start is told first.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random

from js import Object, fetch  # type: ignore[import-not-found]
from msgspec.structs import replace
from pyodide.ffi import to_js  # type: ignore[import-not-found]

from checklists.forms.form import Form, MeasurementKind
from checklists.record.asked import asked_measurements
from checklists.record.assessment import Assessment
from checklists.wire import decode
from fieldapp.app import ports
from fieldapp.kept import Feed
from fieldapp.state import App

DEEDS = ("answer", "answer", "note", "stamp", "file")


async def tell(what: str, value: object) -> str:
    """Tell the harness, and return what it says once it has it."""
    how = to_js({"method": "POST", "body": json.dumps(value)}, dict_converter=Object.fromEntries)
    reply = await fetch(f"soak/{what}", how)
    return str(await reply.text())


def kept(app: App) -> dict[str, object]:
    """Return what the storage holds of every record; of files the names of those that are whole."""
    return {record.assignment_id: _kept(app, record) for record in app.ports.store.assessments()}


def _kept(app: App, record: Assessment) -> dict[str, object]:
    whole = [
        file.sha256
        for file in record.evidence
        if hashlib.sha256(app.ports.media.read(file.sha256)).hexdigest() == file.sha256
    ]
    return {
        "answer": {key: answer.value for key, answer in record.answers.items()},
        "note": {key: notes.get("note") for key, notes in record.notes.items()},
        "stamp": {key: True for key, kept in record.measurements.items() if kept.at is not None},
        "file": {str(number): True for number in whole},
        "torn": len(record.evidence) - len(whole),
    }


async def work(app: App, chance: random.Random) -> None:
    """Do one thing in one visit; tell before and after."""
    assert await app.open_visit(chance.choice(sorted(row.assignment_id for row in app.rows))), app.notice
    visit = app.visit
    assert visit is not None
    deed, number = chance.choice(DEEDS), chance.randrange(10**6)
    keys = sorted(key for key, item in visit.sheet.all_items.items() if item.question.kind.value == "yes_no")
    key = keys[number % len(keys)]
    place = {"visit": visit.assignment.id, "deed": deed, "key": key}
    if deed == "answer":
        await tell("begin", place | {"value": number % 2 == 0})
        done = await visit.answer(key, number % 2 == 0)
    elif deed == "note":
        await tell("begin", place | {"value": f"words {number}"})
        done = await visit.note(key, "note", f"words {number}")
    elif deed == "stamp":
        marks = asked_measurements(visit.sheet)
        stamps = sorted(mark.key for mark in marks if mark.kind is MeasurementKind.STAMP)
        place["key"] = stamps[number % len(stamps)]
        await tell("begin", place | {"value": True})
        done = await visit.stamp(place["key"])
    else:
        data = hashlib.sha256(str(number).encode()).digest() * 2_000
        place["key"] = hashlib.sha256(data).hexdigest()
        await tell("begin", place | {"value": True})
        done = await visit.add_file(data, "text/plain", key=key, evidence_kind=None)
    await tell("done" if done else "refused", {})


async def main() -> None:
    """Start as the app does, say what is there, and work until the end."""
    app = App(ports(lambda: None), origin="http://127.0.0.1:9")
    assert await app.start(), app.blocked
    store = app.ports.store
    if not app.device or not app.device.is_enrolled:
        for form in json.loads(await tell("forms", {})):
            await store.save_form(decode(json.dumps(form), Form))
        await store.save_feed(decode(await tell("feed", {}), Feed))
        await store.save_device(replace(store.device(), token="a token", assessor_id="assessor-1"))
        app.look_again()
    chance = random.Random(await tell("kept", kept(app)))
    while True:
        await work(app, chance)


async def told() -> None:
    """Run, and tell what stopped it."""
    try:
        await main()
    except BaseException as problem:
        await tell("fault", f"{type(problem).__name__}: {problem}")
        raise


RUNNING = asyncio.ensure_future(told())  # noqa: RUF006 - the module lives as long as the worker
