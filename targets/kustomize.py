"""The kustomization that each folder of Kubernetes objects carries."""

from __future__ import annotations

from collections.abc import Iterable

from cmpolicy import ir
from cmpolicy.targets.protocol import File
from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump


def policy_path(rule: ir.Rule) -> str:
    """Where targets that have one file of objects for each rule have that of this one."""
    return f"policies/{rule.id}.yaml"


def kustomization(paths: Iterable[str]) -> File:
    """A kustomization of the files at these paths.

    It sets no order: `kubectl` warns of one, and looks every kind up before it applies anything, whatever the order is.
    """
    document: JsonMap = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [*paths],
    }
    return File("kustomization.yaml", dump(document))
