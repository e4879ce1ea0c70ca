"""The import page: files and archives as a browser uploads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from checklists.workbook.reading import worksheets
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
    """Choose files, as a browser does, and look at where the answer leads."""
    chosen: Uploads = [("files", (name, content, "text/csv")) for name, content in files.items()]
    return client.post("/imports", data={"csrf": form_token(client, "/imports")}, files=chosen, follow_redirects=True)


def press(client: httpx.Client, page: httpx.Response, what: str, **fields: str) -> httpx.Response:
    """Send one of the forms of an import's page."""
    data = {"csrf": form_token(client, "/imports"), **fields}
    return client.post(f"{page.url.path}/{what}", data=data, follow_redirects=True)


def own(files: dict[str, bytes]) -> dict[str, bytes]:
    """The example season under another entrant's code, beside the season the server holds already."""
    return {
        name: content.replace(b"harbour-ferry", b"kite-cargo").replace(b"central-pier", b"kite-pier")
        for name, content in files.items()
        if name != "rounds.csv"
    }


def test_nothing_is_written_before_it_is_confirmed(coordinator: httpx.Client) -> None:
    preview = upload(coordinator, own(example_season()))
    assert (preview.status_code, "Phones are told of 1 assignment." in preview.text) == (200, True), preview.text
    assert re.search(r"Write [0-9]+ changes", preview.text)
    assert "kite-cargo" not in coordinator.get("/standings").text
    written = press(coordinator, preview, "confirm")
    assert "This was changed:" in written.text
    assert "kite-cargo" in coordinator.get("/standings").text
    assert press(coordinator, preview, "confirm").status_code == 200  # twice is once
    again = upload(coordinator, own(example_season()))
    assert "Everything is as before: there is nothing to write." in again.text


def test_one_zip_is_as_good_as_many_files(coordinator: httpx.Client) -> None:
    files = {f"my season/{name}": content for name, content in own(example_season()).items()}
    preview = upload(coordinator, {"season.zip": zipped(files)})
    assert (preview.status_code, "Phones are told of 1 assignment." in preview.text) == (200, True)


def test_a_preview_shows_what_changes_from_what_to_what(coordinator: httpx.Client) -> None:
    press(coordinator, upload(coordinator, own(example_season())), "confirm")
    files = changed(own(example_season()), "contact_points.csv", value="2000 0002")
    preview = upload(coordinator, {"contact_points.csv": files["contact_points.csv"]})
    assert "<code>value</code> <del>+852 2000 0001</del> → <ins>+852 2000 0002</ins>" in preview.text
    assert "On the server, in no file" in preview.text
    press(coordinator, preview, "confirm")
    assert "contact_points.csv" in coordinator.get("/imports").text


def test_what_was_previewed_against_another_season_is_refused(coordinator: httpx.Client) -> None:
    press(coordinator, upload(coordinator, own(example_season())), "confirm")
    first = upload(coordinator, changed(own(example_season()), "assessors.csv", name="One"))
    second = upload(coordinator, changed(own(example_season()), "assessors.csv", name="Two"))
    press(coordinator, second, "confirm")
    refused = press(coordinator, first, "confirm")
    assert (refused.status_code, "Preview it again." in refused.text) == (409, True)


def test_an_import_is_taken_back_while_nothing_rests_on_it(coordinator: httpx.Client) -> None:
    written = press(coordinator, upload(coordinator, own(example_season())), "confirm")
    undone = press(coordinator, written, "undo")
    assert "This was changed, and taken back:" in undone.text
    assert "kite-cargo" not in coordinator.get("/standings").text
    assert press(coordinator, written, "undo").status_code == 409


def test_an_encoding_in_doubt_is_asked_for_with_three_cells_a_reading(coordinator: httpx.Client) -> None:
    asked = upload(coordinator, {"assessors.csv": "assessor,name\nA-1,赵磊\n".encode("gb18030")})
    assert "Which reading is right?" in asked.text
    assert "GB18030: <q>赵磊</q>" in asked.text
    preview = press(coordinator, asked, "encodings", **{"in:assessors.csv": "gb18030"})
    assert "Write 1 change" in preview.text


def test_problems_of_one_cause_are_one_line_and_all_of_them_in_a_workbook(coordinator: httpx.Client) -> None:
    rows = "".join(f"A-{number},=1+1,fr\n" for number in range(30))
    refused = upload(coordinator, {"assessors.csv": f"assessor,name,languages\n{rows}".encode()})
    assert refused.text.count("is not known; write one of") == 1
    assert "30 of the same cause; also in rows 3, 4, 5, 6, 7 …" in refused.text
    (link,) = re.findall(r'href="(/imports/\w+/problems)"', refused.text)
    (sheet,) = worksheets(coordinator.get(link).content)
    assert sheet.grid[0] == ["File", "Row", "Column", "What is wrong, and what to do", "Code"]
    assert len(sheet.grid) == 31
    assert list(sheet.grid[30][:3]) == ["assessors.csv", "31", "languages"]


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
    (table,) = worksheets(coordinator.get(f"/imports/templates/{sheet.name}.xlsx").content)
    assert list(table.grid[0]) == [column.name for column in sheet.columns]


def test_a_template_nobody_knows_is_not_found(coordinator: httpx.Client) -> None:
    assert coordinator.get("/imports/templates/passwords.csv").status_code == 404
