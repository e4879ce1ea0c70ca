"""KEPT: words typed into a form whose session had ended. Ids are those in sync_server/people/kept_words.py."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import delete, update

from sync_server.config import Config
from sync_server.database import tables
from sync_server.people.kept_words import MOST_BYTES, read, text_of, words_of
from sync_server.people.permissions import Role, page_of_form
from tests.builders import NOON
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.desk import PASSWORD, add_accounts, browser, count, push, send, sign_in
from tests.sync_server.season_kit import a_call
from tests.sync_server.whole_desk import Form, forms_of

WORDS = "Wrong: the photo shows the other branch."


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    config = Config(data_dir=tmp_path_factory.mktemp("kept"))
    set_season_up(config)
    for server in run_server(config):
        add_accounts(server)
        yield server


class Typing:
    """A reviewer with a comment typed into the form of an assessment, not sent yet."""

    def __init__(self, server: Any) -> None:
        self.server, self.client, self.call = server, browser(server), a_call()
        push(server, self.call)
        sign_in(self.client, Role.COORDINATOR)
        self.address = f"/assessments/{self.call.id}"
        self.form = self.forms(self.client.get(self.address).text, "/review")

    @staticmethod
    def forms(page: str, action: str) -> Form:
        return next(form for form in forms_of(page) if form.action.endswith(action))

    def send(self, **more: str) -> Any:
        hidden = {name: value for name, value in self.form.fields.items() if self.form.kinds[name] == "hidden"}
        fields = {**hidden, "verdict": "returned", "comment-PA3": WORDS, **more}
        return self.client.post(self.form.action, data=fields)

    def sign_in_from(self, page: str, role: Role, password: str = PASSWORD) -> Any:
        form = self.forms(page, "/sign-in")
        fields = form.fields | {"username": role.value, "password": password}
        return self.client.post("/sign-in", data=fields)


def expire(typing: Typing) -> None:
    with typing.server.services.database.transaction() as db:
        db.execute(update(tables.sessions).values(expires_at=NOON))


def remove(typing: Typing) -> None:
    with typing.server.services.database.transaction() as db:
        db.execute(delete(tables.sessions))


def sign_out_elsewhere(typing: Typing) -> None:
    send(typing.client, "/sign-out")
    typing.client.get("/sign-in")


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(expire, id="KEPT-1 it was not used for too long"),
        pytest.param(remove, id="KEPT-1 the password was changed elsewhere"),
        pytest.param(sign_out_elsewhere, id="KEPT-1 signed out in another tab"),
    ],
)
def test_words_come_back_after_signing_in_again(running, caplog, end):
    with caplog.at_level(logging.DEBUG):
        typing = Typing(running)
        end(typing)
        answer = typing.send()
        assert answer.status_code == 401
        wrong = typing.sign_in_from(answer.text, Role.COORDINATOR, "not the password")
        assert wrong.status_code == 401
        back = typing.sign_in_from(wrong.text, Role.COORDINATOR)
        assert (back.status_code, back.headers["location"]) == (303, typing.address)
        page = typing.client.get(typing.address).text
    assert f">{WORDS}</textarea>" in page
    assert count(running, tables.reviews, tables.reviews.c.assessment_id == typing.call.id) == 0
    assert WORDS not in caplog.text
    typing.form = typing.forms(page, "/review")
    assert typing.send().status_code == 303
    assert typing.client.get(typing.address).text.count(WORDS) == 1


def test_words_of_an_old_page_come_back_without_signing_in(running):
    """KEPT-1: signed in again in another tab, so that the token of this page is an old one."""
    typing = Typing(running)
    sign_in(typing.client, Role.COORDINATOR)
    answer = typing.send()
    assert (answer.status_code, answer.headers["location"]) == (303, typing.address)
    page = typing.client.get(typing.address).text
    assert f">{WORDS}</textarea>" in page
    assert "Nothing was decided" in page


def test_words_of_the_bench_come_back_on_the_bench(running):
    """KEPT-4"""
    typing = Typing(running)
    bench = f"/bench/{typing.call.id}"
    typing.form = typing.forms(typing.client.get(bench).text, "/review")
    expire(typing)
    words = {"reason": WORDS, "comment-PA3": ""}
    back = typing.sign_in_from(typing.send(**words).text, Role.COORDINATOR)
    assert (back.status_code, back.headers["location"]) == (303, bench)
    page = typing.client.get(bench).text
    assert f">{WORDS}</textarea>" in page
    typing.form = typing.forms(page, "/review")
    assert typing.send(**words).status_code == 303
    assert f">{WORDS}</textarea>" not in typing.client.get(bench).text


def test_words_are_given_to_nobody_else(running):
    """KEPT-2"""
    typing = Typing(running)
    expire(typing)
    page = typing.send().text
    assert typing.sign_in_from(page, Role.ADMIN).status_code == 303
    assert WORDS not in typing.client.get(typing.address).text
    typing = Typing(running)
    sign_in(typing.client, Role.ADMIN)
    assert typing.send().status_code == 403
    assert WORDS not in typing.client.get(typing.address).text


def test_words_are_taken_from_no_other_site(running):
    """KEPT-1"""
    typing = Typing(running)
    expire(typing)
    typing.client.headers["Sec-Fetch-Site"] = "cross-site"
    answer = typing.send()
    assert answer.status_code == 401
    assert WORDS not in answer.text


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        pytest.param({"by": "u", "reason": "x", "csrf": "t"}, {"reason": "x"}, id="KEPT-3 no token"),
        pytest.param({"by": "u", "current": "secret", "again": "a", "password": "b"}, {}, id="KEPT-3 no password"),
        pytest.param({"by": "u", "code": "c", "reason": "x"}, {"reason": "x"}, id="KEPT-3 no code"),
        pytest.param({"by": "u", "reason": "x" * MOST_BYTES}, None, id="KEPT-3 too much"),
        pytest.param({"reason": "x"}, None, id="KEPT-2 of nobody"),
    ],
)
def test_what_is_kept_of_a_form(form, kept):
    words = words_of(form, "/page")
    assert (None if words is None else dict(words.fields)) == kept
    assert words is None or read(text_of(words)) == words


@pytest.mark.parametrize("text", ["", "{", '{"by": 1}', "x" * (MOST_BYTES + 1)])
def test_what_cannot_be_read_is_nothing(text):
    """KEPT-3"""
    assert read(text) is None


@pytest.mark.parametrize(
    ("form", "page"),
    [
        pytest.param("/assessments/a-1/review", "/assessments/a-1", id="KEPT-4 of an assessment"),
        pytest.param("/standings/e/phone_in/consistency", "/standings/e/phone_in", id="KEPT-4 of an entry"),
        pytest.param("/accounts/u/disable", "/accounts", id="KEPT-4 of a list"),
        pytest.param("/rules", "/what-if", id="KEPT-4 elsewhere"),
        pytest.param("/preferences", "/", id="KEPT-4 of no page"),
    ],
)
def test_the_page_of_a_form(form, page):
    assert page_of_form(form) == page
