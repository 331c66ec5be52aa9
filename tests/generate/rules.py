"""Rules for what neither the samples nor the packs have: settings of the pod that containers override, lists of names."""

from __future__ import annotations

from cmpolicy import ir

from tests.sample_rules import CRON_JOB, DEPLOYMENT, POD, WRITES, container, eq, examples, path, pod, var, workload

EVERY_CONTAINER = ir.Concat(
    tuple(ir.Elems(pod(name)) for name in ("containers", "initContainers", "ephemeralContainers"))
)
TAG = "^([^@]*/)?[^/@:]+:[^/@]+(@.+)?$"

NON_ROOT = ir.Rule(
    id="test-runs-as-non-root",
    kinds=(POD, DEPLOYMENT, CRON_JOB),
    operations=WRITES,
    when=ir.TRUE,
    condition=ir.All(
        EVERY_CONTAINER,
        "c",
        eq(ir.Default(var("c", "securityContext", "runAsNonRoot"), pod("securityContext", "runAsNonRoot")), True),
    ),
    message=("every container of ", path(ir.Obj(), "metadata", "name"), " runs as another user than root"),
    about=ir.About(
        good=examples(workload(POD, {"containers": [container(securityContext={"runAsNonRoot": True})]})),
        bad=examples(workload(DEPLOYMENT, {"containers": [container()]})),
    ),
)

CAPABILITIES = ir.Rule(
    id="test-drops-all",
    kinds=(POD,),
    operations=WRITES,
    when=ir.TRUE,
    condition=ir.All(
        EVERY_CONTAINER,
        "c",
        ir.And(
            (
                ir.Any(
                    ir.Elems(var("c", "securityContext", "capabilities", "drop")), "name", eq(ir.Var("name"), "ALL")
                ),
                ir.Matches(var("c", "image"), TAG),
                ir.Not(ir.Text(ir.TextTest.ENDS_WITH, var("c", "image"), ir.Const(":latest"))),
            )
        ),
    ),
    message=("every container drops ALL and names a tag",),
)
"""It has no examples: cases start from a bare pod."""

ONLY_UPDATES = ir.Rule(
    id="test-keeps-selector",
    kinds=(DEPLOYMENT,),
    operations=(ir.Operation.UPDATE,),
    when=ir.Exists(path(ir.Old(), "spec", "selector", "matchLabels", "app")),
    condition=ir.Eq(
        path(ir.Obj(), "spec", "selector", "matchLabels", "app"),
        path(ir.Old(), "spec", "selector", "matchLabels", "app"),
    ),
    message=("the selector was ", path(ir.Old(), "spec", "selector", "matchLabels", "app")),
)

RULES = (NON_ROOT, CAPABILITIES, ONLY_UPDATES)
