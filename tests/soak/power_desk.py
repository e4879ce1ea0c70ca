"""The power is cut while something is published: a signature that releases a round, a dispute's decision, its copy,
rules that are proposed, letters.

After each cut, what was answered is there; the rest is there whole or not at all, and the next start does it to its
end: a round is out with two names or not, a decision has its correction and its line in the log, a copy unpacks to its
digest, a proposal has its lines and figures, each letter leaves, at most one of them twice. As `power`, it needs Linux
and a C compiler. `python -m tests.soak.power_desk [--rounds 5]`
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
from sqlalchemy import Connection, select

from sync_server import clock
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.database.queries.letters import NewLetter, add_letter
from sync_server.people import sessions
from sync_server.post.outbox import note_mail_server
from sync_server.publication import closing, frozen
from sync_server.publication.disputes import open_dispute
from sync_server.publication.packed import inflated
from sync_server.review.outcome import By
from sync_server.routes.gate import SESSION_COOKIE
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import release_due
from sync_server.season.rule_changes import freeze_opened, set_release_moments
from tests.bench.running import start
from tests.soak.disk import build_shim, environment
from tests.soak.power import rebuild
from tests.sync_server.closed_season import ENTRIES, a_round_that_ended, add_calls, closed, signed
from tests.sync_server.finished_season import MOMENTS
from tests.sync_server.mail_server import Taken, mail_server

LETTERS = 12
KEY = ("harbour-ferry", "phone_in")
WHY = "The phones' calls are of one day."
PATIENCE_S = 60
PROPOSED = {"changes": "cap.assessment=50", "reason": "Agreed.", "about-round-1": "yes"}
EFFECTS = re.compile(r'name="effects" value="(\w+)"')


class Person(NamedTuple):
    """Somebody with an open session."""

    cookie: str
    csrf: str


class Desk(NamedTuple):
    """What waits to be published, and who does it."""

    signer: Person
    digest: str
    dispute: int


def prepare(db: Connection) -> Desk:
    """Round 1 is out, with a dispute; round 2 has one of its two signatures, its moment is over; letters wait."""
    now = clock.now()
    people = [one._replace(now=now) for one in a_round_that_ended(db)]
    confirm_clock(db, now)
    freeze_opened(db, now, now)
    for by in people:
        add_declaration(db, by.user_id, Declaration((), None, now))
    signed(db, closed(db, people[0], reason=WHY), *people)
    add_calls(db, 2, round_number=2)
    for key in ENTRIES:
        for by in people:
            closing.explain_shortfall(db, 2, key, reason="A small season.", by=by)
    set_release_moments(db, {each: MOMENTS[each] for each in (1, 2)}, created_by="admin", now=now)
    assert release_due(db, now, now) == [1]
    copy = signed(db, closed(db, people[0], "round-2", reason=WHY), people[0])
    visit = db.execute(select(tables.assessments.c.id).where(tables.assessments.c.round == 1)).scalars().first()
    number = open_dispute(db, KEY, 1, str(visit), question="PE1", words="It was restated.", by=people[1])
    note_mail_server(db, now, is_there=True)
    for each in range(LETTERS):
        address = f"lead-{each:02}@example.org"
        add_letter(db, NewLetter(f"letter-{each:02}", "reminder", "r", "Lead", address, "", "", "Out", "Out."), now)
    return Desk(_signed_in(db, people[1]), copy.digest, number)


def _signed_in(db: Connection, by: By) -> Person:
    secret = sessions.open_session(db, by.user_id, by.now, lasts=timedelta(hours=2))
    session = sessions.find_session(db, secret, by.now)
    assert session is not None
    return Person(secret, session.csrf)


def publish(url: str, desk: Desk, answered: set[str], was_begun: Callable[[], None], *, rules_first: bool) -> None:
    """Do what is to be done at the desk until the server is gone; what was answered is put down."""
    decision = {"outcome": "corrected", "answer": "4", "reason": "Heard again."}
    acts = {
        "dispute": (f"/disputes/{desk.dispute}/decide", decision),
        "signature": ("/release/round-2/sign", {"digest": desk.digest}),
        "copy": ("/release/round-1/close", {"reason": "A dispute."}),  # what it corrected
    }
    proposal = {"proposal": ("/rules", PROPOSED)}
    acts = proposal | acts if rules_first else acts | proposal
    cookies = {SESSION_COOKIE: desk.signer.cookie}
    with httpx.Client(base_url=url, cookies=cookies, headers={"Accept": "text/html"}, timeout=30) as client:
        was_begun()
        with suppress(httpx.TransportError):
            for name, (path, fields) in acts.items():
                data = {"csrf": desk.signer.csrf, **fields}
                answer = client.post(path, data=data)
                shown = EFFECTS.search(answer.text)
                if name == "proposal" and shown:  # it names the figures that it was shown to change
                    answer = client.post(path, data=data | {"effects": shown[1]})
                if answer.status_code != 303:
                    raise AssertionError(f"{path}: {answer.status_code} {answer.text[-2000:]}")
                answered.add(name)


class Found(NamedTuple):
    """What was on the disk after a cut."""

    decided: bool
    signed: bool
    copied: bool
    proposed: bool


def check(cut: Path, desk: Desk, answered: set[str]) -> Found:
    """Look at the disk after the cut."""
    with sqlite3.connect(cut / "sync.sqlite3") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)

        def count(sql: str, *values: object) -> int:
            return int(db.execute(f"SELECT count(*) FROM {sql}", values).fetchone()[0])

        decided = count("disputes WHERE id = ? AND outcome IS NOT NULL", desk.dispute)
        assert decided == count("corrections") == count("audit_log WHERE action = 'dispute-decided'"), "half decided"
        names = count("signatures WHERE publication_id = 'round-2-1'")
        assert names - 1 == count("audit_log WHERE action = 'copy-signed'"), "half signed"
        out = count("releases WHERE round = 2")
        assert out == count("audit_log WHERE action = 'round-released' AND subject_id = '2'"), "half released"
        assert names == 2 or not out, "released with one name"
        copies = db.execute("SELECT digest, body FROM publications").fetchall()
        assert all(frozen.digest_of(inflated(body)) == digest for digest, body in copies), "a copy is torn"
        assert len(copies) == 2 + count("audit_log WHERE action = 'round-closed'"), "half closed"
        proposals = db.execute("SELECT lines, effects FROM proposed_rules").fetchall()
        assert len(proposals) == count("audit_log WHERE action = 'rules-proposed'"), "half proposed"
        assert all(json.loads(lines) == [PROPOSED["changes"]] and json.loads(effects) for lines, effects in proposals)
    assert "dispute" not in answered or decided, "an answered decision is gone"
    assert "signature" not in answered or names == 2, "an answered signature is gone"
    assert "copy" not in answered or len(copies) == 3, "an answered copy is gone"
    assert "proposal" not in answered or proposals, "an answered proposal is gone"
    return Found(decided=bool(decided), signed=names == 2, copied=len(copies) > 2, proposed=bool(proposals))


def go_on(cut: Path, taken: Taken, *, is_signed: bool) -> None:
    """Start the server again on what is left: the letters leave, and a round that was signed is out."""
    server = start(cut, "--smtp", taken.url)
    try:
        begun = time.monotonic()
        while not _is_done(cut, is_signed=is_signed):
            assert time.monotonic() < begun + PATIENCE_S, "the work was not done to its end after the cut"
            time.sleep(0.05)  # it is done by jobs of another process
    finally:
        server.stop()


def _is_done(cut: Path, *, is_signed: bool) -> bool:
    with sqlite3.connect(cut / "sync.sqlite3") as db:
        (waiting,) = db.execute("SELECT count(*) FROM letters WHERE sent_at IS NULL").fetchone()
        (out,) = db.execute("SELECT count(*) FROM releases WHERE round = 2").fetchone()
    return not waiting and bool(out) == is_signed


def run(rounds: int, seconds: float = 1.0) -> Counter[str]:
    """Cut the power `rounds` times; return what was found, or raise AssertionError."""
    chance, found = random.Random(5), Counter[str]()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shim = build_shim(folder)
        database = Database(f"sqlite:///{folder / 'prepared.sqlite3'}")
        upgrade(database)
        with database.transaction() as db:
            desk = prepare(db)
        database.close()
        for number in range(rounds):
            data, mirror, cut = folder / f"data-{number}", folder / f"mirror-{number}", folder / f"cut-{number}"
            data.mkdir()
            mirror.mkdir()
            kept = data / "sync.sqlite3"
            shutil.copyfile(folder / "prepared.sqlite3", kept)
            shutil.copyfile(kept, mirror / f"file-{kept.stat().st_ino}")  # the disk had it before
            answered, begun = set[str](), threading.Event()
            with mail_server() as taken:
                server = start(data, "--smtp", taken.url, env=environment(shim, MIRROR=str(mirror)))
                working = threading.Thread(
                    target=publish,
                    args=(server.url, desk, answered, begun.set),
                    kwargs={"rules_first": chance.random() < 0.5},
                )
                working.start()
                begun.wait()
                time.sleep(chance.uniform(0, 1) * seconds)
                server.kill()
                working.join()
                rebuild(mirror, data, cut)
                on_disk = check(cut, desk, answered)
                go_on(cut, taken, is_signed=on_disk.signed)
            came = Counter(str(letter["To"]) for letter in taken.letters)
            assert len(came) == LETTERS, "a letter is lost"
            assert sum(came.values()) <= LETTERS + 1, "more than one letter left twice"
            assert len({str(letter["Message-ID"]) for letter in taken.letters}) == LETTERS
            found.update(on_disk._asdict(), answered=len(answered), twice=len(taken.letters) - LETTERS)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    found = run(asked.rounds)
    print(
        f"{asked.rounds} power cuts: {found['answered']} acts answered, {found['decided']} disputes decided and"
        f" {found['signed']} rounds signed, {found['copied']} copies taken and {found['proposed']} rules proposed on"
        f" the disk, each whole; every letter left, {found['twice']} twice"
    )


if __name__ == "__main__":
    main()
