"""How cosign encrypts a private key: JSON with scrypt's parameters and a secret box of NaCl.

Format: `github.com/secure-systems-lab/go-securesystemslib`, package `encrypted`, v0.11.0.
"""

from __future__ import annotations

import hashlib
import secrets

from cmpolicy.content import canonical
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.ir_json.read import DecodeError, field, text, whole
from cmpolicy.sign.strict import read_base64, read_json, write_base64
from cmpolicy.values import Json

try:
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox
except ImportError as missing:
    install = "install it with `pip install 'cmpolicy[sign]'`"
    raise CmpolicyError(Diagnostic("sign", "encrypted keys need the package `PyNaCl`", help=install)) from missing

KDF = "scrypt"
CIPHER = "nacl/secretbox"
ROUNDS = (2**15, 2**16, 2**17)
"""The values of scrypt's N that cosign takes; others could make the reader work without end."""
NEW_ROUNDS = 2**16
BLOCK, PARALLEL = 8, 1
SALT_BYTES = 32
MOST_MEMORY_BYTES = 2**28


def seal(plain: bytes, password: bytes) -> bytes:
    """The content, encrypted with the password."""
    salt = secrets.token_bytes(SALT_BYTES)
    box = SecretBox(_stretched(password, salt, NEW_ROUNDS))
    sealed = box.encrypt(plain)
    return canonical(
        {
            "kdf": {
                "name": KDF,
                "params": {"N": NEW_ROUNDS, "r": BLOCK, "p": PARALLEL},
                "salt": write_base64(salt),
            },
            "cipher": {"name": CIPHER, "nonce": write_base64(sealed.nonce)},
            "ciphertext": write_base64(sealed.ciphertext),
        }
    )


def unseal(content: bytes, password: bytes) -> bytes:
    """What was encrypted. Raises `DecodeError` if it is not in this format and `ValueError` if the password is wrong."""
    raw = read_json(content)
    kdf, cipher = field(raw, "kdf"), field(raw, "cipher")
    nonce, salt = read_base64(text(cipher, "nonce")), read_base64(text(kdf, "salt"))
    if text(kdf, "name") != KDF or text(cipher, "name") != CIPHER or len(nonce) != SecretBox.NONCE_SIZE:
        raise DecodeError(f"it is encrypted in another way than with {KDF} and {CIPHER}")
    ciphertext = read_base64(text(raw, "ciphertext"))
    box = SecretBox(_stretched(password, salt, _rounds(field(kdf, "params"))))
    try:
        return box.decrypt(ciphertext, nonce)
    except CryptoError as error:
        raise ValueError("the password is wrong, or the file was changed") from error


def _rounds(parameters: Json) -> int:
    rounds = whole(parameters, "N")
    if rounds not in ROUNDS or whole(parameters, "r") != BLOCK or whole(parameters, "p") != PARALLEL:
        raise DecodeError("its parameters of scrypt are none that cosign writes")
    return rounds


def _stretched(password: bytes, salt: bytes, rounds: int) -> bytes:
    return hashlib.scrypt(
        password, salt=salt, n=rounds, r=BLOCK, p=PARALLEL, maxmem=MOST_MEMORY_BYTES, dklen=SecretBox.KEY_SIZE
    )
