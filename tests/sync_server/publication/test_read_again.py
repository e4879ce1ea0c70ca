"""RAG: what a round's check list tells was not read again. Ids are those in sync_server/publication/read_again.py."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Connection

from checklists.record.assessment import Answer
from sync_server.database.engine import Database
from sync_server.publication.readiness import Line, Weight, readiness
from sync_server.review.outcome import By
from sync_server.review.second_reader import read_second
from sync_server.review.verdicts import Verdict, review
from tests.builders import NOON
from tests.sync_server.closed_season import add_accepted, add_person, desk_of
from tests.sync_server.review.review_kit import LATER, a_visit, correct, digest_of, measure, score_second
from tests.sync_server.season_kit import ANSWERS, a_call, add_season


def accepted(db: Connection, name: str, by: By, words: str = "") -> str:
    review(db, name, Verdict("accepted", digest_of(db, name), words, {}), by)
    return name


def answered_late(db: Connection, hours: int) -> str:
    """A call whose answers were given so long after it."""
    late = {key: Answer(value=value, at=NOON + timedelta(hours=hours)) for key, value in ANSWERS.items()}
    call = a_call(id=str(uuid.UUID(int=9)), assignment_id="a-9")
    return add_accepted(db, msgspec.structs.replace(call, answers=late), status="finished")


def read(db: Connection, name: str, by: By) -> None:
    read_second(db, name, digest=digest_of(db, name), agrees=True, words="", by=by)


def line(db: Connection, name: str) -> Line:
    return next(one for one in readiness(desk_of(db), 1, LATER).lines if str(one.name) == name)


@pytest.mark.parametrize(
    ("hours", "words", "clear", "is_open"),
    [
        pytest.param(40, "", None, True, id="RAG-1 accepted without a word"),
        pytest.param(5, "", None, False, id="RAG-1 a flag of weight 1 asks for nothing"),
        pytest.param(40, "The line was down.", None, False, id="RAG-1 accepted with a word"),
        pytest.param(40, "", read, False, id="RAG-1 read again by somebody else"),
        pytest.param(40, "", score_second, False, id="RAG-1 scored again by somebody else"),
        pytest.param(40, "", lambda db, name, by: correct(db, name, "PE1", "3", by), False, id="RAG-1 corrected"),
    ],
)
def test_a_heavy_flag_is_told_until_somebody_cleared_it(
    database: Database, hours: int, words: str, clear: Callable[[Connection, str, By], object] | None, is_open: bool
) -> None:
    with database.transaction() as db:
        add_season(db)
        name = accepted(db, answered_late(db, hours), By(add_person(db, "wong"), LATER), words)
    measure(database)
    with database.transaction() as db:
        if clear is not None:
            clear(db, name, By(add_person(db, "cheung"), LATER))
    measure(database)
    with database.reading() as db:
        found = line(db, "Flags not cleared")
    assert (found.weight, [address for address, _ in found.details]) == (
        Weight.TOLD,
        [f"/bench/{name}"] if is_open else [],
    )


@pytest.mark.parametrize(
    ("bases", "clear", "is_open"),
    [
        pytest.param((0, 4), None, True, id="RAG-2 an edge inside, and nothing read again"),
        pytest.param((0, 4), read, False, id="RAG-2 one read again"),
        pytest.param((4, 4), None, False, id="RAG-2 no edge inside"),
    ],
)
def test_a_borderline_round_is_told_until_a_visit_of_it_was_read_again(
    database: Database, bases: tuple[int, int], clear: Callable[[Connection, str, By], object] | None, is_open: bool
) -> None:
    with database.transaction() as db:
        add_season(db)
        by = By(add_person(db, "wong"), LATER)
        names = [
            accepted(db, a_visit(db, number, answers=ANSWERS | {"PE1": base, "PC1": base}), by)
            for number, base in enumerate(bases, 1)
        ]
        if clear is not None:
            clear(db, names[0], By(add_person(db, "cheung"), LATER))
    measure(database)
    with database.reading() as db:
        found = line(db, "Borderlines not re-read")
    assert (found.weight, [address for address, _ in found.details]) == (
        Weight.TOLD,
        ["/standings/harbour-ferry/phone_in"] if is_open else [],
    )
