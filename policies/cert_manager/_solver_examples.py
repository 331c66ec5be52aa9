"""Pods that answer HTTP01 challenges, as the controller makes them."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._components import SOLVER_LABEL
from ._examples import RESTRICTED, RESTRICTED_POD

_IMAGE = "quay.io/jetstack/cert-manager-acmesolver:v1.21.1"


def solver(*, labeled: Json = "true", image: str = _IMAGE, **spec: Json) -> JsonMap:
    """A solver's Pod; `spec` replaces fields of its spec, None leaves one out."""
    containers: list[Json] = [{"name": "acmesolver", "image": image, "securityContext": RESTRICTED}]
    fields: JsonMap = {
        "automountServiceAccountToken": False,
        "securityContext": RESTRICTED_POD,
        "containers": containers,
        **spec,
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "cm-acme-http-solver-x", "namespace": "shop", "labels": {SOLVER_LABEL: labeled}},
        "spec": {name: value for name, value in fields.items() if value is not None},
    }
