"""The kustomization that each folder of Kubernetes objects carries."""

from __future__ import annotations

from collections.abc import Iterable

from cmpolicy.targets.protocol import File
from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump


def kustomization(files: Iterable[File]) -> File:
    """A kustomization of these files.

    It sets no order: `kubectl` warns of one, and looks every kind up before it applies anything, whatever the order is.
    """
    document: JsonMap = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [file.path for file in files],
    }
    return File("kustomization.yaml", dump(document))
