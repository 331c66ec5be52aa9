"""The sixty cases that engines are known to judge differently, each as tests that some generated case must pass.

The numbers are those of the project's list of cases for a differential test: shapes, booleans, numbers, quantities,
strings, maps, images, lists, match, and the spellings of YAML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from cmpolicy.evaluate import Verdict, judge
from cmpolicy.generate import Case
from cmpolicy.generate.edit import Place, at, drop, places, put
from cmpolicy.ir import Operation, Rule
from cmpolicy.passes.expand_workloads import POD_PATHS

Test: TypeAlias = Callable[[Rule, Case], bool]

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
FLAGS = ("automountServiceAccountToken", "readOnly", "hostNetwork", "runAsNonRoot")
NUMBERS = ("replicas", "minAvailable", "maxUnavailable", "hostPort", "expirationSeconds", "maxSurge")
AMOUNTS = ("memory", "cpu", "pods")
TEXTS = ("priorityClassName", "name", "key", "operator", "effect", "value", "namespace", "type", "path")
MAPS = ("labels", "matchLabels", "data", "limits", "requests", "nodeSelector")


def under(case: Case, *keys: str) -> list[Any]:
    """What stands under any of these keys, wherever that is."""
    found: list[Any] = []
    _gather(case.object, keys, found)
    return found


def _gather(value: Any, keys: tuple[str, ...], found: list[Any]) -> None:
    if isinstance(value, dict):
        for key, each in value.items():
            if key in keys:
                found.append(each)
            _gather(each, keys, found)
    elif isinstance(value, list):
        for each in value:
            _gather(each, keys, found)


def value(keys: tuple[str, ...], *wanted: Any) -> tuple[Test, ...]:
    """For each of the values: it stands under one of the keys, of exactly this type."""

    def stands(each: Any) -> Test:
        return lambda _, case: any(type(found) is type(each) and found == each for found in under(case, *keys))

    return tuple(map(stands, wanted))


def some(keys: tuple[str, ...], test: Callable[[Any], bool]) -> tuple[Test, ...]:
    """Something under one of the keys is like that."""
    return (lambda _, case: any(map(test, under(case, *keys))),)


def pod(case: Case) -> Any:
    """The pod's spec; empty if there is none."""
    path = POD_PATHS.get(str(case.manifest.get("kind")))
    found = None if path is None else at(case.object, (*path, "spec"))
    return found if isinstance(found, Mapping) else {}


def workload(test: Callable[[Mapping[str, Any]], bool]) -> tuple[Test, ...]:
    """The whole object of a kind with a pod is like that."""
    return (
        lambda _, case: case.manifest.get("kind") in POD_PATHS and isinstance(case.object, dict) and test(case.object),
    )


def fails(rule: Rule, manifest: Any) -> bool:
    return judge(rule, manifest).verdict is Verdict.FAIL


def only(name: str) -> tuple[Test, ...]:
    """Only the containers of this list offend."""

    def test(rule: Rule, case: Case) -> bool:
        place = _in_pod(case, name)
        if place is None or case.old is not None or not at(case.object, place) or not fails(rule, case.object):
            return False
        return judge(rule, drop(case.object, place)).verdict is Verdict.PASS  # type: ignore[arg-type]

    return (test,)


def second_of_three(rule: Rule, case: Case) -> bool:
    place = _in_pod(case, "containers")
    found = None if place is None else at(case.object, place)
    if (
        place is None
        or case.old is not None
        or not isinstance(found, list)
        or len(found) != 3
        or not fails(rule, case.object)
    ):
        return False
    alone = [judge(rule, put(case.object, place, [each])).verdict for each in found]  # type: ignore[arg-type]
    return alone == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]


def _in_pod(case: Case, name: str) -> Place | None:
    path = POD_PATHS.get(str(case.manifest.get("kind")))
    return None if path is None else (*path, "spec", name)


def override(test: Callable[[Mapping[str, Any], bool, Any], bool]) -> tuple[Test, ...]:
    """A container against its pod: the container's context, whether it has the field, and the pod's own value."""

    def hit(_: Rule, case: Case) -> bool:
        pods = at(pod(case), ("securityContext", "runAsNonRoot"))
        listed = [each for name in CONTAINERS for each in _maps(pod(case).get(name))]
        contexts = [each.get("securityContext", {}) for each in listed]
        return any(isinstance(own, Mapping) and test(own, "runAsNonRoot" in own, pods) for own in contexts)

    return (hit,)


def _maps(found: Any) -> list[Any]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def top(test: Callable[[Mapping[str, Any]], bool]) -> tuple[Test, ...]:
    """The manifest as a whole is like that."""
    return (lambda _, case: test(case.manifest),)


def in_namespace(*names: Any) -> tuple[Test, ...]:
    """For each name: the object is in this namespace."""
    return tuple(lambda _, case, name=name: at(case.object, ("metadata", "namespace")) == name for name in names)


def keys(*names: str) -> tuple[Test, ...]:
    """For each name: some map has this key."""
    return tuple(lambda _, case, name=name: any(place[-1] == name for place in places(case.object)) for name in names)


def texts(*wanted: str) -> tuple[Test, ...]:
    return value(TEXTS, *wanted)


def other_group(rule: Rule, case: Case) -> bool:
    found = case.manifest.get("apiVersion"), case.manifest.get("kind")
    return any(kind.kind == found[1] and kind.api_version != found[0] for kind in rule.kinds)


def cluster_scoped(rule: Rule, case: Case) -> bool:
    named = [kind for kind in rule.kinds if kind.kind == case.manifest.get("kind")]
    return any(not kind.namespaced for kind in named)


def operation(wanted: Operation, test: Callable[[Case], bool]) -> tuple[Test, ...]:
    return (lambda _, case: case.operation is wanted and test(case),)


HIT: dict[int, tuple[Test, ...]] = {
    1: workload(lambda obj: "spec" not in obj),
    2: workload(lambda obj: "spec" in obj and obj["spec"] is None),
    3: workload(lambda obj: obj.get("spec") == []),
    4: workload(lambda obj: isinstance(obj.get("spec"), str)),
    5: value(("containers",), None),
    6: value(("containers",), {}),
    7: value(("containers",), []),
    8: value(("containers",), [None]),
    9: some(("containers",), lambda v: isinstance(v, list) and {str, dict} <= set(map(type, v))),
    10: some(("containers",), lambda v: isinstance(v, list) and any(isinstance(e, list) and _maps(e) for e in v)),
    11: only("initContainers"),
    12: only("ephemeralContainers"),
    13: (second_of_three,),
    14: value(("securityContext",), None),
    15: value(("securityContext",), {}),
    16: value(("labels",), None),
    17: some(("template",), lambda v: isinstance(v, dict) and "metadata" not in v and "spec" in v),
    18: workload(lambda obj: next(iter(obj)) != "apiVersion" and "spec" in obj),
    19: (lambda _, case: bool(pod(case)) and not under(case, *FLAGS),),
    20: value(FLAGS, None),
    21: value(FLAGS, False),
    22: value(FLAGS, "false"),
    23: value(FLAGS, 0),
    24: override(lambda _, present, pods: not present and pods is True),
    25: override(lambda own, present, pods: present and own["runAsNonRoot"] is None and pods is not None),
    26: override(lambda own, present, pods: present and own["runAsNonRoot"] is False and pods is True),
    27: some(NUMBERS, lambda v: isinstance(v, float) and v == 1),
    28: value(NUMBERS, 1e3),
    29: value(NUMBERS, "3"),
    30: value(NUMBERS, True),
    31: value(NUMBERS, 2**53 + 1),
    32: value(NUMBERS, -1),
    33: value(("maxUnavailable",), "50%", 1, "1", "0%"),
    34: value(("hostPort",), 0),
    35: value(AMOUNTS, 0.1, "100m", 1, "1000m"),
    36: value(AMOUNTS, "1Gi", "1024Mi", 1073741824),
    37: value(AMOUNTS, "1e3", "1E", "1E3"),
    38: value(AMOUNTS, "1K", "1gi", " 1", "", "1h", "1_0"),
    39: (*value(AMOUNTS, None, True, False), *some(AMOUNTS, lambda v: isinstance(v, list))),
    40: value(AMOUNTS, "8Ei", "1n"),
    41: value(("priorityClassName",), "*"),
    42: texts("go?d"),
    43: texts("{{ request.object }}", "{{"),
    44: texts("$(x)", "$(./../x)"),
    45: texts("a|b", "!x", ">5", "1-3"),
    46: some(TEXTS, lambda v: isinstance(v, str) and v.endswith("\n") and len(v) > 1),
    47: (*texts("é", "\u0663", "\u212a"), *some(("data",), lambda v: isinstance(v, dict) and "😀" * 12 in v.values())),
    48: texts(""),
    49: texts("\"'`\\", "%s %d %"),
    50: keys("a.b/c", "(x)", "=(x)", "*"),
    51: some(MAPS, lambda v: isinstance(v, dict) and None in v.values())
    + some(MAPS, lambda v: isinstance(v, dict) and any(each is False for each in v.values())),
    52: keys("1"),
    53: value(
        ("image",),
        *("nginx", "nginx:latest", "host:5000/x", "x@sha256:0123abcd", "x:1@sha256:0123abcd", "", "localhost/x"),
        *("registry.k8s.io.evil.com/x:1", "Registry.K8s.io/x:1"),
    )
    + some(CONTAINERS, lambda v: any("image" not in each for each in _maps(v))),
    54: value(("drop",), ["all"])
    + some(("drop",), lambda v: isinstance(v, list) and v.count("ALL") > 1)
    + some(("drop",), lambda v: isinstance(v, list) and "ALL" in v and any(each != "ALL" for each in v)),
    55: value(("drop",), "ALL"),
    56: (
        *in_namespace(None, "default", "kube-system"),
        *top(lambda obj: obj.get("kind") == "Namespace"),
        cluster_scoped,
    ),
    57: (other_group,),
    58: top(lambda obj: "kind" not in obj)
    + top(lambda obj: "apiVersion" not in obj)
    + top(lambda obj: obj.get("kind") == "List")
    + top(lambda obj: at(obj, ("metadata", "generateName")) is not None),
    59: operation(Operation.DELETE, lambda case: case.object is None and case.old is not None)
    + operation(Operation.UPDATE, lambda case: case.object == case.old)
    + operation(Operation.UPDATE, lambda case: case.old not in (None, case.object))
    + operation(Operation.UPDATE, lambda case: case.old is None)
    + operation(Operation.CREATE, lambda case: case.old is None),
}
"""By number: the tests, each of which some case of some rule passes."""

ELSEWHERE = {
    59: "subresources are part of the request, which the runners' tests make",
    60: "spellings of YAML: an object has none; the reader's own tests have them",
}
"""What of the sixty is no matter of objects, and why."""
