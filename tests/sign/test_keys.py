"""Keys: those that we and cosign write are read, and others are refused with a reason."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from cmpolicy.sign.keys import PrivateKey, PublicKey, generate
from cmpolicy.sign.pem import BadKey, read_private, read_public, write_private
from cmpolicy.sign.strict import NotVerified
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.sign.samples import COSIGN, COSIGN_PASSWORD, KEY, OTHER_KEY, Document

P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())
SEALED = write_private(KEY, b"secret")


def pem(key: ec.EllipticCurvePrivateKey, form: PrivateFormat, password: bytes = b"") -> bytes:
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, form, encryption)


def public(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def as_public(der: bytes) -> bytes:
    return f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(der).decode()}\n-----END PUBLIC KEY-----\n".encode()


def hybrid(key: PublicKey) -> bytes:
    """The key with its point in full and the parity of its second half, as no Go program reads it."""
    head, point = key.der[:-65], key.der[-65:]
    return as_public(head + bytes([6 + point[-1] % 2]) + point[1:])


def compressed(key: PublicKey) -> bytes:
    """The key with the first half of its point and the parity of the second."""
    point = key.der[-65:]
    head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    return as_public(head + bytes([2 + point[-1] % 2]) + point[1:33])


def never() -> bytes:
    """The password of a key that has none."""
    raise AssertionError("nobody should be asked for a password")


def resealed(change: Callable[[Document], None]) -> bytes:
    """The encrypted key with its JSON changed."""
    head, *body, end = SEALED.decode().splitlines()
    document: Document = json.loads(base64.b64decode("".join(body)))
    change(document)
    return f"{head}\n{base64.b64encode(json.dumps(document).encode()).decode()}\n{end}\n".encode()


def test_an_encrypted_key_is_read_with_its_password() -> None:
    assert read_private(SEALED, lambda: b"secret").der == KEY.der
    assert SEALED.startswith(b"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n")
    assert max(map(len, SEALED.splitlines())) <= 64


def test_an_encrypted_key_differs_each_time_it_is_written() -> None:
    assert write_private(KEY, b"secret") != SEALED


def test_an_empty_password_is_one() -> None:
    assert read_private(write_private(KEY, b""), lambda: b"").der == KEY.der


def test_a_key_of_cosign_is_read() -> None:
    private = read_private((COSIGN / "cosign.key").read_bytes(), lambda: COSIGN_PASSWORD)
    assert private.public == read_public((COSIGN / "cosign.pub").read_bytes())
    assert private.public.pem == (COSIGN / "cosign.pub").read_bytes()


def test_a_key_of_an_earlier_cosign_is_read() -> None:
    assert read_private(SEALED.replace(b"SIGSTORE", b"COSIGN"), lambda: b"secret").der == KEY.der


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_plain_keys_are_read(form: PrivateFormat) -> None:
    assert read_private(pem(P256, form), never).public.pem == public(P256)


def test_a_key_in_encrypted_pkcs8_is_read() -> None:
    content = pem(P256, PrivateFormat.PKCS8, b"secret")
    assert read_private(content, lambda: b"secret").public.pem == public(P256)
    with pytest.raises(BadKey, match="or the password is wrong"):
        read_private(content, lambda: b"other")


def test_a_key_after_its_curve_is_read_as_openssl_writes_it() -> None:
    curve = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    assert read_private(curve + pem(P256, PrivateFormat.TraditionalOpenSSL), never).public.pem == public(P256)


def test_lines_may_end_as_on_windows() -> None:
    assert read_private(SEALED.replace(b"\n", b"\r\n"), lambda: b"secret").der == KEY.der
    assert read_public(KEY.public.pem.replace(b"\n", b"\r\n")) == KEY.public


def test_another_password_is_refused() -> None:
    with pytest.raises(BadKey, match=r"^the password is wrong, or the file was changed$"):
        read_private(SEALED, lambda: b"Secret")


def _set(path: str, value: object) -> Callable[[Document], None]:
    *way, last = path.split(".")

    def change(document: Document) -> None:
        for step in way:
            document = document[step]
        document[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("kdf.params.N", 2**30, "its parameters of scrypt are none that cosign writes"),
        ("kdf.params.N", 2**14, "its parameters of scrypt are none that cosign writes"),
        ("kdf.params.r", 9, "its parameters of scrypt are none that cosign writes"),
        ("kdf.params.p", 2, "its parameters of scrypt are none that cosign writes"),
        ("kdf.params.N", 2**17, "the password is wrong, or the file was changed"),
        ("kdf.name", "pbkdf2", "it is encrypted in another way than with scrypt and nacl/secretbox"),
        ("cipher.name", "aes", "it is encrypted in another way than with scrypt and nacl/secretbox"),
        ("cipher.nonce", "AAAA", "it is encrypted in another way than with scrypt and nacl/secretbox"),
        ("ciphertext", "AAAA", "the password is wrong, or the file was changed"),
        ("ciphertext", "", "the password is wrong, or the file was changed"),
        ("ciphertext", "AAA", "it is no base64"),
        ("kdf", None, "`null` is no map"),
    ],
)
def test_an_encrypted_key_that_was_changed_is_refused(path: str, value: object, told: str) -> None:
    with pytest.raises(BadKey) as raised:
        read_private(resealed(_set(path, value)), lambda: b"secret")
    assert str(raised.value) == told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is no PEM file"),
        (b"secret", "it is no PEM file"),
        (KEY.public.pem, "it is a public key, and only a private one signs"),
        (SEALED * 2, "it holds 2 keys or other parts, and should hold one"),
        (SEALED.replace(b"ENCRYPTED SIGSTORE", b"OPENSSH"), "it holds `OPENSSH PRIVATE KEY`, and no key that cmpolicy reads"),
        (pem(P384, PrivateFormat.PKCS8), "it is a key on the curve secp384r1, and cmpolicy signs with ECDSA on P-256"),
        (SEALED.replace(b"ENCRYPTED SIGSTORE ", b""), "it is broken, or the password is wrong"),
        (SEALED[: len(SEALED) // 2], "it is no PEM file"),
    ],
)  # fmt: skip
def test_what_is_no_private_key_to_sign_with_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(BadKey) as raised:
        read_private(content, lambda: b"secret")
    assert str(raised.value) == told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (SEALED, "it is a private key; name its public half, often `cosign.pub`"),
        (pem(P256, PrivateFormat.PKCS8), "it is a private key; name its public half, often `cosign.pub`"),
        (public(P384), "it is a key on the curve secp384r1, and cmpolicy knows ECDSA on P-256"),
        (public(ed25519.Ed25519PrivateKey.generate()), "it is another kind of key (Ed25519PublicKey)"),
        (public(rsa.generate_private_key(65537, 2048)), "it is another kind of key (RSAPublicKey)"),
        (KEY.public.pem.replace(b"PUBLIC KEY", b"CERTIFICATE"), "it holds `CERTIFICATE`, and no key that cmpolicy reads"),
        (KEY.public.pem.replace(b"MFkw", b"MFkx"), "it is broken, or the password is wrong"),
        (KEY.public.pem * 2, "it holds 2 keys or other parts, and should hold one"),
        (hybrid(KEY.public), "its point is not written uncompressed; "),
        (compressed(KEY.public), "its point is not written uncompressed; "),
    ],
)  # fmt: skip
def test_what_is_no_public_key_to_verify_with_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(BadKey) as raised:
        read_public(content)
    assert str(raised.value).startswith(told)


def test_a_signature_is_that_of_its_key_and_message() -> None:
    signature = KEY.sign(b"message")
    KEY.public.verify(signature, b"message")
    for key, message in ((KEY, b"messagf"), (OTHER_KEY, b"message"), (KEY, b"")):
        with pytest.raises(NotVerified, match="the signature is not one of the key"):
            key.public.verify(signature, message)


def test_a_signature_is_the_same_each_time() -> None:
    assert KEY.sign(b"message") == KEY.sign(b"message") != KEY.sign(b"other")


@pytest.mark.parametrize("signature", [b"", b"\x30\x00", b"\x00" * 64, b"\x30\x06\x02\x01\x00\x02\x01\x00"])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    with pytest.raises(NotVerified):
        KEY.public.verify(signature, b"message")


def test_keys_are_new_each_time() -> None:
    first, second = generate(), generate()
    assert isinstance(first, PrivateKey)
    assert first.public != second.public
    assert first.public.hint != second.public.hint
