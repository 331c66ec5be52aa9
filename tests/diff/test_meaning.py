"""What a change of a rule means, and how it is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cmpolicy import ir
from cmpolicy.diff.meaning import Comparer
from cmpolicy.diff.model import Evidence, Meaning
from cmpolicy.diff.ready import is_ready
from cmpolicy.diff.search import Versions
from cmpolicy.fields import index
from cmpolicy.passes import set_parameters
from cmpolicy.passes.tree import known_kinds
from kubernetes_validate import validate

from tests.policies.packs import cert_manager, rule

REPLICAS = rule("cm-webhook-replicas")
SPEC = ir.Get(ir.Obj(), "spec")
DEPLOYMENT = index.kind("Deployment")[0]


def of(
    condition: ir.Condition,
    when: ir.Condition = ir.TRUE,
    kinds: tuple[ir.Kind, ...] = (DEPLOYMENT,),
    operations: tuple[ir.Operation, ...] = (ir.Operation.CREATE, ir.Operation.UPDATE),
) -> ir.Rule:
    return ir.Rule("my-rule", kinds, operations, when, condition, ("no",))


def at_least(number: int, key: str = "replicas") -> ir.Condition:
    return ir.Compare(ir.Order.AT_LEAST, ir.Get(SPEC, key), ir.Const(number))


PAUSED = ir.Eq(ir.Get(SPEC, "paused"), ir.Const(True))


@pytest.mark.parametrize(
    ("old", "new", "meaning", "evidence"),
    [
        pytest.param(of(at_least(2)), of(at_least(2)), "equivalent", "proved", id="the same"),
        pytest.param(
            of(ir.Not(ir.And((PAUSED, at_least(2))))),
            of(ir.Or((ir.Not(at_least(2)), ir.Not(PAUSED)))),
            "equivalent",
            "proved",
            id="written otherwise",
        ),
        pytest.param(of(at_least(2)), of(at_least(3)), "tightened", "proved", id="a higher minimum"),
        pytest.param(of(at_least(3)), of(at_least(2)), "loosened", "proved", id="a lower minimum"),
        pytest.param(of(at_least(2)), of(PAUSED), "mixed", "witness", id="something else"),
        pytest.param(of(at_least(2)), of(at_least(2), PAUSED), "loosened", "proved", id="fewer objects"),
        pytest.param(
            of(at_least(2)),
            of(at_least(2), kinds=(DEPLOYMENT, index.kind("StatefulSet")[0])),
            "tightened",
            "proved",
            id="one more kind",
        ),
        pytest.param(
            of(at_least(2)), of(at_least(2), operations=(ir.Operation.CREATE,)), "loosened", "proved", id="no updates"
        ),
        pytest.param(None, of(at_least(2)), "tightened", "proved", id="added"),
        pytest.param(of(at_least(2)), None, "loosened", "proved", id="removed"),
        pytest.param(
            of(ir.Eq(ir.Get(SPEC, "paused"), ir.Const("a"))),
            of(ir.Matches(ir.Get(SPEC, "paused"), "^a$")),
            "undecided",
            "sampled",
            id="equal, but patterns are not looked into",
        ),
    ],
)
def test_a_change_is_told_with_its_evidence(
    old: ir.Rule | None, new: ir.Rule | None, meaning: str, evidence: str
) -> None:
    means = Comparer().compare(old, new)
    assert (means.meaning.value, means.evidence.value) == (meaning, evidence)


def test_samples_alone_are_never_called_equivalent() -> None:
    old = of(ir.Eq(ir.Get(SPEC, "paused"), ir.Const("a")))
    means = Comparer().compare(old, of(ir.Matches(ir.Get(SPEC, "paused"), "^a$")))
    assert (means.meaning, means.evidence) == (Meaning.UNDECIDED, Evidence.SAMPLED)
    assert means.samples > 500


@pytest.mark.parametrize("steps", [pytest.param(0, id="none"), pytest.param(5000, id="a few")])
def test_what_was_not_tried_to_the_end_is_unknown(steps: int) -> None:
    old = of(ir.Eq(ir.Get(SPEC, "paused"), ir.Const("a")))
    means = Comparer(steps=steps).compare(old, of(ir.Matches(ir.Get(SPEC, "paused"), "^a$")))
    assert (means.meaning, means.evidence) == (Meaning.UNDECIDED, Evidence.UNKNOWN)
    assert (means.samples > 0) is (steps > 0)


def test_a_proof_takes_no_object_and_so_none_of_the_budget() -> None:
    means = Comparer(steps=0).compare(of(at_least(2)), of(ir.Not(ir.Not(ir.And((at_least(2), at_least(1)))))))
    assert (means.meaning, means.evidence) == (Meaning.EQUIVALENT, Evidence.PROVED)


def test_a_witness_of_the_last_of_many_kinds_is_found_soon() -> None:
    kinds = tuple(index.kind(name)[0] for name in ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"))
    last = ir.Eq(ir.Get(ir.Obj(), "kind"), ir.Const("CronJob"))
    means = Comparer().compare(of(ir.TRUE, kinds=kinds), of(ir.Not(last), kinds=kinds))
    assert means.meaning is Meaning.TIGHTENED
    assert means.tightened.samples < 1000


def test_what_is_proved_of_every_setting_is_told_apart_from_the_defaults() -> None:
    assert Comparer().compare(REPLICAS, replace(REPLICAS, message=("few",))).at_defaults is False
    assert Comparer().compare(REPLICAS, set_parameters(REPLICAS, {"minimum": 2})).at_defaults is True


def changed(rule_id: str) -> tuple[ir.Rule, ir.Rule]:
    """A rule of the catalogue, and it denied: every object that it looks at has the other verdict."""
    found = rule(rule_id)
    return found, replace(found, condition=ir.Not(found.condition))


@pytest.mark.parametrize("rule_id", [each.id for each in cert_manager().rules if not known_kinds(each)][::4])
def test_witnesses_are_small_and_what_a_server_takes(rule_id: str) -> None:
    old, new = changed(rule_id)
    means = Comparer().compare(old, new)
    versions = Versions(old, new)
    assert means.meaning is Meaning.MIXED
    for finding, shows in ((means.tightened, versions.tightens), (means.loosened, versions.loosens)):
        assert finding.witness is not None
        case, kind = (
            finding.witness.case,
            index.kind(f"{finding.witness.case.manifest['apiVersion']}/{finding.witness.case.manifest['kind']}")[0],
        )
        assert shows(case)
        assert finding.witness.valid
        assert is_ready(case.object, kind)
        validate(case.manifest, "1.37", strict=True)


def test_a_witness_is_the_same_on_every_run() -> None:
    new = set_parameters(REPLICAS, {"minimum": 2})
    one, other = (Comparer().compare(REPLICAS, new).loosened.witness for _ in range(2))
    assert one == other
    assert one is not None
    assert one.case.object == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "cert-manager-webhook"},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app.kubernetes.io/component": "webhook"}},
            "template": {
                "metadata": {"labels": {"app.kubernetes.io/component": "webhook"}},
                "spec": {
                    "containers": [
                        {"name": "cert-manager-webhook", "image": "quay.io/jetstack/cert-manager-webhook:v1.21.1"}
                    ]
                },
            },
        },
    }


def test_a_difference_on_what_no_server_takes_is_told_as_such() -> None:
    old, new = of(ir.TRUE), of(ir.Not(ir.IsType(ir.Get(SPEC, "replicas"), ir.ValueType.STRING)))
    means = Comparer().compare(old, new)
    assert means.meaning is Meaning.TIGHTENED
    assert means.tightened.witness is not None
    assert means.tightened.witness.valid is False


def test_what_nothing_was_tried_of_is_unknown_and_not_proved() -> None:
    means = Comparer(samples=0).compare(of(ir.TRUE), of(ir.Not(ir.Matches(ir.Get(SPEC, "name"), "^[a-f]{4}$"))))
    assert (means.meaning, means.evidence) == (Meaning.UNDECIDED, Evidence.UNKNOWN)
