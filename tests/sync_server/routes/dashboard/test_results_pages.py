"""A season's end through its pages: results closed and signed, kept until their moment, read by whom they concern."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.score import score_season
from sync_server.config import Config
from sync_server.people.permissions import Role
from sync_server.reports.ceremony_papers import PAPERS
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import release_due
from tests.sync_server.conftest import Running, run_server
from tests.sync_server.desk import add_accounts, send, signed_in
from tests.sync_server.finished_season import CEREMONY, SIGNED_AT, rounds_before_the_results
from tests.sync_server.whole_desk import forms_of

LETTER = "/results/of/harbour-ferry/phone_in/letter"
PAPER = "/results/press"


@pytest.fixture
def season(tmp_path: Path) -> Iterator[tuple[Running, list[datetime]]]:
    """A server whose rounds are signed; its clock is the last of a list."""
    moments = [SIGNED_AT]
    for server in run_server(Config(data_dir=tmp_path / "data"), clock=lambda: moments[-1]):
        with server.services.database.transaction() as db:
            rounds_before_the_results(db)
        add_accounts(server)
        yield server, moments


def decide(client: httpx.Client, address: str) -> httpx.Response:
    """Send the form of the page of the results that goes to `address`, as it stands there."""
    form = next(one for one in forms_of(client.get("/release/results").text) if one.action == address)
    return client.post(address, data=form.fields)


def test_results_are_closed_signed_and_read_from_their_moment_on(season: Any) -> None:
    """PERM-3, RSC-2"""
    server, moments = season
    with signed_in(server, Role.COORDINATOR) as office, signed_in(server, Role.ADMIN) as second:
        for client in (office, second):
            assert send(client, "/account/ties", {}, page="/account").status_code == 303
        assert "No results yet" in office.get("/results").text
        assert decide(office, "/release/results/close").status_code == 303
        assert "Draft" in office.get("/results").text
        for client in (office, second):
            assert decide(client, "/release/results/sign").status_code == 303
        page = office.get("/results").text
        assert ("Draft" in page, "Under embargo until" in page) == (False, True)
        papers = {name: office.get(f"/results/{name}").text for name in PAPERS}
        assert {name: text.count("Under embargo until") for name, text in papers.items()} == dict.fromkeys(PAPERS, 1)
        with signed_in(server, Role.ENTRANT) as entrant:
            assert "No results yet" in entrant.get("/results").text
            assert [entrant.get(path).status_code for path in (LETTER, f"{LETTER}/pdf", PAPER)] == [404, 404, 403]
            with server.services.database.transaction() as db:
                confirm_clock(db, CEREMONY)
                assert release_due(db, CEREMONY, CEREMONY) == [None]
            moments.append(CEREMONY)
        with signed_in(server, Role.ENTRANT) as entrant:
            assert LETTER in entrant.get("/results").text
            letter = entrant.get(LETTER).text
            assert ("Final" in letter, "Under embargo" in letter) == (True, False)
            assert entrant.get(f"{LETTER}/pdf").content[:5] == b"%PDF-"
            others = ("/results/of/rival/phone_in/letter", "/results/of/harbour-ferry/phone_in/mark", PAPER)
            assert [entrant.get(path).status_code for path in others] == [404, 404, 403]
        with signed_in(server, Role.COORDINATOR) as later:
            exported = json.loads(later.get("/release/copies/results-1").content)
        assert exported["x_publication"]["released_at"] == CEREMONY.isoformat()
        scored = score_season(read_season(json.dumps(exported).encode(), shipped_forms()))
        final = next(entry.final for entry in scored.entries if entry.key[1] == "phone_in")
        assert final is not None
        assert f"{float(final):.2f}" in letter
