"""Certificates of every kind of wrong, from an authority of our own."""

import datetime as dt
import ipaddress
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

_NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


@dataclass
class Authority:
    """A trusted root; `client` trusts it and it alone."""

    root: trustme.CA
    stranger: trustme.CA
    client: ssl.SSLContext


def make_authority() -> Authority:
    root, stranger = trustme.CA(), trustme.CA()
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    root.configure_trust(client)
    return Authority(root, stranger, client)


def server_contexts(authority: Authority) -> dict[str, ssl.SSLContext]:
    """One context per case, by name."""
    past, future = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    return {
        "good": _issued(authority.root.issue_cert("127.0.0.1")),
        "expired": _issued(
            authority.root.issue_cert("127.0.0.1", not_before=past, not_after=past + dt.timedelta(days=1))
        ),
        "not-yet-valid": _issued(
            authority.root.issue_cert("127.0.0.1", not_before=future, not_after=future + dt.timedelta(days=1))
        ),
        "wrong-host": _issued(authority.root.issue_cert("other.test")),
        "unknown-issuer": _issued(authority.stranger.issue_cert("127.0.0.1")),
        "self-signed": _loaded(*_self_made("127.0.0.1", told=False)),
        "incomplete-chain": _loaded(*_self_made("127.0.0.1", told=True)),
    }


def _issued(cert: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    return context


def _loaded(key: bytes, cert: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_bytes(key + cert)
        context.load_cert_chain(file)
    return context


def _self_made(host: str, *, told: bool) -> tuple[bytes, bytes]:
    """Self-signed; or, if `told`, signed by an intermediate that is not sent but named, as public authorities do."""
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Intermediate 1")]) if told else name
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOW - dt.timedelta(days=3650))
        .not_valid_after(_NOW + dt.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
    )
    if told:
        place = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier("http://ca.test/i.crt")
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
    cert = builder.sign(other if told else key, hashes.SHA256())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem, cert.public_bytes(serialization.Encoding.PEM)
