"""What car and provider say to each other about a contract certificate, the station in between (C-06, C-16).

Ref: ISO 15118-2, CertificateInstallationReq and CertificateInstallationRes; the fields that matter, not their EXI.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from emulation.offboard.pki import common_name
from emulation.offboard.pki_wrap import WrappedKey

Chain = tuple[x509.Certificate, ...]
"""Leaf first, without the root."""


@dataclass(frozen=True)
class InstallationRequest:
    """The car asks for its contract; signed with the key of its provisioning certificate."""

    provisioning: Chain
    session: bytes
    """Of the communication with the station, so that an old request cannot be sent again."""
    signature: bytes = b""

    @property
    def pcid(self) -> str:
        """Whose request it is."""
        return common_name(self.provisioning[0])

    def body(self) -> bytes:
        """What is signed."""
        return _digest(b"CertificateInstallationReq", self.session, _der(self.provisioning))


@dataclass(frozen=True)
class InstallationResponse:
    """The provider sends a contract; signed by the provisioning service."""

    contract: Chain
    wrapped: WrappedKey = field(repr=False)
    service: Chain
    """Of the provisioning service."""
    session: bytes
    signature: bytes = b""

    @property
    def emaid(self) -> str:
        """Which contract it is."""
        return common_name(self.contract[0])

    def body(self) -> bytes:
        """What is signed."""
        wrapped = self.wrapped.ephemeral + self.wrapped.encrypted
        return _digest(b"CertificateInstallationRes", self.session, _der(self.contract), wrapped)


def _der(chain: Chain) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.DER) for certificate in chain)


def _digest(*parts: bytes) -> bytes:
    return b"".join(sha256(part).digest() for part in parts)
