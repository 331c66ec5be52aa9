"""Statements of in-toto: what is said, and of which content, told apart by its digest."""

from __future__ import annotations

from dataclasses import dataclass

from cmpolicy.content import canonical, is_digest, shown
from cmpolicy.ir_json.read import DecodeError, each, field, mapping, text
from cmpolicy.sign.strict import read_json, reading, require
from cmpolicy.values import Json, JsonMap

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
STATEMENT_BEFORE = "https://in-toto.io/Statement/v0.1"
"""What `cosign attest` still writes; it has the same fields."""

SIGNED = "https://sigstore.dev/cosign/sign/v1"
"""The predicate of a statement that says no more than that its subject is signed, as `cosign sign` writes it."""
PROVENANCE = "https://slsa.dev/provenance/v1"

HEX_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of the content with this digest, `sha256:` and 64 hexadecimal digits."""

    digest: str
    predicate_type: str
    predicate: JsonMap

    def payload(self, *, named: bool = False) -> bytes:
        """As it is signed. Some want a name of the subject; what counts is its digest."""
        algorithm, _, value = self.digest.partition(":")
        name = {"name": ""} if named else {}
        return canonical(
            {
                "_type": STATEMENT,
                "subject": [{**name, "digest": {algorithm: value}}],
                "predicateType": self.predicate_type,
                "predicate": self.predicate,
            }
        )


def signed(digest: str) -> Statement:
    """The statement that this content is signed."""
    return Statement(digest, SIGNED, {})


def check_digest(digest: str) -> str:
    """The digest. Raises `ValueError` if it is none that signatures are made for."""
    if not is_digest(digest):
        raise ValueError(f"`{shown(digest)}` is no digest to sign: `sha256:` and 64 hexadecimal digits")
    return digest


def read_statement(payload: bytes, digest: str, predicate_type: str) -> Statement:
    """The statement in this payload. Raises `NotVerified` unless it is of this type and about this content."""
    with reading("the statement"):
        raw = read_json(payload)
        kind, predicate = text(raw, "_type"), text(raw, "predicateType")
        subjects = [_subject(subject) for subject in each(raw, "subject")]
        content = mapping(mapping(raw).get("predicate", {}))
    known = kind in (STATEMENT, STATEMENT_BEFORE)
    require(known, f"the statement is of the type `{shown(kind)}`, and not `{STATEMENT}`")
    require(predicate == predicate_type, f"the statement says `{shown(predicate)}`, and not `{predicate_type}`")
    named = subjects[0] if subjects else "nothing"
    require(digest in subjects, f"the statement is about {shown(named)}, and not about {digest}")
    return Statement(digest, predicate, content)


def _subject(raw: Json) -> str:
    """The digest of a subject. One that has others too is not what we or cosign write."""
    digests = mapping(field(raw, "digest"))
    if digests.keys() != {"sha256"}:
        raise DecodeError("a subject has another digest than one of `sha256`")
    value = text(digests, "sha256")
    if len(value) != HEX_DIGITS:
        raise DecodeError("the digest of a subject is none of `sha256`")
    return f"sha256:{value}"
