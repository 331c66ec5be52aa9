"""Bring artifacts from one place to another: the blobs of all first, then the manifests, the bundle's last.

So a tag never names what is not there, and who reads the bundle finds everything that it lists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from cmpolicy.content import digest_of, shown
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.artifacts import Artifact
from cmpolicy.oci.attached import Attached
from cmpolicy.oci.carried import carry
from cmpolicy.oci.lock import Locked
from cmpolicy.oci.model import BadContent, Blob, Descriptor, Held, Manifest, read_manifest
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
    moves = [_Move(_held(each.blobs), store, each.name, tag, each.manifest.text()) for each in artifacts]
    return _done(_all(moves, store.stop, lambda each: each, moved), progress, moved)


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

    def one(locked: Locked) -> _Move:
        return _Move(_reader(source, locked.name), to, locked.name, tag, _locked(source, locked))

    def steps() -> Iterator[int]:
        locked = in_parallel(one, bundle.lock, stop)
        moves = [*locked, _Move(_reader(source, ""), to, "", tag, bundle.content)]
        yield from _all(moves, stop, partial(_carry, source, to), moved)

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


def _held(blobs: Sequence[Held]) -> Read:
    by_digest = {each.descriptor.digest: each for each in blobs}
    return lambda descriptor: by_digest[descriptor.digest].content


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

    def upload(self, descriptor: Descriptor) -> None:
        """Store a blob. Its content is read now, and kept no longer than it takes."""
        with telling(self.name or "the bundle"):
            self.to.put_blob(self.name, Blob(descriptor, self.read(descriptor)))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a move takes: the blobs that its manifest lists, and the digest that its tag has before.

    `is_first` is where no blob can be there: to ask for each takes a third of the time of a first publication.
    """

    move: _Move
    digest: str
    before: str | None
    blobs: tuple[Descriptor, ...]
    is_first: bool

    @property
    def there(self) -> bool:
        return self.before == self.digest

    def upload(self, descriptor: Descriptor) -> bool:
        """Store a blob if it is not there; whether it was not."""
        if not self.is_first and self.move.to.has_blob(self.move.name, descriptor):
            return False
        self.move.upload(descriptor)
        return True

    def end(self, uploaded: int) -> Moved:
        """Store the manifest, whose blobs are there."""
        move, size = self.move, sum(each.size for each in self.blobs)
        if not self.there:
            move.to.put_manifest(move.name, move.tag, move.content)
        replaced = None if self.there else self.before
        return Moved(move.name, self.digest, len(self.blobs), uploaded, size, self.there, replaced)


def _plan(move: _Move) -> _Plan:
    with telling(move.name or "the bundle"):
        manifest = read_manifest(move.content)
    before = move.to.digest(move.name, move.tag)
    return _Plan(move, digest_of(move.content), before, manifest.blobs, before is None and _is_first(move, manifest))


def _is_first(move: _Move, manifest: Manifest) -> bool:
    """Whether nothing was published there, nor begun to be: the first layer would be there."""
    return move.to.is_new(move.name) and not any(move.to.has_blob(move.name, each) for each in manifest.layers[:1])


def _all(
    moves: Sequence[_Move], stop: Callable[[], None], finish: Callable[[Moved], Moved], moved: list[Moved]
) -> Iterator[int]:
    """Store all blobs, then the manifests, the last of them last; a step for each blob. What happened goes to `moved`."""
    plans = list(in_parallel(_plan, moves, stop))
    blobs = [(plan, descriptor) for plan in plans if not plan.there for descriptor in plan.blobs]
    uploaded: Counter[str] = Counter()
    for (plan, _), is_new in zip(blobs, in_parallel(lambda each: each[0].upload(each[1]), blobs, stop), strict=True):
        uploaded[plan.move.name] += is_new
        yield int(is_new)

    def end(plan: _Plan) -> Moved:
        return finish(plan.end(uploaded[plan.move.name]))

    moved.extend(in_parallel(end, plans[:-1], stop))
    moved.append(end(plans[-1]))


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
