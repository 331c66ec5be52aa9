"""Keys as PEM: those of cosign, and plain ones of other tools."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from cmpolicy.sign.keys import PrivateKey, PublicKey, private_from_der, private_from_pem, public_from_der
from cmpolicy.sign.sealed import seal, unseal
from cmpolicy.sign.strict import read_base64, write_base64

SEALED = "ENCRYPTED SIGSTORE PRIVATE KEY"
SEALED_BEFORE = "ENCRYPTED COSIGN PRIVATE KEY"
"""What cosign 1 wrote."""
ENCRYPTED = "ENCRYPTED PRIVATE KEY"
PLAIN = ("PRIVATE KEY", "EC PRIVATE KEY")
PUBLIC = "PUBLIC KEY"
_CURVE = "EC PARAMETERS"
"""What OpenSSL writes before a key, and says again in the key."""

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,60})-----\r?\n(.*?)-----END \1-----", re.DOTALL)


class BadKey(ValueError):
    """A key that cannot be read; the message is for users."""


@dataclass(frozen=True, slots=True)
class _Block:
    label: str
    text: str
    """From the first dash to the last."""
    body: str


def write_private(key: PrivateKey, password: bytes) -> bytes:
    """The file of a private key as cosign writes it."""
    body = textwrap.fill(write_base64(seal(key.der, password)), 64)
    return f"-----BEGIN {SEALED}-----\n{body}\n-----END {SEALED}-----\n".encode()


def read_private(content: bytes, password: Callable[[], bytes]) -> PrivateKey:
    """The key in this file; the password is asked for if the file is encrypted. Raises `BadKey`."""
    block = _block(content)
    try:
        if block.label in (SEALED, SEALED_BEFORE):
            return private_from_der(unseal(_der(block), password()))
        if block.label in (*PLAIN, ENCRYPTED):
            return private_from_pem(block.text.encode(), password() if block.label == ENCRYPTED else None)
    except ValueError as error:
        raise BadKey(str(error)) from error
    raise BadKey("it is a public key, and only a private one signs" if block.label == PUBLIC else _other(block))


def read_public(content: bytes) -> PublicKey:
    """The key in this file. Raises `BadKey`."""
    block = _block(content)
    if block.label in (SEALED, SEALED_BEFORE, ENCRYPTED, *PLAIN):
        raise BadKey("it is a private key; name its public half, often `cosign.pub`")
    if block.label != PUBLIC:
        raise BadKey(_other(block))
    try:
        return public_from_der(_der(block))
    except ValueError as error:
        raise BadKey(str(error)) from error


def _der(block: _Block) -> bytes:
    return read_base64("".join(block.body.split()))


def _other(block: _Block) -> str:
    return f"it holds `{block.label}`, and no key that cmpolicy reads"


def _block(content: bytes) -> _Block:
    text = content.decode("ascii", errors="replace")
    found = [_Block(match[1], match[0] + "\n", match[2]) for match in _BLOCK.finditer(text) if match[1] != _CURVE]
    if not found:
        raise BadKey("it is no PEM file")
    if len(found) > 1:
        raise BadKey(f"it holds {len(found)} keys or other parts, and should hold one")
    return found[0]
