"""Members, ballots, and findings from draft to reader, on both databases. Ids are those in sync_server/consortium."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from sync_server.consortium import members
from sync_server.consortium.board import board_of
from sync_server.consortium.digest import index_figures, season_figures
from sync_server.consortium.findings import change, standing_of, what_of, why_not_read
from sync_server.consortium.members import NotAMemberError, cast, put_challenge, put_topic, set_member
from sync_server.consortium.paper import finding_blocks, finding_document
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import consortium as queries
from sync_server.database.queries import consortium_findings, publications
from sync_server.database.queries.consortium import MemberRow
from sync_server.print.document import Rows, Words
from sync_server.print.typeset import lacking
from sync_server.publication import apart
from sync_server.reports.cells import Cell
from sync_server.review.outcome import By, CannotDecideError
from sync_server.season.observed_time import confirm_clock
from tests.sync_server.closed_season import BOOK, desk_of
from tests.sync_server.consortium.consortium_kit import (
    BEFORE,
    ISSUED,
    WORDS,
    ZONE,
    a_draft,
    add_consortium,
    copied,
    independent,
    issued,
    speaks_for,
)
from tests.sync_server.season_kit import add_season

SECOND = timedelta(seconds=1)
LATER = datetime(2027, 6, 30, 10, tzinfo=ZONE)


@pytest.fixture
def db(database: Database):
    with database.transaction() as db:
        add_season(db)
        confirm_clock(db, BEFORE)
        add_consortium(db)
        yield db


def a_vote(db: Connection, by: By, topics: int = 2) -> int:
    """A vote that opens in an hour and closes in three."""
    number = queries.add_ballot(db, by.now + timedelta(hours=1), by.now + timedelta(hours=3), by.user_id, by.now)
    (ballot,) = [row for row in queries.ballot_rows(db) if row.id == number]
    for topic in range(topics):
        put_topic(db, ballot, (f"Topic {topic}", ""), None, by)
    return number


def test_csm_6_a_member_has_one_ballot_and_nobody_sees_it_before_the_close(db: Connection) -> None:
    """CSM-9."""
    office, voter, other = independent(db, "wong"), speaks_for(db, "harbour"), speaks_for(db, "harbour", "second")
    vote = a_vote(db, office)
    first, second = [row.id for row in queries.topic_rows(db)]
    opens = office.now + timedelta(hours=1)
    cast(db, vote, [first], ZONE, By(voter, opens))
    cast(db, vote, [second], ZONE, By(other, opens + SECOND))
    (row,) = queries.vote_rows(db, vote)
    assert list(row.topics) == [second]
    closes = office.now + timedelta(hours=3)
    with pytest.raises(CannotDecideError, match="it was not counted"):
        cast(db, vote, [first], ZONE, By(voter, closes))
    assert [list(row.topics) for row in queries.vote_rows(db, vote)] == [[second]]
    assert board_of(db, ZONE, closes - SECOND).votes[0].outcome is None
    over = board_of(db, ZONE, closes).votes[0].outcome
    assert over is not None
    assert list(over.chosen) == [second]


def test_what_is_chosen_among_stays_once_the_vote_is_open(db: Connection) -> None:
    office = independent(db, "wong")
    a_vote(db, office)
    (ballot,) = queries.ballot_rows(db)
    with pytest.raises(CannotDecideError, match="stays as it is"):
        put_topic(db, ballot, ("Late", ""), None, By(office.user_id, ballot.opens_at))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param(MemberRow("nobody", "2026-04-01", None), "no organisation", id="CSM-10 an unknown one"),
        pytest.param(MemberRow("harbour", "2026-05-01", None), "member from 2026-04-01 already", id="CSM-10 twice"),
        pytest.param(
            MemberRow("harbour", "2026-04-01", "2026-03-01"), "exchange the two days", id="CSM-10 turned round"
        ),
        pytest.param(MemberRow("harbour", "2026-04-01", "2027-03-31"), "", id="CSM-10 an end for it"),
        pytest.param(MemberRow("harbour", "2020-01-01", "2021-12-31"), "", id="CSM-10 an earlier one"),
    ],
)
def test_a_membership_is_kept_or_refused(db: Connection, row: MemberRow, words: str) -> None:
    by = independent(db, "wong")
    if words:
        with pytest.raises(CannotDecideError, match=words):
            set_member(db, row, by)
    else:
        set_member(db, row, by)
        assert row in queries.member_rows(db)


def test_csm_11_an_account_speaks_only_while_its_organisation_is_a_member(db: Connection) -> None:
    stranger = independent(db, "stranger")
    with pytest.raises(NotAMemberError, match="does not speak for a member"):
        put_challenge(db, "Why?", ZONE, stranger)
    voter = speaks_for(db, "harbour")
    put_challenge(db, "Why do callers wait?", ZONE, By(voter, BEFORE))
    set_member(db, MemberRow("harbour", "2026-04-01", "2026-06-01"), stranger)
    with pytest.raises(NotAMemberError, match="no member of the consortium today"):
        put_challenge(db, "And now?", ZONE, By(voter, BEFORE + timedelta(days=1)))
    assert [row.words for row in queries.challenge_rows(db)] == ["Why do callers wait?"]


def test_csm_12_who_is_tied_to_a_member_decides_nothing_about_it(db: Connection) -> None:
    tied, free, second = (
        independent(db, "tied", ties=("harbour",)), independent(db, "free", ties=("lotus",)), independent(db, "second")
    )  # fmt: skip
    put_challenge(db, "Why?", ZONE, By(speaks_for(db, "harbour"), BEFORE))
    vote = queries.add_ballot(db, BEFORE + timedelta(hours=1), BEFORE + timedelta(hours=3), free.user_id, BEFORE)
    (ballot,), (challenge,) = queries.ballot_rows(db), queries.challenge_rows(db)
    with pytest.raises(CannotDecideError, match="tied to Harbour"):
        put_topic(db, ballot, ("Waiting", "等候"), challenge.id, tied)
    put_topic(db, ballot, ("Waiting", "等候"), challenge.id, free)
    (topic,) = queries.topic_rows(db)
    assert topic.ballot_id == vote
    name = consortium_findings.add_finding(
        db, "2026-06-30", topic.id, {**WORDS, "figures": [], "organisations": ["lotus", "not-a-member"]},
        by=free.user_id, now=BEFORE,
    )  # fmt: skip
    digest = copied(db, name, free)
    for by, words in ((tied, "tied to Harbour"), (free, "tied to Lotus")):
        with pytest.raises(CannotDecideError, match=words):
            apart.sign(db, what_of(name), digest, by)
    apart.sign(db, what_of(name), digest, second)
    with pytest.raises(CannotDecideError, match="signed this already"):
        apart.sign(db, what_of(name), digest, second)
    unsaid = By(members.queries.people_of_members(db)[0][0], BEFORE)
    with pytest.raises(CannotDecideError, match="Declare for 2026"):
        apart.sign(db, what_of(name), digest, unsaid)


def test_csm_15_a_finding_without_two_approvals_is_not_issued_and_nothing_is_half_done(db: Connection) -> None:
    """CPY-3."""
    first, second = independent(db, "first"), independent(db, "second")
    name = a_draft(db, first)
    with pytest.raises(CannotDecideError, match="No copy was taken"):
        apart.issue(db, what_of(name), first)
    digest = copied(db, name, first)
    apart.sign(db, what_of(name), digest, first)
    with pytest.raises(CannotDecideError, match="two people have to approve it first, and 1 did"):
        apart.issue(db, what_of(name), first)
    assert db.execute(select(tables.releases).where(tables.releases.c.what == what_of(name))).first() is None
    apart.sign(db, what_of(name), digest, second)
    confirm_clock(db, ISSUED)
    apart.issue(db, what_of(name), By(first.user_id, ISSUED))
    with pytest.raises(CannotDecideError, match="out already"):
        apart.issue(db, what_of(name), By(first.user_id, ISSUED + SECOND))


def test_csm_14_a_draft_rests_while_its_copy_waits_and_what_is_out_is_corrected_by_number(db: Connection) -> None:
    """CPY-1, CPY-4."""
    first, second = independent(db, "first"), independent(db, "second")
    name = a_draft(db, first)
    digest = copied(db, name, first)
    row = consortium_findings.finding_of(db, name)
    assert row is not None
    with pytest.raises(CannotDecideError, match="withdraw it before"):
        change(db, row, {**row.body}, first)
    with pytest.raises(CannotDecideError, match="waits for its signatures"):
        copied(db, name, first)
    apart.withdraw(db, what_of(name), reason="A word was wrong.", by=first)
    digest = copied(db, name, first)
    for by in (first, second):
        apart.sign(db, what_of(name), digest, by)
    confirm_clock(db, ISSUED)
    first, second = By(first.user_id, ISSUED), By(second.user_id, ISSUED)
    apart.issue(db, what_of(name), first)
    with pytest.raises(CannotDecideError, match="Nothing differs"):
        copied(db, name, first)
    change(db, row, {**row.body, "title": {"en": "Another", "zh-Hant": "另一"}}, first)
    with pytest.raises(CannotDecideError, match="Give a reason"):
        copied(db, name, first)
    again = copied(db, name, first, "The title was wrong.")
    before = standing_of(db, row, ZONE, ISSUED)
    assert (before.out is not None, before.out and before.out.digest) == (True, digest)
    for by in (first, second):
        apart.sign(db, what_of(name), again, by)
    after = standing_of(db, row, ZONE, ISSUED)
    assert after.out is not None
    assert (after.out.digest, after.out.correction, after.issued_at) == (again, 1, ISSUED)
    with pytest.raises(CannotDecideError, match="correct it with another copy"):
        apart.withdraw(db, what_of(name), reason="x", by=first)


def test_cpy_2_another_copy_than_the_one_that_was_looked_at_is_not_signed(db: Connection) -> None:
    first = independent(db, "first")
    name = a_draft(db, first)
    copied(db, name, first)
    with pytest.raises(CannotDecideError, match="Another copy was taken meanwhile"):
        apart.sign(db, what_of(name), "0" * 64, first)


def test_cpy_5_a_clock_that_jumped_issues_nothing(db: Connection) -> None:
    first = independent(db, "first")
    name = a_draft(db, first)
    copied(db, name, first)
    with pytest.raises(CannotDecideError, match="Confirm the clock"):
        apart.issue(db, what_of(name), By(first.user_id, BEFORE - timedelta(days=30)))


@pytest.mark.parametrize(
    ("reader", "now", "marked", "reads"),
    [
        pytest.param("member", ISSUED, False, True, id="CSM-16 a member from its issue"),
        pytest.param("office", ISSUED, False, True, id="CSM-16 the office"),
        pytest.param("former", ISSUED, True, False, id="CSM-16 whoever was a member"),
        pytest.param("entrant", ISSUED, True, False, id="CSM-16 an entrant in its year"),
        pytest.param("visitor", LATER - SECOND, True, False, id="CSM-16 a visitor a second before the year is over"),
        pytest.param("visitor", LATER, True, True, id="CSM-16 a visitor to the second, marked"),
        pytest.param("visitor", LATER, False, False, id="CSM-16 a visitor, not marked"),
    ],
)
def test_members_read_it_for_a_year_then_everybody_where_it_is_marked(
    db: Connection,
    reader: str,
    now: datetime,
    marked: bool,
    reads: bool,
) -> None:
    name = issued(db, marked=marked)
    row = consortium_findings.finding_of(db, name)
    assert row is not None
    who = {
        "member": (speaks_for(db, "harbour"), False),
        "former": (speaks_for(db, "gone"), False),
        "entrant": ("somebody", False),
        "office": ("somebody", True),
        "visitor": None,
    }[reader]
    refused = why_not_read(db, standing_of(db, row, ZONE, now), who, ZONE, now)
    assert (refused is None) is reads
    if not reads and now < LATER:
        assert "30 Jun 2027 10:00:00" in str(refused)


def test_csm_13_figures_come_of_what_is_out_alone(db: Connection) -> None:
    desk = desk_of(db)
    assert desk.book is BOOK
    assert index_figures(desk) == []
    first, second = independent(db, "first"), independent(db, "second")
    line = {"code": "x", "name": {"en": "X"}, "n": 120, "satisfaction": "70.00", "loyalty": "60.00", "nps": "5.00"}
    hidden = {**line, "code": "y", "satisfaction": None, "loyalty": None, "nps": None}
    apart.take(db, "index-2026", {"industries": [line, hidden], "about": []}, audience="public", by=first)
    copy = publications.standing_copy(db, "index-2026")
    assert copy is not None
    for by in (first, second):
        apart.sign(db, "index-2026", copy.digest, by)
    assert index_figures(desk) == []
    apart.issue(db, "index-2026", first)
    (figures,) = index_figures(desk)
    assert (figures["rows"], figures["digest"]) == ([line], copy.digest)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_finding_is_the_same_on_the_page_and_on_paper(language: str) -> None:
    cells = [Cell(f"{name}{n}", name, 80.0) for name, most in (("banks", 3), ("shops", 5)) for n in range(most)]
    names = {"banks": {"en": "Banks", "zh-Hant": "銀行"}, "shops": {"en": "Shops", "zh-Hant": "商店"}}
    figures = [season_figures(("round-1", "d" * 64, "phone_in"), cells, names)]
    body = {**WORDS, "figures": figures, "due_on": "2026-06-30"}
    document = finding_document(body, language, digest="d" * 64, until="")  # type: ignore[arg-type]
    (table,) = [block for block in document.blocks if isinstance(block, Rows)]
    assert [list(row[1:]) for row in table.rows] == [["–", "–"], ["–", "–"], ["8", "80.00"]]
    assert document.blocks == finding_blocks(body, language)  # type: ignore[arg-type]
    texts = [block.text for block in document.blocks if isinstance(block, Words)]
    assert any("round-1" in text for text in texts)
    assert lacking("".join(texts)) == ()
