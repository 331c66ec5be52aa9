"""Signatures and statements that are attached to a manifest, read with bounds and without trust.

Statements are Sigstore bundles, each the only layer of a manifest whose subject is what it is about. Classic signatures
are layers of one manifest at a tag. `docs/signing.md` has both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import NoReturn, TypeVar

from cmpolicy.content import digest_of, shown
from cmpolicy.oci.model import BadContent, Descriptor, Manifest, read_manifest
from cmpolicy.oci.store import NotAsSaid, NotThere, Store
from cmpolicy.sign import bundle, classic
from cmpolicy.sign.statement import PROVENANCE, SIGNED
from cmpolicy.sign.strict import NotVerified, require

T = TypeVar("T")

MOST_READ = 100
"""Of what is attached to one manifest; what comes after is not read."""
MOST_MANIFEST_BYTES = 2**18
MOST_BUNDLE_BYTES = 2**25
"""Ten times the provenance of a thousand objects."""
MOST_PAYLOAD_BYTES = 2**16
CLASSIC = "legacy-signature"
KINDS = {SIGNED: "signature", PROVENANCE: "provenance"}


@dataclass(frozen=True, slots=True)
class Attached:
    """Something that is attached: what it is, the digest of its manifest, and whether it was there before.

    The kind is `signature`, `provenance`, `legacy-signature`, or the type of another predicate.
    """

    kind: str
    digest: str
    there: bool = True


UNREADABLE = Attached("unreadable", "")


@dataclass(frozen=True, slots=True)
class Statement:
    """A manifest that holds a bundle, as it is stored and as it is read. Nothing of it is verified."""

    content: bytes
    manifest: Manifest

    @property
    def layer(self) -> Descriptor:
        """The bundle."""
        return self.manifest.layers[0]

    @property
    def kind(self) -> str:
        """What it says it is; see `Attached`."""
        told = self.manifest.annotations.get(bundle.PREDICATE_TYPE, "")
        return KINDS.get(told, shown(told) or "statement")


Read = Callable[[], T]
"""Reads, when it is called; raises `NotVerified` if that cannot be done."""


def statements(store: Store, name: str, digest: str, predicate_type: str = "") -> Iterator[Read[Statement]]:
    """The statements that are attached to the manifest of this digest: of this type, or of all.

    What a list tells of types is used only to read less: registries tell different things, and the signature counts.
    """
    entries = [each for each in store.attached(name, digest) if _may_be(each.annotations, predicate_type)]
    for entry in entries[:MOST_READ]:
        try:
            found = _statement(store, name, digest, entry)
        except NotVerified as error:
            yield partial(_refuse, str(error))
            continue
        if found is not None and _may_be(found.manifest.annotations, predicate_type):
            yield partial(_given, found)
    if len(entries) > MOST_READ:
        yield partial(_refuse, f"more than {MOST_READ} manifests are attached, and the others were not read")


def _may_be(annotations: Mapping[str, str], predicate_type: str) -> bool:
    return not predicate_type or annotations.get(bundle.PREDICATE_TYPE, predicate_type) == predicate_type


def _statement(store: Store, name: str, digest: str, entry: Descriptor) -> Statement | None:
    """The statement; None for a manifest of something else."""
    _check_size(entry, MOST_MANIFEST_BYTES)
    with _stored(entry.digest):
        content = entry.check(store.manifest(name, entry.digest))
        manifest = read_manifest(content)
    if [layer.media_type for layer in manifest.layers] != [bundle.MEDIA_TYPE]:
        return None
    require(
        manifest.subject is not None and manifest.subject.digest == digest,
        f"{entry.digest} is attached to another manifest",
    )
    return Statement(content, manifest)


def read_bundle(store: Store, name: str, statement: Statement) -> bytes:
    """The bundle of a statement. Raises `NotVerified`."""
    return _blob(store, name, statement.layer, MOST_BUNDLE_BYTES)


def classic_manifest(store: Store, name: str, digest: str) -> bytes | None:
    """The manifest with the classic signatures of this digest; None if it has none. Raises `NotVerified`."""
    try:
        with _stored(classic.tag_of(digest)):
            content = store.manifest(name, classic.tag_of(digest))
    except NotVerified as error:
        if isinstance(error.__cause__, NotThere):
            return None
        raise
    require(len(content) <= MOST_MANIFEST_BYTES, f"`{classic.tag_of(digest)}` holds {len(content)} bytes")
    return content


def classics(store: Store, name: str, digest: str) -> Iterator[Read[classic.Signed]]:
    """The classic signatures of this digest."""
    try:
        content = classic_manifest(store, name, digest)
        layers = () if content is None else classic_layers(content)
    except NotVerified as error:
        yield partial(_refuse, str(error))
        return
    for layer in layers[:MOST_READ]:
        yield partial(_signed, store, name, layer)
    if len(layers) > MOST_READ:
        yield partial(_refuse, f"more than {MOST_READ} signatures are at the tag, and the others were not read")


def classic_layers(content: bytes) -> tuple[Descriptor, ...]:
    """The signatures in their manifest. Raises `NotVerified`."""
    with _stored("the manifest of classic signatures"):
        layers = read_manifest(content).layers
    return tuple(each for each in layers if each.media_type == classic.MEDIA_TYPE)


def _signed(store: Store, name: str, layer: Descriptor) -> classic.Signed:
    require(classic.SIGNATURE in layer.annotations, f"{layer.digest} has no annotation `{classic.SIGNATURE}`")
    return classic.Signed(blob_of(store, name, layer), layer.annotations[classic.SIGNATURE])


def attached_to(store: Store, name: str, digest: str) -> Iterator[Attached]:
    """What is attached, without verifying it. What cannot be read has the kind `unreadable`, and no digest."""
    for read in statements(store, name, digest):
        try:
            statement = read()
        except NotVerified:
            yield UNREADABLE
        else:
            yield Attached(statement.kind, digest_of(statement.content))
    try:
        content = classic_manifest(store, name, digest)
        if content is not None and classic_layers(content):
            yield Attached(CLASSIC, digest_of(content))
    except NotVerified:
        yield UNREADABLE


def blob_of(store: Store, name: str, descriptor: Descriptor) -> bytes:
    """The content of a small blob, such as a config or a classic payload. Raises `NotVerified`."""
    return _blob(store, name, descriptor, MOST_PAYLOAD_BYTES)


def _blob(store: Store, name: str, descriptor: Descriptor, most: int) -> bytes:
    _check_size(descriptor, most)
    with _stored(descriptor.digest):
        return store.blob(name, descriptor)


def _check_size(descriptor: Descriptor, most: int) -> None:
    require(descriptor.size <= most, f"{descriptor.digest} should hold {descriptor.size} bytes, and {most} is the most")


@contextmanager
def _stored(what: str) -> Iterator[None]:
    """Tell what is stored wrongly, or not at all, as not verified."""
    try:
        yield
    except BadContent as error:
        raise NotVerified(f"{what}: {error}") from error
    except (NotThere, NotAsSaid) as error:
        raise NotVerified(str(error)) from error


def _refuse(problem: str) -> NoReturn:
    raise NotVerified(problem)


def _given(value: T) -> T:
    return value
