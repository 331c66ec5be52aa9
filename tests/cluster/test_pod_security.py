"""The API server's own Pod Security admission and the rules that ask for its standards say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

import pytest
from cmpolicy.evaluate import Verdict
from cmpolicy.evaluate.judge import judge
from cmpolicy.fields import index
from cmpolicy.generate.bases import skeleton, with_pod
from cmpolicy.ir import Kind, Rule
from cmpolicy.passes.bind_parameters import set_parameters
from cmpolicy.passes.expand_workloads import POD_PATHS
from cmpolicy.values import JsonMap

from tests.cluster.api_server import Cluster
from tests.cluster.objects import NAMESPACE, completed
from tests.cluster.pod_security import (
    ENFORCED,
    PREFIX,
    WARNED,
    Held,
    held,
    held_debugged,
    inside,
    make_namespaces,
    of_every_object,
    without_a_part,
)
from tests.cluster.pods import BASES, MEETING, Edit, debuggers, edited, edits, pods
from tests.cluster.requests import Client

PAIRS = 150
POD = Kind("", "v1", "Pod", "pods", namespaced=True)
TEMPLATES = tuple(
    kind
    for kind, _ in map(index.kind, index.kinds())
    if kind.kind in POD_PATHS and kind.kind not in ("Pod", "PodTemplate")
)
"""Every kind that makes Pods of a template."""

BREAKING = {
    "restricted": Edit(("spec", "securityContext", "runAsNonRoot"), False),
    "baseline": Edit(("spec", "hostPID"), True),
}
"""What breaks each standard and, of the first, none that asks for less."""
ALLOWED = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
]
NEVER_ALONE = (
    *(f"key={field!r}" for field in ("privileged", "hostProcess")),
    *(f"Exists(value=Get(base=Var(name='volume'), key={source!r}))" for source in ALLOWED),
    "Not(item=Or(items=(Exists(value=Get(base=Var(name='volume')",
)
"""What never decides on an object that a server stores.

It takes a privileged container only where privileges may grow, and a host process only on the host's network. A volume's
source is told twice, as one of those allowed and as none of the others: it always has one there.
"""


@pytest.fixture(scope="module")
def client(cluster: Cluster) -> Client:
    found = Client.of(cluster)
    make_namespaces(found)
    return found


@pytest.fixture(scope="module")
def restricted(rules: tuple[Rule, ...]) -> Rule:
    """The rule of cert-manager's pods, for every pod."""
    return of_every_object(named(rules, "cm-pss-restricted"))


def named(rules: Iterable[Rule], rule_id: str) -> Rule:
    return next(each for each in rules if each.id == rule_id)


@pytest.fixture(scope="module")
def made(client: Client, restricted: Rule) -> Mapping[str, Held | None]:
    """What comes of Pods in which each control is touched in every way."""
    return {label: held(client, restricted, POD, manifest) for label, manifest in pods(PAIRS)}


def test_pods_are_judged_alike(made: Mapping[str, Held | None], tell: Callable[[str], None]) -> None:
    agree(made, least=2000)
    tell(f"Pod Security: {shown(made)}, pods")


def test_the_server_takes_every_value_on_some_pod(made: Mapping[str, Held | None]) -> None:
    taken = {label.partition(", ")[2] for label, each in made.items() if each is not None}
    assert {str(edit) for edit in edits()} - taken == set()


def test_a_rule_that_lacks_a_part_is_noticed(made: Mapping[str, Held | None], restricted: Rule) -> None:
    """These pods show each part of the rule, so that none agrees by chance; but for those that never decide."""
    lacking = dict(without_a_part(restricted))
    taken = [each for each in made.values() if each is not None]
    unnoticed = [part for part, rule in lacking.items() if not any(differs(rule, each) for each in taken)]
    assert len(lacking) > 50
    assert [part for part in unnoticed if not any(field in part for field in NEVER_ALONE)] == []


def differs(rule: Rule, each: Held) -> bool:
    return (judge(rule, each.stored).verdict is Verdict.FAIL) != each.warned


def test_debug_containers_are_judged_alike(client: Client, restricted: Rule, tell: Callable[[str], None]) -> None:
    found: dict[str, Held | None] = {}
    for name in MEETING:
        for namespace in (WARNED, ENFORCED):
            assert client.create(POD, inside(stored_as(name), namespace), dry=False).is_taken
        for label, container in debuggers():
            found[f"{name}, {label}"] = held_debugged(client, restricted, POD, stored_as(name), container)
    agree(found, least=150)
    tell(f"Pod Security: {shown(found)}, debugged pods")


def stored_as(base: str) -> JsonMap:
    return edited(BASES[base], Edit(("metadata", "name"), base.replace(" ", "-")))


@pytest.mark.parametrize("kind", TEMPLATES, ids=str)
def test_templates_are_judged_alike(client: Client, restricted: Rule, kind: Kind, tell: Callable[[str], None]) -> None:
    rule = of_every_object(restricted, kind)
    some = islice(pods(0), TEMPLATES.index(kind), None, len(TEMPLATES))
    found = {label: held(client, rule, kind, template(kind, manifest)) for label, manifest in some}
    agree(found, least=100)
    tell(f"Pod Security: {shown(found)}, {kind.plural}")


def template(kind: Kind, manifest: JsonMap) -> JsonMap:
    """An object of this kind that makes such pods."""
    policy = "Never" if kind.group == "batch" else "Always"
    return completed(with_pod(skeleton(kind), kind, edited(manifest, Edit(("spec", "restartPolicy"), policy))), kind)


def agree(found: Mapping[str, Held | None], least: int) -> None:
    """At least so many objects were taken, some of each kind, and the server and the rule say the same of each."""
    taken = {label: each for label, each in found.items() if each is not None}
    assert {label: each for label, each in taken.items() if not each.agrees} == {}
    assert len(taken) >= least
    assert min(Counter(each.fails for each in taken.values()).values()) >= least // 5


def shown(found: Mapping[str, Held | None]) -> str:
    counts = Counter("refused" if each is None else "break it" if each.fails else "meet it" for each in found.values())
    return f"{counts['meet it']} meet the standard, {counts['break it']} break it, {counts['refused']} are refused"


@pytest.mark.parametrize("level", ["restricted", "baseline"])
@pytest.mark.parametrize("enforced", ["restricted", "baseline", "privileged", None])
def test_a_namespace_enforces_what_the_rule_says(
    client: Client, rules: tuple[Rule, ...], level: str, enforced: str | None
) -> None:
    """Where the rule passes, a pod that breaks the standard is refused, and where it fails it is taken."""
    name = f"{level}-{enforced}".lower()
    rule = set_parameters(named(rules, "cm-namespace-psa-enforce"), {"namespaces": (name,), "level": level})
    labels: JsonMap = {} if enforced is None else {f"{PREFIX}enforce": enforced}
    made = client.create(NAMESPACE, {"metadata": {"name": name, "labels": labels}}, dry=False)
    passes = judge(rule, {"apiVersion": "v1", "kind": "Namespace", **made.body}).verdict is Verdict.PASS
    breaking = edited(BASES["by pod"], BREAKING[level])
    assert client.create(POD, inside(breaking, name)).is_taken == (not passes)
