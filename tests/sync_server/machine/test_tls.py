"""TLS: a local authority that phones can trust. Ids are those in sync_server/machine/tls.py."""

from __future__ import annotations

import ssl
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from sync_server.machine import tls
from tests.sync_server.command_line import Command

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOSTS = ("127.0.0.1", "localhost")


def certificate_of(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_tls_2_the_authority_is_made_once(tmp_path: Path) -> None:
    first = tls.local_certificate(tmp_path, HOSTS, now=NOW)
    again = tls.local_certificate(tmp_path, HOSTS, now=NOW + timedelta(days=1))
    assert (first.fingerprint, certificate_of(first.chain)) == (again.fingerprint, certificate_of(again.chain))


@pytest.mark.parametrize(
    ("hosts", "later", "renewed"),
    [
        pytest.param(HOSTS, timedelta(days=300), False, id="TLS-3 kept while it lasts"),
        pytest.param((*HOSTS, "192.168.0.9"), timedelta(), True, id="TLS-3 another address"),
        pytest.param((*HOSTS, "192.0.2.9"), timedelta(), False, id="AUT-1 but not for one that it may not name"),
        pytest.param(HOSTS, timedelta(days=340), True, id="TLS-3 soon ending"),
    ],
)
def test_the_servers_own_certificate_is_renewed_when_needed(
    tmp_path: Path, hosts: tuple[str, ...], later: timedelta, renewed: bool
) -> None:
    before = tls.local_certificate(tmp_path, HOSTS, now=datetime.now(UTC))
    old = certificate_of(before.chain)
    after = tls.local_certificate(tmp_path, hosts, now=datetime.now(UTC) + later)
    assert (certificate_of(after.chain) != old) is renewed
    assert after.fingerprint == before.fingerprint


def test_tls_4_keys_are_their_owners_only(tmp_path: Path) -> None:
    tls.local_certificate(tmp_path / "tls", HOSTS, now=NOW)
    keys = [file for file in (tmp_path / "tls").iterdir() if file.suffix == ".key"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in keys] == [0o600, 0o600]


def test_tls_5_a_certificate_lasts_no_longer_than_browsers_accept(tmp_path: Path) -> None:
    made = certificate_of(tls.local_certificate(tmp_path, HOSTS, now=NOW).chain)
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=397)


@pytest.mark.parametrize("given", ["missing", "not-a-certificate", "of-another-key"])
def test_a_certificate_that_cannot_be_used_is_told(tmp_path: Path, given: str) -> None:
    mine = tls.local_certificate(tmp_path / "mine", HOSTS, now=NOW)
    other = tls.local_certificate(tmp_path / "other", HOSTS, now=NOW)
    text = tmp_path / "text.pem"
    text.write_text("hello")
    chain, key = {
        "missing": (tmp_path / "nowhere.pem", mine.key),
        "not-a-certificate": (text, mine.key),
        "of-another-key": (mine.chain, other.key),
    }[given]
    with pytest.raises(tls.TlsError, match=str(chain.name)):
        tls.given_certificate(chain, key)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ssl.SSLContext, Path]]:
    """A real season over https by its own authority, trusted by whoever installed it."""
    data = tmp_path_factory.mktemp("served")
    command = Command("serve", "--no-app", "--tls", "--port", "0", "--data", str(data))
    try:
        url = command.wait_for("Dashboard").split()[-1].rstrip("/")
        command.wait_for("Ready")
        yield url, ssl.create_default_context(cafile=data / "tls" / "authority.pem"), data
    finally:
        command.stop()
        command.close()


def test_tls_1_only_who_installed_the_authority_trusts_the_server(
    served: tuple[str, ssl.SSLContext, Path],
) -> None:
    url, trusting, data = served
    page = httpx.get(f"{url}/ca", verify=trusting)
    assert page.status_code == 200
    assert tls.fingerprint(data / "tls" / "authority.pem") in page.text
    answer = httpx.get(f"{url}/ca/authority.crt", verify=trusting)
    assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    assert answer.content == tls.as_der(data / "tls" / "authority.pem")
    with pytest.raises(httpx.ConnectError, match="certificate"):
        httpx.get(f"{url}/ca")


def test_the_steps_are_in_chinese_too(served: tuple[str, ssl.SSLContext, Path]) -> None:
    url, trusting, _ = served
    assert "憑證信任設定" in httpx.get(f"{url}/ca", verify=trusting, cookies={"language": "zh-Hant"}).text
