"""WRK: work that follows from arrivals, done once. Ids are those in sync_server/jobs/worker.py."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from sync_server.app import STANDINGS_REST
from sync_server.clock import now
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import jobs
from sync_server.database.queries.media import MediaRow, add_media
from sync_server.database.writer import DatabaseAwayError, TooBusyError, Writer
from sync_server.evidence.arrivals import note_arrival
from sync_server.jobs.worker import AT_ONCE, LONGEST_REST_S, MOST_TRIES, Worker, at_once, rest_s
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.uploading import sha


@pytest.fixture
def worker(database):
    writer = Writer(database)
    writer.start()
    made = []
    yield (
        made,
        lambda give_up=None, **kinds: made.append(Worker(database, writer, now, kinds, give_up=give_up)) or made[-1],
    )
    writer.close()


def ask(database, *names, due_at=None):
    with database.transaction() as db:
        jobs.ask_for(db, [jobs.Job(*name.split("/")) for name in names], due_at or now())


@pytest.mark.parametrize("is_cut", [False, True], ids=["committed", "cut short"])
def test_a_file_and_the_job_it_needs_are_kept_together_or_not_at_all(database, is_cut):
    """WRK-1"""
    with suppress(ConnectionError), database.transaction() as db:
        note_arrival(db, MediaRow(sha(b"photo"), 5, "image/jpeg", now(), "a-phone"))
        if is_cut:
            raise ConnectionError
    with database.reading() as db:
        files, wanted = db.execute(tables.media.select()).all(), db.execute(tables.jobs.select()).all()
    assert (len(files), len(wanted)) == ((0, 0) if is_cut else (1, 1))


def test_a_job_is_done_once_and_forgotten(database, worker):
    """WRK-2: one process takes it, the other finds nothing."""
    done = []
    _, make = worker
    ask(database, "count/1", "count/2", "later/1")
    ask(database, "count/1")
    one, two = make(count=done.append), make(count=done.append)
    assert one.do_due() + two.do_due() == 2
    assert sorted(done) == ["1", "2"]
    assert one.do_due() == 0


def test_a_job_asked_for_while_it_is_done_is_done_again(database, worker):
    """WRK-3"""
    done = []
    _, make = worker

    def count(subject):
        done.append(subject)
        if len(done) == 1:
            ask(database, "count/1")

    ask(database, "count/1")
    one = make(count=count)
    assert (one.do_due(), one.do_due(), one.do_due()) == (1, 1, 0)


def test_a_job_that_fails_waits_and_says_why(database, worker):
    """WRK-4"""
    _, make = worker

    def fail(_subject):
        raise ZeroDivisionError

    ask(database, "fail/1")
    one = make(fail=fail)
    assert (one.do_due(), one.do_due()) == (1, 0)
    with database.reading() as db:
        row = db.execute(tables.jobs.select()).one()
    assert (row.problem, row.tries, row.taken_by) == ("ZeroDivisionError", 1, None)
    assert row.due_at > now() + timedelta(seconds=5)


def test_a_job_of_a_process_that_died_is_taken_after_its_lease(database, worker):
    """WRK-2"""
    done = []
    _, make = worker
    ask(database, "count/1", due_at=now() - timedelta(hours=1))
    with database.transaction() as db:
        past = now() - timedelta(minutes=20)
        jobs.take_due(db, ["count"], taken_by="dead", now=past, until=past + timedelta(minutes=15), limit=5)
    assert make(count=done.append).do_due() == 1


def test_what_was_taken_before_a_power_cut_waits_for_no_lease(tmp_path):
    """WRK-9"""
    config = Config(data_dir=tmp_path)
    set_season_up(config)
    database = Database(config.database)
    ask(database, "release/rounds", due_at=now() - timedelta(hours=1))
    with database.transaction() as db:
        jobs.take_due(db, ["release"], taken_by="dead", now=now(), until=now() + timedelta(minutes=15), limit=5)
    for server in run_server(config):
        with server.services.database.reading() as db:
            taken = db.execute(select(tables.jobs.c.taken_by).where(tables.jobs.c.taken_by == "dead")).all()
    assert taken == []


@pytest.mark.parametrize("passing", [DatabaseAwayError, TooBusyError])
def test_a_process_goes_on_at_once_with_what_it_took_when_the_database_is_back(database, worker, passing):
    """WRK-5"""
    done = []
    _, make = worker

    def count(subject):
        done.append(subject)
        if len(done) == 1:
            raise passing

    ask(database, "count/1", "count/2")
    one, two = make(count=count), make(count=done.append)
    with pytest.raises(passing):
        one.do_due()
    assert two.do_due() == 0
    assert one.do_due() == 2
    assert sorted(done) == ["1", "1", "2"]
    assert one.do_due() == 0


def ends_its_process(database, times):
    """Take what is due as a process that dies over it, its lease over since."""
    for _ in range(times):
        past = now() - timedelta(minutes=20)
        with database.transaction() as db:
            assert len(jobs.take_due(db, ["crash"], taken_by=f"dead {_}", now=past, until=past, limit=1)) == 1


@pytest.mark.parametrize(
    ("crashes", "done", "given_up"),
    [
        pytest.param(0, ["1"], [], id="WRK-6 the first try"),
        pytest.param(MOST_TRIES - 1, ["1"], [], id="WRK-6 the last one"),
        pytest.param(MOST_TRIES, [], ["1"], id="WRK-6 no fourth"),
    ],
)
def test_a_job_that_ends_its_process_is_given_up(database, worker, crashes, done, given_up):
    _, make = worker
    did, gave_up = [], []
    ask(database, "crash/1", due_at=now() - timedelta(hours=1))
    ends_its_process(database, crashes)
    one = make(crash=did.append, give_up={"crash": gave_up.append})
    assert (one.do_due(), one.do_due()) == (1, 0)
    assert (did, gave_up) == (done, given_up)


def test_a_job_that_nobody_can_give_up_is_tried_for_ever(database, worker):
    """WRK-6"""
    _, make = worker
    did = []
    ask(database, "crash/1", due_at=now() - timedelta(hours=1))
    ends_its_process(database, 9)
    assert make(crash=did.append).do_due() == 1
    assert did == ["1"]


def test_no_job_is_counted_for_anothers_fault(database, worker):
    """WRK-6: what can be given up is taken alone; what waits beside it has no try."""
    _, make = worker
    ask(database, "crash/1", due_at=now() - timedelta(hours=1))
    ask(database, "crash/2")
    seen = []

    def look(_subject):
        with database.reading() as db:
            seen.append([row.tries for row in db.execute(tables.jobs.select().order_by(tables.jobs.c.name))])

    assert make(crash=look, give_up={"crash": look}).do_due() == 1
    assert seen == [[1, 0]]


def test_a_database_that_went_away_is_no_try(database, worker):
    """WRK-5, WRK-6"""
    _, make = worker
    did, gave_up = [], []

    def work(subject):
        did.append(subject)
        if len(did) <= MOST_TRIES + 1:
            raise DatabaseAwayError

    ask(database, "crash/1")
    one = make(crash=work, give_up={"crash": gave_up.append})
    for _ in range(MOST_TRIES + 1):
        with pytest.raises(DatabaseAwayError):
            one.do_due()
    assert one.do_due() == 1
    assert (len(did), gave_up) == (MOST_TRIES + 2, [])


@pytest.mark.parametrize(
    ("worked_s", "devices_wait", "rests_s"),
    [
        pytest.param(0.1, False, 0.3, id="WRK-7 three times as long"),
        pytest.param(0.1, True, 1.2, id="WRK-7 longer while devices wait"),
        pytest.param(80, True, LONGEST_REST_S, id="WRK-7 a few seconds at most"),
    ],
)
def test_the_worker_rests_after_a_job(worked_s, devices_wait, rests_s):
    assert rest_s(worked_s, devices_wait=devices_wait) == pytest.approx(rests_s)


@pytest.fixture
def batches(database):
    """A worker that keeps, in one call, a file for each subject; and the calls it was given.

    It has done one, so that it knows how long they take.
    """
    writer, calls = Writer(database), []
    writer.start()

    def keep_all(subjects):
        calls.append(sorted(subjects))

        def write(db):
            for subject in (each for each in subjects if each != "first"):
                add_media(db, MediaRow(sha(subject.encode()), 5, "image/jpeg", now()))
                if subject == "bad":
                    raise ZeroDivisionError

        return write

    one = Worker(database, writer, now, {}, together={"keep": keep_all})
    ask(database, "keep/first")
    one.do_due()
    calls.clear()
    yield one, calls
    writer.close()


def kept_and_wanted(database):
    with database.reading() as db:
        kept = set(db.execute(tables.media.select()).scalars())
        return kept, {row.name: row.problem for row in db.execute(tables.jobs.select())}


def test_jobs_of_a_kind_that_is_done_together_end_with_what_came_of_them(database, batches):
    """WRK-8"""
    one, calls = batches
    ask(database, "keep/a", "keep/b", "other/c")
    assert (one.do_due(), one.do_due(), calls) == (2, 0, [["a", "b"]])
    assert kept_and_wanted(database) == ({sha(b"a"), sha(b"b")}, {"other/c": ""})


def test_one_that_fails_among_them_waits_and_the_others_are_done(database, batches):
    """WRK-4, WRK-8: nothing of what failed is kept."""
    one, calls = batches
    ask(database, "keep/a", "keep/bad", "keep/c")
    one.do_due()
    assert calls == [["a", "bad", "c"], ["a"], ["bad"], ["c"]]
    assert kept_and_wanted(database) == ({sha(b"a"), sha(b"c")}, {"keep/bad": "ZeroDivisionError"})


@pytest.mark.parametrize(
    ("writes", "together"),
    [
        pytest.param(AT_ONCE, [["a", "b", "c"]], id="WRK-8 together"),
        pytest.param(AT_ONCE + 1, [["a"], ["b", "c"]], id="WRK-7 the first alone: it tells how long the others take"),
    ],
)
def test_after_many_writes_the_first_of_several_is_done_alone(database, writes, together):
    writer, calls = Writer(database), []
    writer.start()

    async def write():
        await asyncio.gather(*(writer.run(lambda _db: None) for _ in range(writes)))

    def keep_all(subjects):
        calls.append(sorted(subjects))
        return lambda _db: None

    one = Worker(database, writer, now, {}, together={"keep": keep_all})
    ask(database, "keep/first", "keep/second")
    one.do_due()
    asyncio.run(write())
    ask(database, "keep/a", "keep/b", "keep/c")
    one.do_due()
    writer.close()
    assert calls == [["first"], ["second"], *together]


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(timedelta(seconds=1), id="WRK-3 later"),
        pytest.param(timedelta(), id="WRK-3 by a clock that stands still"),
        pytest.param(timedelta(seconds=-1), id="WRK-3 by a clock put back"),
    ],
)
def test_one_asked_for_meanwhile_is_done_again_alone(database, batches, later):
    """WRK-3, WRK-8"""
    one, calls = batches
    at = now() - timedelta(minutes=1)
    with database.transaction() as db:
        jobs.ask_for(db, [jobs.Job("keep", "a"), jobs.Job("keep", "b")], at)
        due = jobs.take_due(db, ["keep"], taken_by="other", now=now(), until=now(), limit=5)
        jobs.ask_for(db, [jobs.Job("keep", "a")], at + later)
        jobs.finish(db, due)
    assert (one.do_due(), calls) == (1, [["a"]])


def test_standings_rest_longer_than_other_work_while_devices_wait_and_never_longer_than_seconds():
    """WRK-7"""
    rests = [rest_s(worked_s, devices_wait=True, rests=STANDINGS_REST) for worked_s in (0.02, 80)]
    assert rests == pytest.approx([0.6, LONGEST_REST_S])
    assert rest_s(0.02, devices_wait=False, rests=STANDINGS_REST) == rest_s(0.02, devices_wait=False)


@pytest.mark.parametrize(
    ("each_s", "many"),
    [
        pytest.param(0.0, 20, id="WRK-7 quick ones, as many as are taken"),
        pytest.param(0.02, 5, id="WRK-7 slower ones, fewer"),
        pytest.param(9.0, 1, id="WRK-7 a very slow one, alone"),
    ],
)
def test_so_many_are_done_together_that_a_rest_keeps_its_share(each_s: float, many: int):
    assert at_once(each_s, STANDINGS_REST) == many
