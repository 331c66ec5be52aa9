"""Sigstore bundles, version 0.3: a signed statement in one JSON file, as cosign 3 writes and reads it.

Format: `sigstore/protobuf-specs`, `sigstore_bundle.proto` and `envelope.proto`, v0.5.1; DSSE v1 of `secure-systems-lab`.
A bundle goes into a registry as the only layer of a manifest whose subject is what is signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cmpolicy.content import canonical, shown
from cmpolicy.ir_json.read import DecodeError, each, field, mapping, text
from cmpolicy.sign.statement import PAYLOAD_TYPE, Statement, check_digest, read_statement
from cmpolicy.sign.strict import (
    first_verified,
    only,
    read_base64,
    read_json,
    reading,
    require,
    write_base64,
)
from cmpolicy.values import Json, JsonMap

if TYPE_CHECKING:
    from cmpolicy.sign.keys import PrivateKey, PublicKey

MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
"""Of the file, of the layer, and the artifact type of its manifest."""
CONTENT = "dev.sigstore.bundle.content"
PREDICATE_TYPE = "dev.sigstore.bundle.predicateType"

_MATERIAL = ("publicKey", "tlogEntries", "timestampVerificationData")


def manifest_annotations(statement: Statement) -> dict[str, str]:
    """Of the manifest that holds a bundle with this statement."""
    return {CONTENT: "dsse-envelope", PREDICATE_TYPE: statement.predicate_type}


def sign_bundle(key: PrivateKey, statement: Statement) -> bytes:
    """The bundle that signs the statement. Raises `ValueError` if its digest is none."""
    check_digest(statement.digest)
    payload = statement.payload()
    signature = key.sign(encoded(PAYLOAD_TYPE, payload))
    return canonical(
        {
            "mediaType": MEDIA_TYPE,
            "verificationMaterial": {"publicKey": {"hint": key.public.hint}},
            "dsseEnvelope": {
                "payload": write_base64(payload),
                "payloadType": PAYLOAD_TYPE,
                "signatures": [{"sig": write_base64(signature)}],
            },
        }
    )


def verify_bundle(content: bytes, key: PublicKey, digest: str, predicate_type: str) -> Statement:
    """The statement of this type about this digest that the key has signed. Raises `NotVerified`, saying what is wrong.

    Entries of a transparency log and timestamps are not looked at: the key alone is trusted.
    """
    with reading("the bundle"):
        found = _read(read_json(content))
    require(
        found.hint in ("", key.hint), f"the bundle is signed with the key `{shown(found.hint)}`, and not `{key.hint}`"
    )
    require(
        found.payload_type == PAYLOAD_TYPE, f"the payload is `{shown(found.payload_type)}`, and not `{PAYLOAD_TYPE}`"
    )
    key.verify(found.signature, encoded(found.payload_type, found.payload))
    return read_statement(found.payload, digest, predicate_type)


def verify_bundles(contents: Iterable[bytes], key: PublicKey, digest: str, predicate_type: str) -> Statement:
    """The same of the first of these bundles, all that are attached to a manifest, that verifies. Raises `NotVerified`."""
    checks = (partial(verify_bundle, content, key, digest, predicate_type) for content in contents)
    return first_verified(checks, f"no bundle with `{predicate_type}` is attached to {digest}")


def encoded(payload_type: str, payload: bytes) -> bytes:
    """What DSSE signs: the type and the payload with their lengths in bytes."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


@dataclass(frozen=True, slots=True)
class _Bundle:
    hint: str
    payload_type: str
    payload: bytes
    signature: bytes


def _read(raw: Json) -> _Bundle:
    if (kind := text(raw, "mediaType")) != MEDIA_TYPE:
        raise DecodeError(f"its media type is `{shown(kind)}`, and cmpolicy reads `{MEDIA_TYPE}`")
    if "messageSignature" in mapping(raw):
        raise DecodeError("it signs a file, and holds no statement")
    held = only(raw, "mediaType", "verificationMaterial", "dsseEnvelope")
    envelope = only(field(held, "dsseEnvelope"), "payload", "payloadType", "signatures")
    signature = _only_signature(envelope)
    return _Bundle(
        _hint(field(held, "verificationMaterial")),
        text(envelope, "payloadType"),
        _bytes(envelope, "payload"),
        _bytes(only(signature, "sig", "keyid"), "sig"),
    )


def _hint(material: Json) -> str:
    if mapping(material).keys() & {"certificate", "x509CertificateChain"}:
        raise DecodeError("it is signed with a certificate, as keyless signing does, and not with a key")
    key = only(field(only(material, *_MATERIAL), "publicKey"), "hint")
    return text(key, "hint") if key else ""


def _only_signature(envelope: JsonMap) -> Json:
    signatures = each(envelope, "signatures")
    if len(signatures) != 1:
        raise DecodeError(f"it holds {len(signatures)} signatures, and a bundle has one")
    return signatures[0]


def _bytes(raw: JsonMap, name: str) -> bytes:
    written = text(raw, name)
    try:
        return read_base64(written)
    except DecodeError as error:
        raise DecodeError(f"`{name}`: {error}") from error
