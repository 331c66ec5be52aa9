"""Sign what was published: a signature for every manifest, and for the bundle its provenance.

What the key has signed already is left as it is: where signatures are made with chance, no two are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cmpolicy.content import canonical, digest_of
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.artifacts import Artifact
from cmpolicy.oci.attached import (
    CLASSIC,
    KINDS,
    Attached,
    classic_manifest,
    classics,
    read_bundle,
    statements,
)
from cmpolicy.oci.classics import with_signatures
from cmpolicy.oci.model import MANIFEST, NOTHING, Descriptor, Manifest, blob
from cmpolicy.oci.store import Store, put_missing
from cmpolicy.oci.transfer import in_parallel
from cmpolicy.sign import bundle, classic
from cmpolicy.sign.identity import Identity
from cmpolicy.sign.statement import Statement, signed
from cmpolicy.sign.strict import NotVerified, first_verified
from cmpolicy.sign.trusted import sign_statement, verify_statement

if TYPE_CHECKING:
    from cmpolicy.sign.keys import PrivateKey, PublicKey
    from cmpolicy.sign.trusted import Signing, Trusted


class Format(StrEnum):
    """Of signatures: Sigstore bundles, those of cosign before them, or both."""

    BUNDLE = "bundle"
    LEGACY = "legacy"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and how. `place` is the repository of the bundle, `HOST/NAME`, and empty for a layout.

    Only a key signs in the format before bundles.
    """

    key: Signing
    format: Format
    place: str


def sign_all(
    store: Store, artifacts: Sequence[Artifact], provenance: Statement, signer: Signer
) -> Mapping[str, tuple[Attached, ...]]:
    """Sign artifacts that are stored, and attach its provenance to the bundle; what is attached to each, by its name."""

    def one(artifact: Artifact) -> tuple[Attached, ...]:
        subject = Descriptor(MANIFEST, artifact.digest, len(artifact.manifest.text()))
        made = sign(store, artifact.name, subject, signer)
        if artifact.digest != provenance.digest:
            return made
        return (*made, attach_statement(store, artifact.name, subject, provenance, signer.key))

    try:
        found = in_parallel(one, artifacts, store.stop)
        return {artifact.name: made for artifact, made in zip(artifacts, found, strict=True)}
    except NotVerified as error:
        remedy = "everything is published, and not all of it is signed"
        raise CmpolicyError(Diagnostic("sign", str(error), help=remedy)) from error


def sign(store: Store, name: str, subject: Descriptor, signer: Signer) -> tuple[Attached, ...]:
    """Sign a manifest that is stored."""
    made = []
    if signer.format is not Format.LEGACY:
        made.append(attach_statement(store, name, subject, signed(subject.digest), signer.key))
    key = signer.key
    if signer.format is not Format.BUNDLE and not isinstance(key.public, Identity):
        place = "/".join(filter(None, (signer.place, name)))
        made.append(_attach_classic(store, name, subject.digest, place, key))
    return tuple(made)


def attach_statement(store: Store, name: str, subject: Descriptor, statement: Statement, key: Signing) -> Attached:
    """Sign a statement about a manifest that is stored, and attach it, if the key has not signed the same before."""
    kind = KINDS.get(statement.predicate_type, statement.predicate_type)
    if (before := _attached_before(store, name, statement, key.public)) is not None:
        return Attached(kind, before)
    layer = blob(sign_statement(key, statement), bundle.MEDIA_TYPE)
    about = bundle.manifest_annotations(statement)
    content = Manifest(NOTHING.descriptor, (layer.descriptor,), bundle.MEDIA_TYPE, about, subject).text()
    put_missing(store, name, (NOTHING, layer))
    store.attach(name, content)
    return Attached(kind, digest_of(content), there=False)


def _attached_before(store: Store, name: str, statement: Statement, who: Trusted) -> str | None:
    """The digest of a manifest with this very statement, signed by them."""
    digest, predicate_type = statement.digest, statement.predicate_type
    for read in statements(store, name, digest, predicate_type):
        try:
            found = read()
            said = verify_statement(read_bundle(store, name, found), who, digest, predicate_type)
        except NotVerified:
            continue
        if canonical(said.predicate) == canonical(statement.predicate):
            return digest_of(found.content)
    return None


def _attach_classic(store: Store, name: str, digest: str, place: str, key: PrivateKey) -> Attached:
    before = _classic_before(store, name, digest, key.public)
    if before is not None:
        return Attached(CLASSIC, digest_of(before))
    made = classic.sign_classic(key, place, digest)
    layer = blob(made.payload, classic.MEDIA_TYPE, {classic.SIGNATURE: made.signature})
    config, content = with_signatures(classic_manifest(store, name, digest), [layer.descriptor])
    put_missing(store, name, (config, layer))
    store.put_manifest(name, classic.tag_of(digest), content)
    return Attached(CLASSIC, digest_of(content), there=False)


def _classic_before(store: Store, name: str, digest: str, key: PublicKey) -> bytes | None:
    """The manifest of classic signatures, if one in it is the key's."""
    checks = ((lambda read=read: classic.verify_classic(read(), key, digest)) for read in classics(store, name, digest))
    try:
        first_verified(checks, "none")
    except NotVerified:
        return None
    return classic_manifest(store, name, digest)
