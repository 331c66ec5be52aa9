"""A registry for a test, and clients of it that do not wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cmpolicy.oci.artifacts import Artifact, Labels, artifacts_of
from cmpolicy.oci.built import Built
from cmpolicy.oci.clock import Clock
from cmpolicy.oci.layout import open_layout
from cmpolicy.oci.reference import Local, Remote
from cmpolicy.oci.registry import Registry
from cmpolicy.oci.store import Store

from tests.oci.samples import BLOB, sample
from tests.oci.server import FakeRegistry, serving

Client = Callable[..., Registry]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """The sample's bundle."""
    return sample(tmp_path / "dist")


@pytest.fixture
def artifacts(built: Built) -> tuple[Artifact, ...]:
    """What is published of it; the bundle's own is the last."""
    return artifacts_of(built, Labels())


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with serving() as found:
        yield found


@pytest.fixture
def held(registry: FakeRegistry) -> FakeRegistry:
    """The registry, with a blob."""
    registry.blobs[BLOB.descriptor.digest] = BLOB.content
    return registry


@pytest.fixture(params=["referrers", "tag", "layout"])
def any_store(
    request: pytest.FixtureRequest, registry: FakeRegistry, client: Client, tmp_path: Path
) -> Iterator[Store]:
    """A registry that lists what is attached to manifests, one that does not, and a layout."""
    registry.referrers = request.param == "referrers"
    with open_layout(Local(tmp_path / "layout"), write=True) as layout:
        yield layout if request.param == "layout" else client()


@pytest.fixture
def other() -> Iterator[FakeRegistry]:
    """A second host."""
    with serving() as found:
        yield found


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that clients waited, or would have."""
    return []


@pytest.fixture
def client(registry: FakeRegistry, tmp_path: Path, pauses: list[float]) -> Iterator[Client]:
    """Makes a client of the registry, whose pauses take no time."""
    with ExitStack() as stack:

        def make(seconds: float = 60.0, plain: bool = False, **environment: str) -> Registry:
            clock = Clock(seconds, pauses.append)
            place = Remote(registry.host, "acme/policies")
            made = Registry(place, clock, plain=plain, environment={"HOME": str(tmp_path), **environment})
            stack.callback(made.close)
            return made

        yield make
