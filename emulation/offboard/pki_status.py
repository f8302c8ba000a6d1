"""Whether a certificate was taken back: signed answers that are good for a while (C-08, C-10).

Ref: RFC 6960 (OCSP), answered by the issuer itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from emulation.offboard.pki import Credential

Status = Literal["good", "revoked", "unknown", "stale"]

ANSWER_LASTS = timedelta(days=7)
"""Time for which an answer may be used (own choice)."""


class Responder:
    """Answers for what one authority signed; `revoked` holds serial numbers, and since when."""

    def __init__(self, authority: Credential) -> None:
        self.authority = authority
        self.revoked: dict[int, datetime] = {}

    def revoke(self, certificate: x509.Certificate, at: datetime) -> None:
        """Take a certificate back from `at` on; once is enough."""
        self.revoked.setdefault(certificate.serial_number, at)

    def restore(self, certificates: Iterable[x509.Certificate]) -> None:
        """Forget that these were taken back."""
        for certificate in certificates:
            self.revoked.pop(certificate.serial_number, None)

    def answer(self, certificate: x509.Certificate, at: datetime) -> bytes:
        """The status of `certificate` at `at`, DER, signed."""
        since = self.revoked.get(certificate.serial_number)
        gone = since is not None and since <= at
        built = ocsp.OCSPResponseBuilder().add_response(
            cert=certificate,
            issuer=self.authority.certificate,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if gone else ocsp.OCSPCertStatus.GOOD,
            this_update=at,
            next_update=at + ANSWER_LASTS,
            revocation_time=since if gone else None,
            revocation_reason=x509.ReasonFlags.cessation_of_operation if gone else None,
        )
        built = built.responder_id(ocsp.OCSPResponderEncoding.HASH, self.authority.certificate)
        return built.sign(self.authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def status(answer: bytes, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Status:
    """What an answer says of `certificate` to somebody who looks at it at `at`.

    `unknown`: the answer is about another certificate, or not signed by its issuer; `stale`: too old, or of the future.
    """
    try:
        told = ocsp.load_der_ocsp_response(answer)
        public = issuer.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)  # every authority here has one
        assert told.signature_hash_algorithm is not None  # as ECDSA has
        public.verify(told.signature, told.tbs_response_bytes, ec.ECDSA(told.signature_hash_algorithm))
    except (ValueError, InvalidSignature):
        return "unknown"
    if told.serial_number != certificate.serial_number:
        return "unknown"
    until = told.next_update_utc
    if at < told.this_update_utc or until is None or at > until:
        return "stale"
    return "revoked" if told.certificate_status is ocsp.OCSPCertStatus.REVOKED else "good"
