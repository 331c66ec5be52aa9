"""Bring artifacts from one place to another: blobs first, then manifests, the bundle's last.

So a tag never names what is not there, and who reads the bundle finds everything that it lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from cmpolicy.content import digest_of, shown
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.artifacts import Artifact
from cmpolicy.oci.attached import Attached
from cmpolicy.oci.carried import carry
from cmpolicy.oci.lock import Locked
from cmpolicy.oci.model import BadContent, Blob, Descriptor, read_manifest
from cmpolicy.oci.pulled import read_about, read_bundle
from cmpolicy.oci.store import Store, telling
from cmpolicy.sign.strict import NotVerified

T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[Iterable[int]], Iterator[int]]
Read = Callable[[Descriptor], bytes]

WORKERS = 4
"""Requests at a time: what keeps a slow line busy, and no registry counts as abuse."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened to an artifact. `replaced` is the digest that its tag had; `uploaded` counts blobs.

    `attached` are its signatures and statements, as far as they were made or moved.
    """

    name: str
    digest: str
    blobs: int
    uploaded: int
    size: int
    there: bool
    replaced: str | None = None
    attached: tuple[Attached, ...] = ()

    @property
    def nothing_new(self) -> bool:
        """Whether all of it was there before."""
        return self.there and all(each.there for each in self.attached)


def publish(store: Store, artifacts: Sequence[Artifact], tag: str, progress: Progress) -> tuple[Moved, ...]:
    """Store the artifacts under a tag. What has its digest under the tag already is left alone."""
    moved: list[Moved] = []

    def steps() -> Iterator[int]:
        for each in artifacts:
            read = _memory(each.blobs)
            yield from _move(_Move(read, store, each.name, tag, each.manifest.text(), store.stop), moved)

    return _done(steps(), progress, moved)


def copy(source: Store, version: str, to: Store, tag: str, progress: Progress) -> tuple[Moved, ...]:
    """Copy a bundle, everything that it locks, and what is attached to them, byte for byte.

    Raises `CmpolicyError` if something is not as locked.
    """
    bundle = read_bundle(source, version)
    read_about(source, bundle)
    moved: list[Moved] = []

    def stop() -> None:
        source.stop()
        to.stop()

    def steps() -> Iterator[int]:
        for each in bundle.lock:
            content = _locked(source, each)
            yield from _move(_Move(_reader(source, each.name), to, each.name, tag, content, stop), moved)
            moved[-1] = _carry(source, to, moved[-1])
        yield from _move(_Move(_reader(source, ""), to, "", tag, bundle.content, stop), moved)
        moved[-1] = _carry(source, to, moved[-1])

    return _done(steps(), progress, moved)


def _carry(source: Store, to: Store, moved: Moved) -> Moved:
    """Bring what is attached to an artifact to where the artifact is now."""
    try:
        return replace(moved, attached=carry(source, to, moved.name, moved.digest))
    except NotVerified as error:
        problem = f"what is attached to {moved.name or 'the bundle'}: {error}"
        remedy = "it was not copied; `cmpolicy verify` says what is good"
        raise CmpolicyError(Diagnostic("copy", problem, help=remedy)) from error


def _done(steps: Iterator[int], progress: Progress, moved: list[Moved]) -> tuple[Moved, ...]:
    for _ in progress(steps):
        pass
    return tuple(moved)


def _memory(blobs: Sequence[Blob]) -> Read:
    contents = {each.descriptor.digest: each.content for each in blobs}
    return lambda descriptor: contents[descriptor.digest]


def _reader(source: Store, name: str) -> Read:
    return lambda descriptor: source.blob(name, descriptor)


def _locked(source: Store, locked: Locked) -> bytes:
    content = source.manifest(locked.name, locked.digest)
    with telling(locked.name):
        kind = read_manifest(locked.descriptor.check(content)).kind
        if kind != locked.artifact_type:
            raise BadContent(f"it is `{shown(kind)}`, and the bundle locks `{shown(locked.artifact_type)}`")
        return content


@dataclass(frozen=True, slots=True)
class _Move:
    """A manifest to store under a tag, and where its blobs are read."""

    read: Read
    to: Store
    name: str
    tag: str
    content: bytes
    stop: Callable[[], None]


def _move(move: _Move, moved: list[Moved]) -> Iterator[int]:
    """Store the blobs and then the manifest; a step for each blob, 1 if it was uploaded. What happened goes to `moved`."""
    digest, before = digest_of(move.content), move.to.digest(move.name, move.tag)
    with telling(move.name or "the bundle"):
        blobs = read_manifest(move.content).blobs
    size = sum(each.size for each in blobs)
    if before == digest:
        moved.append(Moved(move.name, digest, len(blobs), 0, size, there=True))
        return

    def upload(descriptor: Descriptor) -> int:
        if move.to.has_blob(move.name, descriptor):
            return 0
        move.to.put_blob(move.name, Blob(descriptor, move.read(descriptor)))
        return 1

    uploaded = 0
    for step in in_parallel(upload, blobs, move.stop):
        uploaded += step
        yield step
    move.to.put_manifest(move.name, move.tag, move.content)
    moved.append(Moved(move.name, digest, len(blobs), uploaded, size, there=False, replaced=before))


def in_parallel(function: Callable[[T], R], items: Sequence[T], stop: Callable[[], None]) -> Iterator[R]:
    """The results in order. At the first error, or an interrupt, `stop` ends what has begun, and the rest never does."""
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            for future in [pool.submit(function, item) for item in items]:
                yield future.result()
        except BaseException:
            stop()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
