"""How a small rule is written to plant faults in: its condition, and a list of objects that the reference sorts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.evaluate.known import inventory
from cmpolicy.values import Json, JsonMap

from tests.sample_rules import CONFIG_MAP, WRITES, manifest, obj

VALUE, OTHER, LIST, MAP = obj("data", "value"), obj("data", "other"), obj("data", "list"), obj("data", "map")


def settings(**data: Json) -> JsonMap:
    """A ConfigMap with this data, of whatever type."""
    return manifest(CONFIG_MAP, "settings", {"data": data})


def labeled(labels: Json) -> JsonMap:
    """A ConfigMap with these labels and no data."""
    return manifest(CONFIG_MAP, "settings", {}, labels=labels)


def rule(
    name: str,
    condition: ir.Condition,
    objects: Iterable[JsonMap | ir.Example],
    *parameters: ir.Param,
    when: ir.Condition = ir.TRUE,
    kinds: tuple[ir.Kind, ...] = (CONFIG_MAP,),
    operations: tuple[ir.Operation, ...] = WRITES,
    message: ir.Message = ("no",),
) -> ir.Rule:
    """A rule about ConfigMaps with a constant message, unless told otherwise, and its objects for examples."""
    made = ir.Rule(f"fault-{name}", kinds, operations, when, condition, message, parameters)
    examples = [each if isinstance(each, ir.Example) else ir.Example(each) for each in objects]
    fails = [judge(made, e.object, e.object, inventory(e.others)).verdict is Verdict.FAIL for e in examples]
    good = tuple(example for example, failing in zip(examples, fails, strict=True) if not failing)
    bad = tuple(example for example, failing in zip(examples, fails, strict=True) if failing)
    assert good, f"{name} has no good example"
    assert bad, f"{name} has no bad example"
    return replace(made, about=ir.About(title="A fault shows", pack="fault", good=good, bad=bad))


def of_value(name: str, condition: ir.Condition, values: Iterable[Json], *parameters: ir.Param) -> ir.Rule:
    """A rule about one value."""
    return rule(name, condition, [settings(value=value) for value in values], *parameters)
