"""Known objects of cases: as a cluster holds them, and of every sort that a rule may meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from cmpolicy import ir
from cmpolicy.evaluate.known import inventory, known
from cmpolicy.generate import Case, objects, shrink
from cmpolicy.generate.others import as_known, identity
from cmpolicy.ir import Rule
from cmpolicy.passes.tree import known_kinds
from cmpolicy.values import Json, JsonMap

from tests.sample_rules import BUDGETED, CLASSED, CONFIG_MAP, DEPLOYMENT, LOOKUPS, NAMESPACE, PDB, manifest

KINDS = {(kind.api_version, kind.kind): kind for rule in LOOKUPS for kind in known_kinds(rule)}
Made = list[tuple[Rule, list[Case]]]


def metadata(other: Json) -> Mapping[str, Json]:
    found = other.get("metadata") if isinstance(other, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def cases_of(rule: Rule, made: Made) -> list[Case]:
    return next(cases for each, cases in made if each is rule)


def test_a_cluster_could_hold_the_known_objects_of_every_case(made: Made) -> None:
    inventories = [case.others for rule in LOOKUPS for case in cases_of(rule, made)]
    for others in inventories:
        assert len(set(map(identity, others))) == len(others)
        for other in others:
            kind, place = KINDS[str(other["apiVersion"]), str(other["kind"])], metadata(other).get("namespace")
            assert metadata(other)["name"]
            assert isinstance(place, str) and place if kind.namespaced else place is None, other
    assert len({repr(others) for others in inventories}) > len(inventories) / 3


def test_rules_that_look_up_nothing_have_nothing_known(made: Made) -> None:
    assert {case.others for rule, cases in made for case in cases if not known_kinds(rule)} == {()}


def _found(case: Case) -> list[Json]:
    """What `BUDGETED` looks up."""
    found = known(inventory(case.others), PDB, metadata(case.manifest).get("namespace") or "default")
    return list(found) if isinstance(found, list) else []


def test_a_rule_may_read_below_the_kind_of_what_it_looks_up() -> None:
    below = ir.Get(ir.Get(ir.Var("budget"), "kind"), "x")
    rule = replace(BUDGETED, condition=ir.Any(ir.Elems(ir.Known(PDB, None)), "budget", ir.Exists(below)))
    others = [other for case in objects(rule, 4, 200) for other in case.others]
    assert others
    assert {other["kind"] for other in others} == {"PodDisruptionBudget"}


@pytest.mark.parametrize(
    "shows",
    [
        pytest.param(lambda case: not case.others, id="nothing known"),
        pytest.param(lambda case: len(_found(case)) == 1, id="one"),
        pytest.param(lambda case: len(_found(case)) > 2, id="several"),
        pytest.param(lambda case: len(case.others) > 1 and len(_found(case)) == 1, id="one of several"),
        pytest.param(lambda case: case.others and not _found(case), id="elsewhere"),
        pytest.param(lambda case: any("spec" not in other for other in case.others), id="bare"),
        pytest.param(lambda case: any(not isinstance(o.get("spec", {}), dict) for o in case.others), id="hostile"),
        pytest.param(lambda case: case.operation is ir.Operation.UPDATE and _found(case), id="on an update"),
        pytest.param(lambda case: case.operation is ir.Operation.DELETE and _found(case), id="on a deletion"),
    ],
)
def test_known_objects_are_of_every_sort(shows: Callable[[Case], object], made: Made) -> None:
    assert sum(bool(shows(case)) for case in cases_of(BUDGETED, made)) > 2


def test_the_object_is_among_the_known_ones_as_it_is_and_as_it_was(made: Made) -> None:
    there = [
        (case, other)
        for case in cases_of(CLASSED, made)
        for other in case.others
        if case.object is not None and identity(other) == identity(case.object)
    ]
    assert sum(other == case.object for case, other in there) > 5
    assert sum(other != case.object for case, other in there) > 5


def test_what_a_cluster_holds_of_examples() -> None:
    nameless: JsonMap = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}
    twice = manifest(PDB, "a", {"spec": {}}), manifest(PDB, "a", {"spec": {"minAvailable": 1}})
    found = as_known([nameless, *twice, manifest(DEPLOYMENT, "x", {})], [CONFIG_MAP, PDB])
    assert found == [{**nameless, "metadata": {"name": "app", "namespace": "default"}}, twice[1]]
    placed: JsonMap = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "namespace": "b"}}
    assert as_known([placed], [NAMESPACE]) == [{**placed, "metadata": {"name": "a"}}]


def test_known_objects_are_shrunk_and_keep_their_place() -> None:
    others = tuple(manifest(PDB, name, {"spec": {"minAvailable": 17}}, labels={"a": "b"}) for name in "abc")
    case = Case(manifest(DEPLOYMENT, "app", {"spec": {}}), others=others)
    small = shrink(case, lambda case: any(metadata(other)["name"] == "b" and "spec" in other for other in case.others))
    assert small.others == (manifest(PDB, "b", {"spec": None}),)
