"""FRO, PRE, AWY: two editions in one server, and what one sees of the other: nothing."""

from __future__ import annotations

import re
import shutil

import httpx
import pytest

from sync_server.people.permissions import Role
from tests.sync_server.desk import browser, send, sign_in, signed_in
from tests.sync_server.editions.conftest import Editions
from tests.sync_server.season_kit import TOKEN

PHONE = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    ("path", "onward"),
    [
        pytest.param("/", "/e/2022/", id="FRO-2 the first page is the latest edition's"),
        pytest.param("/today?a=1", "/e/2022/today?a=1", id="FRO-2 a page without a name is the latest's, too"),
        pytest.param("/e/2021", "/e/2021/", id="FRO-1 an edition without its slash"),
    ],
)
def test_the_door_leads_on(editions: Editions, path: str, onward: str) -> None:
    answer = httpx.get(f"{editions.url}{path}")
    assert (answer.status_code, answer.headers["location"]) == (307, onward)


def test_fro_1_a_session_of_one_edition_opens_nothing_of_another(editions: Editions) -> None:
    with browser(editions.of("2021")) as client:
        sign_in(client, Role.ADMIN)
        assert client.get("/today").status_code == 200
        elsewhere = client.get(f"{editions.url}/e/2022/today")
        assert elsewhere.headers["location"] == "/e/2022/sign-in?next=%2Ftoday"
        secret = next(cookie for cookie in client.cookies.jar if cookie.name == "session")
        assert secret.path == "/e/2021"
        forced = httpx.get(f"{editions.url}/e/2022/today", headers={"Cookie": f"session={secret.value}"})
        assert forced.status_code == 401


def test_beg_1_the_office_signs_in_to_the_next_edition_with_its_password_and_nobody_else_does(editions) -> None:
    with browser(editions.of("2022")) as client:
        sign_in(client, Role.COORDINATOR)
        assert "2022 Award" in client.get("/edition").text
    with browser(editions.of("2022")) as client:
        fields = {"username": "entrant", "password": "correct horse battery"}
        assert send(client, "/sign-in", fields, page="/sign-in").status_code != 303


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        pytest.param("/e/2021/api/v1/changes", 200, None, id="its own"),
        pytest.param("/e/2022/api/v1/changes", 401, "token-not-valid", id="FRO-1 another's"),
        pytest.param("/api/v1/changes", 404, "edition-not-named", id="FRO-2 none is named"),
        pytest.param("/e/2077/api/v1/changes", 503, "edition-away", id="AWY-1 an unknown one: it tries again"),
        pytest.param("/e/spoilt/api/v1/changes", 503, "edition-away", id="AWY-1 one that cannot be opened"),
    ],
)
def test_a_phone_is_answered_by_its_own_edition_alone(editions: Editions, path: str, status: int, code) -> None:
    answer = httpx.get(f"{editions.url}{path}", headers=PHONE)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert ("retry-after" in answer.headers) == (code == "edition-away")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        pytest.param("/e/2077/today", 404, "No edition of this server has this address", id="unknown"),
        pytest.param("/e/..%2F2021/today", 404, "No edition of this server", id="no name, but a path"),
        pytest.param("/e/spoilt/today", 503, "This edition is not open", id="FRO-3 not open"),
    ],
)
def test_a_reader_is_told_that_there_is_no_edition(editions: Editions, path: str, status: int, words: str) -> None:
    answer = httpx.get(f"{editions.url}{path}", headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert words in answer.text
    assert "/preferences" not in answer.text  # a form that nobody could send from here
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_fro_3_the_office_reads_which_edition_is_not_open_and_a_visitor_does_not(editions: Editions) -> None:
    with signed_in(editions.of("2021"), Role.VIEWER) as client:
        page = client.get("/edition").text
        assert re.search(r"<strong>spoilt</strong>.*?file is not a database", page, re.DOTALL)
        assert 'href="/e/2022/">2022 Award</a>' in page
    assert "spoilt" not in httpx.get(f"{editions.url}/e/2021/enrol").text


def test_pre_2_every_address_of_a_page_stays_within_its_edition(editions: Editions) -> None:
    with signed_in(editions.of("2021"), Role.ADMIN) as client:
        for path in ("/today", "/edition", "/assessments", "/records/entrants", "/enrolment-codes"):
            page = client.get(path).text
            addresses = re.findall(r'\s(?:href|action|src|data-events|data-live-rows)="(/[^"]*)"', page)
            assert len(addresses) > 20
            assert not [one for one in addresses if not one.startswith("/e/2021/") and one != "/e/2022/"], path
        assert client.get(re.findall(r'src="/e/2021(/static/live[^"]*)"', page)[0]).status_code == 200


def test_pre_3_what_somebody_typed_stays_as_it_was_typed(editions: Editions) -> None:
    typed = ' href="/today" action=\'/x'
    with signed_in(editions.of("2021"), Role.ADMIN) as client:
        page = send(client, "/tokens", {"name": typed, "lasts_days": "0"}).text
    assert " href=&#34;/today&#34; action=&#39;/x" in page


def test_links_that_an_edition_gives_out_lead_to_it(editions: Editions) -> None:
    with signed_in(editions.of("2021"), Role.ADMIN) as client:
        sheet = send(client, "/enrolment-codes", {"assessor": "assessor-1"}).text
        assert f"{editions.url}/e/2021/app/#/enrol?code=" in sheet
        invited = send(client, "/accounts/invitations", {"role": "viewer"}).text
        assert f"{editions.url}/e/2021/invitation/" in invited


@pytest.mark.parametrize("path", ["/calendar.ics", "/enrol"])
def test_what_the_public_reads_is_of_the_edition_in_the_address(editions: Editions, path: str) -> None:
    pages = {name: httpx.get(f"{editions.url}/e/{name}{path}").text for name in ("2021", "2022")}
    assert "2022 Award" not in pages["2021"]
    assert "2021 Award" in pages["2021"]
    assert "2021 Award" not in pages["2022"]


def test_rights_taken_in_one_edition_stay_in_the_other(editions: Editions) -> None:
    with signed_in(editions.of("2022"), Role.ADMIN) as client:
        viewer = re.findall(r'action="/e/2022(/accounts/[^/]+)/disable"', client.get("/accounts").text)
        assert viewer
        for one in viewer:
            send(client, f"{one}/disable")
    with browser(editions.of("2022")) as client:
        fields = {"username": "reviewer", "password": "correct horse battery"}
        assert send(client, "/sign-in", fields, page="/sign-in").status_code != 303
    with signed_in(editions.of("2021"), Role.REVIEWER) as client:
        assert client.get("/today").status_code == 200


def test_beg_3_the_edition_that_follows_is_begun_on_a_page_and_not_twice(editions: Editions) -> None:
    with signed_in(editions.of("2021"), Role.ADMIN) as client:
        refused = send(client, "/edition/next", {"name": "again"}, page="/edition")
        assert refused.status_code == 400
        assert "The edition of 2022 is there already, as 2022" in refused.text
        pressed_twice = send(client, "/edition/next", {"name": "2022"}, page="/edition").text
        assert "2022 is there already; choose another name." in pressed_twice
        assert "/2022 is there already" not in pressed_twice, "where the server keeps it is no reader's matter"
        assert 'value="again"' in refused.text
    assert editions.root.names() == ["2021", "2022", "spoilt"]


def test_fro_4_a_folder_that_came_meanwhile_answers(editions: Editions) -> None:
    shutil.copytree(editions.root.folder("2022"), editions.root.folder("copy-of-2022"))
    assert httpx.get(f"{editions.url}/e/copy-of-2022/sign-in").status_code == 200


def test_fro_3_one_writer_that_stops_stops_no_other_and_the_process_says_so(editions: Editions) -> None:
    assert httpx.get(f"{editions.url}/healthz").status_code == 200
    editions.of("copy-of-2022").services.writer.close()
    assert httpx.get(f"{editions.url}/healthz").status_code == 503
    with browser(editions.of("copy-of-2022")) as client:
        fields = {"username": "viewer", "password": "correct horse battery"}
        assert send(client, "/sign-in", fields, page="/sign-in").status_code >= 500
    with signed_in(editions.of("2021"), Role.VIEWER) as client:
        assert client.get("/today").status_code == 200
