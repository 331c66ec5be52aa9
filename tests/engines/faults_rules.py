"""Small rules to plant faults in, each about one construct, so that little hides a fault.

Their examples come from a list of objects that the reference sorts; there is one of each verdict, and all are what
more objects are generated from.
"""

from __future__ import annotations

from collections.abc import Iterator

from cmpolicy import ir
from cmpolicy.values import Json, JsonMap

from tests.engines.faults_lookups import lookup_rules
from tests.engines.faults_small import LIST, MAP, OTHER, VALUE, labeled, of_value, rule, settings
from tests.sample_rules import (
    CONFIG_MAP,
    DEPLOYMENT,
    LOOKUPS,
    eq,
    manifest,
    obj,
    path,
    pod,
    var,
    workload,
)
from tests.sample_rules import RULES as SAMPLES

ELEMENTS = ir.Elems(LIST)
HOSTILE = 'say "hi" \\ {{ x }} $(y) %s\n`😀` | & ! > *'
WORKLOADS = tuple(
    ir.Kind(group, "v1", kind, f"{kind.lower()}s", namespaced=True)
    for group, kinds in {
        "": ("Pod", "ReplicationController", "PodTemplate"),
        "apps": ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"),
        "batch": ("Job", "CronJob"),
    }.items()
    for kind in kinds
)
EITHER = (CONFIG_MAP, DEPLOYMENT)
UPDATE = (ir.Operation.UPDATE,)


def _orders() -> Iterator[ir.Rule]:
    amounts: tuple[Json, ...] = ("500m", "250m", 1, "0.5", 0.4999999995, "1h", None)
    sizes: tuple[Json, ...] = ("1Mi", "1M", "1024Ki", "1000k", "2Mi", 1048576, 1048575)
    limits: tuple[Json, ...] = (2, 3, 4, "3")
    for order in ir.Order:
        name = order.name.lower().replace("_", "-")
        yield of_value(f"compare-{name}", ir.Compare(order, VALUE, ir.Const(3)), limits)
        when, objects = ir.Compare(order, VALUE, ir.Const(3)), [settings(value=value) for value in limits]
        yield rule(f"compare-{name}-when", ir.FALSE, objects, when=when)
        every = ir.All(ir.Elems(VALUE), "x", ir.Compare(order, ir.Var("x"), ir.Const(3)))
        yield of_value(f"compare-{name}-every", every, [[limit] for limit in limits])
        yield of_value(f"quantity-{name}", ir.CompareQuantity(order, VALUE, ir.Const("500m")), amounts)
        yield of_value(f"size-{name}", ir.CompareQuantity(order, VALUE, ir.Const("1Mi")), sizes)
        numbers = [settings(value=value, other=3) for value in limits]
        numbers += [settings(value=2**53 + high, other=2**53 + 1 - high) for high in (0, 1)]
        yield rule(f"numbers-{name}", ir.Compare(order, VALUE, OTHER), numbers)
        quantities = [settings(value=amount, other="500m") for amount in amounts]
        quantities += [settings(value=2**53 + high, other=2**53 + 1 - high) for high in (0, 1)]
        large = ir.CompareQuantity(order, VALUE, ir.Const(str(2**53)))
        yield of_value(f"quantity-large-{name}", large, (2**53 - 1, 2**53, 2**53 + 1, str(2**53 + 1), "9E"))
        yield rule(f"quantities-{name}", ir.CompareQuantity(order, VALUE, OTHER), quantities)


def _scalars() -> Iterator[ir.Rule]:
    values: tuple[Json, ...] = (True, 1, 1.5, "x", ["x"], {"x": "y"}, None, 1e21, "")
    for type_ in ir.ValueType:
        yield of_value(f"type-{type_}", ir.IsType(VALUE, type_), values)
    for test in ir.TextTest:
        name = test.replace(" ", "-")
        yield of_value(f"text-{name}", ir.Text(test, VALUE, ir.Const("a.b")), ("a.b", "a.bc", "ca.b", "axb", 1))
        yield of_value(f"text-{name}-hostile", ir.Text(test, VALUE, ir.Const(HOSTILE)), (HOSTILE, "x"))
    for constant in (True, False, 3, 2.5, "x", HOSTILE):
        of_constant = eq(VALUE, constant)
        yield of_value(f"constant-{type(constant).__name__}-{len(str(constant))}", of_constant, (constant, "3", None))
    yield of_value(
        "constant-tuple", ir.In(VALUE, ir.Const(("a", "b", 1, True, 0.5))), ("a", "b", 1, True, "c", "1", "*")
    )
    yield of_value("constant-texts", ir.In(VALUE, ir.Const(("a", HOSTILE))), ("a", HOSTILE, "c", None))
    yield of_value("matches", ir.Matches(VALUE, r"^[a-z]+\.[0-9]$"), ("a.1", "a1", "xa.1\n", "A.1", 1))
    yield of_value("matches-anywhere", ir.Matches(VALUE, r"b\"?[cd]"), ("abce", "b", "bd", None))
    pairs = [settings(value=a, other=b) for a, b in ((1, 1), (1, True), ("1", 1), ("a", "a"), ([], []), (None, None))]
    yield rule("fields-equal", ir.Eq(VALUE, OTHER), pairs)
    yield rule("fields-differ", ir.Not(ir.Eq(VALUE, OTHER)), pairs)


def _reads() -> Iterator[ir.Rule]:
    values: tuple[Json, ...] = ("a", None, False, 0, "")
    yield of_value("exists", ir.Exists(VALUE), values)
    yield of_value("missing", ir.Not(ir.Exists(VALUE)), values)
    key = obj("metadata", "labels", "app.kubernetes.io/component")
    yield rule("dotted-key", ir.Not(eq(key, "x")), [labeled({"app.kubernetes.io/component": "x"}), labeled(None)])
    yield of_value("default-true", eq(ir.Default(VALUE, ir.Const(True)), True), (True, False, None, "true"))
    yield of_value("default-text", eq(ir.Default(VALUE, ir.Const("x")), "x"), (False, "x", "", None))
    pairs = [settings(value=a, other=b) for a, b in ((None, "x"), ("y", "x"), (False, "x"), (None, None))]
    yield rule("default-field", eq(ir.Default(VALUE, OTHER), "x"), pairs)
    percents = ("50%", "050%", "0050%", "12345%", "49%", "9%", "%", "x50%", 50)
    yield of_value("percent", ir.Compare(ir.Order.AT_LEAST, ir.Percent(VALUE), ir.Const(50)), percents)
    yield of_value("percent-none", ir.Not(ir.Exists(ir.Percent(VALUE))), percents)
    lengths: tuple[Json, ...] = (
        "éé",
        "😀😀😀",
        "abc",
        "",
        ["a", None, "b"],
        [None],
        [],
        {"a": None, "b": 1, "c": 2},
        {},
        7,
    )
    yield of_value("length", ir.Compare(ir.Order.LESS, ir.Len(VALUE), ir.Const(3)), lengths)
    yield of_value("length-some", ir.Compare(ir.Order.GREATER, ir.Len(VALUE), ir.Const(0)), lengths)
    yield of_value("length-none", ir.Not(ir.Exists(ir.Len(VALUE))), lengths)
    unnamed = ir.All(ELEMENTS, "x", ir.Not(ir.Exists(var("x", "name"))))
    named: tuple[Json, ...] = (["a"], [{"name": "a"}], [{}])
    yield rule("elements-without", unnamed, [settings(list=value) for value in named])
    yield rule("object", ir.Exists(path(ir.Obj(), "data")), [settings(value=1), labeled({"a": "b"})])


def _lists() -> Iterator[ir.Rule]:
    lists: tuple[Json, ...] = (["a"], ["a", "b"], ["b", "b"], [], [None], ["a", None], "a", {"a": "a"}, ["b", "c", "b"])
    objects = [settings(list=value) for value in lists]
    is_a = eq(ir.Var("x"), "a")
    yield rule("any", ir.Any(ELEMENTS, "x", is_a), objects)
    yield rule("any-other", ir.Any(ELEMENTS, "x", ir.Not(is_a)), objects)
    yield rule("all", ir.All(ELEMENTS, "x", is_a), objects)
    yield rule("all-other", ir.All(ELEMENTS, "x", ir.Not(is_a)), objects)
    few = ir.Compare(ir.Order.LESS, ir.Count(ELEMENTS, "x", ir.Not(is_a)), ir.Const(2))
    yield rule("count", few, objects)
    yield rule("count-two", ir.Eq(ir.Count(ELEMENTS, "x", eq(ir.Var("x"), "b")), ir.Const(2)), objects)
    inner = ir.Any(ir.Elems(var("x", "names")), "y", eq(ir.Var("y"), "a"))
    nested: tuple[Json, ...] = ([{"names": ["a"]}, {"names": []}], [{"names": ["b"]}, {"names": None}], [[]], ["a"])
    yield rule("nested", ir.Any(ELEMENTS, "x", inner), [settings(list=value) for value in nested])
    parts = ir.Concat(tuple(ir.Elems(obj("data", name)) for name in ("list", "more", "rest")))
    three = [settings(**{name: ["b"], "more": ["a"]}) for name in ("list", "more", "rest")]
    yield rule("concat", ir.All(parts, "x", is_a), [*three, settings(list=["a"]), settings(rest=["a"])])
    yield rule(
        "concat-count",
        ir.Compare(ir.Order.LESS, ir.Count(parts, "x", is_a), ir.Const(2)),
        [
            *three,
            settings(list=["a"], rest=["a"]),
            settings(more="a"),
        ],
    )


def _maps() -> Iterator[ir.Rule]:
    maps: tuple[Json, ...] = (
        {"a": "b"},
        {"b": "a"},
        {"a": None},
        {},
        {"a": "c", "b": "b"},
        ["a"],
        {"c": None, "a": "b"},
    )
    objects = [settings(map=value) for value in maps]
    both = ir.And((eq(ir.Var("k"), "a"), eq(ir.Var("v"), "b")))
    yield rule("any-entry", ir.AnyEntry(MAP, "k", "v", both), objects)
    yield rule("any-key", ir.AnyEntry(MAP, "k", "v", eq(ir.Var("k"), "a")), objects)
    yield rule("any-entry-other", ir.AnyEntry(MAP, "k", "v", ir.Not(eq(ir.Var("v"), "b"))), objects)
    yield rule("all-entry", ir.AllEntry(MAP, "k", "v", eq(ir.Var("v"), "b")), objects)
    yield rule("all-key", ir.AllEntry(MAP, "k", "v", eq(ir.Var("k"), "a")), objects)
    either = ir.Or((eq(ir.Var("k"), "b"), eq(ir.Var("v"), "b")))
    yield rule("all-entry-either", ir.AllEntry(MAP, "k", "v", either), objects)


def _logic() -> Iterator[ir.Rule]:
    a, b, c = (eq(obj("data", name), "x") for name in "abc")
    objects = [settings(**dict.fromkeys(names, "x")) for names in ("", "a", "b", "c", "ab", "bc", "abc")]
    yield rule("and-or", ir.And((a, ir.Or((b, c)))), objects)
    yield rule("or-and", ir.Or((ir.And((a, b)), c)), objects)
    yield rule("not-or", ir.Not(ir.Or((a, ir.And((b, c))))), objects)
    yield rule("not", ir.Not(a), objects)
    yield rule("or-false", ir.Or((ir.FALSE, a)), objects)
    yield rule("and-true", ir.And((ir.TRUE, a)), objects)
    yield rule("when", a, objects, when=b)
    yield rule("when-not", a, objects, when=ir.Not(ir.Exists(obj("data", "b"))))
    key = obj("data", "map", "key")
    same = ir.Any(ELEMENTS, "x", ir.And((ir.IsType(MAP, ir.ValueType.MAP), ir.Eq(var("x"), key))))
    other = ir.Any(ELEMENTS, "y", ir.Not(ir.Eq(var("y"), key)))
    maps: tuple[Json, ...] = ({"key": "a"}, {"key": "b"}, {}, "key", None)
    lists = [settings(list=list(names), map=value) for names in ("", "a", "ab") for value in maps]
    yield rule("known-in-a-part", ir.And((ir.Or((same, other)), ir.Or((a, ir.Not(same))))), lists)


def _flags() -> Iterator[ir.Rule]:
    given = (
        *("--x=good", "--x=bad", "--x=", "--x=good --x=bad", "--x=bad --x=good", "--x good", "--x", "--xgood"),
        *("--xy=good", "--x --x=good", "--x good --x", "--x=good --xy=bad", "good --x"),
    )
    odd: tuple[Json, ...] = (["--x", 1], ["--x", None, "good"], [1, "--x=good"], "--x=good", {"--x=good": "--x=good"})
    objects = [*(settings(list=text.split()) for text in given), *(settings(list=value) for value in odd)]
    yield rule("flag", eq(ir.Flag(ELEMENTS, "x"), "good"), objects)
    yield rule("flag-none", ir.Not(ir.Exists(ir.Flag(ELEMENTS, "x"))), objects)
    switches = ("--x", "--x=true", "--x=false", "--x --x=false", "--x=false --x", "--x false", "--xy", "--x=false --xy")
    is_on = eq(ir.Flag(ELEMENTS, "x", switch=True), "true")
    yield rule("switch", is_on, [settings(list=text.split()) for text in switches])


def _parameters() -> Iterator[ir.Rule]:
    kinds = ir.ParameterType
    for type_, default, values in (
        (kinds.INTEGER, 3, (2, 3, 4, "3")),
        (kinds.NUMBER, 2.5, (2, 2.5, 3)),
        (kinds.STRING, HOSTILE, (HOSTILE, "x")),
        (kinds.BOOLEAN, True, (True, False, "true")),
        (kinds.QUANTITY, "1Ki", ("1Ki", "1024", "2Ki", "1k", 7, "1M")),
        (kinds.STRINGS, ("a", "b"), ("a", "b", "c", "*")),
        (kinds.INTEGERS, (1, 2), (1, 2, 3, "1")),
    ):
        parameter = ir.Param("allowed", type_, default)
        name = f"parameter-{type_.name.lower()}"
        yield of_value(name, _of_parameter(parameter), values, parameter)


def _of_parameter(parameter: ir.Param) -> ir.Condition:
    match parameter.type:
        case ir.ParameterType.INTEGER | ir.ParameterType.NUMBER:
            return ir.Compare(ir.Order.AT_LEAST, VALUE, parameter)
        case ir.ParameterType.QUANTITY:
            return ir.CompareQuantity(ir.Order.AT_MOST, VALUE, parameter)
        case ir.ParameterType.STRINGS | ir.ParameterType.INTEGERS:
            return ir.In(VALUE, parameter)
        case _:
            return ir.Eq(VALUE, parameter)


def _pods() -> Iterator[ir.Rule]:
    specs: tuple[JsonMap, ...] = (
        {"containers": [{"name": "a", "image": "x"}]},
        {"containers": [{"name": "a"}]},
        {"containers": [{"name": "a", "image": "x"}], "initContainers": [{"name": "b"}]},
        {"containers": [{"name": "a", "image": "x"}], "ephemeralContainers": [{"name": "b"}]},
    )
    lists = ("containers", "initContainers", "ephemeralContainers")
    containers = ir.Concat(tuple(ir.Elems(pod(name)) for name in lists))
    imaged = ir.And((ir.Exists(pod("containers")), ir.All(containers, "c", ir.Exists(var("c", "image")))))
    labeled_pod = eq(path(ir.PodMeta(), "labels", "app"), "web")
    for name, kinds in (("workloads", WORKLOADS), ("deployment", (DEPLOYMENT,))):
        every = [_workload(kind, spec, "web") for kind in kinds for spec in specs]
        yield rule(f"pod-spec-{name}", imaged, every, kinds=kinds)
        both = [_workload(kind, specs[0], name) for kind in kinds for name in ("web", "other")]
        yield rule(f"pod-meta-{name}", labeled_pod, both, kinds=kinds)


def _workload(kind: ir.Kind, pod_spec: JsonMap, app: str) -> JsonMap:
    """The workload around the pod; `sample_rules.workload` knows no PodTemplate."""
    template: JsonMap = {"metadata": {"labels": {"app": app}}, "spec": pod_spec}
    if kind.kind == "PodTemplate":
        return manifest(kind, "app", {"template": template})
    return workload(kind, pod_spec, labels={"app": app})


def _requests() -> Iterator[ir.Rule]:
    values = [settings(value="a"), settings(value="b"), settings()]
    a = eq(VALUE, "a")
    old = path(ir.Old(), "data", "value")
    yield rule("old", ir.Or((ir.Not(ir.Exists(old)), eq(old, "a"))), values)
    yield rule("update", a, values, operations=UPDATE)
    both = [*values, workload(DEPLOYMENT, {"containers": []}), _workload(DEPLOYMENT, {"containers": []}, "keep")]
    yield rule("kinds", ir.Or((a, eq(obj("metadata", "labels", "app"), "keep"))), both, kinds=EITHER)


def _messages() -> Iterator[ir.Rule]:
    fails = ir.Exists(obj("data", "never"))
    shown: tuple[Json, ...] = (
        *(None, True, False, 7, -0.5, 1e21, "text", "é" * 250, "a\nb", ["a"], {"a": "b"}, "", "{{ x }}", "$(y)", "%s"),
    )
    objects = [settings(value=value, other=value) for value in shown]
    message = ("got ", VALUE, " for ", OTHER, ", {{ not }} $(this) ", ir.Len(LIST), " 'q' \"q\" \\ %s: #")
    yield rule("message", fails, [*objects, settings(never=1)], message=message)
    yield rule("message-ends", fails, [*objects, settings(never=1)], message=(VALUE, " and ", OTHER, "  "))
    for name, constant in (("yes", "yes"), ("hostile", HOSTILE.replace("\n", " ")), ("spaced", "  a: b # c  ")):
        yield rule(f"constant-message-{name}", fails, [settings(), settings(never=1)], message=(constant,))


def _relations() -> Iterator[ir.Rule]:
    shares: tuple[Json, ...] = ("50%", "34%", "33%", "1%", "100%", "051%", "5%%", 2, 1, 1.5, -1, "2", None)
    totals: tuple[Json, ...] = (3, 2, 0, -1, 2**31 - 1, 2**31, 2.5, "3", None)
    pairs = [settings(value=share, other=total) for share in shares for total in totals]
    for up in (False, True):
        scaled = ir.Scaled(VALUE, OTHER, up)
        yield rule(f"scaled-{up}".lower(), eq(scaled, 2), pairs)
        yield rule(f"scaled-{up}-none".lower(), ir.Exists(scaled), pairs)
        for total in (3, -3, 2.5, 2**31 - 1, 2**31):
            of_constant = ir.Exists(ir.Scaled(VALUE, ir.Const(total), up))
            yield of_value(f"scaled-{up}-of-{total}".lower().replace(".", "-"), of_constant, shares)
    urls: tuple[Json, ...] = (
        *("https://a", "http://a", "https://a:0443/x:1", "http://[::1]", "http://[::1]:443", "https://a:000443"),
        *("https://u@a", "https://a?b", "ftp://a", "a:443", "https://a:443\n", 443, None, ["https://a"]),
    )
    yield of_value("url-port", eq(ir.UrlPort(VALUE), 443), urls)
    yield of_value("url-port-http", eq(ir.UrlPort(VALUE), 80), urls)
    yield of_value("url-port-none", ir.Exists(ir.UrlPort(VALUE)), urls)
    durations: tuple[Json, ...] = (
        *("1h", "60m", "3600s", "3600.9s", "3599.999s", "1h0m0s", "1.0h", "1", "1h\n", "-1h", "3600000ms", "", "1H"),
        *("1m3540s", "0.5h30m", "30m0.5h", 3600, None, ["1h"]),
    )
    yield of_value("seconds", eq(ir.Seconds(VALUE), 3600), durations)
    yield of_value("seconds-none", ir.Exists(ir.Seconds(VALUE)), durations)
    for name, constant in (("constant", "1h"), ("no-constant", "90d")):
        least = ir.Compare(ir.Order.AT_LEAST, ir.Seconds(VALUE), ir.Seconds(ir.Const(constant)))
        yield of_value(f"seconds-{name}", ir.Or((eq(VALUE, "1m"), least)), ("1m", *durations))


RULES: tuple[ir.Rule, ...] = (
    *_reads(),
    *_lists(),
    *_maps(),
    *_orders(),
    *_scalars(),
    *_logic(),
    *_flags(),
    *_parameters(),
    *_pods(),
    *_requests(),
    *_messages(),
    *_relations(),
    *lookup_rules(),
    *SAMPLES,
    *LOOKUPS,
)
"""Every rule that faults are planted in; the small ones come first."""
