"""A key and what it signs; and what cosign v3.1.3 has signed, in the folder `cosign`.

Those files were made on a registry on loopback with the commands of `docs/signing.md`. The password of the key is `pw2`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from cmpolicy.content import canonical
from cmpolicy.sign.bundle import sign_bundle, verify_bundle
from cmpolicy.sign.keys import PrivateKey, PublicKey
from cmpolicy.sign.statement import SIGNED, Statement, signed
from cryptography.hazmat.primitives.asymmetric import ec

COSIGN = Path(__file__).parent / "cosign"
COSIGN_PASSWORD = b"pw2"
COSIGN_DIGEST = "sha256:d58dac66777d5cf124124f7d19d617e65819aea6079c65549d6bf645a7e52d5f"

KEY, OTHER_KEY = (PrivateKey(ec.derive_private_key(number, ec.SECP256R1())) for number in (3, 2))
"""The same in each run, so that a test that fails fails again. The second half of one's point is even, the other's odd."""
DIGEST = "sha256:" + "5b" * 32
OTHER_DIGEST = "sha256:" + "5b" * 31 + "5c"

BUNDLE = sign_bundle(KEY, signed(DIGEST))

Document: TypeAlias = Any
"""JSON that a test changes."""


def verify(content: bytes, key: PublicKey = KEY.public, digest: str = DIGEST, kind: str = SIGNED) -> Statement:
    """The statement in a bundle."""
    return verify_bundle(content, key, digest, kind)


def changed(content: bytes, path: Sequence[str | int], change: Callable[[Document], Document]) -> bytes:
    """The JSON with what stands at this path changed."""
    document: Document = json.loads(content)
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = change(holder[path[-1]])
    return canonical(document)
