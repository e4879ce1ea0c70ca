"""HIN, DLN, PUB: versions, receipts, verdicts, deadlines and the bounds of what strangers hand in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_server.database.engine import Database
from sync_server.database.queries import hand_ins as queries
from sync_server.hand_in import public_door
from sync_server.hand_in.deadlines import enrolment_deadline, why_enrolment_is_closed
from sync_server.hand_in.public_door import FullError, WaitError, reserve_place, wrong_files
from sync_server.hand_in.versions import (
    CannotJudgeError,
    ClosedError,
    HandedFile,
    Judgement,
    begun,
    hand_in,
    is_late,
    judge,
)
from sync_server.season.set_up import set_up
from tests.builders import NOON
from tests.sync_server.enrolment_kit import add_edition

A_FILE = HandedFile("notice", "notice.pdf", b"%PDF-1.7")
ACCEPTED, RETURNED = Judgement("accepted", ""), Judgement("returned", "The hours are missing.")


def test_hin_1_every_version_stays_with_its_moment_and_digest_and_hin_2_the_same_again_is_the_same(
    database: Database,
) -> None:
    with database.transaction() as db:
        to = begun(db, "enrolment", "", NOON, code_hash="a")
        first = hand_in(db, to, {"seats": "35"}, [A_FILE], by="visitor", now=NOON)
        later = NOON + timedelta(hours=1)
        again = hand_in(
            db, begun(db, "enrolment", "", later, code_hash="a"), {"seats": "35"}, [A_FILE], by="v", now=later
        )
        other = hand_in(db, to, {"seats": "36"}, [A_FILE], by="visitor", now=later)
        kept = queries.versions_of(db, to.id)
        assert queries.file_of(db, to.id, kept[0].files[0]["sha256"]) == A_FILE.content
    assert (again.version, again.handed_at, again.is_repeated) == (1, NOON, True)
    assert (first.digest == again.digest, first.digest == other.digest) == (True, False)
    assert [(row.version, row.handed_at, row.body) for row in kept] == [
        (2, later, {"seats": "36"}),
        (1, NOON, {"seats": "35"}),
    ]


def test_hin_4_only_the_newest_version_is_judged_and_once(database: Database) -> None:
    with database.transaction() as db:
        to = begun(db, "enrolment", "", NOON, code_hash="a")
        hand_in(db, to, {"n": 1}, [], by="visitor", now=NOON)
        with pytest.raises(CannotJudgeError, match="Say what"):
            judge(db, to.id, 1, Judgement("returned", " "), by="me", now=NOON)
        judge(db, to.id, 1, RETURNED, by="me", now=NOON)
        with pytest.raises(CannotJudgeError, match="already"):
            judge(db, to.id, 1, ACCEPTED, by="other", now=NOON)
        assert hand_in(db, to, {"n": 1}, [], by="visitor", now=NOON).version == 2, "sent back, and handed in as it was"
        with pytest.raises(CannotJudgeError, match="newer"):
            judge(db, to.id, 1, ACCEPTED, by="me", now=NOON)
        judge(db, to.id, 2, ACCEPTED, by="me", now=NOON)
        with pytest.raises(ClosedError):
            hand_in(db, to, {"n": 3}, [], by="visitor", now=NOON)
        assert hand_in(db, to, {"n": 3}, [], by="visitor", now=NOON, again=True).version == 3
        with pytest.raises(LookupError):
            judge(db, to.id, 9, ACCEPTED, by="me", now=NOON)
        states = [row.state for row in queries.versions_of(db, to.id)]
    assert states == ["waiting", "accepted", "returned"]


@pytest.mark.parametrize(
    ("first_h", "deadline_h", "late"),
    [
        pytest.param(-1, 0, False, id="before it"),
        pytest.param(0, 0, False, id="at it"),
        pytest.param(1, 0, True, id="after it"),
        pytest.param(None, -1, True, id="not yet, and it has passed"),
        pytest.param(None, 1, False, id="not yet, and it has not"),
        pytest.param(9, None, False, id="no deadline"),
    ],
)
def test_hin_3_late_is_computed_from_the_deadline_as_it_is(first_h, deadline_h, late) -> None:
    at = [None if hours is None else NOON + timedelta(hours=hours) for hours in (first_h, deadline_h)]
    assert is_late(at[0], at[1], NOON) is late


def test_dln_1_enrolment_closes_at_the_end_of_its_last_day_in_hong_kong(database: Database) -> None:
    ends = datetime(2021, 2, 10, 16, tzinfo=UTC)
    with database.transaction() as db:
        set_up(db, NOON)
        assert "not open" in str(why_enrolment_is_closed(db, ends))
        add_edition(db, 2020)
        assert (enrolment_deadline(db), why_enrolment_is_closed(db, ends)) == (None, None)
        add_edition(db, 2021, enrolment_closes="2021-02-10")
        assert enrolment_deadline(db) == ends
        assert why_enrolment_is_closed(db, ends - timedelta(seconds=1)) is None
        closed = why_enrolment_is_closed(db, ends)
        assert closed is not None
        assert closed.message.in_language("en").startswith("Enrolment closed at the end of 10 Feb 2021.")
        assert "2021年2月10日" in closed.message.in_language("zh-Hant")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param([A_FILE], [], id="a PDF"),
        pytest.param([HandedFile("n", "page.html", b"<html>")], ["neither"], id="a page"),
        pytest.param([HandedFile("n", "big.pdf", b"%PDF-" + bytes(5_000_000))], ["larger than 5 MB"], id="too large"),
        pytest.param([A_FILE] * 25, ["At most 24"], id="too many"),
    ],
)
def test_pub_1_files_are_bounded_and_of_kinds_that_are_read(files, words) -> None:
    found = [str(message) for _, message in wrong_files(files)]
    assert len(found) == len(words)
    assert all(word in message for word, message in zip(words, found, strict=True))


def test_pub_2_an_address_waits_and_a_full_desk_takes_no_more(database: Database, monkeypatch) -> None:
    with database.transaction() as db:
        for _ in range(20):
            reserve_place(db, "192.0.2.1", NOON)
        with pytest.raises(WaitError):
            reserve_place(db, "192.0.2.1", NOON)
        reserve_place(db, "192.0.2.2", NOON)
        monkeypatch.setattr(public_door, "MOST_WAITING", 0)
        with pytest.raises(FullError):
            reserve_place(db, "192.0.2.3", NOON)
