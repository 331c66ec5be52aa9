"""Manifests of others are read with care: what is wrong is told, and never believed."""

from __future__ import annotations

import json

import pytest
from cmpolicy.content import digest_of
from cmpolicy.oci.model import BadContent, Manifest, blob, read_manifest

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
    ids=range(17),
)
def test_a_manifest_that_is_none_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(BadContent, match=said):
        read_manifest(content)


def test_content_is_held_to_size_and_digest() -> None:
    descriptor = blob(b"xyz", "text/plain").descriptor
    assert descriptor.check(b"xyz") == b"xyz"
    with pytest.raises(BadContent, match="holds 2 bytes, and should hold 3"):
        descriptor.check(b"xy")
    with pytest.raises(BadContent, match="other content"):
        descriptor.check(b"xyy")
