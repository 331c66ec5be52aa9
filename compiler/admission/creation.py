"""What becomes of a Pod when it is created, after the admission plugins: of its labels and of old annotations.

Source: `PrepareForCreate` of `pkg/registry/core/pod/strategy.go` in k8s.io/kubernetes 1.37.2. What it makes of the resources
of a pod as a whole (`spec.resources`) is left open.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cmpolicy.admission.fills import inside, inside_each
from cmpolicy.evaluate.values import elems
from cmpolicy.generate.edit import at
from cmpolicy.values import Json, JsonMap

_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_LOCALHOST = "localhost/"
_KEYS = (("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn"))
_TERMS = "requiredDuringSchedulingIgnoredDuringExecution"
_WEIGHTED_TERMS = "preferredDuringSchedulingIgnoredDuringExecution"


def created(pod: JsonMap) -> JsonMap:
    """The Pod as it is stored."""
    return _with_apparmor_fields(_with_label_keys(pod))


def _with_label_keys(pod: JsonMap) -> JsonMap:
    """Selectors that say by which of the Pod's own labels they select name their values."""
    labels = at(pod, ("metadata", "labels"))
    if not isinstance(labels, Mapping):
        return pod
    spelled_out = partial(_spelled_out, labels)
    spec = partial(inside_each, "topologySpreadConstraints", spelled_out)
    affinity = at(pod, ("spec", "affinity"))
    made = inside("spec", spec, pod)
    for kind in ("podAffinity", "podAntiAffinity"):
        if isinstance(at(affinity, (kind,)), Mapping):
            terms = partial(inside, kind, partial(_in_terms, spelled_out))
            made = inside("spec", partial(inside, "affinity", terms), made)
    return made


def _in_terms(spelled_out: partial[JsonMap], affinity: JsonMap) -> JsonMap:
    required = inside_each(_TERMS, spelled_out, affinity)
    return inside_each(_WEIGHTED_TERMS, partial(inside, "podAffinityTerm", spelled_out), required)


def _spelled_out(labels: JsonMap, term: JsonMap) -> JsonMap:
    added: list[Json] = [
        {"key": key, "operator": operator, "values": [labels[key]]}
        for field, operator in _KEYS
        for key in elems(term.get(field))
        if isinstance(key, str) and key in labels
    ]
    selector = term.get("labelSelector")
    if not added or not isinstance(selector, Mapping):
        return term
    return {
        **term,
        "labelSelector": {**selector, "matchExpressions": [*elems(selector.get("matchExpressions")), *added]},
    }


def _with_apparmor_fields(pod: JsonMap) -> JsonMap:
    """The annotations that were used before there was a field are copied into it, if they say more than the pod's field."""
    annotations = at(pod, ("metadata", "annotations"))
    if not isinstance(annotations, Mapping) or at(pod, ("spec", "os", "name")) == "windows":
        return pod
    whole = at(pod, ("spec", "securityContext", "appArmorProfile"))
    for key in ("initContainers", "containers"):
        pod = inside("spec", partial(inside_each, key, partial(_confined, annotations, whole)), pod)
    return pod


def _confined(annotations: JsonMap, whole: Json, container: JsonMap) -> JsonMap:
    profile = _profile(annotations.get(f"{_APPARMOR}{container.get('name')}"))
    if profile is None or profile == whole or at(container, ("securityContext", "appArmorProfile")) is not None:
        return container
    return inside("securityContext", lambda context: {**context, "appArmorProfile": profile}, container)


def _profile(annotation: Json) -> Json:
    match annotation:
        case "unconfined":
            return {"type": "Unconfined"}
        case "runtime/default":
            return {"type": "RuntimeDefault"}
        case str() if annotation.startswith(_LOCALHOST) and annotation != _LOCALHOST:
            return {"type": "Localhost", "localhostProfile": annotation.removeprefix(_LOCALHOST)}
        case _:
            return None
