"""The certificates of Plug & Charge: three roots, their sub-CAs, and who holds a certificate below them (C-06, C-16).

V2G root: stations and the provisioning service. OEM root: the car. MO root: contracts. secp256r1 and SHA-256 as ISO
15118-2 wants them; keys and signatures come of the seed, so that the same seed makes the same certificates. Chains are
checked in `pki_chain`, status is asked for in `pki_status`, private keys travel by `pki_wrap`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, lru_cache
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from emulation.epoch import EPOCH

CURVE = ec.SECP256R1()
CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Number of points of secp256r1 (SEC 2, 2.4.2): a private key is below it."""
DAY = timedelta(days=1)
Validity = tuple[datetime, datetime]
"""From and until, UTC."""

ROOT_BEGAN, ROOT_LASTS = EPOCH - 5 * 365 * DAY, 40 * 365 * DAY
"""A V2G root lives for 40 years (ISO 15118-2, annex E)."""
SUB_BEGAN, SUB_LASTS = EPOCH - 365 * DAY, 5 * 365 * DAY
"""Sub-CAs live for some years (own choice, longer than what they sign)."""
CAR_BEGAN, CAR_LASTS = EPOCH - 200 * DAY, 30 * 365 * DAY
"""A provisioning certificate lives as long as its car (own choice); longer than its CA."""
STATION_LASTS = 60 * DAY
"""A station's certificate lives for two to three months (ISO 15118-2, annex E)."""
CONTRACT_LASTS = 365 * DAY
"""A contract certificate lives for four weeks to two years (ISO 15118-2, annex E)."""


@dataclass(frozen=True)
class Credential:
    """A certificate, its private key (never shown), and who signed it: None for a root."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    issuer: Credential | None = None

    @property
    def name(self) -> str:
        """Common name of the subject."""
        return common_name(self.certificate)

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Its certificate and those of its sub-CAs, without the root."""
        return () if self.issuer is None else (self.certificate, *self.issuer.chain)

    @property
    def root(self) -> x509.Certificate:
        """The root above it."""
        return self.certificate if self.issuer is None else self.issuer.root

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256 over `data`, the same for the same data (RFC 6979)."""
        return self.key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def common_name(certificate: x509.Certificate) -> str:
    """Common name of a certificate's subject."""
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


class Pki:
    """All authorities of one seed; ask `pki(seed)` for it. A certificate is made when first asked for."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    # Authorities

    @cached_property
    def v2g(self) -> tuple[Credential, Credential, Credential]:
        """V2G root and its two sub-CAs of a station operator (CPO)."""
        return self._authorities("V2GRootCA", "CPOSubCA")

    @cached_property
    def service(self) -> tuple[Credential, Credential, Credential]:
        """V2G root and the two sub-CAs of the provisioning service, whose signature the car believes."""
        first = self._sub("ProvSubCA1", self.v2g[0], 1)
        return self.v2g[0], first, self._sub("ProvSubCA2", first, 0)

    @cached_property
    def oem(self) -> tuple[Credential, Credential, Credential]:
        """The car maker's root and its two sub-CAs."""
        return self._authorities("OEMRootCA", "OEMSubCA")

    @cached_property
    def mo(self) -> tuple[Credential, Credential, Credential]:
        """The mobility operators' root and its two sub-CAs, who sign contracts."""
        return self._authorities("MORootCA", "MOSubCA")

    @cached_property
    def foreign(self) -> tuple[Credential, Credential, Credential]:
        """A root that nobody here trusts, and its two sub-CAs."""
        return self._authorities("ForeignRootCA", "ForeignSubCA")

    # Who holds a certificate

    @lru_cache(maxsize=64)  # noqa: B019  a PKI lives as long as its process
    def provisioning(self, pcid: str) -> Credential:
        """The certificate that a car leaves the factory with; its common name is the PCID."""
        return self._leaf(pcid, self.oem[2], CAR_BEGAN, CAR_BEGAN + CAR_LASTS)

    @lru_cache(maxsize=256)  # noqa: B019  a PKI lives as long as its process
    def contract(self, emaid: str, number: int, since: datetime, until: datetime, foreign: bool = False) -> Credential:
        """The `number`-th certificate of a contract, its common name the eMAID; `foreign`: by an unknown root."""
        return self._leaf(emaid, (self.foreign if foreign else self.mo)[2], since, until, str(number))

    @lru_cache(maxsize=256)  # noqa: B019  a PKI lives as long as its process
    def station(self, evse: str, since: datetime, until: datetime, foreign: bool = False) -> Credential:
        """A station's certificate (SECC); `foreign`: by an unknown root."""
        return self._leaf(evse, (self.foreign if foreign else self.v2g)[2], since, until)

    @cached_property
    def provisioning_service(self) -> Credential:
        """Who signs what a certificate installation answers (CPS)."""
        return self._leaf("CPS", self.service[2], SUB_BEGAN, SUB_BEGAN + SUB_LASTS)

    def private_key(self, name: str) -> ec.EllipticCurvePrivateKey:
        """A key that the seed makes of `name`."""
        number = int.from_bytes(sha256(f"{self.seed}/pki/{name}".encode()).digest())
        return ec.derive_private_key(number % (CURVE_ORDER - 1) + 1, CURVE)

    # How they are made

    def _authorities(self, root: str, sub: str) -> tuple[Credential, Credential, Credential]:
        key = self.private_key(root)
        above = Credential(self._signed(root, key, None, (ROOT_BEGAN, ROOT_BEGAN + ROOT_LASTS), 2), key)
        first = self._sub(f"{sub}1", above, 1)
        return above, first, self._sub(f"{sub}2", first, 0)

    def _sub(self, name: str, issuer: Credential, below: int) -> Credential:
        key = self.private_key(name)
        return Credential(self._signed(name, key, issuer, (SUB_BEGAN, SUB_BEGAN + SUB_LASTS), below), key, issuer)

    def _leaf(self, name: str, issuer: Credential, since: datetime, until: datetime, more: str = "") -> Credential:
        key = self.private_key(f"{issuer.name}/{name}/{more}/{since.isoformat()}")
        return Credential(self._signed(name, key, issuer, (since, until), None), key, issuer)

    def _signed(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        issuer: Credential | None,
        validity: Validity,
        ca_below: int | None,
    ) -> x509.Certificate:
        """A certificate over `key`; `ca_below`: how many authorities may stand below it, None for none and no CA."""
        since, until = validity
        signer = issuer.key if issuer else key
        public = key.public_key()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        is_ca = ca_below is not None
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(public)
            .serial_number(int.from_bytes(sha256(f"{self.seed}/{name}/{since}/{until}".encode()).digest()[:8]) + 1)
            .not_valid_before(since.astimezone(UTC))
            .not_valid_after(until.astimezone(UTC))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=ca_below), critical=True)
            .add_extension(_usage(is_ca), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )
        return built.sign(signer, hashes.SHA256(), ecdsa_deterministic=True)


def _usage(is_ca: bool) -> x509.KeyUsage:
    """An authority signs certificates; everybody else signs messages and agrees on keys."""
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=not is_ca,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )


@cache
def pki(seed: int) -> Pki:
    """The authorities of a seed, once a process."""
    return Pki(seed)
