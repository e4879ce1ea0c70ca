"""The dashboard as a browser without scripts meets it, friendly and not."""

from __future__ import annotations

import os
import re
import socket
import uuid

import pytest

from tests.sync_server.blackbox.demo import form_token
from tests.sync_server.blackbox.phone import Phone, enrol, filled

MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|javascript:")
LINK = re.compile(r'(?:href|src)="(/[^"#]*)')
MOST_PAGES = 40


def kind_of(link: str) -> str:
    """What sort of page a link leads to: one of each sort is enough."""
    return re.sub(r"[0-9a-f-]{32,}|[^/]*-[^/]*", "*", link.partition("?")[0])


def walk(browser):
    """Give each sort of page that can be reached from the first one."""
    waiting, seen = ["/"], set()
    while waiting and len(seen) < MOST_PAGES:
        link = waiting.pop(0)
        if kind_of(link) in seen or link.startswith(("/app", "/events", "/static")):
            continue
        seen.add(kind_of(link))
        answer = browser.get(link.replace("&amp;", "&"))
        yield link, answer
        waiting += [answer.headers["Location"]] if "Location" in answer.headers else []
        waiting += LINK.findall(answer.text) if "html" in answer.headers.get("Content-Type", "") else []


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("account", ["coordinator", "administrator", "reviewer", "entrant"])
def test_every_page_shows_and_holds_nothing_inline(demo, account, language):
    pages = 0
    for link, answer in walk(demo.sign_in(account, language=language)):
        assert answer.status_code in (200, 303), (link, answer.status_code)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        if "html" in answer.headers.get("Content-Type", ""):
            assert not INLINE.search(answer.text), link
            pages += answer.status_code == 200
    assert pages >= 3


def test_signing_in_wants_the_pages_own_token_and_begins_a_new_session(demo):
    browser = demo.browser()
    password = demo.told["coordinator"]["password"]
    said = {"username": "coordinator", "password": password}
    assert browser.post("/sign-in", data=said).status_code == 403
    browser.cookies.set("session", "chosen-by-somebody-else", domain="127.0.0.1")
    answer = browser.post("/sign-in", data=said | {"csrf": form_token(browser)})
    assert answer.status_code == 303
    cookie = next(one for one in answer.headers.get_list("Set-Cookie") if one.startswith("session="))
    assert "chosen-by-somebody-else" not in cookie
    assert "HttpOnly" in cookie
    assert "samesite" in cookie.lower()


def test_signing_out_ends_the_session_everywhere(demo):
    browser = demo.sign_in("coordinator")
    session = browser.cookies["session"]
    assert browser.post("/sign-out", data={}).status_code == 403
    assert browser.post("/sign-out", data={"csrf": form_token(browser, "/account")}).status_code == 303
    with demo.client(cookies={"session": session}) as thief:
        assert thief.get("/devices").status_code in (303, 401)


def test_a_wrong_password_is_slowed_down(demo):
    with demo.browser() as browser:
        token = form_token(browser)
        said = {"username": f"guess-{uuid.uuid4()}", "password": "guess", "csrf": token}
        statuses = [browser.post("/sign-in", data=said).status_code for _ in range(8)]
        assert statuses[0] == 401
        assert statuses[-1] == 429
        assert "Retry-After" in browser.post("/sign-in", data=said).headers


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "/a\r\nX-Bad: 1"]
)
def test_signing_in_leads_nowhere_else(demo, target):
    browser = demo.browser()
    said = {"username": "reviewer", "password": demo.told["accounts"]["reviewer"], "csrf": form_token(browser)}
    answer = browser.post("/sign-in", data=said | {"next": target})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "X-Bad" not in answer.headers


@pytest.fixture(scope="module")
def marked_up(demo):
    """A record with markup wherever words may stand, and files that are pages themselves; its id and hashes."""
    phone = Phone(demo, MARKUP)
    pages = [f"<!doctype html><script>{uuid.uuid4()}</script>".encode(), f"<svg onload='{uuid.uuid4()}'/>".encode()]
    record = filled(phone.assignments[0], phone.forms, files=tuple(pages))
    record["app_version"] = MARKUP
    record["notes"] = {key: dict.fromkeys(words, MARKUP) for key, words in record["notes"].items()}
    for file in record["evidence"][-2:]:
        file |= {"content_type": "text/html", "prepared": False, "why_not_prepared": MARKUP}
    assert phone.put(record).status_code == 200
    for data in pages:
        assert phone.send(phone.upload(data, content_type="text/html", assessment=record["id"]), 0, data).is_success
    return record["id"], [file["sha256"] for file in record["evidence"][-2:]]


def test_markup_of_a_phone_is_shown_as_words(demo, marked_up):
    browser = demo.sign_in("coordinator")
    for link in (f"/assessments/{marked_up[0]}", "/devices"):
        page = browser.get(link).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("door", ["originals", "photos", "previews"])
def test_a_file_that_is_a_page_never_runs(demo, marked_up, door):
    browser = demo.sign_in("coordinator")
    for sha256 in marked_up[1]:
        link = f"/assessments/{marked_up[0]}/{door}/{sha256}"
        answer = browser.get(link)
        assert answer.status_code in (200, 404)
        if answer.status_code == 200:
            assert not answer.headers["Content-Type"].startswith(("text/html", "image/svg"))
            assert "sandbox" in answer.headers["Content-Security-Policy"]
        with demo.browser() as nobody:
            assert nobody.get(link).status_code in (303, 401)


def test_an_entrant_sees_neither_others_nor_assessors(demo, marked_up):
    coordinator, entrant = demo.sign_in("coordinator"), demo.sign_in("entrant")
    people = re.findall(r"[A-Z][\w-]+ [A-Z]\w+(?:-\w+)? [\u4e00-\u9fff]{2,4}", coordinator.get("/assessors").text)
    assert people
    for link in ("/", "/reports", "/faq"):
        page = entrant.get(link).text
        assert not [name for name in people if name in page or name.split()[-1] in page]
    for link in ("/assessments", f"/assessments/{marked_up[0]}"):
        assert entrant.get(link).status_code == 403
    for link in ("/devices", "/assessors", "/standings", "/enrolment-codes", "/audit", "/season.json"):
        assert entrant.get(link).status_code in (403, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../pyproject.toml",
        "/static/..%2f..%2fpyproject.toml",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/app/..%2f..%2f..%2fpyproject.toml",
        "/assessments/..%2f..%2fetc%2fpasswd",
        "/assessments/%00",
        "/assessments/%ff",
        "/imports/templates/..%2f..%2fconfig.py",
        "/standings/nobody/phone_in",
        f"/assessments/{'0' * 5_000}",
    ],
)
def test_an_address_that_leads_out_leads_nowhere(demo, path):
    session = demo.sign_in("administrator").cookies["session"]
    answer = _raw(
        demo, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: session={session}\r\nConnection: close\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"[project]" not in answer


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param("Content-Length: 6\r\nTransfer-Encoding: chunked", id="two ways to say how long"),
        pytest.param("Content-Length: 6\r\nContent-Length: 5", id="two lengths"),
        pytest.param("Content-Length: -6", id="negative length"),
        pytest.param("Transfer-Encoding: xchunked", id="unknown coding"),
    ],
)
def test_a_request_with_two_meanings_is_refused_and_closed(demo, headers):
    second = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    request = f"POST /api/v1/enrol HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n\r\n0\r\n\r\n{second}"
    answer = _raw(demo, request)
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_nul_is_refused_wherever_it_comes(demo):
    browser = demo.sign_in("administrator")
    said = {"csrf": form_token(browser, "/account"), "username": "a\0b", "password": "a\0b"}
    assert browser.post("/sign-in", data=said).status_code == 400
    for page in (
        "/assessments?state=%00",
        "/assignments?channel=%00",
        "/audit?action=%00",
        "/api/v1/changes?cursor=%00",
    ):
        assert browser.get(page).status_code == 400
    for page in ("/assessments/a%00", "/standings/a%00/phone_in", "/static/a%00", "/accounts/a%00"):
        assert browser.get(page).status_code == 404


def test_huge_forms_and_odd_files_are_answered_in_words(demo):
    browser = demo.sign_in("coordinator")
    token = form_token(browser, "/account")
    huge = browser.post("/preferences", data={"csrf": token, "language": "z" * 3_000_000})
    many = browser.post("/preferences", data={f"field-{n}": "1" for n in range(20_000)})
    junk = browser.post(
        "/imports", data={"csrf": token}, files={"file": ("../../x.csv", os.urandom(1_000), "text/csv")}
    )
    assert all(answer.status_code < 500 for answer in (huge, many, junk))
    assert junk.status_code >= 400


def test_a_revoked_code_and_a_revoked_device_open_nothing(demo):
    phone = Phone(demo, "Soon lost")
    browser = demo.sign_in("coordinator")
    page = browser.get("/devices").text
    row = next(part for part in page.split("<tr") if "Soon lost" in part)
    action = re.search(r'action="(/devices/[^"]+)"', row)
    assert action is not None
    said = {"csrf": form_token(browser, "/devices"), "reason": "lost"}
    assert browser.post(action[1], data=said).status_code == 303
    answer = phone.put(phone.a_call())
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "details"}
    issued = browser.post("/enrolment-codes", data={"csrf": form_token(browser, "/account"), "assessor": "B-01"}).text
    code = re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b", issued)[0]
    row = next(part for part in browser.get("/enrolment-codes").text.split("<tr") if f"…{code[-4:]}" in part)
    action = re.search(r'action="(/enrolment-codes/[^"]+)"', row)
    assert action is not None
    assert browser.post(action[1], data=said).status_code == 303
    with demo.client() as client:
        refused = enrol(client, code)
    assert refused.status_code in (404, 409, 410)
    assert refused.json()["code"] == "enrolment-code-revoked"


def test_machines_are_told_what_they_ask(demo):
    with demo.client() as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 200
        assert "# TYPE" in client.get("/metrics").text
        paths = client.get("/api/v1/schema").json()["paths"]
        assert {"/api/v1/enrol", "/api/v1/changes", "/api/v1/media"} <= set(paths)


def _raw(demo, request: str) -> bytes:
    with socket.create_connection(("127.0.0.1", demo.port), timeout=10) as line:
        line.sendall(request.encode())
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return answer
