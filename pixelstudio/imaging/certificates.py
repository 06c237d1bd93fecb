"""Certificates that sign Content Credentials: read, or made by this studio for itself.

A self-made one proves that files come from the same studio, and to nobody whose that is.

Source of what a certificate has to say: C2PA technical specification 2.2, section 14.5 (X.509 certificates), https://spec.c2pa.org.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pixelstudio.core.errors import Unavailable

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

_CURVES: Final = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
_VALID: Final = timedelta(days=20 * 365)
_EARLIER: Final = timedelta(hours=1)
"""Clocks differ: a certificate begins a little before it is made."""


class CredentialsUnusable(Unavailable):
    """Content Credentials are switched on and cannot be made; the code says why, and the maintainer mends it."""

    default_code = "credentials_unusable"


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate with whatever stands above it, and its private key, as PEM; and how that key signs."""

    chain: bytes
    key: bytes = field(repr=False)
    algorithm: str

    @property
    def issuer(self) -> str:
        """The certificate that stands highest in the chain, as PEM."""
        return x509.load_pem_x509_certificates(self.chain)[-1].public_bytes(serialization.Encoding.PEM).decode()

    @property
    def serial(self) -> str:
        """The number its issuer gave the certificate that signs: with the issuer it names this one and no other."""
        return str(x509.load_pem_x509_certificates(self.chain)[0].serial_number)


def certified(pem: bytes) -> Certified:
    """What a PEM text holds: certificates, the one that signs first, and its private key. Raises `CredentialsUnusable`."""
    try:
        chain = x509.load_pem_x509_certificates(pem)
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        sentence = "The certificate for Content Credentials, or its key, cannot be read: both are PEM, and the key has no password."
        raise CredentialsUnusable(sentence, code="credentials_certificate_unreadable") from error
    if chain[0].public_key() != key.public_key():
        raise CredentialsUnusable(
            "The key for Content Credentials is not the one of its certificate.", code="credentials_certificate_foreign"
        )
    encoded = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)
    return Certified(encoded, _pem(key), _algorithm(key))


def self_made(now: datetime) -> bytes:
    """A fresh key and certificate with its issuer above it, as PEM; `now` is aware. A certificate that signs itself is not taken by readers."""
    issuer_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer_name, name = _name("Pixel Studio, self-made issuer"), _name("Pixel Studio, self-made")
    issuer = (
        _begun(issuer_name, issuer_name, issuer_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
    leaf = (
        _begun(name, issuer_name, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    return b"".join([_pem(key), *(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, issuer))])


def _begun(name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Pixel Studio"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _algorithm(key: object) -> str:
    match key:
        case ec.EllipticCurvePrivateKey() if key.curve.name in _CURVES:
            return _CURVES[key.curve.name]
        case ed25519.Ed25519PrivateKey():
            return "ed25519"
        case rsa.RSAPrivateKey():
            return "ps256"
        case _:
            raise CredentialsUnusable(
                "The key for Content Credentials is of a kind that C2PA does not know.", code="credentials_key_unknown"
            )


def _pem(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
