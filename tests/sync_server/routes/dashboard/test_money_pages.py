"""Money on its pages: quoted, billed, paid, and taken along as a table."""

from __future__ import annotations

import httpx

from sync_server.people.permissions import Role
from tests.sync_server.desk import signed_in
from tests.sync_server.whole_desk import forms_of

PAGE = "/money/harbour-ferry"


def sent(client: httpx.Client, verb: str, **fields: str) -> httpx.Response:
    form = next(form for form in forms_of(client.get(PAGE).text) if form.action == f"{PAGE}/{verb}")
    return client.post(form.action, data={**form.fields, **fields})


def test_a_bill_is_issued_paid_and_exported(desk) -> None:
    with signed_in(desk, Role.COORDINATOR) as client:
        assert "to be billed" in client.get("/money").text
        refused = sent(client, "bills", **{"what_en-1": "Seats", "amount-1": "many", "due_on": "2031-01-01"})
        assert (refused.status_code, "Seats" in refused.text) == (409, True)
        line = {"what_en-1": "=Seats", "amount-1": "1600"}
        assert sent(client, "bills", **line, due_on="2031-01-01").status_code == 303
        assert sent(client, "payments", bill="1", amount="64200", reference="FPS 1").status_code == 303
        bill = client.get(f"{PAGE}/bills/1").text
        assert ("Paid in full." in bill, "29,800" in bill) == (True, True)
        table = client.get("/money/export.csv").text
    assert "'=Seats" in table
    assert "1,payment,harbour-ferry,,,,64200," in table


def test_a_form_sent_twice_bills_once(desk) -> None:
    with signed_in(desk, Role.COORDINATOR) as client:
        form = next(form for form in forms_of(client.get(PAGE).text) if form.action == f"{PAGE}/bills")
        fields = {**form.fields, "what_en-1": "Seats", "amount-1": "1600", "due_on": "2031-01-01"}
        assert [client.post(form.action, data=fields).status_code for _ in range(2)] == [303, 409]
        assert client.get(f"{PAGE}/bills/2").status_code == 404
