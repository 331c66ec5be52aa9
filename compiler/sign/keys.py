"""Keys of ECDSA on P-256 with SHA-256: the one kind that every tool that reads our signatures knows.

The only module that imports `cryptography`; without it, importing this raises `CmpolicyError`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.sign.strict import NotVerified, write_base64

try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
        load_der_private_key,
        load_der_public_key,
        load_pem_private_key,
    )
except ImportError as missing:
    install = "install it with `pip install 'cmpolicy[sign]'`"
    raise CmpolicyError(Diagnostic("sign", "signatures need the package `cryptography`", help=install)) from missing


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What signatures are held against."""

    _key: ec.EllipticCurvePublicKey

    @property
    def der(self) -> bytes:
        """As a DER SubjectPublicKeyInfo."""
        return self._key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def pem(self) -> bytes:
        """As PEM, as cosign writes it."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def hint(self) -> str:
        """By which a bundle names its key, as cosign does: the SHA-256 of the DER in base64."""
        return write_base64(hashlib.sha256(self.der).digest())

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise `NotVerified` unless this key made the signature, in DER, of the message."""
        try:
            self._key.verify(signature, message, ec.ECDSA(SHA256()))
        except InvalidSignature as error:
            raise NotVerified(f"the signature is not one of the key `{self.hint}` on this content") from error


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What signs."""

    _key: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> PublicKey:
        """Its other half."""
        return PublicKey(self._key.public_key())

    @property
    def der(self) -> bytes:
        """As DER PKCS#8, not encrypted."""
        return self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, message: bytes) -> bytes:
        """The signature in DER; the same for the same message (RFC 6979) where OpenSSL is 3.2 or newer, else random."""
        try:
            return self._key.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True))
        except UnsupportedAlgorithm:
            return self._key.sign(message, ec.ECDSA(SHA256()))


def generate() -> PrivateKey:
    """A new key."""
    return PrivateKey(ec.generate_private_key(ec.SECP256R1()))


def private_from_der(content: bytes) -> PrivateKey:
    """The key in DER PKCS#8. Raises `ValueError`, whose message is for users."""
    return _private(lambda: load_der_private_key(content, None))


def private_from_pem(content: bytes, password: bytes | None) -> PrivateKey:
    """The key in PEM PKCS#8 or SEC1. Raises `ValueError`, whose message is for users."""
    return _private(lambda: load_pem_private_key(content, password))


def public_from_der(content: bytes) -> PublicKey:
    """The key in a DER SubjectPublicKeyInfo, in the one form that cosign takes: its point uncompressed.

    Raises `ValueError`, whose message is for users.
    """
    found = _loaded(lambda: load_der_public_key(content))
    if not isinstance(found, ec.EllipticCurvePublicKey) or not isinstance(found.curve, ec.SECP256R1):
        raise ValueError(f"it is {_kind(found)}, and cmpolicy knows ECDSA on P-256")
    key = PublicKey(found)
    if key.der != content:
        raise ValueError(
            "its point is not written uncompressed; `openssl ec -pubin -in FILE -conv_form uncompressed` writes it so"
        )
    return key


def _private(load: Callable[[], object]) -> PrivateKey:
    found = _loaded(load)
    if not isinstance(found, ec.EllipticCurvePrivateKey) or not isinstance(found.curve, ec.SECP256R1):
        raise ValueError(f"it is {_kind(found)}, and cmpolicy signs with ECDSA on P-256")
    return PrivateKey(found)


def _loaded(load: Callable[[], object]) -> object:
    try:
        return load()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("it is broken, or the password is wrong") from error


def _kind(found: object) -> str:
    if isinstance(found, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return f"a key on the curve {found.curve.name}"
    return f"another kind of key ({type(found).__name__})"
