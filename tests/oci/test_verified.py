"""What is signed is verified; what was changed, moved, cut or signed by somebody else is not, and is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy.content import digest_of
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci import attached
from cmpolicy.oci.artifacts import Artifact, Labels, artifacts_of
from cmpolicy.oci.built import Built
from cmpolicy.oci.model import INDEX, MANIFEST, NOTHING, Descriptor, Manifest, blob
from cmpolicy.oci.signing import Format, Signer, sign, sign_all
from cmpolicy.oci.store import Store, put_missing
from cmpolicy.oci.transfer import publish
from cmpolicy.oci.verified import Verified, verify
from cmpolicy.pipeline import Folder
from cmpolicy.sign.bundle import MEDIA_TYPE, manifest_annotations, sign_bundle
from cmpolicy.sign.classic import MEDIA_TYPE as CLASSIC_TYPE
from cmpolicy.sign.classic import SIGNATURE, tag_of
from cmpolicy.sign.provenance import Origin, provenance
from cmpolicy.sign.statement import signed
from cmpolicy.targets.protocol import File
from cmpolicy.values import JsonMap

from tests.oci.conftest import Client
from tests.oci.samples import sample
from tests.oci.server import FakeRegistry
from tests.oci.test_registry import quiet
from tests.oci.test_signing import release
from tests.sign.samples import KEY, OTHER_DIGEST, OTHER_KEY

TAG = "1.4.0"


@pytest.fixture
def bundle(artifacts: tuple[Artifact, ...]) -> Descriptor:
    return Descriptor(MANIFEST, artifacts[-1].digest, len(artifacts[-1].manifest.text()))


def failed(found: Verified) -> list[tuple[str, str]]:
    return [(each.what, each.artifact) for each in found.problems]


def problems(found: Verified) -> str:
    return "\n".join(each.problem for each in found.problems)


def attach(store: Store, content: bytes, subject: Descriptor, **annotations: str) -> None:
    """Attach any content as if it were a bundle."""
    layer = blob(content, MEDIA_TYPE)
    put_missing(store, "", (NOTHING, layer))
    store.attach("", Manifest(NOTHING.descriptor, (layer.descriptor,), MEDIA_TYPE, annotations, subject).text())


@pytest.mark.parametrize("form", list(Format))
def test_what_is_signed_is_verified_by_tag_and_by_digest(
    any_store: Store, built: Built, artifacts: tuple[Artifact, ...], form: Format
) -> None:
    release(any_store, built, artifacts, form=form)
    for version in (TAG, artifacts[-1].digest):
        found = verify(any_store, version, KEY.public)
        assert found.problems == ()
        assert found.built == built
        assert found.traced is not None
        assert [each.artifact for each in found.checks if each.what == "digest"] == [e.name for e in artifacts[:-1]]
        assert [each.what for each in found.checks[:3]] == ["signature", "files", "provenance"]


def test_what_is_not_signed_is_not_verified(any_store: Store, artifacts: tuple[Artifact, ...]) -> None:
    publish(any_store, artifacts, TAG, quiet)
    found = verify(any_store, TAG, KEY.public)
    assert failed(found) == [("signature", ""), ("provenance", "")]
    assert f"no signature is attached to {artifacts[-1].digest}" in problems(found)
    assert failed(verify(any_store, TAG, KEY.public, provenance=False)) == [("signature", "")]


@pytest.mark.parametrize("form", list(Format))
def test_what_another_key_signed_is_not_verified(
    any_store: Store, built: Built, artifacts: tuple[Artifact, ...], form: Format
) -> None:
    release(any_store, built, artifacts, OTHER_KEY, form)
    found = verify(any_store, TAG, KEY.public)
    assert failed(found) == [("signature", ""), ("provenance", "")]
    assert KEY.public.hint in problems(found)
    release(any_store, built, artifacts, form=form)
    assert verify(any_store, TAG, KEY.public).problems == ()


@pytest.mark.parametrize("form", [Format.BUNDLE, Format.LEGACY])
def test_a_signature_of_another_digest_is_none(
    any_store: Store, artifacts: tuple[Artifact, ...], bundle: Descriptor, form: Format
) -> None:
    publish(any_store, artifacts, TAG, quiet)
    if form is Format.BUNDLE:
        statement = signed(OTHER_DIGEST)
        attach(any_store, sign_bundle(KEY, statement), bundle, **manifest_annotations(statement))
    else:
        other = replace(bundle, digest=OTHER_DIGEST)
        sign(any_store, "", other, Signer(KEY, Format.LEGACY, ""))
        any_store.put_manifest("", tag_of(bundle.digest), any_store.manifest("", tag_of(OTHER_DIGEST)))
    found = verify(any_store, TAG, KEY.public, provenance=False)
    assert failed(found) == [("signature", "")]
    assert OTHER_DIGEST in problems(found)


def test_a_manifest_that_was_replaced_after_signing_is_named(
    any_store: Store, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(any_store, built, artifacts)
    first = artifacts[0]
    other = replace(first.manifest, annotations={"other": "manifest"}).text()
    any_store.put_manifest(first.name, TAG, other)
    found = verify(any_store, TAG, KEY.public)
    assert failed(found) == [("digest", first.name)]
    assert f"stands for {digest_of(other)}" in problems(found)
    # Whoever pins the bundle gets what it locks.
    assert verify(any_store, artifacts[-1].digest, KEY.public).problems == ()


def change(files: dict[str, bytes], content: bytes) -> None:
    for digest, found in files.items():
        if found == content:
            files[digest] = content[:-2] + b"??"


def test_content_that_was_changed_in_the_registry_is_named(
    registry: FakeRegistry, client: Client, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(client(), built, artifacts)
    first = artifacts[0]
    registry.manifests[f"acme/policies/{first.name}", first.digest] = b"{}"
    assert failed(verify(client(), TAG, KEY.public)) == [("digest", first.name)]
    del registry.manifests[f"acme/policies/{first.name}", first.digest]
    found = verify(client(), TAG, KEY.public)
    assert failed(found) == [("digest", first.name)]
    assert "is not there" in problems(found)


def test_a_lock_that_was_changed_is_no_bundle(
    registry: FakeRegistry, client: Client, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(client(), built, artifacts)
    lock = next(each for each in artifacts[-1].blobs if each.descriptor.title == "lock.json")
    change(registry.blobs, lock.content)
    found = verify(client(), TAG, KEY.public)
    assert failed(found) == [("bundle", "")]
    assert (found.digest, found.built) == (None, None)


def test_a_bundle_with_another_lock_has_no_signature(
    any_store: Store, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(any_store, built, artifacts)
    old = next(each for each in artifacts[-1].blobs if each.descriptor.title == "lock.json")
    lock = json.loads(old.content)
    lock["artifacts"] = lock["artifacts"][1:]
    new = blob(json.dumps(lock).encode(), old.descriptor.media_type, old.descriptor.annotations)
    layers = tuple(new.descriptor if each == old.descriptor else each for each in artifacts[-1].manifest.layers)
    any_store.put_blob("", new)
    any_store.put_manifest("", TAG, replace(artifacts[-1].manifest, layers=layers).text())
    assert failed(verify(any_store, TAG, KEY.public)) == [("signature", ""), ("provenance", "")]


def test_files_that_were_changed_are_named(
    registry: FakeRegistry, client: Client, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(client(), built, artifacts)
    files = next(each for each in artifacts[-1].blobs if each.descriptor.title == "vap.tar.gz")
    change(registry.blobs, files.content)
    found = verify(client(), TAG, KEY.public)
    assert failed(found) == [("files", "")]
    assert found.built is None


OBJECT = "apiVersion: v1\nkind: Policy\nmetadata:\n  name: sample-one\n"
TRACED = (Folder("vap", (File("policies/sample-one.yaml", OBJECT, "sample-one"),)),)


def test_provenance_of_other_objects_is_named(any_store: Store, tmp_path: Path) -> None:
    built = sample(tmp_path / "traced", TRACED)
    artifacts = artifacts_of(built, Labels())
    publish(any_store, artifacts, TAG, quiet)
    signer = Signer(KEY, Format.BOTH, "")
    others = replace(built, files={"vap/policies/sample-one.yaml": OBJECT.replace("one", "two").encode()})
    lie = provenance(artifacts[-1].digest, others.record, others.files, Origin())
    sign_all(any_store, artifacts, lie, signer)
    found = verify(any_store, TAG, KEY.public)
    assert failed(found) == [("provenance", "")]
    assert "the provenance tells of other objects" in problems(found)
    assert verify(any_store, TAG, KEY.public, provenance=False).problems == ()
    sign_all(any_store, artifacts, replace(lie, predicate=true_of(artifacts, built)), signer)
    traced = verify(any_store, TAG, KEY.public).traced
    assert traced is not None
    assert (traced.rules, traced.objects, traced.untraced) == (1, 1, 1)


def true_of(artifacts: tuple[Artifact, ...], built: Built) -> JsonMap:
    return provenance(artifacts[-1].digest, built.record, built.files, Origin()).predicate


def test_a_record_that_names_no_target_of_its_files_is_no_bundle(any_store: Store, tmp_path: Path) -> None:
    built = sample(tmp_path / "traced", TRACED)
    entry = built.record.files[0]._replace(target="elsewhere")
    record = replace(built.record, files=(entry,))
    odd = replace(built, record=record, record_text=record.text().encode())
    publish(any_store, artifacts_of(odd, Labels()), TAG, quiet)
    found = verify(any_store, TAG, KEY.public)
    assert ("files", "") in failed(found)
    assert "is none that this cmpolicy reads" in problems(found)


NOISE: dict[str, Callable[[Descriptor], bytes]] = {
    "no bundle": lambda _: b"{}",
    "cut": lambda subject: sign_bundle(KEY, signed(subject.digest))[:-1],
    "too large": lambda subject: sign_bundle(KEY, signed(subject.digest)) + b" " * 5000,
}


@pytest.mark.parametrize("noise", NOISE)
def test_what_others_attach_neither_verifies_nor_hinders(
    any_store: Store,
    built: Built,
    artifacts: tuple[Artifact, ...],
    bundle: Descriptor,
    monkeypatch: pytest.MonkeyPatch,
    noise: str,
) -> None:
    monkeypatch.setattr(attached, "MOST_BUNDLE_BYTES", 5000)
    publish(any_store, artifacts, TAG, quiet)
    attach(any_store, NOISE[noise](bundle), bundle)
    found = verify(any_store, TAG, KEY.public, provenance=False)
    assert failed(found) == [("signature", "")]
    assert ("and 5000 is the most" in problems(found)) is (noise == "too large")
    release(any_store, built, artifacts)
    assert verify(any_store, TAG, KEY.public).problems == ()


def test_more_than_is_read_is_told(
    any_store: Store, artifacts: tuple[Artifact, ...], bundle: Descriptor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attached, "MOST_READ", 3)
    publish(any_store, artifacts, TAG, quiet)
    for number in range(4):
        attach(any_store, str(number).encode(), bundle)
    found = verify(any_store, TAG, KEY.public, provenance=False)
    assert "more than 3 manifests are attached, and the others were not read" in problems(found)


def test_a_referrer_of_something_else_is_not_read(
    registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...], bundle: Descriptor
) -> None:
    publish(client(), artifacts, TAG, quiet)
    elsewhere = replace(bundle, digest=OTHER_DIGEST)
    attach(client(), sign_bundle(KEY, signed(bundle.digest)), elsewhere)
    registry.manifests["acme/policies", bundle.digest.replace(":", "-")] = registry.manifests[
        "acme/policies", OTHER_DIGEST.replace(":", "-")
    ]
    found = verify(client(), TAG, KEY.public, provenance=False)
    assert "is attached to another manifest" in problems(found)


HOSTILE = {
    "no JSON": b"<html>",
    "nothing there": json.dumps({"manifests": [{"mediaType": MANIFEST, "digest": OTHER_DIGEST, "size": 9}]}).encode(),
    "another thing": json.dumps({"mediaType": MANIFEST}).encode(),
    "without end": json.dumps({"mediaType": INDEX, "manifests": [{}] * 1001}).encode(),
}


@pytest.mark.parametrize("index", HOSTILE)
@pytest.mark.parametrize("api", [True, False], ids=["referrers", "tag"])
def test_a_hostile_index_verifies_nothing(
    registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...], bundle: Descriptor, index: str, api: bool
) -> None:
    publish(client(), artifacts, TAG, quiet)
    if api:
        registry.fault = lambda handler: "/referrers/" in handler.path and handler.answer(200, HOSTILE[index])
    else:
        registry.manifests["acme/policies", bundle.digest.replace(":", "-")] = HOSTILE[index]
    found = verify(client(), TAG, KEY.public)
    assert failed(found) == [("signature", ""), ("provenance", "")]


def test_classic_signatures_that_cannot_be_read_are_told(
    any_store: Store, artifacts: tuple[Artifact, ...], bundle: Descriptor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attached, "MOST_PAYLOAD_BYTES", 10)
    publish(any_store, artifacts, TAG, quiet)
    bare, large = blob(b"bare", CLASSIC_TYPE), blob(b"x" * 11, CLASSIC_TYPE, {SIGNATURE: "AA=="})
    put_missing(any_store, "", (NOTHING, bare, large))
    manifest = Manifest(NOTHING.descriptor, (bare.descriptor, large.descriptor))
    any_store.put_manifest("", tag_of(bundle.digest), manifest.text())
    found = verify(any_store, TAG, KEY.public, provenance=False)
    assert "has no annotation" in problems(found)
    assert "should hold 11 bytes, and 10 is the most" in problems(found)


def test_what_is_not_there_is_an_error_and_no_verdict(any_store: Store, artifacts: tuple[Artifact, ...]) -> None:
    publish(any_store, artifacts, TAG, quiet)
    with pytest.raises(CmpolicyError, match=r"is not there|holds no"):
        verify(any_store, "9", KEY.public)
