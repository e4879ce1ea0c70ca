"""AUT: what the local authority vouches for, as TLS itself judges. Ids are those in machine/authority.py."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

import pytest
import trustme

from sync_server.machine import tls
from sync_server.machine.authority import Authority, Made, new_authority

NOW = dt.datetime.now(dt.UTC)
HOSTS = ("127.0.0.1", "localhost", "desk", "desk.local", "203.0.113.7", "tool.example")


class Thief(Authority):
    """Whoever has the key signs what they like."""

    def may_name(self, host: str) -> bool:
        return True


@pytest.fixture(scope="module")
def made() -> Made:
    return new_authority(HOSTS, NOW)


def is_trusted(authority: Made, host: str, folder: Path) -> bool:
    """Whether a phone that installed the authority believes a server of its key that says it is `host`."""
    forged = Thief(authority.certificate, authority.key).server_certificate([host], NOW)
    (folder / "chain").write_bytes(forged.certificate)
    (folder / "key").write_bytes(forged.key)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(folder / "chain", folder / "key")
    phones = ssl.create_default_context(cadata=authority.certificate.decode())
    to_server, to_phone = ssl.MemoryBIO(), ssl.MemoryBIO()
    phone = phones.wrap_bio(to_phone, to_server, server_hostname=host)
    server = theirs.wrap_bio(to_server, to_phone, server_side=True)
    for _ in range(4):
        for side in (phone, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return True


@pytest.mark.parametrize(
    ("host", "trusted"),
    [
        pytest.param("localhost", True, id="AUT-1 this machine"),
        pytest.param("desk", True, id="AUT-1 by its name"),
        pytest.param("desk.local", True, id="AUT-1 by its name on the network"),
        pytest.param("renamed.local", True, id="AUT-1 also once it has another"),
        pytest.param("192.168.1.20", True, id="AUT-1 an address of a private network"),
        pytest.param("10.9.8.7", True, id="AUT-1 of another one"),
        pytest.param("203.0.113.7", True, id="AUT-1 its public address"),
        pytest.param("tool.example", True, id="AUT-1 the name it listens on"),
        pytest.param("203.0.113.8", False, id="AUT-1 not the next one"),
        pytest.param("bank.example", False, id="AUT-1 not a site of the world"),
        pytest.param("evildesk", False, id="AUT-1 not a name that ends like its own"),
    ],
)
def test_whoever_has_its_key_speaks_for_nobody_else(made: Made, host: str, trusted: bool, tmp_path: Path) -> None:
    assert is_trusted(made, host, tmp_path) is trusted
    assert Authority(*made).may_name(host) is trusted


def test_it_ends_within_two_years(made: Made) -> None:
    """AUT-2"""
    assert Authority(*made).ends_at - NOW <= dt.timedelta(days=731)


def test_an_authority_of_an_older_release_is_used_on(tmp_path: Path) -> None:
    """AUT-2"""
    old = trustme.CA()
    (tmp_path / "authority.pem").write_bytes(old.cert_pem.bytes())
    (tmp_path / "authority.key").write_bytes(old.private_key_pem.bytes())
    kept = tls.local_certificate(tmp_path, ["localhost", "192.0.2.9"], now=NOW)
    assert (tmp_path / "authority.pem").read_bytes() == old.cert_pem.bytes()
    assert not kept.is_limited
    assert tls.names_in(kept.chain) == {"localhost", "192.0.2.9"}


def test_one_that_ends_soon_gives_way_to_another(tmp_path: Path) -> None:
    """TLS-2"""
    first = tls.local_certificate(tmp_path, HOSTS, now=NOW)
    same = tls.local_certificate(tmp_path, HOSTS, now=NOW + dt.timedelta(days=690))
    other = tls.local_certificate(tmp_path, HOSTS, now=NOW + dt.timedelta(days=710))
    assert first.fingerprint == same.fingerprint != other.fingerprint
    assert first.is_limited
    assert Authority(
        (tmp_path / "authority.pem").read_bytes(), (tmp_path / "authority.key").read_bytes()
    ).ends_at > NOW + dt.timedelta(days=1_400)


def test_what_it_may_not_name_is_left_out_and_said(tmp_path: Path) -> None:
    """AUT-1"""
    tls.local_certificate(tmp_path, ["localhost"], now=NOW)
    later = tls.local_certificate(tmp_path, ["localhost", "10.0.0.3", "new.example"], now=NOW)
    assert later.unnamed == ("new.example",)
    assert tls.names_in(later.chain) == {"localhost", "10.0.0.3"}
