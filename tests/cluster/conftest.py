"""A cluster for each way to judge, started when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cmpolicy.ir import Rule
from cmpolicy.load import built_in_packs, load_packs

from tests.cluster.api_server import Binary, Cluster, api_server
from tests.cluster.controllers import DELETING, controllers
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.live import WAYS, Live, Way, build, live, remaining, remove
from tests.cluster.objects import prepare
from tests.cluster.order import by_group
from tests.cluster.processes import wait_until
from tests.cluster.requests import Client
from tests.engines.conftest import binary, missing  # noqa: F401  the same fixtures

ASK_SECONDS = 1
LONGEST_FIRST = (*WAYS, "test_scan-kyverno", "test_scan-kyverno-cel", "test_audit", "test_live_check")
"""Groups of tests of which none may be left to one process when the others are through."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start each cluster once: pytest itself knows parameters by their place in each test's own list, and shares tests singly."""
    items[:] = by_group(items, group_of, LONGEST_FIRST)
    for item in items:
        if group := group_of(item):
            item.add_marker(pytest.mark.xdist_group(group))


def group_of(item: pytest.Item) -> str:
    """The way that the test judges in, or else its file and what this starts clusters by; "" if it starts none."""
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    if way := parameters.get("judging"):
        return str(way)
    if "binary" not in getattr(item, "fixturenames", ()):
        return ""
    return f"{item.path.stem}-{parameters['scanned']}" if "scanned" in parameters else item.path.stem


@pytest.fixture(scope="session")
def rules() -> tuple[Rule, ...]:
    """Every rule that comes with cmpolicy and that a cluster can judge."""
    loaded = load_packs(tuple(built_in_packs()))
    return tuple(rule for rule in loaded.rules if not rule.is_local)


@pytest.fixture(scope="session")
def profiles(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """Every profile, so that each rule is built."""
    return tuple(sorted({profile for rule in rules for profile in rule.about.profiles}))


@pytest.fixture(scope="session")
def built(profiles: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Callable[[Way], Path]:
    """What `cmpolicy build` writes for a way; it is asked once for ways that differ in who judges alone."""
    folders: dict[tuple[str, bool], Path] = {}

    def find(way: Way) -> Path:
        key = (way.target, way.enforce)
        if key not in folders:
            folders[key] = build(profiles, way, tmp_path_factory.mktemp("built"))
        return folders[key]

    return find


@pytest.fixture(scope="session")
def cluster(
    binary: Binary,  # noqa: F811
    rules: tuple[Rule, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Cluster]:
    """An API server without policies, which serves the kinds that rules read."""
    with api_server(binary, tmp_path_factory.mktemp("cluster")) as found:
        serve(found, kinds_of(rules))
        yield found


@pytest.fixture(scope="session", params=WAYS)
def judging(
    request: pytest.FixtureRequest,
    binary: Binary,  # noqa: F811
    rules: tuple[Rule, ...],
    built: Callable[[Way], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    """A cluster that judges in each way in turn, by every rule."""
    way = WAYS[request.param]
    state = tmp_path_factory.mktemp(way.name)
    with live(way, rules, built(way), binary, state) as found:
        yield found
        if way.is_installed:
            with controllers(binary, found.cluster, state, DELETING):
                remove(found)
                wait_until("what was applied is gone", lambda: remaining(found) == [], ASK_SECONDS)


@pytest.fixture(scope="session")
def bare(cluster: Cluster, rules: tuple[Rule, ...]) -> Client:
    """A server without policies that has the namespaces and classes which examples are in."""
    client = Client.of(cluster)
    prepare(client, rules)
    return client
