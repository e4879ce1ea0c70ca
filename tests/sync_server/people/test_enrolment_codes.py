"""ENR: the life of an enrolment code. Ids are those in people/enrolment_codes.py and people/phone_enrolment.py."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.queries.enrolment_codes import CodeRow
from sync_server.database.queries.people import revoke_device
from sync_server.people import throttle
from sync_server.people.device_tokens import token_hash
from sync_server.people.enrolment_codes import LETTERS, CodeState, code_hash, issue_code, revoke_code, state_of
from sync_server.people.phone_enrolment import Enrolled, NotEnrolled, enrol, enrol_from
from tests.sync_server.season_kit import ASSESSOR, OTHER_ASSESSOR, TOKEN, add_season
from tests.sync_server.uploading import DATA, TUS, Upload

NOW = datetime(2021, 3, 1, tzinfo=UTC)
LASTS = timedelta(hours=72)
PHONE, OTHER_PHONE = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def season(database):
    with database.transaction() as db:
        add_season(db)
    return database


def issued(db, **options):
    return issue_code(db, created_by="command", now=NOW, **{"assessor_id": ASSESSOR, "lasts": LASTS, **options})


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("K7QF-9WXM-2HPT", id="ENR-1 as printed"),
        pytest.param("k7qf-9wxm-2hpt", id="ENR-1 in small letters"),
        pytest.param("K7QF9WXM2HPT", id="ENR-1 without hyphens"),
        pytest.param(" k7qf 9wxm 2hpt ", id="ENR-1 with spaces"),
    ],
)
def test_a_code_may_be_typed_in_any_way(typed):
    assert code_hash(typed) == code_hash("K7QF-9WXM-2HPT")


def test_a_code_is_random_and_has_no_letters_that_look_alike(season):
    """ENR-1"""
    with season.transaction() as db:
        codes = [issued(db).code for _ in range(50)]
    assert len(set(codes)) == 50
    assert set("".join(codes)) <= {*LETTERS, "-"}
    assert not set(LETTERS) & set("0O1IL")
    assert len(LETTERS) ** 12 > 2**58


def test_only_the_hash_of_a_code_and_its_end_are_kept(season):
    """ENR-2"""
    with season.transaction() as db:
        code = issued(db).code
        row = db.execute(select(tables.enrolment_codes)).one()
    assert (row.code_hash, row.hint) == (code_hash(code), code[-4:])
    assert code not in str(row)


@pytest.mark.parametrize(
    ("ended", "state"),
    [
        pytest.param({}, CodeState.OPEN, id="ENR-3 before its time is over"),
        pytest.param({"expires_at": NOW}, CodeState.EXPIRED, id="ENR-3 at the moment it is"),
        pytest.param({"used_at": NOW}, CodeState.USED, id="ENR-3 used"),
        pytest.param({"revoked_at": NOW}, CodeState.REVOKED, id="ENR-3 revoked"),
        pytest.param({"used_at": NOW, "expires_at": NOW}, CodeState.USED, id="ENR-3 used, then over"),
    ],
)
def test_what_a_code_can_still_do(ended, state):
    row = CodeRow(
        code_hash="0" * 64,
        hint="2HPT",
        assessor_id=ASSESSOR,
        created_at=NOW,
        created_by="command",
        expires_at=NOW + MOMENT,
    )
    assert state_of(CodeRow(**asdict(row) | ended), NOW) is state


@pytest.mark.parametrize(
    ("enrolments", "outcome"),
    [
        pytest.param([(PHONE, LASTS - MOMENT)], None, id="ENR-3 until the setting's hours are over"),
        pytest.param([(PHONE, LASTS)], "enrolment-code-expired", id="ENR-5 not after"),
        pytest.param([(PHONE, timedelta(0)), (PHONE, timedelta(minutes=10))], None, id="ENR-4 the answer was lost"),
        pytest.param(
            [(PHONE, timedelta(0)), (PHONE, timedelta(minutes=10) + MOMENT)],
            "enrolment-code-used",
            id="ENR-5 the same phone too late",
        ),
        pytest.param(
            [(PHONE, timedelta(0)), (OTHER_PHONE, timedelta(0))], "enrolment-code-used", id="ENR-5 another phone"
        ),
    ],
)
def test_how_the_last_of_these_enrolments_ends(season, enrolments, outcome):
    with season.transaction() as db:
        code = issued(db, lasts=Config().enrolment_code_lasts).code
        results = [enrol(db, code, device, "Phone", NOW + after) for device, after in enrolments]
    assert isinstance(results[-1], Enrolled) if outcome is None else results[-1] == NotEnrolled(outcome)
    tokens = [result.token for result in results if isinstance(result, Enrolled)]
    assert len(set(tokens)) == len(tokens)


def test_a_revoked_code_and_an_unknown_one_are_refused(season):
    """ENR-5"""
    with season.transaction() as db:
        code = issued(db).code
        assert revoke_code(db, code_hash(code), NOW)
        assert not revoke_code(db, code_hash(code), NOW)
        assert enrol(db, code, PHONE, "Phone", NOW) == NotEnrolled("enrolment-code-revoked")
        assert enrol(db, "K7QF-9WXM-2HPT", PHONE, "Phone", NOW) == NotEnrolled("enrolment-code-unknown")


def test_an_address_that_guesses_waits_with_a_right_code_too_but_nobody_else_does(season):
    """ENR-6"""
    with season.transaction() as db:
        code = issued(db).code

        def tried(what, address, after_s=0):
            return enrol_from(db, what, PHONE, "Phone", NOW + timedelta(seconds=after_s), address=address)

        guesses = [tried(f"guess {n}", "203.0.113.7") for n in range(throttle.ENROLMENT.free)]
        assert set(guesses) == {NotEnrolled("enrolment-code-unknown")}
        assert tried(code, "203.0.113.7") == NotEnrolled("too-many-requests", wait_s=1)
        assert isinstance(tried(code, "198.51.100.7"), Enrolled)
        assert isinstance(tried(code, "203.0.113.7", after_s=1), Enrolled)


def test_a_phone_of_another_assessor_keeps_its_id_and_its_token(season):
    """ENR-7"""
    with season.transaction() as db:
        own, others = issued(db).code, issued(db, assessor_id=OTHER_ASSESSOR).code
        enrolled = enrol(db, own, PHONE, "Phone", NOW)
        before = db.execute(select(tables.devices).where(tables.devices.c.id == PHONE)).one()
        assert enrol(db, others, PHONE, "Intruder", NOW) == NotEnrolled("device-of-another")
        assert db.execute(select(tables.devices).where(tables.devices.c.id == PHONE)).one() == before
        assert isinstance(enrol(db, others, OTHER_PHONE, "Phone", NOW), Enrolled)
    assert isinstance(enrolled, Enrolled)


def test_what_was_announced_from_a_phone_that_is_handed_on_has_ended(desk):
    """ENR-7"""
    with desk.client() as phone:
        upload = Upload(phone)
        assert upload.patch(0, DATA[:1_000]).status_code == 204
    mine = tables.devices.c.token_hash == token_hash(TOKEN)
    with desk.services.database.transaction() as db:
        device = db.execute(select(tables.devices.c.id).where(mine)).scalar_one()
        code = issued(db, assessor_id=OTHER_ASSESSOR, lasts=timedelta(days=36_500)).code
        revoke_device(db, device, NOW)
    with desk.client(None) as other:
        enrolment = {"code": code, "device": {"id": device, "name": "handed on"}}
        token = other.post("/api/v1/enrol", json=enrolment).json()["token"]
    with desk.client(token) as phone:
        upload.client = phone
        answers = [upload.head(), upload.patch(1_000, DATA[1_000:]), phone.delete(upload.at, headers=TUS)]
    assert [answer.status_code for answer in answers] == [410, 410, 410]
