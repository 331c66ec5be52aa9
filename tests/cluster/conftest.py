"""A cluster for each way to judge, started when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cmpolicy.ir import Rule
from cmpolicy.load import built_in_packs, load_packs

from tests.cluster.api_server import Binary, Cluster, api_server
from tests.cluster.controllers import DELETING, controllers
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.live import WAYS, Live, build, live, remaining, remove
from tests.cluster.objects import prepare
from tests.cluster.order import by_way
from tests.cluster.processes import wait_until
from tests.cluster.requests import Client
from tests.engines.conftest import binary, missing, pytest_terminal_summary, tell  # noqa: F401  the same fixtures


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the cluster of each way once: pytest itself knows parameters by their place in each test's own list."""
    items[:] = by_way(items, way_of, tuple(WAYS))


def way_of(item: pytest.Item) -> str:
    """The way that the test judges in; "" if it asks for none."""
    call = getattr(item, "callspec", None)
    return str(call.params.get("judging", "")) if call else ""


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
    profiles: tuple[str, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    """A cluster that judges in each way in turn, by every rule."""
    way = WAYS[request.param]
    folder = build(profiles, way, tmp_path_factory.mktemp("built"))
    state = tmp_path_factory.mktemp(way.name)
    with live(way, rules, folder, binary, state) as found:
        yield found
        with controllers(binary, found.cluster, state, DELETING):
            remove(found)
            wait_until("what was applied is gone", lambda: remaining(found) == [])


@pytest.fixture(scope="session")
def bare(cluster: Cluster, rules: tuple[Rule, ...]) -> Client:
    """A server without policies that has the namespaces and classes which examples are in."""
    client = Client.of(cluster)
    prepare(client, rules)
    return client
