"""Phones at counters: setting them, what they send, and how the office counts it. Ids are those in survey/."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, insert, select

from sync_server.clock import now
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import counters
from sync_server.database.queries import survey as queries
from sync_server.errors import RefusedError
from sync_server.people.permissions import Role
from sync_server.survey.counters import NotSetError, set_counter, standing_order, take
from sync_server.survey.measured import company_lines, industry_lines
from sync_server.survey.taking import NotWholeError, given_in
from tests.sync_server.desk import browser, send, signed_in
from tests.sync_server.season_kit import OTHER_TOKEN, TOKEN, add_season, device_id
from tests.sync_server.survey.survey_kit import TYPED, add_survey, given

PHONE, OTHER_PHONE = device_id(TOKEN), device_id(OTHER_TOKEN)
MARKET, BANK = "supermarkets-a", "banks-a"


@pytest.fixture
def db(database: Database) -> Iterator[Connection]:
    with database.transaction() as db:
        add_season(db)
        add_survey(db)
        yield db


def test_ksk_1_a_phone_stands_at_one_counter_at_a_time(db: Connection) -> None:
    for company in (MARKET, MARKET, BANK):
        set_counter(db, PHONE, company, now())
    assert [(row.company, row.ended_at is None) for row in counters.orders_of(db, PHONE)] == [
        (BANK, True), (MARKET, False),
    ]  # fmt: skip
    set_counter(db, PHONE, "", now())
    assert standing_order(db, PHONE, now()) is None
    with pytest.raises(NotSetError, match="no counter"):
        set_counter(db, PHONE, "", now())


@pytest.mark.parametrize(
    ("phone", "company", "words"),
    [
        pytest.param("nobody", MARKET, "enrolled", id="a phone that is not enrolled"),
        pytest.param(PHONE, "elsewhere", "no such company", id="a company that is not there"),
    ],
)
def test_ksk_1_what_cannot_be_set_is_said(db: Connection, phone: str, company: str, words: str) -> None:
    with pytest.raises(NotSetError, match=words):
        set_counter(db, phone, company, now())


HOUR = timedelta(hours=1)
SET_AT = datetime.fromisoformat("2021-05-01T10:00:00+08:00")
ENDED_AT = SET_AT + 8 * HOUR


@pytest.mark.parametrize(
    ("given_at", "counts_at"),
    [
        pytest.param(SET_AT + 3 * HOUR, SET_AT + 3 * HOUR, id="while it stood there, sent days later"),
        pytest.param(SET_AT - 999 * HOUR, SET_AT, id="a clock far behind"),
        pytest.param(SET_AT + 9999 * HOUR, ENDED_AT, id="a clock far ahead"),
    ],
)
def test_ksk_2_an_answer_counts_when_it_was_given(db: Connection, given_at: datetime, counts_at: datetime) -> None:
    queries.set_survey(db, queries.SurveyRow(2021, SET_AT - HOUR, ENDED_AT + HOUR))
    set_counter(db, PHONE, MARKET, SET_AT)
    set_counter(db, PHONE, BANK, ENDED_AT)
    assert take(db, PHONE, given(1), given_at, ENDED_AT + 100 * HOUR)
    assert db.execute(select(tables.survey_answers.c.hour)).scalar_one() == counts_at


@pytest.mark.parametrize(
    ("phone", "set_at", "code"),
    [
        pytest.param(OTHER_PHONE, timedelta(0), "counter-not-ordered", id="KSK-3 a phone that never stood there"),
        pytest.param(PHONE, timedelta(days=-9), "survey-not-open", id="KSK-2 given before the survey opened"),
    ],
)
def test_what_is_not_taken_is_refused_and_nothing_is_kept(
    db: Connection, phone: str, set_at: timedelta, code: str
) -> None:
    set_counter(db, PHONE, MARKET, now() + set_at)
    with pytest.raises(RefusedError) as refused:
        take(db, phone, given(1), now() + set_at, now())
    assert refused.value.code == code
    assert queries.count_answers(db, 2021) == 0


def test_svy_16_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(NotWholeError) as wrong:
        given_in({**TYPED, "nps": "11", "origin": "moon", "contact": ""}, "a", MARKET)
    assert set(wrong.value.problems) == {"nps", "origin", "contact"}


@pytest.fixture
def shop(desk: Any) -> Any:
    """A running server with a survey, and the first phone at a counter."""
    with desk.services.database.transaction() as db:
        add_survey(db)
        set_counter(db, PHONE, MARKET, now())
    return desk


def body(**changed: Any) -> dict[str, Any]:
    return {"company": MARKET, "answers": TYPED, "answered_at": now().isoformat(), **changed}


def test_an_answer_of_a_counter_is_kept_once_and_counted_as_from_there(shop: Any) -> None:
    address = f"/api/v1/counter-answers/{uuid4()}"
    with shop.client(TOKEN) as phone:
        replies = [phone.put(address, json=body()) for _ in range(3)]
    assert [(reply.status_code, reply.json()["known"]) for reply in replies] == [(200, False), (200, True), (200, True)]
    with shop.services.database.transaction() as db:
        (row,) = db.execute(select(tables.survey_answers)).all()
        assert (row.came_by, row.contact, row.company) == ("kiosk", "phone", MARKET)
        queries.add_to_tally(db, 2021, MARKET, queries.tallies_of(db, 2021)[MARKET])  # one more, of the public page
        assert [(line.tally.n, line.from_counter) for line in company_lines(db, 2021, "supermarkets")] == [(2, 1)]
        assert industry_lines(db, 2021)[0].from_counter == 1
    with signed_in(shop, Role.COORDINATOR) as client:
        assert "2 answers, 1 of them from a phone at a counter." in client.get("/index").text


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        pytest.param({"answers": {}}, 422, "counter-answer-not-valid", id="nothing answered"),
        pytest.param({"company": BANK}, 403, "counter-not-ordered", id="KSK-3 another company"),
        pytest.param({"answered_at": "2021-05-01T10:00:00"}, 400, "request-not-valid", id="a moment without its zone"),
    ],
)
def test_what_is_wrong_is_refused_by_its_code(shop: Any, changed: dict[str, Any], status: int, code: str) -> None:
    with shop.client(TOKEN) as phone:
        reply = phone.put(f"/api/v1/counter-answers/{uuid4()}", json=body(**changed))
    assert (reply.status_code, reply.json()["code"]) == (status, code), reply.text


def test_ksk_4_a_phone_hears_where_it_stands_and_others_hear_nothing(shop: Any) -> None:
    with shop.services.database.transaction() as db:
        contact = {"phone": "+852 2000 0001", "email": "award@example.org"}
        edition = {"year": 2021, "title": {"en": "Award"}, "contact": contact, "milestones": {}, "created_at": now()}
        db.execute(insert(tables.editions).values(**edition))
    pages = {}
    for token in (TOKEN, OTHER_TOKEN):
        with shop.client(token) as phone:
            pages[token] = phone.get("/api/v1/changes").json()
    assert pages[TOKEN]["counter"]["company"] == MARKET
    assert pages[TOKEN]["counter"]["contact"] == ["award@example.org", "+852 2000 0001"]
    assert "counter" not in pages[OTHER_TOKEN]


def test_a_coordinator_sets_a_phone_and_takes_it_away(shop: Any) -> None:
    with signed_in(shop, Role.COORDINATOR) as client:
        for company, standing in ((BANK, [PHONE, OTHER_PHONE]), ("", [PHONE])):
            fields = {"device": OTHER_PHONE, "counter-company": company}
            assert send(client, "/index/counters", fields, page="/index").status_code == 303
            with shop.services.database.reading() as db:
                assert sorted(row.device_id for row in counters.counters(db)) == sorted(standing)
        fields = {"device": "nobody", "counter-company": BANK}
        answer = send(client, "/index/counters", fields, page="/index")
        assert (answer.status_code, "Choose a phone that is enrolled." in answer.text) == (409, True)


def test_nobody_answers_for_a_counter_without_a_phone(shop: Any) -> None:
    with browser(shop) as client:
        for sent in (body(), {}):
            assert client.put(f"/api/v1/counter-answers/{uuid4()}", json=sent).status_code == 401
