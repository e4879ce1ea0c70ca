"""A phone's browser killed at random moments while an assessor works: nothing that was acknowledged may be lost.

`python -m tests.soak.phone_kills [--until 1000] [--browser chromium] [--at-once 2] [--longest 2.5] [--results FILE]`
`python -m tests.soak.phone_kills --sum`

Each round starts the browser on a page that runs the app's state and storage in the browser's own Python, without a
screen (phone_in_browser.py): visits of all channels are opened, answered, noted, stamped and given files through the
app's verbs. SIGKILL comes to every process of the browser at a moment that the seed says. The next start must hold all
that was acknowledged before, each file whole; of the one verb under way it may hold either.

Each round adds a line to the results: commit, browser, seed, what was acknowledged, seconds. Runs add up: `--until`
counts what this commit has already, whoever was cut goes on, and two runs may write at once. With the screen as well,
slower: screen_kills.py. Short form: `tests/journeys/test_killed.py`.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from checklists import wire
from checklists.forms.form import AWARD_CHANNELS
from fieldapp.kept import Feed
from tests.builders import an_assignment
from tests.building import SITE, built
from tests.soak.harness import Harness
from tests.soak.killed_browser import BROWSERS, KilledBrowser

ROOT = Path(__file__).parents[2]
LONGEST_S = 2.5
START_S = 300  # on a machine that others use
DEVICE = Feed(
    assignments={channel.value: an_assignment(id=channel.value, channel=channel) for channel in AWARD_CHANNELS}
)


class LostError(AssertionError):
    """Something that was acknowledged is not there after a kill."""


class Phone:
    """One profile over many kills, and what must be in it."""

    def __init__(self, browser: KilledBrowser, harness: Harness, seed: int) -> None:
        self._browser, self._harness, self._random = browser, harness, random.Random(seed)
        self.expected: dict[tuple[str, str, str], object] = {}  # (visit, deed, key): what is there
        self._under_way: dict[str, Any] | None = None
        self._ready = threading.Event()
        self._problem = ""
        self.acknowledged: Counter[str] = Counter()

    def hear(self, what: str, value: Any) -> str:
        """Answer what the browser tells."""
        if what == "feed":
            return wire.encode(DEVICE).decode()
        if what == "kept":
            self._problem = self._compare(value)
            self._ready.set()
            return str(self._random.randrange(10**9))
        if what == "begin":
            self._under_way = value
        elif what == "done" and self._under_way:
            done, self._under_way = self._under_way, None
            self.expected[done["visit"], done["deed"], done["key"]] = done["value"]
            self.acknowledged[done["deed"]] += 1
        elif what in ("refused", "fault"):
            self._problem = f"{what}: {value}"
            self._ready.set()
        return ""

    def round(self, longest_s: float) -> float:
        """Start, compare, work, and be killed; return the seconds. Raises LostError."""
        begun = time.monotonic()
        self._ready.clear()
        self._browser.start(self._harness.url)
        try:
            if not self._ready.wait(START_S):
                raise LostError(f"the app did not start within {START_S} s")
            time.sleep(self._random.uniform(0.05, longest_s))  # the work goes on meanwhile
        finally:
            self._browser.kill()
        if self._problem:
            raise LostError(self._problem)
        return time.monotonic() - begun

    def _compare(self, kept: dict[str, dict[str, Any]]) -> str:
        torn = {visit: record["torn"] for visit, record in kept.items() if record["torn"]}
        cut, self._under_way = self._under_way, None
        if cut:
            place = cut["visit"], cut["deed"], cut["key"]
            if _at(kept, place) == cut["value"]:
                self.expected[place] = cut["value"]  # it was kept, and the kill came before it was said
        lost = {place: value for place, value in self.expected.items() if _at(kept, place) != value}
        return f"lost {lost}, torn {torn}" if lost or torn else ""


def _at(kept: dict[str, dict[str, Any]], place: tuple[str, str, str]) -> object:
    visit, deed, key = place
    return kept.get(visit, {}).get(deed, {}).get(key)


def run(browser: str, seed: int, rounds: int, results: Results, *, longest_s: float) -> None:
    """Kill one new phone `rounds` times; each that nothing was lost in adds its line."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        harness = Harness(SITE, Path(folder) / "site")
        victim = BROWSERS[browser](Path(folder) / "profile")
        stack.callback(victim.close)
        phone = Phone(victim, harness, seed)
        with harness.serving(phone.hear):
            for number in range(rounds):
                seconds = phone.round(longest_s)
                results.add(browser, seed=seed, round=number, seconds=round(seconds, 1), **phone.acknowledged)


class Results:
    """The lines of all runs, of every commit."""

    def __init__(self, file: Path) -> None:
        self._file, self._turn = file, threading.Lock()
        self.commit = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
        file.parent.mkdir(parents=True, exist_ok=True)

    def add(self, browser: str, **told: object) -> None:
        line = json.dumps({"commit": self.commit, "browser": browser, **told})
        with self._turn, self._file.open("a") as file:
            file.write(line + "\n")

    def lines(self) -> list[dict[str, Any]]:
        if not self._file.exists():
            return []
        return [json.loads(line) for line in self._file.read_text().splitlines()]

    def count(self, browser: str) -> int:
        return sum(line["commit"] == self.commit and line["browser"] == browser for line in self.lines())

    def summary(self) -> str:
        kills: Counter[tuple[str, str]] = Counter()
        seconds: Counter[tuple[str, str]] = Counter()
        for line in self.lines():
            kills[line["commit"], line["browser"]] += 1
            seconds[line["commit"], line["browser"]] += line["seconds"]
        rows = [
            f"{commit} {browser}: {n} kills, {seconds[commit, browser] / n:.1f} s each, nothing lost, nothing torn"
            for (commit, browser), n in sorted(kills.items())
        ]
        return "\n".join(rows) or "no kills yet"


def main(argv: list[str]) -> int:
    """Kill and look until this commit has `--until` kills of that browser."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--until", type=int, default=1000)
    parser.add_argument("--browser", choices=sorted(BROWSERS), default="chromium")
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--seed", type=int, help="of the first phone; as many follow as are at once")
    parser.add_argument("--longest", type=float, default=LONGEST_S, help="seconds of work before a kill")
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "phone_kills.jsonl")
    parser.add_argument("--sum", action="store_true", help="say what the results come to")
    asked = parser.parse_args(argv)
    results = Results(asked.results)
    left = 0 if asked.sum else max(0, asked.until - results.count(asked.browser))
    if left:
        seed = int(time.time()) if asked.seed is None else asked.seed
        shares = [left // asked.at_once + (n < left % asked.at_once) for n in range(asked.at_once)]
        built()
        with ThreadPoolExecutor(asked.at_once) as phones:
            runs = [
                phones.submit(run, asked.browser, seed + n, share, results, longest_s=asked.longest)
                for n, share in enumerate(shares)
                if share
            ]
        problems = [problem for each in runs if (problem := each.exception())]
        if problems:
            print(f"seed {seed}, commit {results.commit}: {problems}", file=sys.stderr)
            return 1
    print(results.summary())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
