"""What was in a cluster before its policies is found by Gatekeeper's audit and by Kyverno's scan, as `check` finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from cmpolicy.ir import Rule
from cmpolicy.passes.tree import known_kinds
from cmpolicy.targets import load_target
from cmpolicy.targets.kyverno.access import is_scanned

from tests.cluster.api_server import Binary, Cluster, api_server
from tests.cluster.gatekeeper import gatekeeper
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.kyverno import reports
from tests.cluster.live import WAYS, Live, apply, build
from tests.cluster.processes import wait_until
from tests.cluster.reported import are_enforced, audited_since, differing, in_constraints, in_reports, now, shortened
from tests.cluster.requests import Client
from tests.cluster.stored import Placed, choose, everything, failing, judged, store, unshown

UNSHOWN = {
    "cm-namespace-psa-enforce": "there is one Namespace of this name",
    "cm-netpol-venafi-egress": "what fails in a namespace of its own is let through by the policies of other examples",
    "cm-requests-within-limits": "the server itself refuses what breaks it",
}
"""Rules of which no cluster has both an object that passes and one that fails."""


@pytest.fixture(scope="session")
def chosen(cluster: Cluster, rules: tuple[Rule, ...]) -> tuple[Placed, ...]:
    """The examples that are stored; a bare server says what it takes."""
    return choose(Client.of(cluster), rules)


@pytest.fixture(scope="module", params=["gatekeeper-cel"])
def audited(
    request: pytest.FixtureRequest,
    binary: Binary,
    rules: tuple[Rule, ...],
    profiles: tuple[str, ...],
    chosen: tuple[Placed, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    """A cluster whose policies came after the objects, as they are built without `--enforce`."""
    way = replace(WAYS[request.param], enforce=False, controller=partial(gatekeeper, audit=True))
    folder = build(profiles, way, tmp_path_factory.mktemp("built"))
    carried = tuple(rule for rule in rules if load_target(way.target).gap(rule) is None)
    with api_server(binary, state := tmp_path_factory.mktemp(way.name)) as cluster:
        serve(cluster, kinds_of(rules))
        client = Client.of(cluster)
        store(client, chosen)
        with way.controller(binary, cluster, state):
            applied = tuple(apply(way, cluster, folder))
            found = Live(way, cluster, client, folder, carried, applied)
            wait_until("every policy is in force", lambda: are_enforced(cluster))
            yield found


def test_what_is_stored_shows_every_rule(audited: Live) -> None:
    found = judged(audited.rules, everything(audited.client, audited.rules))
    assert unshown(audited.rules, found) == set(UNSHOWN)


def test_an_audit_finds_what_check_finds(audited: Live, tell: Callable[[str], None]) -> None:
    since = now()
    wait_until("an audit has ended", lambda: audited_since(audited.cluster, since))
    wanted = failing(judged(audited.rules, everything(audited.client, audited.rules)))
    found = in_constraints(audited.cluster)
    assert differing(found, {pair: shortened(message) for pair, message in wanted.items()}) == {}
    tell(f"{audited.way.name}: {len(found)} violations of {len({each.rule for each in found})} rules are audited")


@pytest.fixture(scope="module", params=["kyverno"])
def scanned(
    request: pytest.FixtureRequest,
    binary: Binary,
    cluster: Cluster,
    rules: tuple[Rule, ...],
    profiles: tuple[str, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    """A cluster whose reports controller came last: it starts with a scan of everything that is there.

    It judges by the rules that look others up: Kyverno compiles every policy anew for every object that it scans, so all
    of them would take minutes.
    """
    way = replace(WAYS[request.param], enforce=False)
    folder = build(profiles, way, tmp_path_factory.mktemp("built"))
    judging = tuple(
        each for each in rules if known_kinds(each) and is_scanned(each) and load_target(way.target).gap(each) is None
    )
    stored = choose(Client.of(cluster), judging)
    with api_server(binary, state := tmp_path_factory.mktemp(way.name)) as found:
        serve(found, kinds_of(rules))
        store(Client.of(found), stored)
        with way.controller(binary, found, state):
            files = [folder / "access.yaml", *(folder / "policies" / f"{each.id}.yaml" for each in judging)]
            applied = (found("apply", *(f"--filename={each}" for each in files)),)
            assert applied[0].code == 0, applied
            with reports(binary, found, state):
                yield Live(way, found, Client.of(found), folder, judging, applied)


def test_a_scan_finds_what_check_finds(scanned: Live, tell: Callable[[str], None]) -> None:
    wanted = judged(scanned.rules, everything(scanned.client, scanned.rules))
    wait_until("something is reported", lambda: in_reports(scanned.cluster))
    wait_until("everything is reported", lambda: wanted.keys() <= in_reports(scanned.cluster).keys())
    found = in_reports(scanned.cluster)
    assert differing(failing(found), failing(wanted)) == {}
    tell(f"{scanned.way.name}: {len(found)} results of {len({each.rule for each in found})} rules are reported")
