"""Copies take signatures and provenance along, between all kinds of stores, and lose none that is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci import attached
from cmpolicy.oci.artifacts import Artifact
from cmpolicy.oci.attached import CLASSIC, UNREADABLE, attached_to, classics
from cmpolicy.oci.built import Built
from cmpolicy.oci.layout import open_layout
from cmpolicy.oci.model import MANIFEST, NOTHING, Descriptor, Manifest, blob
from cmpolicy.oci.reference import Local
from cmpolicy.oci.signing import Format, Signer, sign
from cmpolicy.oci.store import Store, put_missing
from cmpolicy.oci.transfer import copy
from cmpolicy.oci.verified import verify
from cmpolicy.sign.classic import MEDIA_TYPE, SIGNATURE, tag_of, verify_classic

from tests.oci.test_registry import quiet
from tests.oci.test_signing import kinds, release
from tests.oci.test_verified import attach
from tests.sign.samples import KEY, OTHER_KEY

TAG = "1.4.0"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Store]:
    """Another store."""
    with open_layout(Local(tmp_path / "gap.tar"), write=True) as found:
        yield found


def attachments(store: Store, artifacts: tuple[Artifact, ...]) -> dict[str, set[tuple[str, str]]]:
    return {
        each.name: {(found.kind, found.digest) for found in attached_to(store, each.name, each.digest)}
        for each in artifacts
    }


def test_a_copy_is_verified_as_the_first_is(
    any_store: Store, archive: Store, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(any_store, built, artifacts)
    moved = copy(any_store, TAG, archive, TAG, quiet)
    assert all(not found.there for each in moved for found in each.attached)
    assert verify(archive, TAG, KEY.public).problems == ()
    assert attachments(archive, artifacts) == attachments(any_store, artifacts)
    again = copy(any_store, TAG, archive, TAG, quiet)
    assert all(each.nothing_new for each in again)
    back = copy(archive, TAG, any_store, "2.0.0", quiet)
    assert all(found.there for each in back for found in each.attached)
    assert verify(any_store, "2.0.0", KEY.public).problems == ()


def test_a_copy_back_brings_signatures_to_a_new_place(
    any_store: Store, archive: Store, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(archive, built, artifacts)
    copy(archive, TAG, any_store, TAG, quiet)
    assert verify(any_store, TAG, KEY.public).problems == ()
    assert attachments(any_store, artifacts) == attachments(archive, artifacts)


def test_what_was_signed_later_comes_with_the_next_copy(
    any_store: Store, archive: Store, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(any_store, built, artifacts)
    copy(any_store, TAG, archive, TAG, quiet)
    release(any_store, built, artifacts, OTHER_KEY)
    moved = copy(any_store, TAG, archive, TAG, quiet)
    assert moved[-1].there
    assert not moved[-1].nothing_new
    for key in (KEY, OTHER_KEY):
        assert verify(archive, TAG, key.public).problems == ()


def test_signatures_that_are_there_are_not_lost(
    any_store: Store, archive: Store, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(any_store, built, artifacts, form=Format.LEGACY)
    release(archive, built, artifacts, OTHER_KEY, Format.LEGACY)
    copy(any_store, TAG, archive, TAG, quiet)
    for key in (KEY, OTHER_KEY):
        assert verify(archive, TAG, key.public).problems == ()


def test_layers_that_are_no_signatures_stay_behind(
    any_store: Store, archive: Store, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    release(any_store, built, artifacts, form=Format.BUNDLE)
    odd, layer = blob(b"odd", "text/plain"), blob(b"theirs", MEDIA_TYPE, {SIGNATURE: "AA=="})
    put_missing(any_store, "", (odd, layer, NOTHING))
    manifest = Manifest(NOTHING.descriptor, (odd.descriptor, layer.descriptor))
    any_store.put_manifest("", tag_of(artifacts[-1].digest), manifest.text())
    copy(any_store, TAG, archive, TAG, quiet)
    assert kinds(archive, artifacts[-1]) == [CLASSIC, "provenance", "signature"]
    assert archive.has_blob("", layer.descriptor)
    assert not archive.has_blob("", odd.descriptor)


def test_what_cannot_be_read_stops_a_copy_and_is_listed_as_such(
    any_store: Store,
    archive: Store,
    built: Built,
    artifacts: tuple[Artifact, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release(any_store, built, artifacts)
    subject = Descriptor(MANIFEST, artifacts[-1].digest, len(artifacts[-1].manifest.text()))
    attach(any_store, b"x", subject, noise="x" * 5000)
    monkeypatch.setattr(attached, "MOST_MANIFEST_BYTES", 4000)
    assert UNREADABLE in list(attached_to(any_store, "", artifacts[-1].digest))
    with pytest.raises(CmpolicyError, match=r"what is attached to the bundle: .* and 4000 is the most"):
        copy(any_store, TAG, archive, TAG, quiet)


def test_signing_in_a_layout_tells_no_path(archive: Store, artifacts: tuple[Artifact, ...]) -> None:
    subject = Descriptor(MANIFEST, artifacts[-1].digest, len(artifacts[-1].manifest.text()))
    sign(archive, "", subject, Signer(KEY, Format.LEGACY, ""))
    (made,) = [read() for read in classics(archive, "", subject.digest)]
    assert verify_classic(made, KEY.public, subject.digest) == ""
