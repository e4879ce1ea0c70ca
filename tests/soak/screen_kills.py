"""The phone's browser killed at random moments while an assessor works: nothing that was acknowledged may be lost.

`python -m tests.soak.screen_kills [--kills 50] [--seed 1] [--results FILE]`

One installed, enrolled phone, offline. Each round opens visits of all channels in turn and answers, notes and keeps
files through the app's own verbs, in its own Python; SIGKILL comes to every process of the browser at a moment that
the seed says. The next start must hold all that was acknowledged before, each file whole; of the one verb under way it
may hold either. Each round adds a line to the results with commit, seed and round: runs add up, and whoever was cut
goes on with another seed. Short form: `tests/journeys/test_phone_in.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from tests.journeys.assessor import Assessor
from tests.journeys.browsers import Phone, Phones, in_python, open_app, wait_until_offline_ready
from tests.journeys.product import Product

ROOT = Path(__file__).parents[2]
LONGEST_S = 4.0
# What every piece of code below needs: the app, and the page whose session it belongs to.
BEGIN = """
import gc, hashlib, json
import flet as ft
from flet.controls.context import _context_page
from fieldapp.state import App
_context_page.set(next(thing for thing in gc.get_objects() if isinstance(thing, ft.Page)))
app = next(thing for thing in gc.get_objects() if isinstance(thing, App))
"""
OPEN = """
rows = {(row.channel.value, row.subchannel): row.assignment_id for row in app.rows}
json.dumps(sorted(rows.values()))
"""
DO = """
done = await app.open_visit(ASSIGNMENT)
visit = app.visit
keys = sorted(key for key, item in visit.sheet.all_items.items() if item.question.kind.value == "yes_no")
key = keys[NUMBER % len(keys)]
if DEED == "answer":
    done = await visit.answer(key, NUMBER % 2 == 0)
elif DEED == "note":
    done = await visit.note(key, "note", f"words {NUMBER}")
else:
    data = hashlib.sha256(str(NUMBER).encode()).digest() * 2_000
    done = await visit.add_file(data, "text/plain", key=key, evidence_kind=None)
json.dumps([done, key])
"""
KEPT = """
kept = {}
for record in app.ports.store.assessments():
    files = [file.sha256 for file in record.evidence]
    kept[record.assignment_id] = {
        "answer": {key: answer.value for key, answer in record.answers.items()},
        "note": {key: words.get("note") for key, words in record.notes.items()},
        "file": files,
        "torn": [name for name in files if hashlib.sha256(app.ports.media.read(name)).hexdigest() != name],
    }
json.dumps(kept)
"""


def say_to(phone: Phone, code: str, **values: object) -> Any:
    """Run code in the app, names replaced by their values, and return what it said."""
    for name, value in values.items():
        code = code.replace(name, repr(value))
    return json.loads(in_python(phone.page, BEGIN + code))


class Run:
    """One phone over many kills."""

    def __init__(self, phone: Phone, url: str, seed: int) -> None:
        self._phone, self._url, self._random = phone, url, random.Random(seed)
        self.expected: dict[tuple[str, str, str], set[object]] = {}  # (visit, deed, key): what may be there
        self.acknowledged: Counter[str] = Counter()

    def round(self) -> None:
        """Work until the kill, start again, and look for all that was acknowledged."""
        visits = say_to(self._phone, OPEN)
        timer = threading.Timer(self._random.uniform(0.2, LONGEST_S), self._phone.kill_processes)
        timer.start()
        try:
            while True:
                self._deed(self._random.choice(visits))
        except PlaywrightError:
            timer.join()
        self._phone.kill()
        open_app(self._phone.restart(), self._url)
        self._look()

    def _deed(self, visit: str) -> None:
        deed, number = self._random.choice(("answer", "answer", "note", "file")), self._random.randrange(10**6)
        value: object = {"answer": number % 2 == 0, "note": f"words {number}"}.get(deed, number)
        self._under_way = visit, deed, value
        done, key = say_to(self._phone, DO, ASSIGNMENT=visit, NUMBER=number, DEED=deed)
        self._under_way = None
        if done:
            self.acknowledged[deed] += 1
            place = (visit, deed, key if deed != "file" else str(number))
            self.expected[place] = {value}

    _under_way: tuple[str, str, object] | None = None

    def _look(self) -> None:
        kept = say_to(self._phone, KEPT)
        assert not any(record["torn"] for record in kept.values()), kept
        for (visit, deed, key), values in self.expected.items():
            record = kept[visit]
            if deed == "file":
                data = hashlib.sha256(key.encode()).digest() * 2_000
                assert hashlib.sha256(data).hexdigest() in record["file"], (visit, key)
                continue
            there = record[deed].get(key)
            cut = self._under_way
            if there not in values and cut is not None and cut[:2] == (visit, deed) and there == cut[2]:
                self.expected[visit, deed, key] = {there}  # it was kept, and the kill came before it was said
                continue
            assert there in values, (visit, deed, key, there, values)
        self._under_way = None


def main(argv: list[str]) -> int:
    """Kill and look, `--kills` times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "screen_kills.jsonl")
    parser.add_argument("--app", type=Path, default=ROOT / "build" / "app")
    asked = parser.parse_args(argv)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        product = Product(Path(folder) / "data", asked.app).start()
        phone = Phones(playwright, Path(folder) / "phones").launch()
        try:
            open_app(phone.page, product.link())
            Assessor(phone.page, Path(folder)).enrol()
            wait_until_offline_ready(phone.page)
            product.stop()
            run = Run(phone, product.app_url, asked.seed)
            asked.results.parent.mkdir(parents=True, exist_ok=True)
            for number in range(asked.kills):
                run.round()
                line = {"commit": commit.stdout.strip(), "seed": asked.seed, "round": number, **run.acknowledged}
                with asked.results.open("a") as results:
                    results.write(json.dumps(line) + "\n")
        finally:
            phone.kill()
            product.stop()
    print(f"{asked.kills} kills, acknowledged {dict(run.acknowledged)}: nothing lost, nothing torn", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
