"""Manifests of others are read with care: what is wrong is told, and never believed."""

from __future__ import annotations

import json

import pytest
from cmpolicy.content import digest_of
from cmpolicy.oci.lock import SCHEMA, read_lock
from cmpolicy.oci.model import MANIFEST, TITLE, BadContent, Manifest, blob, read_manifest, titled
from cmpolicy.oci.referrers import read_index

LAYER = {"mediaType": "text/plain", "digest": digest_of(b"x"), "size": 1}
GOOD = {"schemaVersion": 2, "config": LAYER, "layers": [LAYER]}


def manifest(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def test_a_manifest_without_media_type_is_read() -> None:
    assert read_manifest(manifest()).kind == "text/plain"


def test_what_is_read_is_what_was_written() -> None:
    layer = blob(b"x", "text/plain", {"a": "é"}).descriptor
    written = Manifest(layer, (layer,), "text/x", {"b": "c"}, subject=layer)
    assert read_manifest(written.text()) == written


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (manifest(annotations={"a": "\ud800"}), "no JSON"),
        (manifest(size=float("nan")), "no JSON"),
        (manifest()[:-1] + b', "layers": []}', "`layers` stands twice"),
        (manifest(manifests=[LAYER]), "as an image manifest or as an index"),
        (b"[]", "no image manifest"),
        (manifest(mediaType="application/vnd.oci.image.index.v1+json"), "media type is"),
        (manifest(mediaType="application/vnd.docker.distribution.manifest.v1+json"), "media type is"),
        (manifest(mediaType=3), "no text"),
        (manifest(layers={}), "no list"),
        (manifest(layers=[LAYER] * 20_001), "layers"),
        (manifest(layers=[{**LAYER, "size": -1}]), "-1 bytes"),
        (manifest(layers=[{**LAYER, "size": 2**60}]), "at most"),
        (manifest(layers=[{**LAYER, "size": True}]), "no whole number"),
        (manifest(layers=[{**LAYER, "digest": "sha256:../../etc"}]), "no digest"),
        (manifest(layers=[{**LAYER, "digest": "sha512:" + "a" * 128}]), "no digest"),
        (manifest(layers=[{**LAYER, "mediaType": "x\r\ny"}]), "no media type"),
        (manifest(annotations={"a": 1}), "no text"),
        (manifest(config=None), "no map"),
    ],
    ids=range(21),
)
def test_a_manifest_that_is_none_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(BadContent, match=said):
        read_manifest(content)


ESCAPE = "\x1b]0;x\x07"


@pytest.mark.parametrize(
    "content",
    [
        manifest(mediaType=ESCAPE),
        manifest(layers=[{**LAYER, "mediaType": ESCAPE}]),
        manifest(layers=[{**LAYER, "digest": ESCAPE}]),
    ],
    ids=["manifest", "layer", "digest"],
)
def test_what_is_told_of_content_is_fit_for_a_terminal(content: bytes) -> None:
    with pytest.raises(BadContent) as raised:
        read_manifest(content)
    assert str(raised.value).isprintable()


def test_what_is_told_of_titles_locks_and_indexes_is_fit_for_a_terminal() -> None:
    entry = {"mediaType": MANIFEST, "digest": "sha256:" + "0" * 64, "size": 1, "name": ESCAPE}
    twice = (blob(b"a", "text/plain", {TITLE: ESCAPE}).descriptor, blob(b"b", "text/plain", {TITLE: ESCAPE}).descriptor)
    reads = (
        lambda: titled(twice),
        lambda: read_lock(json.dumps({"schema": ESCAPE}).encode()),
        lambda: read_lock(json.dumps({"schema": SCHEMA, "artifacts": [entry]}).encode()),
        lambda: read_index(json.dumps({"mediaType": ESCAPE}).encode()),
    )
    for read in reads:
        with pytest.raises(BadContent) as raised:
            read()
        assert str(raised.value).isprintable()


def test_content_is_held_to_size_and_digest() -> None:
    descriptor = blob(b"xyz", "text/plain").descriptor
    assert descriptor.check(b"xyz") == b"xyz"
    with pytest.raises(BadContent, match="holds 2 bytes, and should hold 3"):
        descriptor.check(b"xy")
    with pytest.raises(BadContent, match="other content"):
        descriptor.check(b"xyy")
