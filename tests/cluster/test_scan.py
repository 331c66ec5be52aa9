"""What was in a cluster before its policies is found by Kyverno's background scan, as `check` finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import filterfalse
from pathlib import Path

import pytest
from cmpolicy.ir import Rule
from cmpolicy.passes.tree import known_kinds
from cmpolicy.targets import load_target
from cmpolicy.targets.kyverno.access import is_scanned

from tests.cluster.api_server import Binary, Cluster, api_server
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.kyverno import reports
from tests.cluster.live import WAYS, Live, Way, are_ready
from tests.cluster.processes import wait_until
from tests.cluster.reported import EVER, differing, in_reports, now
from tests.cluster.requests import Client
from tests.cluster.shipped import QUICKLY
from tests.cluster.stored import Found, choose, everything, failing, judged, store

WHOLE = ("kyverno",)
"""Ways whose scan is asked about every rule; others are about a sample.

A scan compiles every policy anew for every object, and a ValidatingPolicy costs ten times what a ClusterPolicy does: of a
hundred of them one was not through after six minutes.
"""
ASK_SECONDS = 2
SAMPLE = 8
"""Every how many rules."""
MANY = ("ClusterRole", "Role", "Namespace")
"""Kinds of which there are more objects than examples. What is about them is scanned first, and by no other policy."""


def rules_of(way: Way, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules that the way's scan is asked about."""
    scanned = [each for each in rules if is_scanned(each) and load_target(way.target).gap(each) is None]
    many, few = filter(is_about_many, scanned), filterfalse(is_about_many, scanned)
    return tuple(scanned if way.name in WHOLE else [*[*many][::SAMPLE], *[*few][::SAMPLE]])


def alone(rules: Iterable[Rule]) -> list[Rule]:
    """The rules that look nothing up."""
    return [each for each in rules if not known_kinds(each)]


def is_about_many(rule: Rule) -> bool:
    """Whether the rule is about a kind of which a server has many objects."""
    return any(kind.kind in MANY for kind in rule.kinds)


def first(judging: Live) -> Live:
    """With the policies that are there before the reports controller."""
    return replace(judging, rules=tuple(filter(is_about_many, judging.rules)))


def later(judging: Live) -> Live:
    """With the policies that come after it."""
    return replace(judging, rules=tuple(filterfalse(is_about_many, judging.rules)))


@pytest.fixture(scope="module", params=["kyverno", "kyverno-cel"])
def scanned(
    request: pytest.FixtureRequest,
    binary: Binary,
    cluster: Cluster,
    rules: tuple[Rule, ...],
    built: Callable[[Way], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    """A cluster whose reports controller came after the objects and the first policies.

    These are in force by then: each change of a policy's status is a policy that is new to a scan.
    """
    way = replace(WAYS[request.param], enforce=False)
    asked = rules_of(way, rules)
    stored = choose(Client.of(cluster), asked)
    with api_server(binary, state := tmp_path_factory.mktemp(way.name)) as found:
        serve(found, kinds_of(rules))
        store(Client.of(found), stored)
        with way.controller(binary, found, state):
            judging = Live(way, found, Client.of(found), built(way), asked, ())
            put_in_force(first(judging))
            with reports(binary, found, state):
                yield judging


def put_in_force(judging: Live) -> None:
    """Apply the policies of the rules from the folder."""
    judging.cluster.good("apply", *QUICKLY, "-f", judging.folder / "access.yaml", *policies(judging))
    wait_until("every policy is ready", lambda: are_ready(judging), ASK_SECONDS)


def policies(judging: Live) -> list[str]:
    """What names the files of the policies to kubectl."""
    return [f"--filename={judging.folder / 'policies' / each.id}.yaml" for each in judging.rules]


def test_a_scan_finds_what_check_finds(scanned: Live, tell: Callable[[str], None]) -> None:
    compare(first(scanned), tell)


def test_policies_that_come_later_are_scanned_by_too(scanned: Live, tell: Callable[[str], None]) -> None:
    """Objects and the reports controller are there before they are."""
    scanned.cluster("delete", *policies(first(scanned)))
    put_in_force(later(scanned))
    compare(later(scanned), tell)


def test_what_is_blocked_is_reported_too(
    scanned: Live, built: Callable[[Way], Path], tell: Callable[[str], None]
) -> None:
    """A report does not say whether anything is blocked, but since when it says so."""
    way, since = replace(scanned.way, enforce=True), now()
    some = [each for each in alone(later(scanned).rules) if way.options.blocks(each)][::SAMPLE]
    enforced = replace(scanned, way=way, folder=built(way), rules=tuple(some))
    put_in_force(enforced)
    compare(enforced, tell, since)


def compare(judging: Live, tell: Callable[[str], None], since: datetime = EVER) -> None:
    """Hold what is reported from a moment on to what `check` finds, once everything is that is to be."""
    wanted, ids = judged(judging.rules, everything(judging.client, judging.rules)), {each.id for each in judging.rules}
    assert failing(wanted)

    def found() -> Found:
        told = in_reports(judging.client, since).items()
        return {pair: message for pair, message in told if pair.rule in ids}

    wait_until("everything is reported", lambda: wanted.keys() <= found().keys(), ASK_SECONDS)
    reported = found()
    assert differing(failing(reported), failing(wanted)) == {}
    tell(f"{judging.way.name}: {len(reported)} results of {len({each.rule for each in reported})} rules are reported")
