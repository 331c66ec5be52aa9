"""Sample rules on pods, wherever they stand."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.values import Json, JsonMap

from tests.sample_rules.parts import (
    COMPONENT,
    CONTAINERS,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    POD,
    WRITES,
    container,
    eq,
    examples,
    obj,
    pod,
    var,
    workload,
)


def _webhook(replicas: Json) -> JsonMap:
    made = workload(DEPLOYMENT, {"containers": [container()]}, "webhook", {"app": "webhook", COMPONENT: "webhook"})
    spec = made["spec"]
    assert isinstance(spec, dict)
    return {**made, "spec": spec if replicas is None else {"replicas": replicas, **spec}}


MINIMUM = ir.Param("minimum", ir.ParameterType.INTEGER, 3, "How many replicas a webhook runs at least")

REPLICAS = ir.Rule(
    id="sample-webhook-replicas",
    kinds=(DEPLOYMENT,),
    operations=WRITES,
    when=eq(obj("metadata", "labels", COMPONENT), "webhook"),
    condition=ir.Compare(ir.Order.AT_LEAST, ir.Default(obj("spec", "replicas"), ir.Const(1)), MINIMUM),
    message=(obj("metadata", "name"), " runs ", obj("spec", "replicas"), " replica(s); run at least ", MINIMUM),
    parameters=(MINIMUM,),
    about=ir.About(
        title="Webhooks run three or more replicas",
        description="While a webhook is down, every write of its resources fails.",
        severity=ir.Severity.HIGH,
        pack="sample",
        category="High availability",
        good=examples(_webhook(3), _webhook(4)),
        bad=examples(_webhook(2), _webhook(None)),
    ),
)

ALLOWED = ir.Param(
    "allowed",
    ir.ParameterType.STRINGS,
    ("system-cluster-critical", "system-node-critical"),
    "Priority classes that protect a workload from eviction",
)

PRIORITY = ir.Rule(
    id="sample-priority-class",
    kinds=(DEPLOYMENT, DAEMON_SET),
    operations=WRITES,
    when=ir.TRUE,
    condition=ir.In(pod("priorityClassName"), ALLOWED),
    message=(obj("kind"), " ", obj("metadata", "name"), " has the priority class '", pod("priorityClassName"), "'"),
    parameters=(ALLOWED,),
    about=ir.About(
        title="Workloads name a priority class that protects them from eviction",
        description='Without one, the kubelet may evict them before less important pods; "system" classes are safe.',
        severity=ir.Severity.CRITICAL,
        pack="sample",
        category="High availability",
        good=examples(
            workload(DEPLOYMENT, {"priorityClassName": "system-node-critical", "containers": [container()]}),
            workload(DAEMON_SET, {"priorityClassName": "system-cluster-critical", "containers": [container()]}),
        ),
        bad=examples(
            workload(DEPLOYMENT, {"priorityClassName": "*", "containers": [container()]}),
            workload(DAEMON_SET, {"containers": [container()]}),
        ),
    ),
)

LIMIT = ir.Param("limit", ir.ParameterType.QUANTITY, "512Mi", "The most memory that a container may ask for")


def _memory(amount: Json) -> JsonMap:
    return {"resources": {"limits": {"memory": amount}}}


MEMORY = ir.Rule(
    id="sample-memory-limits",
    kinds=(POD, DEPLOYMENT, CRON_JOB),
    operations=WRITES,
    when=ir.Not(ir.In(obj("metadata", "namespace"), ir.Const(("kube-system", "kube-public")))),
    condition=ir.All(
        CONTAINERS, "c", ir.CompareQuantity(ir.Order.AT_MOST, var("c", "resources", "limits", "memory"), LIMIT)
    ),
    message=("every container of ", obj("metadata", "name"), " needs a memory limit of at most ", LIMIT),
    parameters=(LIMIT,),
    about=ir.About(
        title="Every container has a memory limit",
        description="A container without a limit can starve its node.\n\nInit containers count too.",
        severity=ir.Severity.MEDIUM,
        pack="sample",
        category="Resources",
        good=examples(
            workload(POD, {"containers": [container(**_memory("512Mi"))]}),
            workload(DEPLOYMENT, {"containers": [container(**_memory("0.5Gi")), container("b", **_memory(1000000))]}),
            workload(CRON_JOB, {"containers": [container(**_memory("1M"))]}),
        ),
        bad=examples(
            workload(POD, {"containers": [container(**_memory("513Mi"))]}),
            workload(DEPLOYMENT, {"containers": [container(**_memory("1Mi"))], "initContainers": [container("i")]}),
            workload(CRON_JOB, {"containers": [container(**_memory("1M")), container("b", **_memory("1Gi"))]}),
        ),
    ),
)


def _mounting(volume: str, **mount: Json) -> JsonMap:
    mounts = [{"name": volume, "mountPath": "/data", **mount}]
    return workload(
        POD,
        {
            "containers": [container(volumeMounts=mounts)],
            "volumes": [{"name": "host", "hostPath": {"path": "/var/run"}}, {"name": "tmp", "emptyDir": {}}],
        },
    )


MOUNTS = ir.Rule(
    id="sample-host-mounts-read-only",
    kinds=(POD,),
    operations=WRITES,
    when=ir.TRUE,
    condition=ir.Not(
        ir.Any(
            ir.Elems(pod("containers")),
            "c",
            ir.Any(
                ir.Elems(var("c", "volumeMounts")),
                "m",
                ir.And(
                    (
                        ir.Not(eq(ir.Default(var("m", "readOnly"), ir.Const(False)), True)),
                        ir.Any(
                            ir.Elems(pod("volumes")),
                            "v",
                            ir.And(
                                (ir.Exists(var("v", "hostPath")), ir.Eq(var("v", "name"), var("m", "name"))),
                            ),
                        ),
                    )
                ),
            ),
        )
    ),
    message=(obj("metadata", "name"), " mounts a path of the node and can write to it"),
    about=ir.About(
        title="Containers mount paths of the node read-only",
        description="A writable path of the node is a way out of the container.",
        severity=ir.Severity.HIGH,
        pack="sample",
        category="Pod security",
        good=examples(_mounting("host", readOnly=True), _mounting("tmp")),
        bad=examples(_mounting("host"), _mounting("host", readOnly=False)),
    ),
)


def _tolerating(*tolerations: JsonMap) -> JsonMap:
    return workload(DEPLOYMENT, {"containers": [container()], "tolerations": list(tolerations)})


TOLERATIONS = ir.Rule(
    id="sample-tolerates-control-plane",
    kinds=(DEPLOYMENT,),
    operations=WRITES,
    when=ir.TRUE,
    condition=ir.Any(
        ir.Elems(pod("tolerations")),
        "t",
        ir.And(
            (
                eq(ir.Default(var("t", "effect"), ir.Const("NoSchedule")), "NoSchedule"),
                ir.Or(
                    (
                        ir.And(
                            (
                                eq(ir.Default(var("t", "operator"), ir.Const("Equal")), "Exists"),
                                ir.Or(
                                    (
                                        ir.Not(ir.Exists(var("t", "key"))),
                                        eq(var("t", "key"), "node-role.kubernetes.io/control-plane"),
                                    )
                                ),
                            )
                        ),
                        ir.And(
                            (
                                eq(ir.Default(var("t", "operator"), ir.Const("Equal")), "Equal"),
                                eq(var("t", "key"), "node-role.kubernetes.io/control-plane"),
                                eq(ir.Default(var("t", "value"), ir.Const("")), ""),
                            )
                        ),
                    )
                ),
            )
        ),
    ),
    message=(
        obj("metadata", "name"),
        " cannot run on control plane nodes; it has ",
        ir.Len(pod("tolerations")),
        " toleration(s)",
    ),
    about=ir.About(
        title="The workload tolerates control plane nodes",
        description="On small clusters there may be no other nodes.",
        severity=ir.Severity.LOW,
        pack="sample",
        category="Scheduling",
        good=examples(
            _tolerating({"operator": "Exists"}),
            _tolerating({"key": "x", "operator": "Exists"}, {"key": "node-role.kubernetes.io/control-plane"}),
        ),
        bad=examples(
            _tolerating({"key": "node-role.kubernetes.io/control-plane", "value": "true"}),
            _tolerating({"operator": "Exists", "effect": "NoExecute"}),
            workload(DEPLOYMENT, {"containers": [container()]}),
        ),
    ),
)


ARGUMENTS = ir.Concat((ir.Elems(var("c", "command")), ir.Elems(var("c", "args"))))
ELECTION = ir.Flag(ARGUMENTS, "leader-election-namespace")


def _leader(*arguments: Json, command: Json = None) -> JsonMap:
    return workload(DEPLOYMENT, {"containers": [container(args=list(arguments), command=command)]})


FLAGS = ir.Rule(
    id="sample-leader-election-namespace",
    kinds=(DEPLOYMENT,),
    operations=WRITES,
    when=ir.TRUE,
    condition=ir.All(
        ir.Elems(pod("containers")),
        "c",
        ir.And(
            (
                ir.Or((ir.Not(ir.Exists(ELECTION)), ir.Eq(ELECTION, obj("metadata", "namespace")))),
                ir.Not(eq(ir.Flag(ARGUMENTS, "insecure", switch=True), "true")),
            )
        ),
    ),
    message=(
        obj("metadata", "name"),
        " elects its leader in ",
        ir.Default(ir.Flag(ir.Elems(ir.Const(("--x=the wrong namespace", "y"))), "x"), ir.Const("")),
        ", not in {{ its own }} $(namespace) ",
        obj("metadata", "namespace"),
    ),
    about=ir.About(
        title="Leader election happens in the namespace of the workload",
        description="A Role there is enough then.",
        severity=ir.Severity.INFO,
        pack="sample",
        category="Least privilege",
        good=examples(
            _leader("--leader-election-namespace=sample"),
            _leader("--leader-election-namespace=kube-system", "--leader-election-namespace", "sample"),
            _leader("--v=2", "--insecure=false"),
        ),
        bad=examples(
            _leader("--leader-election-namespace", "kube-system"),
            _leader("--leader-election-namespace=sample", command=["run", "--insecure"]),
            _leader("--leader-election-namespace=sample", "--leader-election-namespace=kube-system"),
        ),
    ),
)
