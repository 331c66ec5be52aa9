"""How each engine's own tools read a target's policies from a registry. `docs/oci.md` says which tool reads what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

YAML = "application/yaml"
EMPTY_CONFIG = "application/vnd.oci.empty.v1+json"


@dataclass(frozen=True, slots=True)
class Shape:
    """The manifest of a target: a layer for each file, with its path as the title.

    `config` and `policy` are the media types of the config and of the layers of files below the folders `policies`, in
    this order; other files follow as YAML. `annotations` of a policy's layer may hold `{name}`, the rule's id.
    """

    config: str = EMPTY_CONFIG
    policy: str = YAML
    policies: tuple[str, ...] = ("policies/",)
    annotations: Mapping[str, str] = field(default_factory=dict)

    def is_policy(self, path: str) -> bool:
        """Whether the file is one of the engine's policies."""
        return path.startswith(self.policies)

    def order(self, path: str) -> tuple[int, str]:
        """Where the file stands among the layers."""
        places = (number for number, folder in enumerate(self.policies) if path.startswith(folder))
        return next(places, len(self.policies)), path

    def annotations_of(self, path: str) -> Mapping[str, str]:
        """The annotations of a policy's layer."""
        name = PurePosixPath(path).stem
        return {key: value.format(name=name) for key, value in self.annotations.items()}


def _kyverno(kind: str, version: str) -> Shape:
    """What `kyverno oci pull` picks by media type; it names the files by the annotation."""
    return Shape(
        config="application/vnd.cncf.kyverno.config.v1+json",
        policy="application/vnd.cncf.kyverno.policy.layer.v1+yaml",
        annotations={
            "io.kyverno.image.apiVersion": version,
            "io.kyverno.image.kind": kind,
            "io.kyverno.image.name": "{name}",
        },
    )


SHAPES: Mapping[str, Shape] = {
    "datree": Shape(policies=("policies.yaml",)),
    # `gator test --image` takes every titled YAML file, and wants templates before their constraints.
    "gatekeeper": Shape(policies=("templates/", "constraints/")),
    "kyverno": _kyverno("ClusterPolicy", "kyverno.io/v1"),
    "kyverno-cel": _kyverno("ValidatingPolicy", "policies.kyverno.io/v1"),
    "vap": Shape(),
}


def shape_of(target: str) -> Shape:
    """The shape of a target; of one that no engine's tool pulls, a YAML layer for each file."""
    return SHAPES.get(target, Shape())
