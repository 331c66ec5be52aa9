"""Bring artifacts from one place to another: blobs first, then manifests, the bundle's last.

So a tag never names what is not there, and who reads the bundle finds everything that it lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from cmpolicy.oci.artifacts import Artifact
from cmpolicy.oci.lock import Locked
from cmpolicy.oci.model import Blob, Descriptor, digest_of, read_manifest
from cmpolicy.oci.pulled import read_bundle
from cmpolicy.oci.store import Store, telling

T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[Iterable[T]], Iterator[T]]

WORKERS = 4
"""Requests at a time: what keeps a slow line busy, and no registry counts as abuse."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened to an artifact. `replaced` is the digest that its tag had; `uploaded` counts blobs."""

    name: str
    digest: str
    blobs: int
    uploaded: int
    size: int
    there: bool
    replaced: str | None = None


def publish(store: Store, artifacts: Sequence[Artifact], tag: str, progress: Progress[int]) -> tuple[Moved, ...]:
    """Store the artifacts under a tag. What has its digest under the tag already is left alone."""
    moved = []
    for artifact in artifacts:
        contents = {each.descriptor.digest: each for each in artifact.blobs}
        source = _Memory(artifact, contents)
        moved.append(_move(source.read, store, artifact.name, tag, artifact.manifest.text(), progress))
    return tuple(moved)


@dataclass(frozen=True, slots=True)
class _Memory:
    artifact: Artifact
    contents: dict[str, Blob]

    def read(self, descriptor: Descriptor) -> bytes:
        return self.contents[descriptor.digest].content


def copy(source: Store, version: str, to: Store, tag: str, progress: Progress[int]) -> tuple[Moved, ...]:
    """Copy a bundle and everything that it locks, byte for byte. Raises `CmpolicyError` if something is not as locked."""
    bundle = read_bundle(source, version)
    moved = [_copy_part(source, to, each, tag, progress) for each in bundle.lock]
    return (*moved, _move(_reader(source, ""), to, "", tag, bundle.content, progress))


def _copy_part(source: Store, to: Store, locked: Locked, tag: str, progress: Progress[int]) -> Moved:
    content = source.manifest(locked.name, locked.digest)
    with telling(locked.name):
        locked.descriptor.check(content)
    return _move(_reader(source, locked.name), to, locked.name, tag, content, progress)


def _reader(source: Store, name: str) -> Callable[[Descriptor], bytes]:
    return lambda descriptor: source.blob(name, descriptor)


def _move(
    read: Callable[[Descriptor], bytes], to: Store, name: str, tag: str, content: bytes, progress: Progress[int]
) -> Moved:
    digest, before = digest_of(content), to.digest(name, tag)
    with telling(name or "the bundle"):
        manifest = read_manifest(content)
        size = _total(manifest.blobs)
    if before == digest:
        return Moved(name, digest, len(manifest.blobs), 0, size, there=True)

    def upload(descriptor: Descriptor) -> int:
        if to.has_blob(name, descriptor):
            return 0
        to.put_blob(name, Blob(descriptor, read(descriptor)))
        return 1

    uploaded = sum(progress(in_parallel(upload, manifest.blobs)))
    to.put_manifest(name, tag, content)
    return Moved(name, digest, len(manifest.blobs), uploaded, size, there=False, replaced=before)


def _total(descriptors: Sequence[Descriptor]) -> int:
    return sum(each.size for each in descriptors)


def in_parallel(function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """The results in order. The first error ends it, and what has not begun by then never does."""
    with ThreadPoolExecutor(WORKERS) as pool:
        futures = [pool.submit(function, item) for item in items]
        try:
            for future in futures:
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)
