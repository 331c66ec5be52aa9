"""Where artifacts are kept. A registry and a layout on disk are used alike.

`name` is an artifact's repository below the bundle's, and empty for the bundle; `version` is a tag or a digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.model import BadContent, Blob, Descriptor


class NotThere(CmpolicyError):
    """What was asked for is not stored."""


class NotAsSaid(CmpolicyError):
    """What is stored is not what it is said to be."""


class Store(Protocol):
    """What every method raises is a `CmpolicyError`; what is read has the digest that was asked for."""

    def digest(self, name: str, version: str) -> str | None:
        """The digest of a manifest; None if it is not there."""
        ...

    def manifest(self, name: str, version: str) -> bytes:
        """A manifest as it is stored."""
        ...

    def put_manifest(self, name: str, tag: str, content: bytes) -> None:
        """Store a manifest, whose blobs are there, under its digest and this tag."""
        ...

    def attach(self, name: str, content: bytes) -> None:
        """Store a manifest that has a subject, and whose blobs are there, so that `attached` of its subject lists it."""
        ...

    def attached(self, name: str, digest: str) -> tuple[Descriptor, ...]:
        """The manifests whose subject the manifest of this digest is, as far as the store tells: it may err, and lie."""
        ...

    def is_new(self, name: str) -> bool:
        """Whether nothing has a tag under this name; False where the store does not tell, or it makes no difference."""
        ...

    def has_blob(self, name: str, descriptor: Descriptor) -> bool:
        """Whether a blob is there."""
        ...

    def blob(self, name: str, descriptor: Descriptor) -> bytes:
        """The content of a blob, held to its descriptor."""
        ...

    def put_blob(self, name: str, blob: Blob) -> None:
        """Store a blob."""
        ...

    def stop(self) -> None:
        """End what other threads do here: the command is over."""
        ...

    def tags(self) -> tuple[str, ...]:
        """The tags of the bundle's repository, sorted, without those of signatures."""
        ...


def put_missing(store: Store, name: str, blobs: Iterable[Blob]) -> None:
    """Store the blobs that are not there."""
    for each in blobs:
        if not store.has_blob(name, each.descriptor):
            store.put_blob(name, each)


@contextmanager
def telling(what: str) -> Iterator[None]:
    """Tell bad content as a diagnostic about what it was read from."""
    try:
        yield
    except BadContent as error:
        remedy = "nothing was written; what is stored there is broken, or was changed"
        raise NotAsSaid(Diagnostic("content", f"`{what}`: {error}", help=remedy)) from error
