"""The import page: files and archives as a browser uploads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sync_server.exchange.csv.sheets import SHEETS
from sync_server.people.permissions import Role
from tests.sync_server.desk import add_accounts, form_token, signed_in
from tests.sync_server.season_files import changed, example_season
from tests.sync_server.workbooks import zipped

Uploads = list[tuple[str, tuple[str, bytes, str]]]


@pytest.fixture
def coordinator(server: Any) -> Iterator[httpx.Client]:
    add_accounts(server)
    with signed_in(server, Role.COORDINATOR) as client:
        yield client


def upload(client: httpx.Client, files: dict[str, bytes]) -> httpx.Response:
    chosen: Uploads = [("files", (name, content, "text/csv")) for name, content in files.items()]
    return client.post("/imports", data={"csrf": form_token(client, "/imports")}, files=chosen)


def own(files: dict[str, bytes]) -> dict[str, bytes]:
    """The example season under another entrant's code, beside the season the server holds already."""
    return {
        name: content.replace(b"harbour-ferry", b"kite-cargo").replace(b"central-pier", b"kite-pier")
        for name, content in files.items()
        if name != "rounds.csv"
    }


def test_files_are_imported_and_counted(coordinator: httpx.Client, server: Any) -> None:
    answer = upload(coordinator, own(example_season()))
    assert answer.status_code == 200, answer.text
    assert "Phones are told of 1 assignment." in answer.text
    again = upload(coordinator, own(example_season()))
    assert "Phones are told of 0 assignments." in again.text


def test_one_zip_is_as_good_as_many_files(coordinator: httpx.Client) -> None:
    answer = upload(
        coordinator,
        {"season.zip": zipped({f"my season/{name}": content for name, content in own(example_season()).items()})},
    )
    assert (answer.status_code, "Phones are told of 1 assignment." in answer.text) == (200, True)


def test_problems_are_listed_by_place_and_nothing_is_written(coordinator: httpx.Client) -> None:
    answer = upload(coordinator, changed(own(example_season()), "entrants.csv", seats="many"))
    assert answer.status_code == 422
    assert "<code>entrants.csv</code> row 2<br><code>seats</code>" in answer.text
    assert "Nothing was imported: 1 problem." in answer.text
    assert "kite-cargo" not in coordinator.get("/assignments").text


def test_the_page_is_in_chinese_too(server: Any, coordinator: httpx.Client) -> None:
    with signed_in(server, Role.COORDINATOR, language="zh-Hant") as client:
        answer = upload(client, changed(own(example_season()), "entrants.csv", seats="many"))
    assert "不是 0 至 100000 的整數" in answer.text
    assert "<code>entrants.csv</code> 第 2 列<br><code>seats</code>" in answer.text


def test_the_column_of_a_problem_says_what_it_means(coordinator: httpx.Client) -> None:
    answer = upload(coordinator, changed(own(example_season()), "entrants.csv", seats="many"))
    assert '<code>seats</code> <span class="why">seats of the service centre</span>' in answer.text


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_template_can_be_downloaded(coordinator: httpx.Client, sheet: Any) -> None:
    answer = coordinator.get(f"/imports/templates/{sheet.file}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{sheet.file}"'
    assert answer.content.startswith(b"\xef\xbb\xbf" + sheet.columns[0].name.encode())


def test_a_template_nobody_knows_is_not_found(coordinator: httpx.Client) -> None:
    assert coordinator.get("/imports/templates/passwords.csv").status_code == 404
