"""Counter answers, ballots and proposals' drafts while the server is killed: the last one acknowledged stands, whole.

`python -m tests.soak.desk_kills [--each 400] [--kills 5]`: four senders of each kind, each sending until acknowledged.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import msgspec
from sqlalchemy import select

from sync_server.clock import now
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import consortium
from sync_server.database.queries import survey as survey_queries
from sync_server.people import sessions
from sync_server.people.secret import secret_hash
from sync_server.routes.gate import SESSION_COOKIE
from sync_server.survey.counters import set_counter
from tests.bench.client import Connection
from tests.soak.kills import Restarted
from tests.sync_server.consortium.consortium_kit import add_consortium, speaks_for
from tests.sync_server.season_kit import TOKEN, device_id
from tests.sync_server.survey.survey_kit import TYPED, add_survey

COMPANY = "supermarkets-a"
VISIT = "a" * 43
FORM = "application/x-www-form-urlencoded"
TYPISTS = [f"{number:024d}" for number in range(4)]  # each by the code of its own draft
DAYS = timedelta(days=7)


@dataclass
class Acknowledged:
    """What was acknowledged: answers by id, the last ballot of each member, the last words of each draft."""

    answers: set[str] = field(default_factory=set)
    ballots: dict[str, list[int]] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    cut: int = 0


class Senders:
    """Everybody who sends, until each has had `each` acknowledged."""

    def __init__(self, url: str, each: int, members: dict[str, tuple[str, str]]) -> None:
        self.told = Acknowledged()
        self._url, self._each, self._members = url, each, members
        self._chance = random.Random(each)

    async def run(self) -> None:
        """Send it all."""
        async with asyncio.TaskGroup() as group:
            for code in TYPISTS:
                group.create_task(self._counter())
                group.create_task(self._typist(code))
            for member in self._members:
                group.create_task(self._member(member))

    async def _counter(self) -> None:
        for _ in range(self._each):
            ident = str(uuid.uuid4())
            body = msgspec.json.encode({"company": COMPANY, "answers": TYPED, "answered_at": now()})
            await self._sent(("PUT", f"/api/v1/counter-answers/{ident}"), body, "application/json", "")
            self.told.answers.add(ident)

    async def _member(self, member: str) -> None:
        secret, csrf = self._members[member]
        for _ in range(self._each):
            chosen = sorted(self._chance.sample(range(1, 7), 4))
            body = urlencode({"csrf": csrf, "topic": chosen}, doseq=True).encode()
            await self._sent(("POST", "/consortium/ballots/1"), body, FORM, f"{SESSION_COOKIE}={secret}")
            self.told.ballots[member] = chosen

    async def _typist(self, code: str) -> None:
        for number in range(self._each):
            words = f"想到第{number}項"
            body = urlencode({"csrf": VISIT, "code": code, "goals": words}).encode()
            await self._sent(("POST", "/proposal/draft"), body, FORM, f"visit={VISIT}")
            self.told.drafts[code] = words

    async def _sent(self, door: tuple[str, str], body: bytes, content_type: str, cookie: str) -> None:
        headers = {"Content-Type": content_type} | ({"Cookie": cookie} if cookie else {})
        with contextlib.closing(Connection(self._url, "" if cookie else TOKEN, timeout_s=20)) as connection:
            for _ in range(600):
                try:
                    answer = await connection.call(*door, body, headers)
                except (OSError, asyncio.IncompleteReadError, TimeoutError):
                    self.told.cut += 1
                else:
                    if answer.status in (200, 303):
                        return
                    assert answer.status == 503, (door, answer.status, answer.body[:300])
                await asyncio.sleep(0.1)
        raise AssertionError(f"{door}: not acknowledged")


def _set_up(database: Database) -> dict[str, tuple[str, str]]:
    """A survey with a phone at a counter, a vote of two members; return each member's session and its form token."""
    with database.transaction() as db:
        add_survey(db)
        set_counter(db, device_id(TOKEN), COMPANY, now() - timedelta(minutes=1))
        add_consortium(db)
        office = speaks_for(db, "harbour", "starter")
        consortium.add_ballot(db, now() - timedelta(days=1), now() + timedelta(days=1), office, now())
        for number in range(6):
            title = {"en": f"Topic {number}", "zh-Hant": f"題目{number}"}
            consortium.add_topic(db, 1, title, None, by=office, now=now())
        members = {}
        for name in ("harbour", "lotus"):
            secret = sessions.open_session(db, speaks_for(db, name), now(), lasts=DAYS)
            session = sessions.find_session(db, secret, now())
            assert session is not None
            members[name] = (secret, session.csrf)
        return members


def check(database: Database, told: Acknowledged) -> None:
    """Raise AssertionError unless what is kept is exactly what was acknowledged, and whole."""
    d = tables.proposal_drafts.c
    with database.reading() as db:
        kept = [row[0] for row in db.execute(select(tables.survey_answers.c.id))]
        tallied = survey_queries.tallies_of(db, 2021)[COMPANY].n
        votes = {row.organisation: list(row.topics) for row in consortium.vote_rows(db, 1)}
        codes = {secret_hash(code): code for code in TYPISTS}
        drafts = {row[0]: row[1]["goals"] for row in db.execute(select(d.hand_in_id, d.body))}
        of = tables.hand_ins.c
        owners = {row[0]: codes[row[1]] for row in db.execute(select(of.id, of.code_hash)) if row[1] in codes}
    assert sorted(kept) == sorted(told.answers), "an answer is lost, doubled, or kept without being acknowledged"
    assert tallied == len(kept), "the sums say another number"
    assert votes == told.ballots, "a ballot is lost or half there"
    assert {owners[name]: words for name, words in drafts.items() if name in owners} == told.drafts, "a draft is lost"


async def _together(senders: Senders, server: Restarted, kills: int) -> None:
    async def killing() -> None:
        chance = random.Random(13)
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.1, 0.6))
            await asyncio.to_thread(server.kill_and_start)

    async with asyncio.timeout(900), asyncio.TaskGroup() as group:
        group.create_task(senders.run())
        group.create_task(killing())


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    # In memory where the tests are: processes are killed, never the machine.
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        yield Path(folder)


def run(each: int, kills: int) -> Acknowledged:
    """One run; raises AssertionError when anything was lost, doubled or half done."""
    with _folder() as folder, contextlib.ExitStack() as stopping:
        server = Restarted(folder, [])
        stopping.callback(server.kill)
        with contextlib.closing(Database(f"sqlite:///{next(folder.rglob('*.sqlite3'))}")) as database:
            senders = Senders(server.url, each, _set_up(database))
            asyncio.run(_together(senders, server, kills))
            server.stop()
            check(database, senders.told)
        return senders.told


def main() -> None:
    """Run it and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=400)
    parser.add_argument("--kills", type=int, default=5)
    asked = parser.parse_args()
    told = run(asked.each, asked.kills)
    print(
        f"{len(told.answers)} counter answers, {2 * asked.each} ballots, {4 * asked.each} drafts acknowledged, "
        f"{told.cut} requests cut by {asked.kills} kills: none lost, none doubled, none half done"
    )


if __name__ == "__main__":
    main()
