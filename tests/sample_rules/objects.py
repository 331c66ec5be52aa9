"""Sample rules on objects that hold no pods, or on more than their pods."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.values import Json, JsonMap

from tests.sample_rules.parts import (
    CONFIG_MAP,
    CONTAINERS,
    DEPLOYMENT,
    NAMESPACE,
    PDB,
    POD,
    WRITES,
    container,
    eq,
    examples,
    manifest,
    obj,
    path,
    pod,
    var,
    workload,
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
