"""Customers answer, the index moves, and what is published of it is a copy: over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sync_server.clock import now
from sync_server.database.queries import publications
from sync_server.database.queries import survey as queries
from sync_server.people.permissions import Role
from sync_server.season.observed_time import confirm_clock
from sync_server.survey.taking import keep_answer
from tests.sync_server.desk import browser, form_token, send, signed_in
from tests.sync_server.survey.survey_kit import TYPED, add_survey, given

COMPANY = "/survey/supermarkets-a"
BEFORE, CUSTOMERS = 80, 20  # an industry is shown from a hundred answers on


@pytest.fixture
def server(desk: Any) -> Iterator[Any]:
    with desk.services.database.transaction() as db:
        confirm_clock(db, now())
        add_survey(db)
        for number in range(BEFORE):
            keep_answer(db, given(number), now())
    return desk


def row_of(page: str) -> str:
    found = re.search(
        r'<tr role="row"><th[^>]*><a href="/index/industries/supermarkets[^"]*">.*?</tr>', page, re.DOTALL
    )
    assert found is not None
    return found[0]


def act(server: Any, role: Role, what: str, **fields: str) -> Any:
    """One act of the office on the page of the index."""
    with signed_in(server, role) as office:
        page = office.get("/index").text
        basis, digest = (re.search(rf'name="{name}" value="(\w+)"', page) for name in ("basis", "digest"))
        assert basis is not None
        return send(
            office,
            f"/index/{what}",
            {"basis": basis[1], "digest": digest[1] if digest else "", **fields},
            page="/index",
        )


def answer(server: Any, number: int) -> int:
    with browser(server) as customer:
        fields = {**TYPED, "answer": f"{number:024d}", "csrf": form_token(customer, COMPANY)}
        return int(customer.post(f"{COMPANY}/answer", data=fields).status_code)


def test_twenty_customers_answer_and_the_index_moves_and_is_published_as_a_copy(server: Any) -> None:
    nothing = act(server, Role.COORDINATOR, "copy")
    with signed_in(server, Role.VIEWER) as viewer:
        before = row_of(viewer.get("/index").text)
        assert [answer(server, 1000 + number) for number in range(CUSTOMERS)] == [200] * CUSTOMERS
        after = row_of(viewer.get("/index").text)
    assert ("hidden below 100" in before, "hidden below 100" in after) == (True, False)
    assert (nothing.status_code, "there is nothing to publish" in nothing.text) == (409, True)
    for role in (Role.COORDINATOR, Role.ADMIN):
        with signed_in(server, role) as office:
            send(office, "/account/ties", {"organisations": ""})
    done = [
        act(server, Role.COORDINATOR, "copy"), act(server, Role.COORDINATOR, "sign"),
        act(server, Role.COORDINATOR, "issue"), act(server, Role.ADMIN, "sign"), act(server, Role.ADMIN, "issue"),
    ]  # fmt: skip
    assert [one.status_code for one in done] == [303, 303, 409, 303, 303]
    with browser(server) as anybody:
        page, table = anybody.get("/customer-index"), anybody.get("/customer-index/2021/csv")
        paper, none = anybody.get("/customer-index/2021/pdf"), anybody.get("/customer-index/2020")
        assert [answer(server, 5000)] == [200]
        again = anybody.get("/customer-index")
    assert (page.status_code, paper.content[:5], none.status_code) == (200, b"%PDF-", 404)
    assert re.search(r'"supermarkets","","[^"]*","[^"]*",100,|supermarkets,,[^,]*,[^,]*,100,', table.text)
    assert page.text == again.text


def test_idx_17_page_paper_and_file_have_negatives_in_brackets_where_they_are_asked_for(server: Any) -> None:
    with server.services.database.transaction() as db:
        for number in range(CUSTOMERS):
            keep_answer(db, given(2000 + number), now())
        for number in range(3 * BEFORE):
            keep_answer(db, given(3000 + number, nps=3), now())
    for role in (Role.COORDINATOR, Role.ADMIN):
        with signed_in(server, role) as office:
            send(office, "/account/ties", {"organisations": ""})
    for role, what in (("COORDINATOR", "copy"), ("COORDINATOR", "sign"), ("ADMIN", "sign"), ("ADMIN", "issue")):
        assert act(server, Role[role], what).status_code == 303
    with browser(server) as anybody:
        signed, asked = (anybody.get(f"/customer-index/2021{query}").text for query in ("", "?negatives=brackets"))
        table = anybody.get("/customer-index/2021/csv?negatives=brackets").text
        plain = anybody.get("/customer-index/2021/csv").text
        paper = anybody.get("/customer-index/2021/pdf?negatives=brackets").content
        server.services.papers.__init__(0)
        refused = anybody.get("/customer-index/2021/pdf")
    with signed_in(server, Role.VIEWER) as viewer:
        office_page = row_of(viewer.get("/index?negatives=brackets").text)
        office_table = viewer.get("/index/table.csv?negatives=brackets").text
    # 100 promoters and 240 detractors of 340.
    assert ("\u221241.18 ± 9.69" in signed, "(41.18)" in signed) == (True, False)
    assert ("(41.18) ± 9.69" in asked, "\u221241.18" in asked) == (True, False)
    assert ("(41.18)" in table, "-41.18" in table, "-41.18" in plain) == (True, False, True)
    assert ("(41.18)" in office_page, "(41.18)" in office_table) == (True, True)
    assert "/customer-index/2021/pdf?negatives=brackets" in asked
    assert paper[:5] == b"%PDF-"
    assert (refused.status_code, "retry-after" in refused.headers) == (429, True), "PFM-4"
    assert "Many files were made for your network just now" in refused.text


def test_what_is_out_is_corrected_by_number_and_what_waits_is_withdrawn(server: Any) -> None:
    for number in range(CUSTOMERS):
        answer(server, 1000 + number)
    for role in (Role.COORDINATOR, Role.ADMIN):
        with signed_in(server, role) as office:
            send(office, "/account/ties", {"organisations": ""})
    first = [act(server, Role.ADMIN, "copy"), act(server, Role.ADMIN, "withdraw", reason="Too early.")]
    first += [act(server, Role.ADMIN, what) for what in ("copy", "sign")]
    first += [act(server, Role.COORDINATOR, "sign"), act(server, Role.COORDINATOR, "issue")]
    same = act(server, Role.ADMIN, "copy", reason="Again")
    answer(server, 5000)
    more = [act(server, Role.ADMIN, "copy", reason="One answer came late."), act(server, Role.ADMIN, "sign")]
    more.append(act(server, Role.COORDINATOR, "sign"))
    with browser(server) as anybody:
        page = anybody.get("/customer-index/2021").text
    assert [one.status_code for one in (*first, *more)] == [303] * 9
    assert (same.status_code, "nothing to correct" in same.text) == (409, True)
    assert "One answer came late." in page
    with server.services.database.reading() as db:
        out = publications.published(db, "index-2021")
        assert queries.count_answers(db, 2021) == 101
    assert out is not None
    assert (out.copy, out.correction, out.audience) == (3, 1, "public")
