"""What an engine's own release installs: its objects, and how it starts its controllers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from tests.cluster.api_server import Cluster
from tests.engines.build import HERE

Document: TypeAlias = dict[str, Any]
QUICKLY = ("--server-side", "--validate=ignore")
"""How to apply what is not tested: else kubectl reads the schemas of a whole API group for each object."""
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Container:
    """How a Deployment of the release starts a program. `arguments` start with dashes."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]

    def command(self, binary: Path, changes: Mapping[str, object]) -> list[str | Path]:
        """The program with the release's flags, where `changes` does not set one otherwise; None leaves one out."""
        kept = [each for each in self.arguments if each.split("=")[0].lstrip("-") not in changes]
        changed = [f"--{name}={value}" for name, value in changes.items() if value is not None]
        return [binary, *kept, *changed]


def module_folder(engine: str, module: str) -> Path:
    """Where Go keeps the source of a module that an engine's folder pins."""
    command = ["go", "mod", "download", "-json", module]
    done = subprocess.run(command, cwd=HERE / engine, check=True, capture_output=True, text=True)
    return Path(json.loads(done.stdout)["Dir"])


@cache
def released(engine: str, module: str, path: str) -> list[Document]:
    """The objects of a file of the release that an engine's folder pins. They are of all who ask."""
    return documents(module_folder(engine, module) / path)


def documents(path: Path) -> list[Document]:
    """The objects of a file."""
    return [each for each in yaml.load_all(path.read_text(encoding="utf-8"), Loader=Loader) if each]


def container(objects: Iterable[Document], deployment: str) -> Container:
    """The first container of a Deployment."""
    found = next(each for each in of_kind(objects, "Deployment") if each["metadata"]["name"] == deployment)
    first = found["spec"]["template"]["spec"]["containers"][0]
    environment = {each["name"]: _value(each, found["metadata"], deployment) for each in first.get("env", ())}
    return Container(tuple(first["args"]), environment)


def _value(variable: Document, metadata: Document, pod: str) -> str:
    if "value" in variable:
        return str(variable["value"])
    field = variable["valueFrom"]["fieldRef"]["fieldPath"]
    return {"metadata.namespace": str(metadata["namespace"]), "metadata.name": pod}[field]


def of_kind(objects: Iterable[Document], *kinds: str) -> Iterator[Document]:
    """The objects of these kinds."""
    return (each for each in objects if each["kind"] in kinds)


def apply(cluster: Cluster, objects: Iterable[Document]) -> None:
    """Apply objects as the releases ask for it: their CRDs are too long for an annotation."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
    cluster.good("apply", *QUICKLY, "--force-conflicts", "--filename=-", given=text)
