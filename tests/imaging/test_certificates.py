"""Certificates: made whole, read back, and refused with what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from pixelstudio.imaging.certificates import CredentialsUnusable, _algorithm, certified, self_made

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def pem_of(key) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def test_a_self_made_one_is_signed_by_its_issuer_and_holds_for_twenty_years():
    made = certified(self_made(NOW))

    leaf, issuer = x509.load_pem_x509_certificates(made.chain)
    leaf.verify_directly_issued_by(issuer)
    assert made.algorithm == "es256"
    assert made.serial == str(leaf.serial_number)
    assert x509.load_pem_x509_certificate(made.issuer.encode()) == issuer
    assert leaf.not_valid_before_utc < NOW
    assert leaf.not_valid_after_utc.year == 2046
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert "PRIVATE" not in repr(made)


def test_no_two_are_alike():
    assert certified(self_made(NOW)).issuer != certified(self_made(NOW)).issuer


def test_what_cannot_be_read_is_said():
    one, other = self_made(NOW), self_made(NOW)
    key, chain = certified(one).key, certified(one).chain
    for pem, code in {
        b"": "credentials_certificate_unreadable",
        b"no certificate": "credentials_certificate_unreadable",
        key: "credentials_certificate_unreadable",
        chain: "credentials_certificate_unreadable",
        certified(other).key + chain: "credentials_certificate_foreign",
    }.items():
        with pytest.raises(CredentialsUnusable) as refusal:
            certified(pem)
        assert refusal.value.code == code
        assert "PRIVATE" not in refusal.value.sentence


@pytest.mark.parametrize(
    ("make", "algorithm"),
    [
        (lambda: ec.generate_private_key(ec.SECP256R1()), "es256"),
        (lambda: ec.generate_private_key(ec.SECP384R1()), "es384"),
        (ed25519.Ed25519PrivateKey.generate, "ed25519"),
        (lambda: rsa.generate_private_key(65537, 2048), "ps256"),
    ],
)
def test_each_kind_of_key_signs_in_its_own_way(make, algorithm):
    assert _algorithm(serialization.load_pem_private_key(pem_of(make()), None)) == algorithm


def test_a_key_that_c2pa_does_not_know_is_refused():
    with pytest.raises(CredentialsUnusable) as refusal:
        _algorithm(dsa.generate_private_key(2048))

    assert refusal.value.code == "credentials_key_unknown"
