"""Of what controllers make of workloads a cluster denies exactly what `check` says of it, and nothing of a workload that it allows.

Workloads are there before the policies, as in a cluster that gets some, so those that fail are there too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from cmpolicy.evaluate import Verdict
from cmpolicy.evaluate.judge import judge
from cmpolicy.generate.edit import at
from cmpolicy.ir import Kind, Rule
from cmpolicy.targets import load_target
from cmpolicy.values import JsonMap

from tests.cluster.api_server import Binary, api_server
from tests.cluster.controllers import WORKLOADS, controllers
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.live import WAYS, Live, Way, apply, in_force
from tests.cluster.made import MADE_OF, Seen, amount, due, made, see, uid
from tests.cluster.objects import Case, cases, make_classes, make_namespaces, renamed
from tests.cluster.processes import wait_until
from tests.cluster.requests import Client, side_by_side
from tests.cluster.verdicts import denying

NODE = Kind("", "v1", "Node", "nodes", namespaced=False)
LABELS = {"kubernetes.io/os": "linux", "node-restriction.kubernetes.io/reserved-for": "platform"}
"""What pods of examples select nodes by."""
ASK_SECONDS = 2
MANY = ("Deployment", "Job")
SAMPLE = 6
"""Every how many of these is stored. Of more than some hundred events at a time most are dropped, and written later."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made of an owner: how many, what the reference says of them, and what is to be made of each."""

    kind: Kind
    name: str
    amount: int
    failures: Mapping[str, str]
    then: Plan | None


@dataclass(frozen=True, slots=True)
class Workload:
    """A stored workload, what the reference says of it, and what is to be made of it; None if no server takes that."""

    case: Case
    stored: JsonMap
    failures: Mapping[str, str]
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Run:
    """What became of workloads whose controllers came last."""

    rules: tuple[Rule, ...]
    workloads: tuple[Workload, ...]
    seen: Seen


@pytest.fixture(scope="module")
def run(
    binary: Binary,
    rules: tuple[Rule, ...],
    built: Callable[[Way], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Run]:
    """A cluster with workloads, then policies that block, then controllers, once these have done what they can."""
    way = WAYS["vap"]
    carried = tuple(rule for rule in rules if load_target(way.target).gap(rule) is None)
    blocking = tuple(rule for rule in carried if way.options.blocks(rule))
    with api_server(binary, state := tmp_path_factory.mktemp("workloads")) as cluster:
        serve(cluster, kinds_of(rules))
        client = Client.of(cluster)
        every = stored(client, blocking, workloads(rules, blocking))
        judging = Live(way, cluster, client, built(way), carried, tuple(apply(way, cluster, built(way))))
        wait_until("every policy is in force", in_force(judging), ASK_SECONDS)
        with controllers(binary, cluster, state, WORKLOADS):
            wait_until("controllers have done their work", lambda: is_done(every, see(client)), ASK_SECONDS)
            yield Run(blocking, every, see(client))


def workloads(rules: tuple[Rule, ...], blocking: tuple[Rule, ...]) -> list[Case]:
    """The examples that are workloads: all that are allowed, and of kinds with many examples a sample of the others."""
    every = [case for case in cases(rules) if case.kind.kind in MADE_OF]
    return [
        case
        for number, case in enumerate(every)
        if not number % SAMPLE or case.kind.kind not in MANY or not failures(blocking, case.manifest)
    ]


def stored(client: Client, rules: tuple[Rule, ...], every: list[Case]) -> tuple[Workload, ...]:
    """The examples that the server takes, each under a name of its own, and a node for the pods of DaemonSets."""
    make_node(client)
    make_namespaces(client, [case.manifest for case in every])
    make_classes(client, [case.manifest for case in every])
    return tuple(each for each in side_by_side(lambda case: _stored(client, rules, case), every) if each is not None)


def make_node(client: Client) -> None:
    """A node that takes every pod; the server taints one that is new."""
    node: JsonMap = {"metadata": {"name": "node", "labels": LABELS}}
    for answer in (client.create(NODE, node, dry=False), client.replace(NODE, node, dry=False)):
        assert answer.is_taken, answer


def _stored(client: Client, rules: tuple[Rule, ...], case: Case) -> Workload | None:
    name = f"{case.rule.id}-{'good' if case.is_good else 'bad'}-{case.number}"
    answer = client.create(case.kind, due(renamed(case.manifest, name)), dry=False)
    if not answer.is_taken:
        return None
    found = {**answer.body, "apiVersion": case.kind.api_version, "kind": case.kind.kind}
    return Workload(case, found, failures(rules, found), plan(client, rules, found))


def plan(client: Client, rules: tuple[Rule, ...], owner: JsonMap) -> Plan | None:
    """What is to be made of the owner, as the server takes it."""
    kind = MADE_OF[str(owner["kind"])]
    answer = client.create(kind, made(owner))
    if not answer.is_taken:
        return None
    child = {**answer.body, "apiVersion": kind.api_version, "kind": kind.kind}
    then = plan(client, rules, child) if kind.kind in MADE_OF else None
    return Plan(kind, str(at(child, ("metadata", "name"))), amount(owner), failures(rules, child), then)


def failures(rules: Iterable[Rule], manifest: JsonMap) -> dict[str, str]:
    """The message of each rule that fails, by the rule's id."""
    said = ((rule, judge(rule, manifest)) for rule in rules)
    return {rule.id: each.message for rule, each in said if each.verdict is Verdict.FAIL}


def is_done(every: Iterable[Workload], seen: Seen) -> bool:
    return all(each.plan is None or _is_done(each.plan, each.stored, seen) for each in every)


def _is_done(plan: Plan, owner: JsonMap, seen: Seen) -> bool:
    there = seen.made.get(uid(owner), [])
    if not plan.amount:
        return True
    if len(there) < plan.amount:
        return uid(owner) in seen.said
    return plan.then is None or all(_is_done(plan.then, each, seen) for each in there)


def disputes(plan: Plan, owner: JsonMap, seen: Seen) -> Iterator[str]:
    """Where something else was made, or said of what was not, than the reference says must be."""
    there, said = seen.made.get(uid(owner), []), seen.said.get(uid(owner), [])
    told = [dict(denying(as_planned(plan, each))) for each in said]
    denied = plan.failures if plan.amount else {}
    if bool(denied) != bool(said) or not all(each and each.items() <= denied.items() for each in told):
        yield f"{plan.kind.kind}: denied by {said}, to be denied by {denied}"
    if not denied and len(there) < plan.amount:
        yield f"{plan.kind.kind}: {len(there)} of {plan.amount}"
    if denied and there:
        yield f"{plan.kind.kind}: made and to be denied by {denied}"
    for each in there if plan.then else ():
        assert plan.then is not None
        yield from disputes(plan.then, each, seen)


def as_planned(plan: Plan, text: str) -> str:
    """What was said, of an object with the planned name: controllers make names up."""
    found = re.search(r' "([^"]+)" is forbidden', text)
    return text.replace(found[1], plan.name) if found else text


def test_what_is_made_and_what_is_not_is_what_the_reference_says(run: Run, tell: Callable[[str], None]) -> None:
    planned = [(each, each.plan) for each in run.workloads if each.plan is not None]
    disputed = [f"{each.case}: {text}" for each, plan in planned for text in disputes(plan, each.stored, run.seen)]
    assert not disputed, f"{len(disputed)} of {len(planned)} disputed\n" + "\n".join(disputed[:SHOWN])
    objects = sum(map(len, run.seen.made.values()))
    tell(f"{'workloads':15} {len(planned)} stored, {objects} objects made of them, {len(run.seen.said)} not let")
    assert {each.case.kind.kind for each, _ in planned} == set(MADE_OF)
    assert objects
    assert run.seen.said


def test_what_was_made_fails_no_rule_that_blocks(run: Run) -> None:
    there = [each for every in run.seen.made.values() for each in every]
    assert {uid(each): found for each in there if (found := failures(run.rules, each))} == {}


def test_of_a_workload_that_is_allowed_nothing_is_denied(run: Run) -> None:
    """A rule about workloads covers what controllers make of them."""
    allowed = [each for each in run.workloads if not each.failures and each.plan is not None]
    denied = {str(each.case): found for each in allowed if (found := list(_denied(each.stored, run.seen)))}
    assert {each.case.kind.kind for each in allowed} == set(MADE_OF)
    assert denied == {}


def _denied(owner: JsonMap, seen: Seen) -> Iterator[str]:
    """What was said where something could not be made of the owner, or of what was made of it."""
    yield from seen.said.get(uid(owner), ())
    for each in seen.made.get(uid(owner), ()):
        yield from _denied(each, seen)
