"""HST: which names are this server's, and what is answered under another. Ids are those in machine/host_names.py."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sync_server.config import Config
from sync_server.machine import tls
from sync_server.machine.host_names import HostNames
from tests.sync_server.conftest import Running, run_server
from tests.sync_server.plain_http import NO_AUTHORITIES

NAMES = HostNames(Config(public_url="https://Field.example:8443", host_names="tool.example,*.season.example").names)


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        pytest.param("127.0.0.1:8000", True, id="HST-1 an address with its port"),
        pytest.param("203.0.113.9", True, id="HST-1 any address"),
        pytest.param("[::1]:8000", True, id="HST-1 an address of IPv6"),
        pytest.param("localhost:8000", True, id="HST-1 localhost"),
        pytest.param(socket.gethostname().upper(), True, id="HST-1 the machine's own name"),
        pytest.param(f"{socket.gethostname()}.local:8000", True, id="HST-1 that name on its network"),
        pytest.param("field.example", True, id="HST-1 the public one"),
        pytest.param("FIELD.example.:8443", True, id="HST-1 the public one, written otherwise"),
        pytest.param("tool.example", True, id="HST-1 one of the setting"),
        pytest.param("a.season.example", True, id="HST-1 one more label"),
        pytest.param("a.b.season.example", False, id="HST-1 not two"),
        pytest.param("season.example", False, id="HST-1 not none"),
        pytest.param("evil.example", False, id="HST-2 another name"),
        pytest.param("field.example.evil.example", False, id="HST-2 one that begins like ours"),
        pytest.param("evilfield.example", False, id="HST-2 one that ends like ours"),
        pytest.param("127.0.0.1.evil.example", False, id="HST-2 one that begins like an address"),
        pytest.param("[::1", True, id="HST-1 an address that is badly written"),
        pytest.param("", False, id="HST-2 none"),
        pytest.param("127.0.0.1@evil.example", False, id="HST-2 with somebody before it"),
    ],
)
def test_the_names_of_a_server(host: str, is_ours: bool) -> None:
    assert [NAMES.has(host) for _once_more in range(2)] == [is_ours, is_ours]


def test_a_certificate_says_for_what_it_vouches(tmp_path: Path) -> None:
    """HST-1"""
    made = tls.local_certificate(tmp_path, {"localhost", "127.0.0.1"}, now=dt.datetime.now(dt.UTC))
    assert tls.names_in(made.chain) == {"localhost", "127.0.0.1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from run_server(Config(data_dir=tmp_path_factory.mktemp("data")))


EVIL = {"Host": "evil.example"}


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        pytest.param("GET", "/sign-in", {}, 421, id="GATE-6 a page"),
        pytest.param("GET", "/ca", {}, 421, id="GATE-6 the authority"),
        pytest.param("POST", "/sign-in", {"Origin": "http://evil.example"}, 421, id="GATE-6 a form of that site"),
        pytest.param("GET", "/api/v1/changes", {}, 421, id="GATE-6 what devices ask"),
        pytest.param("PUT", f"/api/v1/assessments/{'0' * 8}-0000-4000-8000-{'0' * 12}", {}, 421, id="GATE-6 a push"),
        pytest.param("GET", "/metrics", {}, 421, id="GATE-6 what was counted"),
        pytest.param("GET", "/healthz", {}, 200, id="GATE-6 but not how it is"),
    ],
)
def test_under_another_name_nothing_is_answered(
    server: Running, method: str, path: str, more: dict[str, str], status: int
) -> None:
    answer = httpx.request(method, server.url + path, headers=EVIL | more, timeout=20, verify=NO_AUTHORITIES)
    assert answer.status_code == status
    assert "evil" not in answer.text
