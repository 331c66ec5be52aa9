"""Signatures as cosign wrote them before bundles: a payload as a layer, its signature as an annotation of that layer.

Format: `sigstore/cosign`, `specs/SIGNATURE_SPEC.md`. The manifest with the layers, one for each signature, has the tag
of `tag_of` in the repository of what is signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cmpolicy.content import canonical, shown
from cmpolicy.ir_json.read import field, text
from cmpolicy.sign.statement import check_digest
from cmpolicy.sign.strict import (
    first_verified,
    only,
    read_base64,
    read_json,
    reading,
    require,
    write_base64,
)

if TYPE_CHECKING:
    from cmpolicy.sign.keys import PrivateKey, PublicKey

MEDIA_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json"
SIGNATURE = "dev.cosignproject.cosign/signature"
"""The annotation of the layer that holds the signature."""
KIND = "cosign container image signature"

_CRITICAL = ("identity", "image", "type")


@dataclass(frozen=True, slots=True)
class Signed:
    """A layer's content and the signature that its annotation holds, in base64."""

    payload: bytes
    signature: str


def tag_of(digest: str) -> str:
    """The tag of the manifest with the signatures of this digest. Raises `ValueError` if it is none."""
    return f"{check_digest(digest).replace(':', '-')}.sig"


def sign_classic(key: PrivateKey, reference: str, digest: str) -> Signed:
    """Sign the manifest of this digest; `reference` is its repository, `HOST/NAME`. Raises `ValueError` if the digest is none."""
    payload = canonical(
        {
            "critical": {
                "identity": {"docker-reference": reference},
                "image": {"docker-manifest-digest": check_digest(digest)},
                "type": KIND,
            },
            "optional": None,
        }
    )
    return Signed(payload, write_base64(key.sign(payload)))


def verify_classic(signed: Signed, key: PublicKey, digest: str) -> str:
    """The reference that was signed, if the key has signed it for this digest. Raises `NotVerified`, saying what is wrong.

    The reference is what the signer called it: a bundle that was copied keeps the name that it had.
    """
    with reading("the annotation with the signature"):
        signature = read_base64(signed.signature)
    key.verify(signature, signed.payload)
    with reading("the signed payload"):
        critical = only(field(only(read_json(signed.payload), "critical", "optional"), "critical"), *_CRITICAL)
        kind, named = text(critical, "type"), text(field(critical, "image"), "docker-manifest-digest")
        reference = text(field(critical, "identity"), "docker-reference")
    require(kind == KIND, f"the signed payload is of the type `{shown(kind)}`, and not `{KIND}`")
    require(named == digest, f"the signature is for {shown(named)}, and not for {digest}")
    return reference


def verify_classics(found: Iterable[Signed], key: PublicKey, digest: str) -> str:
    """The same of the first of these signatures, all in the manifest of `tag_of`, that verifies. Raises `NotVerified`."""
    checks = (partial(verify_classic, signed, key, digest) for signed in found)
    return first_verified(checks, f"no signature is at the tag `{tag_of(digest)}`")
