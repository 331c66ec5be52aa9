"""What is published and signed has its signatures where they are looked for, once for each key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from cmpolicy.oci.artifacts import Artifact
from cmpolicy.oci.attached import (
    CLASSIC,
    Attached,
    attached_to,
    classic_layers,
    classic_manifest,
    classics,
    read_bundle,
    statements,
)
from cmpolicy.oci.built import Built
from cmpolicy.oci.model import MANIFEST, Descriptor, Manifest, blob
from cmpolicy.oci.signing import Format, Signer, sign, sign_all
from cmpolicy.oci.store import Store, put_missing
from cmpolicy.oci.transfer import publish
from cmpolicy.sign.bundle import verify_bundle
from cmpolicy.sign.classic import MEDIA_TYPE, SIGNATURE, Signed, tag_of, verify_classic
from cmpolicy.sign.keys import PrivateKey
from cmpolicy.sign.provenance import LOCAL, Origin, check_provenance, provenance
from cmpolicy.sign.statement import PROVENANCE, SIGNED

from tests.oci.server import FakeRegistry
from tests.oci.test_registry import quiet
from tests.sign.samples import KEY, OTHER_KEY


def release(
    store: Store,
    built: Built,
    artifacts: tuple[Artifact, ...],
    key: PrivateKey = KEY,
    form: Format = Format.BOTH,
    builder: str = LOCAL,
) -> Mapping[str, tuple[Attached, ...]]:
    """Publish and sign."""
    publish(store, artifacts, "1.4.0", quiet)
    statement = provenance(artifacts[-1].digest, built.record, built.files, Origin(builder))
    return sign_all(store, artifacts, statement, Signer(key, form, "registry.example/acme/policies"))


def kinds(store: Store, artifact: Artifact) -> list[str]:
    return sorted(each.kind for each in attached_to(store, artifact.name, artifact.digest))


def signatures(store: Store, artifact: Artifact) -> list[Signed]:
    return [read() for read in classics(store, artifact.name, artifact.digest)]


def test_every_manifest_is_signed_and_the_bundle_has_provenance(
    any_store: Store, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    made = release(any_store, built, artifacts)
    assert [made[each.name][0].there for each in artifacts] == [False] * len(artifacts)
    for artifact in artifacts:
        (found,) = [read() for read in statements(any_store, artifact.name, artifact.digest, SIGNED)]
        verify_bundle(read_bundle(any_store, artifact.name, found), KEY.public, artifact.digest, SIGNED)
        (classic,) = signatures(any_store, artifact)
        expected = "/".join(filter(None, ("registry.example/acme/policies", artifact.name)))
        assert verify_classic(classic, KEY.public, artifact.digest) == expected
        assert kinds(any_store, artifact) == [
            CLASSIC,
            *(["provenance"] if artifact is artifacts[-1] else []),
            "signature",
        ]
    (said,) = [read() for read in statements(any_store, "", artifacts[-1].digest, PROVENANCE)]
    content = read_bundle(any_store, "", said)
    verified = verify_bundle(content, KEY.public, artifacts[-1].digest, PROVENANCE)
    assert check_provenance(verified, built.record, built.files).builder == LOCAL


@pytest.mark.parametrize(
    ("form", "expected"),
    [(Format.BUNDLE, ["provenance", "signature"]), (Format.LEGACY, [CLASSIC, "provenance"])],
)
def test_the_format_is_the_one_that_was_asked_for(
    any_store: Store, built: Built, artifacts: tuple[Artifact, ...], form: Format, expected: list[str]
) -> None:
    release(any_store, built, artifacts, form=form)
    assert kinds(any_store, artifacts[-1]) == expected


def test_signing_again_with_the_same_key_writes_nothing(
    registry: FakeRegistry, any_store: Store, built: Built, artifacts: tuple[Artifact, ...], tmp_path: Path
) -> None:
    first = release(any_store, built, artifacts)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "layout").rglob("*")}
    registry.asked.clear()
    second = release(any_store, built, artifacts)
    assert {each.method for each in registry.asked} <= {"GET"}
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "layout").rglob("*")} == before
    assert all(each.there for made in second.values() for each in made)
    assert {name: [each.digest for each in made] for name, made in second.items()} == {
        name: [each.digest for each in made] for name, made in first.items()
    }


def test_a_second_key_signs_beside_the_first(any_store: Store, built: Built, artifacts: tuple[Artifact, ...]) -> None:
    release(any_store, built, artifacts)
    release(any_store, built, artifacts, OTHER_KEY)
    assert kinds(any_store, artifacts[-1]) == [CLASSIC, "provenance", "provenance", "signature", "signature"]
    digest = artifacts[-1].digest
    first, second = signatures(any_store, artifacts[-1])
    verify_classic(first, KEY.public, digest)
    verify_classic(second, OTHER_KEY.public, digest)
    content = classic_manifest(any_store, "", digest)
    assert content is not None
    assert len(classic_layers(content)) == 2


def test_provenance_that_says_something_else_is_attached_beside_the_first(
    any_store: Store, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(any_store, built, artifacts)
    release(any_store, built, artifacts, builder="https://ci.example/build")
    assert kinds(any_store, artifacts[-1]) == [CLASSIC, "provenance", "provenance", "signature"]


def test_a_signature_of_somebody_else_at_the_tag_stays(any_store: Store) -> None:
    subject = blob(b"{}", MANIFEST).descriptor
    theirs = blob(b"theirs", MEDIA_TYPE, {SIGNATURE: "AA==", "their": "own"})
    config = blob(b"{}", "application/vnd.oci.image.config.v1+json")
    put_missing(any_store, "", (theirs, config))
    any_store.put_manifest("", tag_of(subject.digest), Manifest(config.descriptor, (theirs.descriptor,)).text())
    sign(any_store, "", subject, Signer(KEY, Format.LEGACY, ""))
    content = classic_manifest(any_store, "", subject.digest)
    assert content is not None
    layers: tuple[Descriptor, ...] = classic_layers(content)
    assert layers[0] == theirs.descriptor
    assert len(layers) == 2
