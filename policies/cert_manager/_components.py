"""cert-manager's components: which objects belong to one.

The chart labels a component's objects alike, but `component: webhook` is a label that other software uses too, so
labels count only in cert-manager's namespaces. A workload that runs a component's image is the component's in any
namespace.
"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import (
    Condition,
    List,
    Map,
    Match,
    Object,
    Predicate,
    String,
    Workload,
    any_of,
    image,
    in_namespaces,
    match,
    parameter,
    pod_spec,
)
from cmpolicy.kinds import Container, Deployment, Job, Pod, PodSpec

NAMESPACES = parameter("namespaces", ["cert-manager"], "Namespaces that cert-manager is installed in")

LONG_RUNNING = ("controller", "webhook", "cainjector")
COMPONENT_LABEL = "app.kubernetes.io/component"
SOLVER_LABEL = "acme.cert-manager.io/http01-solver"
ALL = (*LONG_RUNNING, "startupapicheck")


def controller(*kinds: type[Object]) -> Match:
    """Workloads of the controller."""
    return _workloads(kinds, "controller")


def webhook(*kinds: type[Object]) -> Match:
    """Workloads of the webhook."""
    return _workloads(kinds, "webhook")


def cainjector(*kinds: type[Object]) -> Match:
    """Workloads of the cainjector."""
    return _workloads(kinds, "cainjector")


def long_running(*kinds: type[Object]) -> Match:
    """Workloads of the components that have a Deployment."""
    return _workloads(kinds, *LONG_RUNNING)


def controller_or_webhook(*kinds: type[Object]) -> Match:
    """Workloads of the components that have a health server."""
    return _workloads(kinds, "controller", "webhook")


def leader_elected(*kinds: type[Object]) -> Match:
    """Workloads of the controller and the cainjector, of which one replica works at a time."""
    return _workloads(kinds, "controller", "cainjector")


def solvers() -> Match:
    """The Pods that answer HTTP01 challenges, in any namespace."""
    by_image = _runs_image("acmesolver")
    return match(Pod).where(lambda pod: (pod.metadata.labels[SOLVER_LABEL] == "true") | by_image(pod))


def workloads_and_solvers() -> Match:
    """The workloads of every component and their Pods, and the Pods that answer HTTP01 challenges."""
    labeled, in_home, by_image = _labeled(ALL), in_namespaces(NAMESPACES), _runs_image(*ALL, "acmesolver")
    return match(Deployment, Job, Pod).where(
        lambda obj: any_of(
            in_home(obj) & labeled(obj),
            by_image(obj),
            (obj.kind == "Pod") & (obj.metadata.labels[SOLVER_LABEL] == "true"),
        )
    )


def every_template() -> Match:
    """The workloads of every component without their Pods, in which the cluster has filled in what it decided."""
    return _workloads((Deployment, Job), *ALL)


def every_workload() -> Match:
    """The workloads of every component, and their Pods."""
    return _workloads((Deployment, Job, Pod), *ALL)


def labeled_objects(*kinds: type[Object], components: tuple[str, ...] = ALL) -> Match:
    """Objects without pods, such as ServiceAccounts, that the chart labels as one of these components."""
    return match(*kinds).where(in_namespaces(NAMESPACES), _labeled(components))


def belongs_to(component: str) -> Predicate:
    """Objects of this one component, among those that are some component's: its labels decide, without them its image."""
    labeled, labeled_at_all, by_image = _labeled((component,)), _labeled(ALL), _runs_image(component)
    return lambda obj: labeled(obj) | (~labeled_at_all(obj) & by_image(obj))


def asked_of(workload: Workload | Deployment, components: Sequence[str]) -> Condition:
    """The component that it is labeled as is one of these; one that only its image tells is always asked."""
    labels = workload.metadata.labels
    return ~labels_of(labels) | labels[COMPONENT_LABEL].is_in(components)


def is_long_running(deployment: Deployment) -> Condition:
    """A Deployment that was looked up in one of cert-manager's namespaces is a component's, by its labels or image."""
    images = [f"cert-manager-{component}" for component in LONG_RUNNING]
    by_image = deployment.spec.template.spec.containers.any(lambda container: image(container.image).name_is(*images))
    return labels_of(deployment.metadata.labels, LONG_RUNNING) | by_image


def own_containers(pod: PodSpec, component: str) -> List[Container]:
    """The component's own containers, told by the name that the chart gives them or by their image."""
    name = f"cert-manager-{component}"
    return pod.containers.where(
        lambda container: any_of(container.name == name, image(container.image).name_is(name)),
    )


def labels_of(labels: Map[String], components: tuple[str, ...] = ALL) -> Condition:
    """These labels are those of one of the components; the controller's name label varies with the chart's name."""
    component, name = labels[COMPONENT_LABEL], labels["app.kubernetes.io/name"]
    return any_of(
        *(component == each if each == "controller" else (component == each) & (name == each) for each in components)
    )


def _workloads(kinds: tuple[type[Object], ...], *components: str) -> Match:
    labeled, in_home, by_image = _labeled(components), in_namespaces(NAMESPACES), _runs_image(*components)
    return match(*kinds).where(lambda obj: (in_home(obj) & labeled(obj)) | by_image(obj))


def _labeled(components: tuple[str, ...]) -> Predicate:
    return lambda obj: labels_of(obj.metadata.labels, components)


def _runs_image(*components: str) -> Predicate:
    images = [f"cert-manager-{component}" for component in components]
    return lambda obj: pod_spec(obj).containers.any(lambda container: image(container.image).name_is(*images))
