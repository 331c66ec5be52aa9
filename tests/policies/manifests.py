"""Small manifests of cert-manager's objects, and what the rules say of them.

They are made without the pack's own examples, so that a mistake in its helpers cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import yaml
from cmpolicy import ir
from cmpolicy.evaluate import NOTHING, Compiled, compile_rules
from cmpolicy.passes.bind_parameters import set_parameters
from cmpolicy.values import JsonMap

from tests.policies.packs import rule


def labels(component: str) -> dict[str, str]:
    name = "cert-manager" if component == "controller" else component
    return {"app.kubernetes.io/component": component, "app.kubernetes.io/name": name}


def deployment(component: str, spec: str, *, namespace: str = "cert-manager") -> JsonMap:
    metadata = {"name": "d", "namespace": namespace, "labels": labels(component)}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": yaml.safe_load(spec)}


def with_pod(component: str, pod: str) -> JsonMap:
    manifest = deployment(component, "{}")
    return {**manifest, "spec": {"template": {"spec": yaml.safe_load(pod)}}}


def other(api_version: str, kind: str, spec: str, component: str = "webhook") -> JsonMap:
    metadata = {"name": "o", "namespace": "cert-manager", "labels": labels(component)}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": yaml.safe_load(spec)}


def verdict(rule_id: str, manifest: JsonMap, parameters: Mapping[str, ir.Constant] | None = None) -> str:
    kind = f"{manifest['apiVersion']}/{manifest['kind']}"
    return str(compiled(rule_id, kind, tuple((parameters or {}).items()))(manifest, None, NOTHING)[0].verdict)


@cache
def compiled(rule_id: str, kind: str, parameters: tuple[tuple[str, ir.Constant], ...]) -> Compiled:
    with_values = set_parameters(rule(rule_id), dict(parameters))
    return compile_rules([with_values], next(each for each in with_values.kinds if str(each) == kind))
