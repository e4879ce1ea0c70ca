"""What reports cost with a whole season: `python -m tests.bench.reports_bench`, each figure beside its target.

60 entries of 120 accepted visits a round, as `standing_bench` stores them, and the copies of all three rounds, of which
the last holds those before it, too: one report of it the first time and again, as the server makes it (blocks here, the
PDF in the process beside it), and with as many photos and quotes as one may have; then all in both languages by the
command. Processor time counts this process and those that it started.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from PIL import Image, ImageFilter
from sqlalchemy import insert, select, update

from sync_server.award.desk import SeasonDesk
from sync_server.commands.graceful_server import spare_the_collector
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries.publications import NewPublication, add_publication, sign
from sync_server.print.document import Photo, Quote
from sync_server.print.process import printed
from sync_server.publication import closing
from sync_server.reports.cleared import cleared_of
from sync_server.reports.kept import check_entry, copy_of
from sync_server.reports.participant import participant_report
from sync_server.review.for_report import MOST_PHOTOS, MOST_QUOTES
from sync_server.season.forms import FormBook
from tests.bench.figures import say
from tests.bench.running import peak_mb
from tests.bench.standing_bench import stored
from tests.builders import NOON
from tests.sync_server.closed_season import add_person

FIRST_S, KEPT_S, ALL_S, PROCESS_MB, CORES = 1, 0.3, 60, 400, 2


def cpu_s() -> float:
    """Processor time of this process and of those that it started and that are over."""
    each = [resource.getrusage(which) for which in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in each)


def taken_s(work: Callable[[], object]) -> float:
    """Return the processor time of `work`."""
    begun = cpu_s()
    work()
    return cpu_s() - begun


def most_mb(command: list[str]) -> float:
    """Run `command` and return the most memory it had: what `getrusage` tells is of this larger process, too."""
    most = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            with contextlib.suppress(OSError, IndexError):  # it ended meanwhile
                most = peak_mb(running.pid)
            time.sleep(0.02)
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    return most


def frozen_round(database: Database, book: FormBook, number: int) -> None:
    """Keep the copy of a round as closing it does, signed and out."""
    with database.reading() as db:
        taken = closing.take(SeasonDesk.of(db, book), number)
    with database.transaction() as db:
        version = db.execute(select(tables.rulesets)).first()
        assert version is not None
        what, people = f"round-{number}", [add_person(db, f"signer-{number}-{place}") for place in (1, 2)]
        row = NewPublication(
            id=f"{what}-1", what=what, round=number, copy=1, correction=0, audience="entrants",
            rules_version=version.version, rules_digest=version.digest, digest=taken.digest,
            body=taken.body, reason="", made_at=NOON, made_by=people[0],
        )  # fmt: skip
        add_publication(db, row)
        for person in people:
            sign(db, row.id, person, taken.digest, NOON)
        out = {"what": what, "round": number, "release_at": NOON, "released_at": NOON, "released_by": "bench"}
        db.execute(insert(tables.releases).values(**out))


def cleared() -> list[Quote | Photo]:
    """As much as a reviewer may clear for one report; photos of some 220 kB, as the server shows them."""
    picture = Image.effect_noise((2000, 1500), 60).convert("RGB").filter(ImageFilter.GaussianBlur(3))
    picture.save(out := io.BytesIO(), "JPEG", quality=85)
    photo = Photo(jpeg=out.getvalue(), words="The counter, with its queue sign", language="en")
    quote = Quote(text="Warm from the first sentence … " * 8, language="en", about="Did they greet you?")
    return [quote] * MOST_QUOTES + [
        msgspec.structs.replace(photo, jpeg=photo.jpeg + bytes(place)) for place in range(MOST_PHOTOS)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=60)
    parser.add_argument("--per-entry", type=int, default=360)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        data, book = Path(name), FormBook()
        database = Database(Config(data_dir=data).database)
        upgrade(database)
        with database.transaction() as db:
            stored(db, asked.entries, asked.per_entry)
            db.execute(update(tables.assessments).values(status="accepted"))
        print(f"{asked.entries} entries, {asked.per_entry} visits each", flush=True)
        for number in (1, 2, 3):
            took = taken_s(lambda number=number: frozen_round(database, book, number))  # type: ignore[misc]
            say(f"the copy of round {number} taken, CPU", took, 60, "s")

        spare_the_collector()  # as the server does

        def report(number: int, *more: Quote | Photo) -> None:
            key = (f"entrant-{number:02}", "phone_in")
            with database.reading() as db:
                copy = copy_of(SeasonDesk.of(db, book), 3)
                check_entry(copy, key)
                document = participant_report(copy, key, "zh-Hant", cleared_of(db, copy, key))
            printed(msgspec.structs.replace(document, blocks=[*document.blocks, *more]))

        say("one report, the first of its copy, CPU", taken_s(lambda: report(0)), FIRST_S, "s")
        say("  another of the same copy, CPU", taken_s(lambda: report(1)), KEPT_S, "s")
        say("  the same again, CPU", taken_s(lambda: report(1)), KEPT_S, "s")
        most_cleared = cleared()
        words = f"  with {MOST_PHOTOS} photos and {MOST_QUOTES} quotes, CPU"
        say(words, taken_s(lambda: report(1, *most_cleared)), FIRST_S, "s")
        database.close()
        out, begun, busy = data / "reports", time.perf_counter(), cpu_s()
        command = [sys.executable, "-m", "sync_server", "reports", "--data", str(data), "--round", "3"]
        most = most_mb([*command, "--out", str(out)])
        made, worked = len(list(out.iterdir())), cpu_s() - busy
        say(f"{made} reports by the command", time.perf_counter() - begun, ALL_S, "s")
        say("  their processor time on two cores", worked / CORES, ALL_S, "s")
        say("  memory of their process", most, PROCESS_MB, "MB")


if __name__ == "__main__":
    main()
