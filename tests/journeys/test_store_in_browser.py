"""The store over the browser's own storage keeps the same contract as over files, and an answer is durable quickly.

The contract's own source is run by the app's Python inside the browser; a reopening there is what IndexedDB gives back.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.fieldapp.store_contract import StoreContract
from tests.journeys.browsers import Installed, Phones, in_python, open_app
from tests.journeys.site import BASE

pytestmark = pytest.mark.journey

TESTS = Path(__file__).parent.parent
SOURCES = ("builders.py", "fieldapp/store_contract.py")
CHECKS = [name for name in vars(StoreContract) if name.startswith("test_")]
LONGEST_P95_MS = 150  # tap to durable, with 50 finished visits and 60 photos

# Only what the contract uses of pytest.
PREPARE = """
import re, sys, types
from pathlib import Path

class Raises:
    def __init__(self, kind, match=""):
        self.kind, self.match = kind, match
    def __enter__(self):
        return self
    def __exit__(self, kind, error, trace):
        assert kind is not None and issubclass(kind, self.kind), f"raised {{kind}}"
        assert re.search(self.match, str(error))
        return True

sys.modules["pytest"] = types.SimpleNamespace(raises=Raises)
for name, source in {sources!r}.items():
    place = Path("/contract/tests") / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(source, "utf-8")
sys.path.insert(0, "/contract")
"""

HELPERS = """
import inspect, json, shutil, traceback
from tests.fieldapp.store_contract import StoreContract, opened
from fieldapp.storage.browser import BrowserFolder

async def fresh():
    folder = BrowserFolder()
    await folder.open()
    for path in folder.root.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    await folder.flush()
    return folder

async def reopen():
    # Mounting reads everything back from IndexedDB, as a start of the app does.
    return await opened(BrowserFolder())
"""

RUN = """
async def run():
    told = {}
    for name in [name for name in vars(StoreContract) if name.startswith("test_")]:
        check = getattr(StoreContract(), name)
        given = {"kept": await opened(await fresh()), "reopen": reopen}
        try:
            await check(**{word: given[word] for word in inspect.signature(check).parameters})
        except BaseException:
            told[name] = traceback.format_exc()
        else:
            told[name] = ""
    return json.dumps(told)

await run()
"""

CUT = """
import js
from pyodide.ffi import create_proxy
from fieldapp.errors import NotKept
from fieldapp.storage import atomic

async def flush_with(folder, broken):
    '''Flush while the second entry that is put meets `broken`; return the code it is refused with.'''
    whole, put = js.IDBObjectStore.prototype.put, []
    def instead(store, *entry):
        put.append(entry)
        if len(put) == 2:
            broken(store.transaction)
        return whole.call(store, *entry)
    js.IDBObjectStore.prototype.put = create_proxy(instead, capture_this=True)
    try:
        await folder.flush()
    except NotKept as refused:
        return refused.code
    finally:
        js.IDBObjectStore.prototype.put = whole

def refuse(transaction):
    raise OSError("no entry")

async def cut():
    told = {}
    for name, broken in (("aborted", lambda transaction: transaction.abort()), ("refused", refuse)):
        folder = await fresh()
        paths = [folder.root / word for word in ("changed", "gone", "new")]
        for path in paths[:2]:
            atomic.replace_bytes(path, b"before")
        await folder.flush()
        for path in (paths[0], paths[2]):
            atomic.replace_bytes(path, b"after")
        paths[1].unlink()
        code = await flush_with(folder, broken)
        here = [path.read_bytes().decode() if path.exists() else None for path in paths]
        await BrowserFolder().open()
        kept = [path.read_bytes().decode() if path.exists() else None for path in paths]
        for path in (paths[0], paths[2]):
            atomic.replace_bytes(path, b"later")
        await folder.flush()
        await BrowserFolder().open()
        later = [path.read_bytes().decode() if path.exists() else None for path in paths]
        told[name] = [code, here, kept, later]
    return json.dumps(told)

await cut()
"""

MEASURE = """
import hashlib, json, os, time
from msgspec.structs import replace
from tests.builders import an_assessment, at, evidence

async def measure():
    kept = await opened(await fresh())
    answers = {f"P{n}": "some words of an answer" for n in range(40)}
    for n in range(60):
        await kept.media.keep(os.urandom(300_000))
    for n in range(50):
        await kept.store.save(an_assessment(id=f"done-{n}", answers=answers, finished_at=at(n)))
    taken = []
    record = an_assessment(id="open", answers=answers)
    for n in range(60):
        started = time.perf_counter()
        record = replace(record, answers={**record.answers, "P0": replace(record.answers["P0"], value=f"answer {n}")})
        await kept.store.save(record)
        taken.append((time.perf_counter() - started) * 1000)
    started = time.perf_counter()
    again = await reopen()
    return json.dumps({"taken": taken, "start": (time.perf_counter() - started) * 1000,
                       "kept": again.store.load("open") == record, "media": len(again.media.hashes())})

await measure()
"""


@pytest.fixture(scope="module")
def browser_python(shared_phones: Phones, installed: Installed) -> Page:
    """The app's Python, with what the contract needs; each check empties the storage first."""
    phone = shared_phones.launch(like=installed.profile)
    open_app(phone.page, f"http://127.0.0.1:{installed.port}{BASE}")  # everything is kept: nobody serves it
    sources = {name: (TESTS / name).read_text("utf-8") for name in SOURCES}
    in_python(phone.page, PREPARE.format(sources=sources))
    in_python(phone.page, HELPERS)
    return phone.page


def test_the_store_keeps_its_contract_over_indexeddb(browser_python: Page) -> None:
    told = json.loads(in_python(browser_python, RUN))
    assert set(told) == set(CHECKS)
    assert {name: trace for name, trace in told.items() if trace} == {}


def test_a_flush_that_is_cut_in_the_middle_leaves_what_was_kept_before_and_the_next_one_stores_all(
    browser_python: Page,
) -> None:
    told = json.loads(in_python(browser_python, CUT))
    as_it_is = ["storage-refused", ["after", None, "after"], ["before", "before", None], ["later", "before", "later"]]
    assert told == {"aborted": as_it_is, "refused": as_it_is}


def test_an_answer_is_durable_quickly_beside_fifty_visits_and_sixty_photos(browser_python: Page) -> None:
    told = json.loads(in_python(browser_python, MEASURE))
    p95 = statistics.quantiles(told["taken"], n=20)[-1]
    median = statistics.median(told["taken"])
    print(f"answer until durable: median {median:.0f} ms, p95 {p95:.0f} ms; reading all back {told['start']:.0f} ms")
    assert told["kept"]
    assert told["media"] == 60
    assert p95 < LONGEST_P95_MS
