"""How a contract's private key travels to the one car it is for (C-06).

Ref: ISO 15118-2, 7.9.2.4.3: ephemeral ECDH over secp256r1, ConcatKDF with SHA-256 (NIST SP 800-56A), AES-128-CBC
without padding. A wrong key decrypts without any error: the receiver compares what came out with the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
OTHER_INFO = bytes([0x01, 0x55, 0x56])
"""Algorithm id, sender `U`, receiver `V`."""
SESSION_KEY_BYTES = 16
IV_BYTES = 16
KEY_BYTES = 32


@dataclass(frozen=True)
class WrappedKey:
    """The ephemeral public key (uncompressed point), and IV with the encrypted private key."""

    ephemeral: bytes
    encrypted: bytes = field(repr=False)


def wrap(
    key: ec.EllipticCurvePrivateKey, receiver: x509.Certificate, ephemeral: ec.EllipticCurvePrivateKey, iv: bytes
) -> WrappedKey:
    """Encrypt `key` for the holder of `receiver`. Raises `TypeError` for a certificate of another kind of key."""
    public = receiver.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise TypeError(f"{receiver.subject.rfc4514_string()}: expected a key on secp256r1")
    encryptor = _cipher(ephemeral.exchange(ec.ECDH(), public), iv).encryptor()
    plain = key.private_numbers().private_value.to_bytes(KEY_BYTES)
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return WrappedKey(point, iv + encryptor.update(plain) + encryptor.finalize())


def unwrap(wrapped: WrappedKey, receiver: ec.EllipticCurvePrivateKey) -> ec.EllipticCurvePrivateKey | None:
    """What comes out: a key, right or wrong; None where it is none."""
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, wrapped.ephemeral)
        iv, encrypted = wrapped.encrypted[:IV_BYTES], wrapped.encrypted[IV_BYTES:]
        decryptor = _cipher(receiver.exchange(ec.ECDH(), point), iv).decryptor()
        plain = decryptor.update(encrypted) + decryptor.finalize()
        return ec.derive_private_key(int.from_bytes(plain), CURVE) if len(plain) == KEY_BYTES else None
    except ValueError:
        return None


def belongs(key: ec.EllipticCurvePrivateKey | None, certificate: x509.Certificate) -> bool:
    """Whether `key` is the private key of `certificate`."""
    return key is not None and key.public_key() == certificate.public_key()


def _cipher(secret: bytes, iv: bytes) -> Cipher[modes.CBC]:
    session = ConcatKDFHash(SHA256(), SESSION_KEY_BYTES, OTHER_INFO).derive(secret)
    return Cipher(algorithms.AES(session), modes.CBC(iv))
