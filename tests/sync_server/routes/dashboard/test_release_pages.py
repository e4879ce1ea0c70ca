"""Release: a round's life on its pages, from its check list to a correction."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync_server.config import Config
from sync_server.people.permissions import Role
from sync_server.season.observed_time import confirm_clock
from tests.sync_server.closed_season import ENDED, a_round_that_ended, add_person
from tests.sync_server.conftest import Running, run_server
from tests.sync_server.desk import PASSWORD, add_accounts, browser, form_token, send, signed_in


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[Running]:
    """A server whose clock stands at the end of round 1, with an account of every role and two people who may sign."""
    for server in run_server(Config(data_dir=tmp_path / "data"), clock=lambda: ENDED):
        with server.services.database.transaction() as db:
            a_round_that_ended(db)
            confirm_clock(db, ENDED)
        add_accounts(server)
        yield server


def as_person(server: Any, name: str) -> Any:
    client = browser(server)
    send(client, "/sign-in", {"username": name, "password": PASSWORD}, page="/sign-in")
    return client


def decide(client: Any, path: str, fields: dict[str, Any] | None = None, *, what: str = "round-1") -> Any:
    """Send a form of the round's page, as it was read just now."""
    page = client.get(f"/release/{what}").text
    basis = re.search(r'name="basis" value="(\d+)"', page)
    return send(client, path, {"basis": basis[1] if basis else "", **(fields or {})})


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_a_round_is_closed_and_signed_by_two_people_on_its_page(ended: Any) -> None:
    wong, cheung = as_person(ended, "wong"), as_person(ended, "cheung")
    assert "closing" in wong.get("/release").text
    assert decide(wong, "/release/round-1/close").status_code == 303
    page = wong.get("/release/round-1").text
    assert "Sign this copy" in page
    signing = {"digest": digest_on(page)}
    assert decide(wong, "/release/round-1/sign", signing).status_code == 303
    again = decide(wong, "/release/round-1/sign", signing)
    assert (again.status_code, "You have signed this already" in again.text) == (409, True)
    assert "You have signed this already" in wong.get("/release/round-1").text
    assert decide(cheung, "/release/round-1/sign", signing).status_code == 303
    assert "signed" in cheung.get("/release").text
    file = json.loads(cheung.get("/release/copies/round-1-1").content)
    assert [one["name"] for one in file["x_publication"]["signers"]] == ["Name of wong", "Name of cheung"]
    assert "No figure." in cheung.get("/release/round-1?since=true").text


def test_what_stops_a_closing_is_named_and_what_was_typed_stays(ended: Any) -> None:
    wong = as_person(ended, "wong")
    answer = decide(wong, "/release/round-2/close", {"reason": "In a hurry."}, what="round-2")
    assert (answer.status_code, "It cannot be closed" in answer.text, "In a hurry." in answer.text) == (409, True, True)
    empty = send(
        wong, "/release/round-1/shortfall", {"entry": "harbour-ferry/onsite", "reason": " "}, page="/release/round-1"
    )
    assert (empty.status_code, "Give a reason" in empty.text) == (409, True)
    assert wong.get("/release/round-9").status_code == 404
    assert wong.get("/release/copies/round-9-1").status_code == 404


def test_two_who_decide_at_once_are_told(ended: Any) -> None:
    """BAS-2"""
    wong, cheung = as_person(ended, "wong"), as_person(ended, "cheung")
    page = cheung.get("/release/round-1").text
    basis = re.search(r'name="basis" value="(\d+)"', page)
    assert basis is not None
    assert decide(wong, "/release/round-1/close").status_code == 303
    late = send(cheung, "/release/round-1/close", {"basis": basis[1], "reason": "Mine."}, page="/account")
    assert (late.status_code, "Something was done here" in late.text) == (409, True)
    gone = decide(cheung, "/release/round-1/withdraw", {"reason": "Too early."})
    assert gone.status_code == 303
    assert "withdrawn" in cheung.get("/release/round-1").text


def test_ties_are_declared_on_ones_own_page_and_keep_one_from_signing(ended: Any) -> None:
    """SGN-4"""
    with ended.services.database.transaction() as db:
        add_person(db, "kam", ties=None)
    wong, kam = as_person(ended, "wong"), as_person(ended, "kam")
    decide(wong, "/release/round-1/close")
    assert "Declare for 2021" in kam.get("/release/round-1").text
    fields = [("csrf", form_token(kam)), ("organisation", "harbour-ferry"), ("organisation", "nobody")]
    declared = kam.post("/account/ties", data={"csrf": fields[0][1], "organisation": ["harbour-ferry", "nobody"]})
    assert declared.status_code == 303
    assert "tied to Harbour Ferry Hotline" in kam.get("/release/round-1").text
    assert "checked" in kam.get("/account").text


def test_who_only_looks_closes_nothing(ended: Any) -> None:
    with signed_in(ended, Role.VIEWER) as client:
        page = client.get("/release/round-1")
        assert (page.status_code, "<button class" in page.text.split("<main", 1)[-1]) == (200, False)
        assert send(client, "/release/round-1/close").status_code == 403
    with signed_in(ended, Role.ENTRANT) as client:
        assert client.get("/release").status_code == 403
        assert 'id="ties"' not in client.get("/account").text
