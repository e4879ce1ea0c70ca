"""IDP, VOU: signing in by npm's oidc-provider, through its own pages. Its version is pinned."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from sync_server.config import Config
from sync_server.people import accounts
from sync_server.people.permissions import Role
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.desk import browser, password_hash, send
from tests.sync_server.npm import NODE, install
from tests.sync_server.plain_http import NO_AUTHORITIES
from tests.sync_server.season_kit import SET_UP_AT

PACKAGE = "oidc-provider@9.13.3"
CLIENT, SECRET = "field-tool", "a-secret-of-the-field-tool-0123456789"
PUBLIC = "http://desk.example"
SCRIPT = Path(__file__).with_name("oidc_provider.mjs")
MOST_PAGES = 12


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[str]:
    """The provider, running on the bundled node."""
    install(tmp_path, PACKAGE)
    arguments = [NODE, SCRIPT, tmp_path, CLIENT, SECRET, f"{PUBLIC}/sign-in/provider/back"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def through_its_pages(address: str, login: str) -> str:
    """Walk the pages of the provider as a browser would, and return where it sends the browser back to."""
    with httpx.Client(verify=NO_AUTHORITIES, timeout=30) as there:
        answer = there.get(address)
        for _ in range(MOST_PAGES):
            if onward := answer.headers.get("location"):
                address = urljoin(str(answer.url), onward)
                if address.startswith(PUBLIC):
                    return address
                answer = there.get(address)
            else:
                form = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
                assert form is not None, answer.text
                fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
                typed = {"login": login, "password": "anything"} if 'name="login"' in answer.text else {}
                answer = there.post(urljoin(str(answer.url), html.unescape(form[1])), data={**fields, **typed})
    raise AssertionError("the provider does not come to an end")


def test_somebody_of_the_office_signs_in_by_a_real_provider(issuer, tmp_path):
    config = Config(
        data_dir=tmp_path / "data",
        public_url=PUBLIC,
        oidc_issuer=issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
    )
    set_season_up(config)
    for server in run_server(config):
        with server.services.database.transaction() as db:
            made = {"username": "may@office.example", "name": "May", "role": Role.COORDINATOR, "now": SET_UP_AT}
            accounts.add_account(db, **made, password_hash=password_hash())
        with browser(server) as client:
            for login, status in (("may", 303), ("may", 303), ("bob", 403)):
                led = send(client, "/sign-in/provider", {"next": "/standings"}, page="/sign-in")
                address = re.search(r'content="0; url=([^"]+)"', led.text)
                assert address is not None, led.text
                back = through_its_pages(html.unescape(address[1]), login)
                came = client.get(back.removeprefix(PUBLIC))
                assert came.status_code == status, came.text
                if status == 303:
                    assert came.headers["location"] == "/standings"
                    assert client.get("/standings").status_code == 200
                    send(client, "/sign-out")
