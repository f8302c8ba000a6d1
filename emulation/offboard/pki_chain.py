"""Whether a chain of certificates may be believed at a given date (C-06, C-08, C-10).

Ref: RFC 5280, 6.1, as far as ISO 15118-2 uses it: names, signatures, validity, basic constraints, key usage.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

CHAIN_MAX = 3
"""A leaf and two sub-CAs; ISO 15118-2 allows no more."""

EMPTY, EXPIRED, NOT_YET, FOREIGN, BROKEN, NO_AUTHORITY = (
    "no certificate",
    "certificate expired",
    "certificate not valid yet",
    "unknown root",
    "chain broken",
    "signed by no authority",
)
"""What can be wrong with a chain."""


def distrust(chain: Sequence[x509.Certificate], root: x509.Certificate, at: datetime) -> str:
    """Why `chain` (leaf first, without root) is not believed under `root` at the date `at`; empty where it is."""
    if not 0 < len(chain) <= CHAIN_MAX:
        return EMPTY if not chain else BROKEN
    for below, above in zip(chain, [*chain[1:], root], strict=True):
        if below.issuer != above.subject:
            return FOREIGN if above is root else BROKEN
        if not _is_authority(above):
            return NO_AUTHORITY
        try:
            below.verify_directly_issued_by(above)
        except (InvalidSignature, ValueError, TypeError):
            return FOREIGN if above is root else BROKEN
    return next((found for certificate in (*chain, root) if (found := out_of_date(certificate, at))), "")


def out_of_date(certificate: x509.Certificate, at: datetime) -> str:
    """Whether a certificate is over, or has not begun; empty while it lasts."""
    if at >= certificate.not_valid_after_utc:
        return EXPIRED
    return NOT_YET if at < certificate.not_valid_before_utc else ""


def verifies(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` is by the holder of `certificate` (ECDSA with SHA-256)."""
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return False
    try:
        public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        return usage.key_cert_sign and certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
