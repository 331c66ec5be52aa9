"""What image-spec 1.1 stores: content by its digest, and manifests that list it.

Everything written is canonical JSON: the same manifest has the same digest wherever it is made. What is read was written
by others: sizes, digests and types are checked here, and `BadContent` says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cmpolicy.content import canonical, digest_of, is_digest, shown
from cmpolicy.ir_json.read import DecodeError, each, mapping, text, whole
from cmpolicy.ir_json.read import field as get
from cmpolicy.sign import strict
from cmpolicy.values import Json, JsonMap

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
EMPTY = "application/vnd.oci.empty.v1+json"
TITLE = "org.opencontainers.image.title"

MOST_MANIFEST_BYTES = 4 * 2**20
"""What the distribution specification lets registries refuse; none of ours comes near."""
MOST_BLOB_BYTES = 2**28
MOST_LAYERS = 20_000

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")


class BadContent(Exception):
    """Content that is not what it says; the message is for users."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """Content elsewhere: its type, its digest and its size in bytes."""

    media_type: str
    digest: str
    size: int
    annotations: Mapping[str, str] = field(default_factory=dict)
    artifact_type: str | None = None

    @property
    def title(self) -> str | None:
        """The path that tools give the content."""
        return self.annotations.get(TITLE)

    def document(self) -> JsonMap:
        """As JSON."""
        return {
            "mediaType": self.media_type,
            "digest": self.digest,
            "size": self.size,
            **({"annotations": self.annotations} if self.annotations else {}),
            **({"artifactType": self.artifact_type} if self.artifact_type else {}),
        }

    def check(self, content: bytes) -> bytes:
        """The content. Raises `BadContent` if it is not what the descriptor says."""
        if len(content) != self.size:
            raise BadContent(f"{self.digest} holds {len(content)} bytes, and should hold {self.size}")
        if (found := digest_of(content)) != self.digest:
            raise BadContent(f"{self.digest} holds other content, whose digest is {found}")
        return content


@dataclass(frozen=True, slots=True)
class Blob:
    """Content and its descriptor."""

    descriptor: Descriptor
    content: bytes


def blob(content: bytes, media_type: str, annotations: Mapping[str, str] | None = None) -> Blob:
    """A blob of this content."""
    return Blob(Descriptor(media_type, digest_of(content), len(content), annotations or {}), content)


@dataclass(frozen=True, slots=True)
class Held:
    """A blob whose content is kept elsewhere, and read each time that it is needed."""

    descriptor: Descriptor
    read: Callable[[], bytes]

    @property
    def content(self) -> bytes:
        """The content. Raises `CmpolicyError` if it cannot be read, and `BadContent` if it is another."""
        return self.descriptor.check(self.read())

    def called(self, media_type: str, annotations: Mapping[str, str] | None = None) -> Held:
        """The same content as something else."""
        return Held(replace(self.descriptor, media_type=media_type, annotations=annotations or {}), self.read)


NOTHING = blob(b"{}", EMPTY)
"""The config of what has none."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """An image manifest: its config and layers in order, and what kind of thing they are together."""

    config: Descriptor
    layers: tuple[Descriptor, ...]
    artifact_type: str | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)
    subject: Descriptor | None = None

    @property
    def kind(self) -> str:
        """What it is: its artifact type, or the type of its config as before image-spec 1.1."""
        return self.artifact_type or self.config.media_type

    @property
    def blobs(self) -> tuple[Descriptor, ...]:
        """Everything that it lists, each digest once."""
        return tuple({each.digest: each for each in (self.config, *self.layers)}.values())

    def text(self) -> bytes:
        """The manifest as it is stored."""
        return canonical(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": self.config.document(),
                "layers": [layer.document() for layer in self.layers],
                **({"artifactType": self.artifact_type} if self.artifact_type else {}),
                **({"annotations": self.annotations} if self.annotations else {}),
                **({"subject": self.subject.document()} if self.subject else {}),
            }
        )


def read_json(content: bytes) -> Json:
    """JSON that others wrote, if everybody reads the same in it. Raises `BadContent`."""
    try:
        return strict.read_json(content)
    except DecodeError as error:
        raise BadContent(str(error)) from error


def read_manifest(content: bytes) -> Manifest:
    """The manifest that this content is. Raises `BadContent`, also for indexes and the manifests of old registries."""
    try:
        return _manifest(read_json(content))
    except DecodeError as error:
        raise BadContent(f"it is no image manifest: {error}") from error


def _manifest(raw: Json) -> Manifest:
    # A manifest of conftest has no media type.
    media_type = text(raw, "mediaType") if "mediaType" in mapping(raw) else MANIFEST
    if media_type != MANIFEST:
        raise BadContent(f"its media type is `{shown(media_type)}`, and cmpolicy reads `{MANIFEST}`")
    if "manifests" in mapping(raw):
        raise BadContent("it may be read as an image manifest or as an index")
    layers = each(raw, "layers")
    if len(layers) > MOST_LAYERS:
        raise BadContent(f"it has {len(layers)} layers, and cmpolicy reads {MOST_LAYERS} at most")
    return Manifest(
        read_descriptor(get(raw, "config")),
        tuple(map(read_descriptor, layers)),
        text(raw, "artifactType") if "artifactType" in mapping(raw) else None,
        read_annotations(raw),
        read_descriptor(get(raw, "subject")) if mapping(raw).get("subject") is not None else None,
    )


def read_descriptor(raw: Json) -> Descriptor:
    """The descriptor that this JSON is. Raises `DecodeError` or `BadContent`."""
    media_type, digest, size = text(raw, "mediaType"), text(raw, "digest"), whole(raw, "size")
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise BadContent(f"`{shown(media_type)}` is no media type")
    if not is_digest(digest):
        raise BadContent(f"`{shown(digest)}` is no digest that cmpolicy can check: it knows sha256")
    if not 0 <= size <= MOST_BLOB_BYTES:
        raise BadContent(f"{digest} should hold {size} bytes, and cmpolicy takes {MOST_BLOB_BYTES} at most")
    artifact_type = text(raw, "artifactType") if "artifactType" in mapping(raw) else None
    return Descriptor(media_type, digest, size, read_annotations(raw), artifact_type)


def read_annotations(raw: Json) -> Mapping[str, str]:
    """The annotations of a manifest or descriptor; none where there are none."""
    found = mapping(raw).get("annotations")
    return {} if found is None else {key: text(found, key) for key in mapping(found)}


def titled(layers: Sequence[Descriptor]) -> Mapping[str, Descriptor]:
    """The layers that have a title, by it. Raises `BadContent` if two have the same."""
    found: dict[str, Descriptor] = {}
    for layer in layers:
        if layer.title is not None and found.setdefault(layer.title, layer) is not layer:
            raise BadContent(f"two layers have the title `{shown(layer.title)}`")
    return found
