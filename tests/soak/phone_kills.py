"""A phone's browser killed at random moments while an assessor works: nothing that was acknowledged may be lost.

`python -m tests.soak.phone_kills [--until 1000] [--browser chromium] [--at-once 2] [--longest 2.5] [--results FILE]`
`python -m tests.soak.phone_kills --sum`

Each round starts the browser on a page that runs the app's state and storage in the browser's own Python, without a
screen (phone_in_browser.py): visits of all channels are opened, answered, noted, stamped and given files through the
app's verbs. SIGKILL comes to every process of the browser at a moment that the seed says. The next start must hold all
that was acknowledged before, each file whole; of the one verb under way it may hold either.

A browser holds `--phones` at once, each with a worker, a storage and work of its own. They begin together once all
have been looked at, and one kill cuts each at another place of its work: it counts once for each phone. A profile is
laid aside after `--rounds` kills, before what it holds makes its start slow, and another begins. A kill counts once the
start after it has found everything.

Each phone cut adds a line to the results: commit, browser, seed, what was acknowledged, its share of the seconds. Runs
add up: `--until` counts what this commit has already, whoever was cut goes on, and two runs may write at once. With the
screen as well, slower: screen_kills.py. Short form: `tests/journeys/test_killed.py`.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from checklists import wire
from checklists.forms.file import shipped_forms
from checklists.forms.form import AWARD_CHANNELS
from fieldapp.kept import Feed
from tests.builders import an_assignment
from tests.building import SITE, built
from tests.soak.harness import Harness
from tests.soak.killed_browser import BROWSERS, KilledBrowser

ROOT = Path(__file__).parents[2]
LONGEST_S = 2.5
PHONES, ROUNDS = 6, 12
SEEDS_APART, SEEDS_OF_RUNS = 1_000, 1_000_000
START_S = 300  # on a machine that others use
DEVICE = Feed(
    assignments={channel.value: an_assignment(id=channel.value, channel=channel) for channel in AWARD_CHANNELS}
)
FORMS = f"[{','.join(wire.encode(form).decode() for form in shipped_forms().values())}]"


class LostError(AssertionError):
    """Something that was acknowledged is not there after a kill."""


class Phone:
    """One storage over many kills, and what must be in it."""

    def __init__(self, seed: int) -> None:
        self.seed, self._random = seed, random.Random(seed)
        self.expected: dict[tuple[str, str, str], object] = {}  # (visit, deed, key): what is there
        self._under_way: dict[str, Any] | None = None
        self.acknowledged: Counter[str] = Counter()

    def seed_of_work(self) -> str:
        """Return what the phone's next piece of work goes by."""
        return str(self._random.randrange(10**9))

    def begin(self, deed: dict[str, Any]) -> None:
        """It is about to do this."""
        self._under_way = deed

    def done(self) -> None:
        """What it was about to do is acknowledged."""
        if self._under_way:
            done, self._under_way = self._under_way, None
            self.expected[done["visit"], done["deed"], done["key"]] = done["value"]
            self.acknowledged[done["deed"]] += 1

    def compare(self, kept: dict[str, dict[str, Any]]) -> str:
        """Return what was lost or torn of what its storage must hold after a kill; "" for nothing."""
        torn = {visit: record["torn"] for visit, record in kept.items() if record["torn"]}
        cut, self._under_way = self._under_way, None
        if cut:
            place = cut["visit"], cut["deed"], cut["key"]
            if _at(kept, place) == cut["value"]:
                self.expected[place] = cut["value"]  # it was kept, and the kill came before it was said
        lost = {place: value for place, value in self.expected.items() if _at(kept, place) != value}
        return f"lost {lost}, torn {torn}" if lost or torn else ""


class Phones:
    """Phones in one browser, cut by the same kill."""

    def __init__(self, browser: KilledBrowser, phones: Sequence[Phone], seed: int) -> None:
        self._browser, self._phones, self._random = browser, phones, random.Random(f"kills {seed}")
        self._lined_up = threading.Barrier(len(phones) + 1)  # and the one who kills
        self._problems: list[str] = []

    def hear(self, number: int, what: str, value: Any) -> str:
        """Answer what a phone tells."""
        phone = self._phones[number]
        if what == "forms":
            return FORMS
        if what == "feed":
            return wire.encode(DEVICE).decode()
        if what == "kept":
            if lost := phone.compare(value):
                self._fail(f"phone {number}: {lost}")
            with suppress(threading.BrokenBarrierError):
                self._lined_up.wait(START_S)
            return phone.seed_of_work()
        if what == "begin":
            phone.begin(value)
        elif what == "done":
            phone.done()
        else:
            self._fail(f"phone {number}, {what}: {value}")
        return ""

    def work_until_killed(self, url: str, longest_s: float) -> float:
        """Start, compare, work, and be killed; return the seconds. Raises LostError for what the kill before cost."""
        begun = time.monotonic()
        self._lined_up.reset()
        self._browser.start(url)
        try:
            self._lined_up.wait(START_S)
            time.sleep(self._random.uniform(min(0.05, longest_s), longest_s))  # the work goes on meanwhile
        except threading.BrokenBarrierError:
            self._problems = self._problems or [f"not every phone started within {START_S} s"]
        finally:
            self._browser.kill()
        if self._problems:
            raise LostError(*self._problems)
        return time.monotonic() - begun

    def _fail(self, problem: str) -> None:
        self._problems.append(problem)
        self._lined_up.abort()


def _at(kept: dict[str, dict[str, Any]], place: tuple[str, str, str]) -> object:
    visit, deed, key = place
    return kept.get(visit, {}).get(deed, {}).get(key)


class Plan(NamedTuple):
    """How phones are killed."""

    browser: str
    longest_s: float = LONGEST_S
    phones: int = PHONES
    rounds: int = ROUNDS


def run(plan: Plan, seed: int, kills: int, results: Results) -> None:
    """Kill until `kills` phones were cut; each that nothing was lost in adds its line."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        number = 0
        while kills > 0:
            profile = Path(folder) / f"profile{number}"
            kills -= _kill_in(profile, plan, seed + number * SEEDS_APART, kills, results)
            shutil.rmtree(profile, ignore_errors=True)
            number += 1


def _kill_in(profile: Path, plan: Plan, seed: int, kills: int, results: Results) -> int:
    """Use one profile for as many of the kills as it is good for; return how many those were."""
    together = min(plan.phones, kills)
    phones = [Phone(seed + number) for number in range(together)]
    harness = Harness(SITE, profile.with_suffix(".site"), together)
    browser = BROWSERS[plan.browser](profile)
    rounds = min(plan.rounds, max(1, kills // together))
    lot = Phones(browser, phones, seed)
    try:
        with harness.serving(lot.hear):
            lot.work_until_killed(harness.url, plan.longest_s)
            for number in range(rounds):
                # What a kill has cost is known once the next start has looked.
                seconds = lot.work_until_killed(harness.url, plan.longest_s if number < rounds - 1 else 0)
                for phone in phones:
                    told = {"seed": phone.seed, "round": number, "seconds": round(seconds / together, 2)}
                    results.add(plan.browser, **told, **phone.acknowledged)
    finally:
        browser.close()
    return rounds * together


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
        seconds: dict[tuple[str, str], float] = defaultdict(float)
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
    parser.add_argument("--phones", type=int, default=PHONES, help="in one browser, cut by the same kill")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="kills of one profile")
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "phone_kills.jsonl")
    parser.add_argument("--sum", action="store_true", help="say what the results come to")
    asked = parser.parse_args(argv)
    results = Results(asked.results)
    left = 0 if asked.sum else max(0, asked.until - results.count(asked.browser))
    if left:
        seed = int(time.time()) if asked.seed is None else asked.seed
        plan = Plan(asked.browser, asked.longest, asked.phones, asked.rounds)
        shares = [left // asked.at_once + (n < left % asked.at_once) for n in range(asked.at_once)]
        built()
        with ThreadPoolExecutor(asked.at_once) as phones:
            runs = [
                phones.submit(run, plan, seed + n * SEEDS_OF_RUNS, share, results)
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
