"""Open what a reference is in, and find what it names there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cmpolicy.oci.layout import only_tag, open_layout
from cmpolicy.oci.reference import Local, Reference, need_version
from cmpolicy.oci.store import Store

TIMEOUT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Access:
    """How registries are asked: `plain` allows http to any host, `seconds` is what all of it may take."""

    plain: bool = False
    seconds: float = TIMEOUT_SECONDS


@contextmanager
def opened(reference: Reference, access: Access, *, write: bool = False) -> Iterator[Store]:
    """What the reference is in. Raises `CmpolicyError` if it cannot be opened."""
    if isinstance(reference, Local):
        with open_layout(reference, write=write) as layout:
            yield layout
        return
    # The HTTP library is imported only where there is a registry to ask.
    from cmpolicy.oci.clock import Clock
    from cmpolicy.oci.registry import Registry

    registry = Registry(reference, Clock(access.seconds), plain=access.plain)
    try:
        yield registry
    finally:
        registry.close()


def version_of(reference: Reference, store: Store) -> str:
    """The digest or tag to read: in a layout that holds one bundle, that one's. Raises `CmpolicyError` if none is named."""
    need_version(reference)
    named = reference.digest or reference.tag
    if named is None and isinstance(reference, Local):
        return only_tag(store, reference)
    return named or ""
