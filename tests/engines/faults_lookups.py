"""Small rules that look other objects up, to plant faults in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from cmpolicy import ir
from cmpolicy.passes.tree import map_condition, same_condition
from cmpolicy.values import Json, JsonMap

from tests.engines.faults_small import VALUE, rule, settings
from tests.sample_rules import CONFIG_MAP, NAMESPACE, PDB, eq, manifest, obj, var


def lookup_rules() -> Iterator[ir.Rule]:
    """Each about one way to look up."""
    near, far, other = (_budget(*place) for place in (("a", "sample"), ("a", "default"), ("b", "sample")))
    known: tuple[tuple[JsonMap, ...], ...] = ((), (near,), (far,), (other,), (near, far), (near, far, other))
    here, nowhere = settings(value="a"), manifest(CONFIG_MAP, "settings", {"data": {"value": "a"}}, namespace="")
    odd = [manifest(CONFIG_MAP, "settings", {}, namespace=value) for value in (5, None, ["sample"])]
    examples = [ir.Example(each, others) for each in (here, nowhere, *odd) for others in known]
    found = ir.Elems(ir.Known(PDB, obj("metadata", "namespace")))
    named = eq(var("x", "metadata", "name"), "a")
    yield rule("known-in", ir.Any(found, "x", named), examples)
    yield rule("known-in-none", ir.All(found, "x", ir.Not(named)), examples)
    count = ir.Count(ir.Elems(ir.Known(PDB)), "x", named)
    of_kind = ir.And((named, eq(var("x", "kind"), PDB.kind), eq(var("x", "apiVersion"), PDB.api_version)))
    yield rule("known-kind", ir.Any(ir.Elems(ir.Known(PDB)), "x", of_kind), examples)
    yield rule("known-everywhere", ir.Compare(ir.Order.LESS, count, ir.Const(2)), examples)
    yield _asked_often()
    there = [ir.Example(here, tuple(manifest(NAMESPACE, name, {}) for name in names)) for names in ("", "a", "b", "ab")]
    cluster = ir.Elems(ir.Known(NAMESPACE))
    yield rule("known-cluster", ir.Any(cluster, "x", ir.Eq(var("x", "metadata", "name"), VALUE)), there)
    keys = {"known-key": "$(x)", "known-key-in-braces": "{{ x }}"}
    noted: list[JsonMap] = [{"name": "a", "annotations": {key: "a"}} for key in keys.values()]
    keyed = [ir.Example(here, ({**manifest(NAMESPACE, "a", {}), "metadata": each},)) for each in noted]
    for name, key in keys.items():
        yield rule(name, ir.Any(cluster, "x", eq(var("x", "metadata", "annotations", key), "a")), keyed)


def _asked_often() -> ir.Rule:
    """Several quantifiers that ask the same of known objects first: a filter of the list, then the rest."""
    budgets, least, most = ir.Elems(ir.Known(PDB)), var("x", "spec", "minAvailable"), var("x", "spec", "maxUnavailable")
    here = ir.And((eq(var("x", "metadata", "namespace"), "a"), ir.Exists(least)))
    many = ir.Count(budgets, "x_2", _renamed(ir.And((*here.items, eq(most, 1))), "x_2"))
    rest = ir.And((*here.items, ir.Exists(most)))
    condition = ir.And(
        (
            ir.Any(budgets, "x", ir.And((*here.items, eq(least, 1)))),
            ir.All(budgets, "x_3", _renamed(ir.Or((ir.Not(rest), ir.Not(eq(most, 2)))), "x_3")),
            ir.Compare(ir.Order.LESS, many, ir.Const(2)),
        )
    )
    specs: tuple[JsonMap, ...] = (
        {"minAvailable": 1},
        {"minAvailable": 1, "maxUnavailable": 1},
        {"minAvailable": 1, "maxUnavailable": 2},
        {"minAvailable": 2, "maxUnavailable": 1},
        {"maxUnavailable": 2},
        {"maxUnavailable": 1},
    )
    known = [_budget(str(place), "a", **spec) for place, spec in enumerate(specs)]
    known += [_budget(f"other-{place}", "b", **spec) for place, spec in enumerate(specs)]
    lots = [(), *((each,) for each in known), *product(known, known)]
    return rule("known-often", condition, [ir.Example(settings(value="a"), lot) for lot in lots])


def _renamed(condition: ir.Condition, name: str) -> ir.Condition:
    return map_condition(condition, lambda v: ir.Var(name) if v == ir.Var("x") else v, same_condition)


def _budget(name: str, namespace: str, **spec: Json) -> JsonMap:
    return manifest(PDB, name, {"spec": spec}, namespace=namespace)
