"""The fields that not every supported Kubernetes has are found wherever a rule reads them."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.dsl import Condition, containers, match, security_context
from cmpolicy.dsl.rule import rule
from cmpolicy.dsl.trace import trace
from cmpolicy.kinds import CronJob, Deployment, Pod
from cmpolicy.versions import Window, since, windows

POD = "spec.template.spec"


def of(condition: object, *kinds: object) -> tuple[Window, ...]:
    """The windows of a rule with this condition, a function of the object."""
    assert callable(condition)

    def judged(obj: Deployment) -> Condition:
        found = condition(obj)
        assert isinstance(found, Condition)
        return found

    define = rule(severity="low", match=match(*kinds or (Deployment,)), message="bad", good=[], bad=[])  # type: ignore[arg-type]
    return windows(trace(define(judged), "t-r", ir.About()))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (lambda d: d.spec.replicas > 1, []),
        (lambda d: d.spec.template.spec.schedulingGates.exists(), [Window(f"{POD}.schedulingGates", "1.26", "")]),
        (lambda d: d.spec.template.spec.resources.limits["cpu"] > "1", [Window(f"{POD}.resources", "1.32", "")]),
        (
            lambda d: d.spec.template.spec.containers.any(
                lambda c: c.resizePolicy.any(lambda r: r.resourceName == "cpu")
            ),
            [Window(f"{POD}.containers[].resizePolicy", "1.27", "")],
        ),
        (
            lambda d: d.spec.template.spec.containers.any(
                lambda c: d.spec.template.spec.initContainers.any(lambda i: i.restartPolicy == c.name)
            ),
            [Window(f"{POD}.initContainers[].restartPolicy", "1.28", "")],
        ),
        (
            lambda d: containers(d.spec.template.spec).all(
                lambda c: security_context(c, d.spec.template.spec).runAsNonRoot.is_true() & c.restartPolicy.absent()
            ),
            [Window(f"{POD}.containers[].restartPolicy", "1.28", "")],
        ),
        (lambda d: d.spec.template.spec.workloadRef.exists(), [Window(f"{POD}.workloadRef", "1.35", "1.35")]),
    ],
)
def test_windows(condition: object, expected: list[Window]) -> None:
    assert of(condition) == tuple(expected)


def test_each_kind_has_its_own_path() -> None:
    found = of(lambda workload: workload.pod.schedulingGates.exists(), Pod, CronJob)
    assert [window.path for window in found] == [
        "spec.jobTemplate.spec.template.spec.schedulingGates",
        "spec.schedulingGates",
    ]


def test_the_first_version_that_has_all_is_the_highest() -> None:
    assert since((Window("a", "1.9", ""), Window("b", "1.28", ""), Window("c", "", "1.30"))) == "1.28"
    assert since(()) == ""


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (Window("spec.a", "1.29", ""), "`spec.a` needs Kubernetes >= 1.29"),
        (Window("spec.a", "", "1.30"), "`spec.a` needs Kubernetes <= 1.30"),
        (Window("spec.a", "1.29", "1.30"), "`spec.a` needs Kubernetes >= 1.29 and <= 1.30"),
    ],
)
def test_a_window_in_words(window: Window, text: str) -> None:
    assert str(window) == text
