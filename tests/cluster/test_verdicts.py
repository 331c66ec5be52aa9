"""A cluster allows, warns of and denies exactly what `check` says of the object that it would store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from cmpolicy.holes import holes
from cmpolicy.ir import Rule
from cmpolicy.values import JsonMap

from tests.cluster.asked import Asked, creations, debuggings, judged, nameless, owned, updates
from tests.cluster.live import Live
from tests.cluster.objects import NEVER_STORED, Case, cases, is_debugged, stored, stored_cases
from tests.cluster.requests import Client
from tests.cluster.verdicts import disputes

SHOWN = 5
KINDS_OF_REQUEST = {
    "creations": creations,
    "updates": updates,
    "debug-containers": debuggings,
    "generated-names": nameless,
    "made-by-controllers": owned,
}
WHOLE = ("creations", "debug-containers", "generated-names")
"""Of these no way is asked a sample."""
SAMPLE = 4
"""Every how many of the others are asked at all."""


@pytest.fixture(scope="session")
def every(rules: tuple[Rule, ...]) -> tuple[Case, ...]:
    """The examples of all rules."""
    return tuple(cases(rules))


@pytest.fixture(scope="session")
def asked(bare: Client, rules: tuple[Rule, ...], every: tuple[Case, ...]) -> Mapping[str, tuple[Asked, ...]]:
    """Requests of each kind that a server without policies takes."""
    return {
        name: judged(make(bare, every if name in WHOLE else every[::SAMPLE]), rules)
        for name, make in KINDS_OF_REQUEST.items()
    }


def test_a_server_takes_examples_of_every_rule(
    asked: Mapping[str, tuple[Asked, ...]], rules: tuple[Rule, ...], every: tuple[Case, ...]
) -> None:
    """Examples that no server takes are of use for manifests alone, and no rule has only such."""
    cases = [each.case for each in asked["creations"]]
    good, bad = ({case.rule.id for case in cases if case.is_good is wanted} for wanted in (True, False))
    assert {rule.id for rule in rules} - good == set()
    assert {rule.id for rule in rules} - bad == NEVER_STORED
    assert len(asked["updates"]) > len(rules)
    assert len(asked["made-by-controllers"]) > len(rules)
    assert {id(each.case) for each in asked["debug-containers"]} < {id(case) for case in every if is_debugged(case)}


def test_requests_are_allowed_warned_of_or_denied(
    judging: Live, asked: Mapping[str, tuple[Asked, ...]], tell: Callable[[str], None]
) -> None:
    """Updates are judged as what they make: that an object failed before is no excuse."""
    counts: Counter[str] = Counter()
    disputed: list[str] = []
    for name, requests in asked.items():
        some = requests[:: 1 if name in WHOLE else judging.way.sample]
        disputed += [f"{name}: {dispute}" for dispute in disputes(judging, some)]
        counts[name] += len(some)
    assert not disputed, f"{len(disputed)} of {counts.total()} disputed\n" + "\n".join(disputed[:SHOWN])
    tell(f"{judging.way.name:15} " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    assert all(counts.values())


def test_deletions_are_nobodys_business(judging: Live, every: tuple[Case, ...]) -> None:
    deleted = stored_cases(judging.client, every)
    assert deleted
    for case in deleted:
        answer = judging.client.delete(case.kind, stored(case))
        assert (answer.is_taken, answer.warnings) == (True, ()), (str(case), answer)


def test_scaling_walks_around_rules_and_the_tool_says_so(
    judging: Live, rules: tuple[Rule, ...], every: tuple[Case, ...]
) -> None:
    """No target matches the scale subresource: its object has no labels and no pods to know a workload by."""
    scaled = [case for case in stored_cases(judging.client, every) if case.kind.kind == "Deployment"]
    assert scaled
    for case in scaled:
        scale: JsonMap = {
            "apiVersion": "autoscaling/v1",
            "kind": "Scale",
            "metadata": stored(case)["metadata"],
            "spec": {"replicas": 0},
        }
        answer = judging.client.replace(case.kind, scale, subresource="/scale")
        assert (answer.is_taken, answer.warnings) == (True, ()), (str(case), answer)
    (rule,) = (rule for rule in rules if rule.id == "cm-webhook-replicas")
    assert any("scale subresource, which no target matches" in hole for hole in holes(rule, {judging.way.target: ""}))
