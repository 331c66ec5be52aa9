"""Verify and sign alike with a key and with an identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cmpolicy.sign.bundle import sign_bundle, verify_bundle
from cmpolicy.sign.identity import Identity
from cmpolicy.sign.statement import Statement

if TYPE_CHECKING:
    from cmpolicy.sign.keyless import KeylessSigner
    from cmpolicy.sign.keys import PrivateKey, PublicKey

    Trusted: TypeAlias = PublicKey | Identity
    """Who must have signed."""
    Signing: TypeAlias = PrivateKey | KeylessSigner
    """Who signs; `public` is who has signed then."""


def verify_statement(content: bytes, who: Trusted, digest: str, predicate_type: str) -> Statement:
    """The statement of this type about this digest in a bundle that they have signed. Raises `NotVerified`."""
    if isinstance(who, Identity):
        from cmpolicy.sign.keyless import verify_keyless

        return verify_keyless(content, who, digest, predicate_type)
    return verify_bundle(content, who, digest, predicate_type)


def sign_statement(who: Signing, statement: Statement) -> bytes:
    """The bundle that signs the statement. Raises `CmpolicyError` where a service is asked and does not help."""
    return who.sign_bundle(statement) if isinstance(who.public, Identity) else sign_bundle(who, statement)
