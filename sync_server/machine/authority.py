"""The certificates made here: an authority that vouches for this machine and its network, and the server's own.

AUT-1  The authority vouches for names and addresses of the machine it was made on and for private networks, and for
       nothing else: whoever steals its key can read no other traffic of a phone that installed it.
AUT-2  It lasts AUTHORITY_DAYS, not for ever. One that was made without these limits is used on: phones trust it.
"""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 730
CERTIFICATE_DAYS = 365
BEFORE = dt.timedelta(days=1)  # a phone's clock may be behind
NAME = "Mystery-shopper field tool"
LOCAL = "local"  # what machines call themselves on their own network
PRIVATE = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
        "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip


class Made(NamedTuple):
    """A certificate and its key, both as PEM."""

    certificate: bytes
    key: bytes


class Authority:
    """One that signs. Its certificate is `certificate`."""

    def __init__(self, certificate: bytes, key: bytes) -> None:
        self.certificate = x509.load_pem_x509_certificate(certificate)
        loaded = serialization.load_pem_private_key(key, None)
        if not isinstance(loaded, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
            raise TypeError("this key is of no kind that is used here")
        self._key = loaded

    @property
    def ends_at(self) -> dt.datetime:
        """Return when it ends."""
        return self.certificate.not_valid_after_utc

    @property
    def is_limited(self) -> bool:
        """Whether it vouches for some names only."""
        return _limits(self.certificate) is not None

    def may_name(self, host: str) -> bool:
        """Return whether it vouches for a name or an address."""
        limits = _limits(self.certificate)
        return limits is None or any(_covers(limit, host) for limit in limits.permitted_subtrees or ())

    def server_certificate(self, hosts: Collection[str], now: dt.datetime) -> Made:
        """Return a certificate for those of `hosts` that it vouches for; it ends before the authority does."""
        key = ec.generate_private_key(ec.SECP256R1())
        named = [_general_name(host) for host in sorted(hosts) if self.may_name(host)]
        issuer = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        made = (
            _begun(_subject("sync server"), self.certificate.subject, key, now)
            .not_valid_after(min(now + dt.timedelta(days=CERTIFICATE_DAYS), self.ends_at))
            .add_extension(x509.SubjectAlternativeName(named), critical=True)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return Made(made.public_bytes(serialization.Encoding.PEM), _pem(key))


def new_authority(hosts: Collection[str], now: dt.datetime) -> Made:
    """Return an authority that vouches for `hosts`, for names in .local, and for private addresses (AUT-1)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(f"made by {socket.gethostname()}"[:64])
    permitted: list[x509.GeneralName] = [x509.DNSName(LOCAL), *map(x509.IPAddress, PRIVATE)]
    for host in sorted(hosts):
        if not any(_covers(limit, host) for limit in permitted):
            permitted.append(_limit(host))
    made = (
        _begun(subject, subject, key, now)
        .not_valid_after(now + dt.timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Made(made.public_bytes(serialization.Encoding.PEM), _pem(key))


def _limits(certificate: x509.Certificate) -> x509.NameConstraints | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return None


def _covers(limit: x509.GeneralName, host: str) -> bool:
    if isinstance(limit, x509.DNSName):
        return host == limit.value or host.endswith(f".{limit.value}")
    try:
        return isinstance(limit, x509.IPAddress) and ip_address(host) in _network(limit)
    except ValueError:
        return False


def _network(limit: x509.IPAddress) -> IPv4Network | IPv6Network:
    return ip_network(str(limit.value))


def _limit(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_network(host))
    except ValueError:
        return x509.DNSName(host)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _subject(unit: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, NAME),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        ]
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
