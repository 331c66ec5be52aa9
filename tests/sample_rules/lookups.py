"""Sample rules that look up other objects."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.values import Json, JsonMap

from tests.sample_rules.objects import _budget
from tests.sample_rules.parts import (
    DEPLOYMENT,
    PDB,
    PRIORITY_CLASS,
    WRITES,
    container,
    manifest,
    obj,
    pod,
    var,
    workload,
)

OWN_LABELS = obj("spec", "template", "metadata", "labels")
BUDGETS = ir.Known(PDB, ir.Default(obj("metadata", "namespace"), ir.Const("default")))


def _deployed(name: str = "app", replicas: Json = 3, **metadata: Json) -> JsonMap:
    template: JsonMap = {"metadata": {"labels": {"app": name}}, "spec": {}}
    return manifest(DEPLOYMENT, name, {"spec": {"replicas": replicas, "template": template}}, **metadata)


BUDGETED = ir.Rule(
    id="sample-budget-exists",
    kinds=(DEPLOYMENT,),
    operations=WRITES,
    when=ir.Compare(ir.Order.GREATER, obj("spec", "replicas"), ir.Const(1)),
    condition=ir.Any(
        ir.Elems(BUDGETS),
        "budget",
        ir.And(
            (
                ir.Exists(var("budget", "spec", "selector", "matchLabels")),
                ir.AllEntry(
                    var("budget", "spec", "selector", "matchLabels"),
                    "key",
                    "value",
                    ir.AnyEntry(
                        OWN_LABELS,
                        "k",
                        "v",
                        ir.And((ir.Eq(ir.Var("k"), ir.Var("key")), ir.Eq(ir.Var("v"), ir.Var("value")))),
                    ),
                ),
            )
        ),
    ),
    message=("Deployment ", obj("metadata", "name"), " has none of ", ir.Len(BUDGETS), " budgets"),
    about=ir.About(
        title="Every Deployment of several pods has a disruption budget",
        description="A drain would stop all of them at once.",
        severity=ir.Severity.MEDIUM,
        pack="sample",
        category="High availability",
        good=(
            ir.Example(_deployed(), (_budget(minAvailable=1),)),
            ir.Example(_deployed(), (_budget("other"), _budget(minAvailable=1))),
            ir.Example(_deployed(replicas=1)),
        ),
        bad=(
            ir.Example(_deployed()),
            ir.Example(_deployed(), (_budget("other"),)),
            ir.Example(_deployed(), ({**_budget(), "metadata": {"name": "app", "namespace": "elsewhere"}},)),
        ),
    ),
)

CLASSES = ir.Known(PRIORITY_CLASS)
LIKE_IT = ir.Count(
    ir.Elems(ir.Known(DEPLOYMENT)),
    "other",
    ir.And(
        (
            ir.Eq(var("other", "metadata", "labels", "app"), obj("metadata", "labels", "app")),
            ir.Not(ir.Eq(var("other", "metadata", "name"), obj("metadata", "name"))),
        )
    ),
)


def _classed(name: str, value: Json) -> JsonMap:
    return manifest(PRIORITY_CLASS, name, {"value": value})


_IMPORTANT = workload(DEPLOYMENT, {"priorityClassName": "important", "containers": [container()]})
_LIKE: JsonMap = {**_IMPORTANT, "metadata": {"name": "app-2", "namespace": "elsewhere", "labels": {"app": "app"}}}

CLASSED = ir.Rule(
    id="sample-priority-class-exists",
    kinds=(DEPLOYMENT,),
    operations=WRITES,
    when=ir.Exists(pod("priorityClassName")),
    condition=ir.And(
        (
            ir.Any(
                ir.Elems(CLASSES),
                "class",
                ir.And(
                    (
                        ir.Eq(var("class", "metadata", "name"), pod("priorityClassName")),
                        ir.Compare(ir.Order.GREATER, var("class", "value"), ir.Const(0)),
                    )
                ),
            ),
            ir.Compare(ir.Order.LESS, LIKE_IT, ir.Const(1)),
        )
    ),
    message=("none of ", ir.Len(CLASSES), " classes is it, or ", LIKE_IT, " Deployments are like ", pod("nodeName")),
    about=ir.About(
        title="A workload's priority class exists, and no other workload has its label",
        description="A class that does not exist keeps the pods from being made.",
        severity=ir.Severity.MEDIUM,
        pack="sample",
        category="Scheduling",
        good=(
            ir.Example(_IMPORTANT, (_classed("important", 1), _classed("other", 0), _IMPORTANT)),
            ir.Example(workload(DEPLOYMENT, {"containers": [container()]})),
        ),
        bad=(
            ir.Example(_IMPORTANT),
            ir.Example(_IMPORTANT, (_classed("other", 1),)),
            ir.Example(_IMPORTANT, (_classed("important", 0),)),
            ir.Example(_IMPORTANT, (_classed("important", 1), _LIKE)),
        ),
    ),
)

ROOM = ir.Rule(
    id="sample-replicas-above-budget",
    kinds=(DEPLOYMENT,),
    operations=WRITES,
    when=ir.Exists(obj("spec", "replicas")),
    condition=ir.All(
        ir.Elems(BUDGETS),
        "budget",
        ir.And(
            (
                ir.Not(
                    ir.Compare(
                        ir.Order.AT_LEAST,
                        ir.Scaled(var("budget", "spec", "minAvailable"), obj("spec", "replicas"), up=True),
                        obj("spec", "replicas"),
                    )
                ),
                ir.Compare(
                    ir.Order.GREATER,
                    ir.Default(
                        ir.Scaled(var("budget", "spec", "maxUnavailable"), obj("spec", "replicas"), up=True),
                        ir.Const(1),
                    ),
                    ir.Const(0),
                ),
            )
        ),
    ),
    message=("a budget lets none of ", obj("spec", "replicas"), " pods go"),
    about=ir.About(
        title="Replicas are more than a disruption budget keeps",
        description="A budget that keeps them all blocks every drain.",
        severity=ir.Severity.MEDIUM,
        pack="sample",
        category="High availability",
        good=(
            ir.Example(_deployed(replicas=3), (_budget(minAvailable="60%"),)),
            ir.Example(_deployed(replicas=3), (_budget(maxUnavailable="1%"),)),
            ir.Example(_deployed(replicas=3)),
        ),
        bad=(
            ir.Example(_deployed(replicas=3), (_budget(minAvailable="67%"),)),
            ir.Example(_deployed(replicas=3), (_budget("a", minAvailable=1), _budget("b", maxUnavailable="0%"))),
        ),
    ),
)
