"""A local certificate authority, so that phones on the same network can trust this server.

TLS-1  Whoever installed the authority trusts the server, and nobody else does. Clicking a warning away is not enough:
       browsers then still refuse the service worker, and so the offline app.
TLS-2  The authority is made once and kept in the data folder; phones that installed it stay content after a restart.
       Another one is made when it ends within RENEW_BEFORE: phones then have to install that.
TLS-3  The server's own certificate is made anew when a host name is missing from it or it soon ends.
TLS-4  Private keys are readable by their owner only (0600).
TLS-5  iOS refuses a server certificate of over 825 days and browsers one of over 398: it lasts a year.
"""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import ssl
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sync_server.machine.files import keep_file, make_folder

if TYPE_CHECKING:
    # Loaded where they are used: a server without a certificate starts sooner.
    from cryptography import x509

    from sync_server.machine.authority import Authority

RENEW_BEFORE = timedelta(days=30)
FOLDER, AUTHORITY = "tls", "authority.pem"  # within the data folder


class TlsError(ValueError):
    """The certificate cannot be used; the message says which file and what to do."""


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What the server presents. `authority` is the certificate a phone installs; None: it came from elsewhere."""

    chain: Path
    key: Path
    authority: Path | None = None
    fingerprint: str | None = None  # SHA-256 of the authority's certificate, "AB:CD:..."
    unnamed: tuple[str, ...] = ()  # names of this machine that the authority does not vouch for
    is_limited: bool = True  # whether the authority vouches for this machine and its network only


def local_certificate(folder: Path, hosts: Collection[str], *, now: datetime) -> Certificate:
    """Return a certificate for `hosts`, signed by the authority kept in `folder` (both made when missing).

    Safe to repeat (TLS-2). What the authority does not vouch for is left out. `now` is aware UTC.
    """
    make_folder(folder)
    folder.chmod(0o700)
    authority = _authority(folder, hosts, now)
    chain, key = folder / "server.pem", folder / "server.key"
    vouched = [host for host in hosts if authority.may_name(host)]
    if not _still_good(authority, chain, key, vouched, now):
        leaf = authority.server_certificate(vouched, now)
        keep_file(key, leaf.key, private=True)
        keep_file(chain, leaf.certificate)
    return Certificate(
        chain=chain,
        key=key,
        authority=folder / AUTHORITY,
        fingerprint=fingerprint(folder / AUTHORITY),
        unnamed=tuple(sorted(set(hosts) - set(vouched))),
        is_limited=authority.is_limited,
    )


def given_certificate(chain: Path, key: Path) -> Certificate:
    """Return the certificate the coordinator brought.

    Raises:
        TlsError: a file is missing or unreadable, or the key does not belong to the certificate.
    """
    for file in (chain, key):
        if not file.is_file():
            raise TlsError(f"{file} is not there; give the path of a PEM file.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key)
    except (ssl.SSLError, OSError) as error:
        raise TlsError(
            f"{chain} and {key} cannot be used together ({error}); give a PEM certificate and its own key."
        ) from error
    return Certificate(chain=chain, key=key)


def fingerprint(certificate: Path) -> str:
    """Return the SHA-256 of a PEM certificate as people compare it: pairs of hex digits with colons."""
    digits = hashlib.sha256(as_der(certificate)).hexdigest().upper()
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def as_der(certificate: Path) -> bytes:
    """Return a PEM certificate in the binary form that phones install."""
    return ssl.PEM_cert_to_DER_cert(certificate.read_text("ascii"))


def names_in(certificate: Path) -> frozenset[str]:
    """Return the names and addresses that a PEM certificate (the first of its file) vouches for, in small letters."""
    from cryptography import x509  # noqa: PLC0415

    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    try:
        named = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(str(name.value).lower() for name in named)


def host_names(host: str) -> tuple[str, ...]:
    """Return every name a phone may use for this machine when the server listens on `host`."""
    names = {"localhost", "127.0.0.1", "::1"}
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not bound
        names.add(host)
    own = socket.gethostname()
    if own and own.isascii():
        names |= {own, own if "." in own else f"{own}.local"}
    return tuple(sorted(names | set(network_addresses())))


def network_addresses() -> Sequence[str]:
    """Return this machine's addresses on its networks, loopback left out; none when it has no network."""
    addresses = []
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        # Connecting a datagram socket sends nothing: it only asks the system which address it would send from.
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((elsewhere, 9))
            except OSError:
                continue
            address = probe.getsockname()[0].partition("%")[0]
        if not ipaddress.ip_address(address).is_loopback:
            addresses.append(address)
    return addresses


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _authority(folder: Path, hosts: Collection[str], now: datetime) -> Authority:
    from sync_server.machine.authority import Authority, new_authority  # noqa: PLC0415

    certificate, key = folder / AUTHORITY, folder / "authority.key"
    if certificate.is_file() and key.is_file():
        kept = Authority(certificate.read_bytes(), key.read_bytes())
        if kept.ends_at - now > RENEW_BEFORE:
            return kept
    made = new_authority(hosts, now)
    # The key first: a certificate without its key would be offered to phones and could never sign again.
    keep_file(key, made.key, private=True)
    keep_file(certificate, made.certificate)
    return Authority(made.certificate, made.key)


def _still_good(authority: Authority, chain: Path, key: Path, hosts: Collection[str], now: datetime) -> bool:
    if not (chain.is_file() and key.is_file()):
        return False
    from cryptography import x509  # noqa: PLC0415

    certificate = x509.load_pem_x509_certificate(chain.read_bytes())
    is_ours = certificate.issuer == authority.certificate.subject and _is_signed_by(certificate, authority)
    is_lasting = certificate.not_valid_after_utc - now > RENEW_BEFORE
    return is_ours and is_lasting and {host.lower() for host in hosts} <= names_in(chain)


def _is_signed_by(certificate: x509.Certificate, authority: Authority) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415

    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (InvalidSignature, ValueError):
        return False
    return True
