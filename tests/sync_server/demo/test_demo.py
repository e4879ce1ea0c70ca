"""`sync-server demo`: SEED ids are those in sync_server/demo/seeded_folder.py, ROTA in rota.py, CAL in calendar.py."""

from __future__ import annotations

import json
import re
import stat
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from checklists.score.double_scoring import DoubleScore
from sync_server.database.engine import Database
from sync_server.database.queries.award_rows import BESIDE, of_award
from sync_server.database.queries.second_scores import countable
from sync_server.database.tables import assessments, assignments, entrants, entries, media_links, users
from sync_server.demo import calendar
from sync_server.review.outcome import current_assessment
from sync_server.review.second_scores import Pair, apart, pair_of
from sync_server.review.settling import waiting
from tests.building import app_folder
from tests.sync_server import command_line
from tests.sync_server.command_line import Command, until

CHANNELS = {"phone_in", "onsite", "online", "face_to_face"}


class Started(NamedTuple):
    command: Command
    data: Path
    told: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.told["url"])

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        database = Database(f"sqlite:///{self.data / 'sync.sqlite3'}")
        with database.reading() as db:
            yield db
        database.close()


@pytest.fixture(scope="module")
def app_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the app is built already: the one the journeys build."""
    return app_folder(tmp_path_factory.mktemp("app"))


def start(data: Path, app_dir: Path) -> Started:
    command = Command(
        "demo", "--small", "--port", "0", "--data", str(data), environment={"SYNC_SERVER_APP_DIR": str(app_dir)}
    )
    command.wait_for("Ready")
    return Started(command, data, json.loads((data / "demo.json").read_text()))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, app_dir: Path) -> Iterator[Started]:
    """One demo for all tests that only look."""
    started = start(tmp_path_factory.mktemp("demo"), app_dir)
    yield started
    started.command.stop()


def enrol(url: str, code: str) -> dict[str, str]:
    """The header of a phone that enrolled with `code`."""
    device = {"id": str(uuid.uuid4()), "name": "A test phone"}
    answer = httpx.post(f"{url}/api/v1/enrol", json={"code": code, "device": device})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def changes(url: str, phone: dict[str, str]) -> list[dict[str, Any]]:
    answer = httpx.get(f"{url}/api/v1/changes", headers=phone)
    assert answer.status_code == 200, answer.text
    assert not answer.json()["more"]
    return list(answer.json()["changes"])


def sign_in(told: dict[str, Any]) -> httpx.Client:
    """A browser in which the coordinator is signed in."""
    browser = httpx.Client(base_url=told["url"], follow_redirects=True, headers={"Accept": "text/html"}, timeout=30)
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/sign-in").text)
    assert token is not None
    coordinator = told["coordinator"]
    answer = browser.post("/sign-in", data={**coordinator, "csrf": token[1]})
    assert answer.status_code == 200, answer.text
    return browser


def test_demo_json_says_how_to_get_in_and_only_its_owner_reads_it(demo: Started) -> None:
    assert set(demo.told) >= {"url", "app_url", "coordinator", "enrolment_codes"}
    assert demo.told["app_url"] == f"{demo.url}/app/"
    assert set(demo.told["coordinator"]) == {"username", "password"}
    assert len(set(demo.told["enrolment_codes"])) >= 3
    assert stat.S_IMODE((demo.data / "demo.json").stat().st_mode) == 0o600


def test_the_terminal_shows_addresses_password_link_and_qr_code(demo: Started) -> None:
    shown = "\n".join(demo.command.lines)
    assert demo.told["coordinator"]["password"] in shown
    assert f"{demo.url}/app/#/enrol?code={demo.told['enrolment_codes'][0]}" in shown
    assert "▄▄▄▄▄" in shown


@pytest.mark.parametrize("path", ["/healthz", "/app/", "/app/sw.js", "/app/files.json", "/sign-in"])
def test_it_answers(demo: Started, path: str) -> None:
    assert httpx.get(f"{demo.url}{path}").status_code == 200


def test_rota_2_every_code_finds_visits_of_all_four_channels_due_now(demo: Started) -> None:
    now = datetime.now(UTC)
    for code in demo.told["enrolment_codes"][:3]:
        told = changes(demo.url, enrol(demo.url, code))
        due = [change["body"] for change in told if change["kind"] == "assignment"]
        assert {visit["channel"] for visit in due} == CHANNELS
        assert all(datetime.fromisoformat(visit["due_from"]) <= now for visit in due)
        assert all(now < datetime.fromisoformat(visit["due_until"]) for visit in due)
        assert all(visit["scenario"]["stop_rules"] and visit["filed_faqs"] and visit["contact_points"] for visit in due)
        assert {change["id"] for change in told if change["kind"] == "form"} >= {visit["form"] for visit in due}
        assert [change["id"] for change in told if change["kind"] == "programme"] == ["mystery_caller_2021"]


def test_the_season_is_large_enough_to_believe(demo: Started) -> None:
    with demo.reading() as db:
        own = select(entries.c.entrant_id).where(of_award(entries))
        industries = Counter(db.execute(select(entrants.c.industry).where(entrants.c.id.in_(own))).scalars())
        channels = set(db.execute(select(entries.c.channel).where(of_award(entries))).scalars())
        names = db.execute(select(entrants.c.name)).scalars().all()
    assert sum(industries.values()) >= 9
    assert [count >= 4 for count in industries.values()] == [True] * 3  # enough for an industry award (R14)
    assert channels == CHANNELS
    assert all(name["en"] != name["zh-Hant"] for name in names)


def test_seed_2_what_came_in_is_scored_and_has_its_photos_and_sound(demo: Started) -> None:
    with demo.reading() as db:
        rows = db.execute(select(assessments)).all()
        kinds = set(db.execute(select(media_links.c.kind)).scalars())
        open_until = {row.id: row.due_until for row in db.execute(select(assignments.c.id, assignments.c.due_until))}
    scored = [row for row in rows if row.base is not None]
    assert {row.channel for row in scored} == CHANNELS
    assert {row.round for row in rows} == {1, 2, BESIDE}
    assert {row.contact for row in rows} == {"connected", "unreachable", "void"}
    assert kinds == {"photo", "audio_note"}
    assert all(row.files_held == row.files_named for row in rows)
    assert not any(row.clock_wrong for row in rows)
    assert all(row.finished_at < open_until[row.assignment_id] for row in rows if row.channel == "phone_in")


def test_dtw_2_round_1_is_scored_twice_and_settled_dtw_3_round_2_has_a_gap_of_each_kind(demo: Started) -> None:
    """DTW-1: everybody but the reviewer, who has looked at every visit, scored."""
    with demo.reading() as db:
        assert (apart(db, 1), waiting(db, 1)) == ([], [])
        steps = [pair.settled.step for pair in _pairs(db, 2)]
        assert {step: steps.count(step) for step in DoubleScore if step is not DoubleScore.AGREED} == {
            DoubleScore.THIRD_ASSESSOR: 1, DoubleScore.SCORE_AGAIN: 1, DoubleScore.MEDIAN: 1,
        }  # fmt: skip
        assert DoubleScore.AGREED in steps


def _pairs(db: Connection, number: int) -> list[Pair]:
    found = (pair_of(db, current_assessment(db, visit.id)) for visit in countable(db, number))
    return [pair for pair in found if pair is not None]


def test_the_coordinator_signs_in_and_sees_them(demo: Started) -> None:
    browser = sign_in(demo.told)
    page = browser.get("/assessments")
    browser.close()
    assert page.status_code == 200
    assert "Jade Peak Mobile" in page.text


@pytest.fixture(scope="module")
def cut_short(tmp_path_factory: pytest.TempPathFactory, app_dir: Path) -> Path:
    """A data folder whose first start was killed while the season's visits were coming in."""
    data = tmp_path_factory.mktemp("cut-short")
    command = Command(
        "demo", "--small", "--port", "0", "--data", str(data), environment={"SYNC_SERVER_APP_DIR": str(app_dir)}
    )
    command.wait_for("Preparing the season")
    until(lambda: command.process.poll() is not None or _has_begun(Started(command, data, {})))
    command.kill()
    assert not (data / "demo.json").exists()
    command.close()
    return data


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("/consortium", "2 topics share the last place", id="a vote of the consortium with a tie"),
        pytest.param("/findings", "What callers wait for", id="a finding that is out"),
        pytest.param("/customer-index", "Lotus Market", id="the index of last year"),
        pytest.param("/proposals", "of 70", id="proposals that a judge marked"),
        pytest.param("/enrolments", "Bamboo Grove Clinic", id="OFC-2 an enrolment that was sent back"),
        pytest.param("/enrolments", "Cloud Ladder Travel", id="DEN-1 enrolments that were accepted"),
        pytest.param(
            "/grouping", "Guests are served at their tables", id="DEN-2 a group that was not the one proposed"
        ),
        pytest.param("/faqs", "Waits for you", id="OFC-2 FAQs to be decided"),
        pytest.param("/money", "2 organisations are to be chased", id="OFC-1 bills, paid and overdue"),
        pytest.param("/records/suspensions", "A new telephone switch", id="an outage that is announced"),
        pytest.param("/assessors", "all channels", id="certificates of assessors"),
    ],
)
def test_each_programme_has_something_to_look_at(demo: Started, path: str, words: str) -> None:
    browser = sign_in(demo.told)
    page = browser.get(path)
    browser.close()
    assert words in page.text


def test_seed_1_a_killed_demo_goes_on_where_it_was(cut_short: Path, app_dir: Path, demo: Started) -> None:
    first = start(cut_short, app_dir)
    phone = enrol(first.url, first.told["enrolment_codes"][0])
    seen = {change["id"] for change in changes(first.url, phone)}
    came_in = sent(first)
    first.command.kill()

    again = start(cut_short, app_dir)
    try:
        assert (came_in, sent(again)) == (sent(demo), sent(demo))  # nothing is lost, nothing comes in twice
        assert {change["id"] for change in changes(again.url, phone)} == seen  # the token stays valid
        assert not set(again.told["enrolment_codes"]) & set(first.told["enrolment_codes"])
        assert again.told["coordinator"] == first.told["coordinator"]
        fresh = changes(again.url, enrol(again.url, again.told["enrolment_codes"][-1]))
        assert {change["body"]["channel"] for change in fresh if change["kind"] == "assignment"} == CHANNELS
    finally:
        again.command.stop()


def _has_begun(started: Started) -> bool:
    if not (started.data / "sync.sqlite3").exists():
        return False
    try:
        return sent(started)[0] > 10
    except OperationalError as error:
        if "no such table" in str(error) or "locked" in str(error):
            return False
        raise


def sent(started: Started) -> tuple[int, int]:
    """How many assessments and files are held."""
    with started.reading() as db:
        return (
            db.execute(select(func.count()).select_from(assessments)).scalar_one(),
            db.execute(select(func.count()).select_from(media_links)).scalar_one(),
        )


def test_seed_3_a_real_season_only_gets_codes_and_accounts(tmp_path: Path, app_dir: Path) -> None:
    command_line.told("import", str(tmp_path / "season"), "--templates")
    status, _, problems = command_line.told("import", str(tmp_path / "season"), "--data", str(tmp_path / "data"))
    assert (status, problems) == (0, "")
    started = start(tmp_path / "data", app_dir)
    try:
        told = changes(started.url, enrol(started.url, started.told["enrolment_codes"][0]))
        assert [change["id"] for change in told if change["kind"] == "assignment"] == ["r1-harbour-ferry-01"]
        with started.reading() as db:
            assert db.execute(select(entrants.c.id)).scalars().all() == ["harbour-ferry"]
            assert "coordinator" in db.execute(select(users.c.username)).scalars().all()
    finally:
        started.command.stop()


@pytest.mark.parametrize(
    ("today", "starts"),
    [
        pytest.param(date(2026, 11, 21), [(2026, 9), (2026, 11), (2027, 1), (2027, 3)], id="CAL-2 late in a month"),
        pytest.param(date(2026, 11, 11), [(2026, 8), (2026, 10), (2026, 12), (2027, 2)], id="CAL-2 early in a month"),
        pytest.param(date(2027, 1, 31), [(2026, 11), (2027, 1), (2027, 3), (2027, 5)], id="CAL-1 over the new year"),
    ],
)
def test_the_calendar_lies_around_today(today: date, starts: list[tuple[int, int]]) -> None:
    laid = calendar.around(today)
    assert list(laid.starts) == [date(year, month, 1) for year, month in starts]
    assert laid == calendar.from_start(laid.start, today)


def test_a_first_build_without_the_package_index_is_one_sentence(tmp_path: Path) -> None:
    environment = {
        "SYNC_SERVER_APP_DIR": str(tmp_path / "never-built"),
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",  # the discard port: nobody answers
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
    }
    command = Command("demo", "--port", "0", "--data", str(tmp_path / "data"), environment=environment)
    status, problems = command.ended()
    command.close()
    assert (status, len(problems.strip().splitlines())) == (1, 1), problems
    assert "package index" in problems
    assert not (tmp_path / "data" / "demo.json").exists()
