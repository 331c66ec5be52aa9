"""What was in a cluster before its policies is found by Gatekeeper's audit, as `check` finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from cmpolicy.ir import Rule
from cmpolicy.targets import load_target

from tests.cluster.api_server import Binary, Cluster, api_server
from tests.cluster.gatekeeper import gatekeeper
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.live import WAYS, Live, Way, apply, enforced
from tests.cluster.processes import wait_until
from tests.cluster.reported import are_enforced, audited_since, differing, in_constraints, now, shortened
from tests.cluster.requests import Client
from tests.cluster.shipped import QUICKLY, Document
from tests.cluster.stored import UNSHOWN, Found, Placed, choose, everything, failing, judged, store, unshown

ASK_SECONDS = 3
"""To ask a hundred kinds of constraints is work for the server, which audits meanwhile."""


@pytest.fixture(scope="module")
def chosen(cluster: Cluster, rules: tuple[Rule, ...]) -> tuple[Placed, ...]:
    """The examples that are stored; a bare server says what it takes."""
    return choose(Client.of(cluster), rules)


@pytest.fixture(scope="module")
def audited(
    binary: Binary,
    rules: tuple[Rule, ...],
    built: Callable[[Way], Path],
    chosen: tuple[Placed, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    """A cluster whose policies came after the objects, as they are built with `--enforce`."""
    way = replace(WAYS["gatekeeper-cel"], controller=partial(gatekeeper, audit=True), applied=QUICKLY)
    carried = tuple(rule for rule in rules if load_target(way.target).gap(rule) is None)
    with api_server(binary, state := tmp_path_factory.mktemp(way.name)) as cluster:
        serve(cluster, kinds_of(rules))
        client = Client.of(cluster)
        store(client, chosen)
        with way.controller(binary, cluster, state):
            applied = tuple(apply(way, cluster, built(way)))
            found = Live(way, cluster, client, built(way), carried, applied)
            wait_until(
                "every policy is in force",
                lambda: enforced(client) == len(carried) and are_enforced(client),
                ASK_SECONDS,
            )
            yield found


def test_what_is_stored_shows_every_rule(audited: Live) -> None:
    found = judged(audited.rules, everything(audited.client, audited.rules))
    assert unshown(audited.rules, found) == set(UNSHOWN)


def test_an_audit_finds_what_check_finds(audited: Live, tell: Callable[[str], None]) -> None:
    found = next_audit(audited)
    assert differing(found, wanted(audited)) == {}
    tell(f"{audited.way.name}: {len(found)} violations of {len({each.rule for each in found})} rules are audited")


def test_what_is_audited_blocks_too(audited: Live) -> None:
    actions = {action for each in audited.client.constraints() for action in actions_of(each)}
    assert actions == {"deny", "warn"}


def next_audit(audited: Live) -> Found:
    """What an audit finds that begins from now on."""
    since = now()
    wait_until("every policy is in force", lambda: are_enforced(audited.client), ASK_SECONDS)
    wait_until("an audit has ended", lambda: audited_since(audited.client, since), ASK_SECONDS)
    return in_constraints(audited.client)


def wanted(audited: Live) -> Found:
    """What `check` finds, in as many words as an audit keeps."""
    found = failing(judged(audited.rules, everything(audited.client, audited.rules)))
    return {pair: shortened(message) for pair, message in found.items()}


def actions_of(constraint: Document) -> set[str]:
    """What the constraint has done with what fails."""
    return {each["action"] for each in constraint["spec"]["scopedEnforcementActions"]}
