"""What is attached to a manifest: other manifests whose subject it is, such as its signatures.

Registries list them by their referrers API. Where there is none, clients keep the list, an index at the tag of
`referrers_tag` (distribution specification 1.1, "Referrers Tag Schema").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from cmpolicy.content import canonical, digest_of, shown
from cmpolicy.ir_json.read import DecodeError, each, mapping
from cmpolicy.oci.model import INDEX, MANIFEST, BadContent, Descriptor, Manifest, read_descriptor, read_json
from cmpolicy.values import Json, JsonMap

MOST_LISTED = 1000
"""What may be attached to one manifest; who lists more wants to keep us busy."""

_ABOUT_ANOTHER = re.compile(r"sha256-[0-9a-f]{64}(?:\.[a-z]+)?")


def referrers_tag(digest: str) -> str:
    """The tag of the index of what is attached to the manifest of this digest."""
    return digest.replace(":", "-")


def is_about_another(tag: str) -> bool:
    """Whether a tag is one that tools give to what belongs to another manifest, and no version."""
    return _ABOUT_ANOTHER.fullmatch(tag) is not None


def entry_of(content: bytes, manifest: Manifest) -> Descriptor:
    """How a list names a manifest. Raises `BadContent` if no list can."""
    entry = Descriptor(MANIFEST, digest_of(content), len(content), manifest.annotations, manifest.kind)
    _written(entry.document())
    return entry


def read_index(content: bytes) -> tuple[Descriptor, ...]:
    """The image manifests that an index lists. Entries that cmpolicy cannot check are passed over. Raises `BadContent`."""
    listed = _listed(read_json(content))
    if len(listed) > MOST_LISTED:
        raise BadContent(f"it lists more than {MOST_LISTED} manifests")
    return tuple(_manifests(listed))


def _listed(raw: Json) -> list[Json]:
    try:
        kind = mapping(raw).get("mediaType", INDEX)
        if kind != INDEX:
            raise BadContent(f"it is no index of manifests, but `{shown(str(kind))}`")
        if "layers" in mapping(raw):
            raise BadContent("it may be read as an image manifest or as an index")
        return list(each(raw, "manifests")) if mapping(raw).get("manifests") is not None else []
    except DecodeError as error:
        raise BadContent(f"it is no index of manifests: {error}") from error


def _manifests(listed: list[Json]) -> Iterator[Descriptor]:
    for raw in listed:
        with suppress(DecodeError, BadContent):
            found = read_descriptor(raw)
            if found.media_type == MANIFEST:
                yield found


def with_entry(index: bytes | None, entry: Descriptor) -> bytes:
    """The index with this entry, and all that it listed as it was; a new one for None. Raises `BadContent`."""
    if index is None:
        return _written({"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry.document()]})
    raw = read_json(index)
    listed = _listed(raw)
    if any(isinstance(other, dict) and other.get("digest") == entry.digest for other in listed):
        return index
    return _written({**mapping(raw), "manifests": [*listed, entry.document()]})


def _written(document: JsonMap) -> bytes:
    try:
        return canonical(document)
    except ValueError as error:
        raise BadContent("it holds what no JSON can hold") from error
