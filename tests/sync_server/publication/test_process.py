"""TKP: copies taken and compared in a process of their own."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.publication import closing
from sync_server.publication.process import NotTakenError, ToCompare, ToTake, compared, taken
from sync_server.publication.rounds import standing_of_what
from sync_server.review.outcome import By
from tests.builders import NOON
from tests.sync_server.closed_season import ENDED, a_round_that_ended, closed, desk_of


def test_tkp_2_the_process_takes_what_is_taken_here_with_its_check_list(database: Database) -> None:
    """TKP-1: of the server it is told the database's address alone."""
    with database.transaction() as db:
        a_round_that_ended(db)
    with database.reading() as db:
        here = closing.take(desk_of(db), 1)
        standing = standing_of_what(db, "round-1", ENDED)
        assert standing is not None
        deciding = closing.ready(desk_of(db), standing, By("", ENDED)).deciding
    copy, told = taken(ToTake(url=database.url, round=1, now=ENDED))
    assert (copy.digest, copy.file) == (here.digest, here.file)
    assert [(str(name), count) for name, count in told.stops] == [(str(name), count) for name, count in deciding.stops]
    assert told.asks == deciding.asks


def test_the_process_compares_a_copy_with_what_would_be_taken_now(database: Database) -> None:
    with database.transaction() as db:
        by, *_ = a_round_that_ended(db)
        copy = closed(db, by)
    order = ToCompare(url=database.url, round=1, before=copy.id)
    assert compared(order) == []
    with database.transaction() as db:
        db.execute(update(tables.assessments).values(status="void", received_at=NOON))
    assert any(figure == "round_1" for _, figure, *_ in compared(order))


def test_what_cannot_be_read_is_told_and_logged(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NotTakenError, match="the log says why"):
        compared(ToCompare(url=database.url, round=1, before="no-such-copy"))
    assert "no-such-copy" in caplog.text or "Traceback" in caplog.text
