"""Bring what is attached to a manifest from one store to another, byte for byte, and verify none of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cmpolicy.content import digest_of
from cmpolicy.oci.attached import (
    CLASSIC,
    Attached,
    Statement,
    blob_of,
    classic_layers,
    classic_manifest,
    read_bundle,
    statements,
)
from cmpolicy.oci.classics import with_signatures
from cmpolicy.oci.model import NOTHING, Blob, Descriptor, read_manifest
from cmpolicy.oci.store import Store, put_missing
from cmpolicy.sign.classic import tag_of


def carry(source: Store, to: Store, name: str, digest: str) -> tuple[Attached, ...]:
    """Copy the statements and classic signatures of a manifest. Raises `NotVerified` if one cannot be read."""
    return (*_statements(source, to, name, digest), *_classic(source, to, name, digest))


def _statements(source: Store, to: Store, name: str, digest: str) -> Iterator[Attached]:
    there = {each.digest for each in to.attached(name, digest)}
    for read in statements(source, name, digest):
        statement = read()
        found = digest_of(statement.content)
        if found not in there:
            put_missing(to, name, _blobs(source, name, statement))
            to.attach(name, statement.content)
        yield Attached(statement.kind, found, found in there)


def _blobs(source: Store, name: str, statement: Statement) -> tuple[Blob, ...]:
    config = statement.manifest.config
    return _config(source, name, config), Blob(statement.layer, read_bundle(source, name, statement))


def _config(source: Store, name: str, config: Descriptor) -> Blob:
    return NOTHING if config.digest == NOTHING.descriptor.digest else Blob(config, blob_of(source, name, config))


def _classic(source: Store, to: Store, name: str, digest: str) -> Iterator[Attached]:
    """Where others are at the tag, those of the source are added to them."""
    content = classic_manifest(source, name, digest)
    if content is None or not (layers := classic_layers(content)):
        return
    before = classic_manifest(to, name, digest)
    if before is not None and set(map(_key, layers)) <= set(map(_key, classic_layers(before))):
        yield Attached(CLASSIC, digest_of(before))
        return
    blobs = [Blob(layer, blob_of(source, name, layer)) for layer in layers]
    manifest = read_manifest(content)
    if before is None and manifest.layers == layers:
        config = _config(source, name, manifest.config)
    else:
        config, content = with_signatures(before, layers)
    put_missing(to, name, (config, *blobs))
    to.put_manifest(name, tag_of(digest), content)
    yield Attached(CLASSIC, digest_of(content), there=False)


def _key(layer: Descriptor) -> tuple[str, Sequence[tuple[str, str]]]:
    return layer.digest, tuple(sorted(layer.annotations.items()))
