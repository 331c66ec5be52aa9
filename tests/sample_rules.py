"""Rules built by hand, without the DSL: between them they use every node of the IR. Each has good and bad manifests."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.values import Json, JsonMap

DEPLOYMENT = ir.Kind("apps", "v1", "Deployment", "deployments", namespaced=True)
DAEMON_SET = ir.Kind("apps", "v1", "DaemonSet", "daemonsets", namespaced=True)
POD = ir.Kind("", "v1", "Pod", "pods", namespaced=True)
CRON_JOB = ir.Kind("batch", "v1", "CronJob", "cronjobs", namespaced=True)
CONFIG_MAP = ir.Kind("", "v1", "ConfigMap", "configmaps", namespaced=True)
NAMESPACE = ir.Kind("", "v1", "Namespace", "namespaces", namespaced=False)
PRIORITY_CLASS = ir.Kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", namespaced=False)
PDB = ir.Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", namespaced=True)

WRITES = (ir.Operation.CREATE, ir.Operation.UPDATE)
COMPONENT = "app.kubernetes.io/component"


def path(base: ir.Value, *keys: str) -> ir.Value:
    """`base[k1][k2]...`"""
    for key in keys:
        base = ir.Get(base, key)
    return base


def obj(*keys: str) -> ir.Value:
    """A path from the object."""
    return path(ir.Obj(), *keys)


def pod(*keys: str) -> ir.Value:
    """A path from the pod spec."""
    return path(ir.PodSpec(), *keys)


def var(name: str, *keys: str) -> ir.Value:
    """A path from a bound variable."""
    return path(ir.Var(name), *keys)


def eq(left: ir.Value, right: ir.Constant) -> ir.Eq:
    """Equality with a constant."""
    return ir.Eq(left, ir.Const(right))


CONTAINERS = ir.Concat((ir.Elems(pod("containers")), ir.Elems(pod("initContainers"))))


def manifest(kind: ir.Kind, name: str, body: JsonMap, **metadata: Json) -> JsonMap:
    """A manifest of this kind in the namespace `sample`."""
    place = {"namespace": "sample"} if kind.namespaced else {}
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {"name": name, **place, **metadata},
        **body,
    }


def examples(*manifests: JsonMap) -> tuple[ir.Example, ...]:
    """Manifests as examples that need no other object."""
    return tuple(map(ir.Example, manifests))


def workload(kind: ir.Kind, pod_spec: JsonMap, name: str = "app", labels: JsonMap | None = None) -> JsonMap:
    """A workload around this pod spec, `labels` on itself and on its pods."""
    labels = {"app": name} if labels is None else labels
    template: JsonMap = {"metadata": {"labels": labels}, "spec": pod_spec}
    match kind.kind:
        case "Pod":
            return manifest(kind, name, {"spec": pod_spec}, labels=labels)
        case "CronJob":
            restarting = {**template, "spec": {"restartPolicy": "Never", **pod_spec}}
            body: JsonMap = {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": restarting}}}
        case _:
            body = {"selector": {"matchLabels": {"app": name}}, "template": {**template}}
    return manifest(kind, name, {"spec": body}, labels=labels)


def container(name: str = "main", /, **fields: Json) -> JsonMap:
    """A container with an image."""
    return {"name": name, "image": "registry.example/app:1", **fields}


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


def _budget(name: str = "app", **spec: Json) -> JsonMap:
    return manifest(PDB, name, {"spec": {"selector": {"matchLabels": {"app": name}}, **spec}})


BUDGET = ir.Rule(
    id="sample-budget-leaves-room",
    kinds=(PDB,),
    operations=WRITES,
    when=ir.TRUE,
    condition=ir.And(
        (
            ir.Not(ir.Compare(ir.Order.GREATER, ir.Percent(obj("spec", "minAvailable")), ir.Const(50))),
            ir.Or(
                (
                    ir.Not(ir.IsType(obj("spec", "minAvailable"), ir.ValueType.NUMBER)),
                    ir.Compare(ir.Order.LESS, obj("spec", "minAvailable"), ir.Const(2.5)),
                )
            ),
            ir.Not(ir.Compare(ir.Order.AT_MOST, obj("spec", "maxUnavailable"), ir.Const(0))),
            ir.Not(ir.Compare(ir.Order.LESS, ir.Percent(obj("spec", "maxUnavailable")), ir.Const(1))),
        )
    ),
    message=(
        "the budget ",
        obj("metadata", "name"),
        " keeps ",
        obj("spec", "minAvailable"),
        " available (",
        ir.Percent(obj("spec", "minAvailable")),
        " percent), and lets ",
        obj("spec", "maxUnavailable"),
        " go",
    ),
    about=ir.About(
        title="A disruption budget leaves room for a node drain",
        description="A budget that allows no disruption blocks every drain.",
        severity=ir.Severity.MEDIUM,
        pack="sample",
        category="High availability",
        good=examples(_budget(minAvailable="50%"), _budget(minAvailable=2), _budget(maxUnavailable="100%"), _budget()),
        bad=examples(
            _budget(minAvailable="051%"),
            _budget(minAvailable=3),
            _budget(maxUnavailable="0%"),
            _budget(maxUnavailable=0),
        ),
    ),
)


def _config(data: Json, labels: Json = None, **metadata: Json) -> JsonMap:
    body: JsonMap = {} if data is None else {"data": data}
    return manifest(CONFIG_MAP, "settings", body, labels={"team": "a"} if labels is None else labels, **metadata)


SETTINGS = ir.Rule(
    id="sample-settings",
    kinds=(CONFIG_MAP,),
    operations=WRITES,
    when=ir.AnyEntry(
        obj("metadata", "labels"),
        "k",
        "v",
        ir.And((eq(ir.Var("k"), "team"), ir.IsType(ir.Var("v"), ir.ValueType.STRING))),
    ),
    condition=ir.And(
        (
            ir.AllEntry(
                obj("data"),
                "name",
                "text",
                ir.And(
                    (
                        ir.Matches(ir.Var("name"), r"^[a-z][a-z0-9.-]{1,4}$"),
                        ir.Compare(ir.Order.AT_MOST, ir.Len(ir.Var("text")), ir.Const(12)),
                        ir.Not(ir.Text(ir.TextTest.CONTAINS, ir.Var("text"), ir.Const("{{"))),
                        ir.Not(ir.Text(ir.TextTest.STARTS_WITH, ir.Var("text"), ir.Const('"$(\\'))),
                        ir.Not(ir.Text(ir.TextTest.ENDS_WITH, ir.Var("text"), ir.Const("é}}\n"))),
                    )
                ),
            ),
            ir.Compare(ir.Order.LESS, ir.Default(ir.Len(obj("data")), ir.Const(0)), ir.Const(4)),
            ir.Not(ir.IsType(obj("immutable"), ir.ValueType.STRING)),
        )
    ),
    message=("settings of team ", obj("metadata", "labels", "team"), ": ", ir.Len(obj("data")), " entries in all"),
    about=ir.About(
        title="Settings are few and short",
        description="Long settings belong in files.",
        severity=ir.Severity.LOW,
        pack="sample",
        category="Housekeeping",
        good=examples(_config({"key": "value", "k.2": "ééééééééééé{"}), _config(None)),
        bad=examples(
            _config({"Key": "value"}),
            _config({"key": "{{ request.object }}"}),
            _config({"key": '"$(\\ x'}),
            _config({"key": "é}}\n"}),
            _config({"aa": "", "ab": "", "ac": "", "ad": ""}),
        ),
    ),
)


def _ported(*ports: JsonMap, **fields: Json) -> JsonMap:
    return workload(POD, {"containers": [container(ports=list(ports))], **fields})


PORTS = ir.Rule(
    id="sample-few-host-ports",
    kinds=(POD, DEPLOYMENT),
    operations=WRITES,
    when=ir.Not(ir.Exists(path(ir.PodMeta(), "annotations", "sample.dev/ports"))),
    condition=ir.And(
        (
            ir.All(
                CONTAINERS,
                "c",
                ir.Compare(
                    ir.Order.LESS,
                    ir.Count(
                        ir.Elems(var("c", "ports")),
                        "p",
                        ir.And(
                            (
                                ir.IsType(var("p", "hostPort"), ir.ValueType.INTEGER),
                                ir.Not(eq(var("p", "hostPort"), 0)),
                                ir.Not(ir.In(var("p", "hostPort"), ir.Const((8443, "8443", 0.5)))),
                            )
                        ),
                    ),
                    ir.Const(2),
                ),
            ),
            ir.Compare(ir.Order.LESS, ir.Count(CONTAINERS, "d", eq(var("d", "name"), "main")), ir.Const(2)),
            ir.Or((ir.Bool(False), ir.Not(eq(pod("hostNetwork"), True)))),
        )
    ),
    message=(
        ir.Count(ir.Elems(pod("containers")), "e", ir.Exists(var("e", "ports"))),
        " container(s) open ports; host network: ",
        pod("hostNetwork"),
    ),
    about=ir.About(
        title="Pods open one port of the node at most",
        description="Ports of the node clash.",
        severity=ir.Severity.MEDIUM,
        pack="sample",
        category="Pod security",
        good=examples(
            _ported({"containerPort": 1, "hostPort": 80}, {"containerPort": 2, "hostPort": 8443}),
            _ported({"containerPort": 1, "hostPort": 0}, {"containerPort": 2}, hostNetwork=False),
        ),
        bad=examples(
            _ported({"containerPort": 1, "hostPort": 80}, {"containerPort": 2, "hostPort": 81}),
            _ported(hostNetwork=True),
        ),
    ),
)


LABEL = ir.Param("label", ir.ParameterType.STRING, "owner", "The label that every namespace carries")


def _namespace(name: str, labels: Json) -> JsonMap:
    return manifest(NAMESPACE, name, {}, labels=labels)


OWNER = ir.Rule(
    id="sample-namespace-owner",
    kinds=(NAMESPACE,),
    operations=WRITES,
    when=ir.Not(ir.Text(ir.TextTest.STARTS_WITH, obj("metadata", "name"), ir.Const("kube-"))),
    condition=ir.And(
        (
            ir.Exists(ir.Get(obj("metadata", "labels"), LABEL)),
            ir.Or(
                (
                    ir.Not(ir.Exists(ir.Old())),
                    ir.Eq(
                        ir.Get(obj("metadata", "labels"), LABEL), ir.Get(path(ir.Old(), "metadata", "labels"), LABEL)
                    ),
                )
            ),
        )
    ),
    message=("namespace ", obj("metadata", "name"), " needs the label ", LABEL, ", as it was at first"),
    parameters=(LABEL,),
    about=ir.About(
        title="Every namespace has an owner, who stays",
        description="Somebody has to answer for it.",
        severity=ir.Severity.LOW,
        pack="sample",
        category="Housekeeping",
        good=examples(_namespace("team", {"owner": "a"}), _namespace("other", {"owner": "b", "x": "y"})),
        bad=examples(_namespace("team", {"own": "a"}), _namespace("kube", {})),
    ),
)


def _rolling(replicas: Json = None, **strategy: Json) -> JsonMap:
    made = workload(DEPLOYMENT, {"containers": [container()]})
    spec = made["spec"]
    assert isinstance(spec, dict)
    return {**made, "spec": {**spec, "replicas": replicas, "strategy": {"rollingUpdate": strategy}}}


REPLICA_COUNT = ir.Default(obj("spec", "replicas"), ir.Const(1))
GOING = ir.Scaled(obj("spec", "strategy", "rollingUpdate", "maxUnavailable"), REPLICA_COUNT, up=False)
COMING = ir.Scaled(obj("spec", "strategy", "rollingUpdate", "maxSurge"), REPLICA_COUNT, up=True)

ROLLOUT = ir.Rule(
    id="sample-rollout-keeps-pods",
    kinds=(DEPLOYMENT,),
    operations=WRITES,
    when=ir.TRUE,
    condition=ir.And(
        (
            ir.Not(ir.Compare(ir.Order.AT_LEAST, GOING, REPLICA_COUNT)),
            ir.Compare(ir.Order.AT_MOST, ir.Default(COMING, ir.Const(0)), ir.Const(3)),
        )
    ),
    message=("of ", obj("spec", "replicas"), " pods ", GOING, " go while ", COMING, " come"),
    about=ir.About(
        title="A rollout keeps pods, and adds few",
        description="A rollout that replaces every pod at once is an outage.",
        severity=ir.Severity.MEDIUM,
        pack="sample",
        category="High availability",
        good=examples(
            _rolling(3, maxUnavailable="99%", maxSurge="100%"),
            _rolling(1, maxUnavailable="50%", maxSurge=3),
            _rolling(maxSurge="300%"),
        ),
        bad=examples(
            _rolling(3, maxUnavailable="100%"),
            _rolling(3, maxUnavailable=3),
            _rolling(3, maxSurge="101%"),
            _rolling(maxUnavailable=1),
        ),
    ),
)

RENEWAL = ir.Rule(
    id="sample-renewal",
    kinds=(CONFIG_MAP,),
    operations=WRITES,
    when=ir.Exists(obj("data", "interval")),
    condition=ir.Compare(ir.Order.AT_MOST, ir.Seconds(obj("data", "interval")), ir.Seconds(ir.Const("1h30m"))),
    message=("renewed after ", ir.Seconds(obj("data", "interval")), " seconds"),
    about=ir.About(
        title="What is fetched is fetched again after an hour and a half at most",
        description="It may have changed.",
        severity=ir.Severity.LOW,
        pack="sample",
        category="Freshness",
        good=examples(
            _config({"interval": "90m"}),
            _config({"interval": "1.5h"}),
            _config({"interval": "5400.999s"}),
            _config({"other": "2h"}),
        ),
        bad=examples(
            _config({"interval": "90m1s"}),
            _config({"interval": "5400"}),
            _config({"interval": "30m1h"}),
            _config({"interval": ""}),
        ),
    ),
)

ENDPOINT = ir.Rule(
    id="sample-endpoint-port",
    kinds=(CONFIG_MAP,),
    operations=WRITES,
    when=ir.Exists(obj("data", "endpoint")),
    condition=ir.In(ir.UrlPort(obj("data", "endpoint")), ir.Const((443, 8443))),
    message=("the endpoint is at port ", ir.UrlPort(obj("data", "endpoint"))),
    about=ir.About(
        title="Endpoints are at a port that the network lets through",
        description="Other ports are closed.",
        severity=ir.Severity.LOW,
        pack="sample",
        category="Network",
        good=examples(
            _config({"endpoint": "https://vault.example/v1"}),
            _config({"endpoint": "http://[::1]:08443"}),
            _config({"other": "http://vault.example"}),
        ),
        bad=examples(
            _config({"endpoint": "http://vault.example"}),
            _config({"endpoint": "https://vault.example:443443/"}),
            _config({"endpoint": "https://user@vault.example"}),
        ),
    ),
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

RULES: tuple[ir.Rule, ...] = (
    REPLICAS,
    PRIORITY,
    MEMORY,
    MOUNTS,
    TOLERATIONS,
    FLAGS,
    BUDGET,
    SETTINGS,
    PORTS,
    OWNER,
    ROLLOUT,
    ENDPOINT,
    RENEWAL,
)
"""The sample rules that look up nothing. `OWNER` reads `Old`, which targets without admission requests cannot carry."""

LOOKUPS: tuple[ir.Rule, ...] = (BUDGETED, CLASSED, ROOM)
"""Sample rules that look up other objects."""
