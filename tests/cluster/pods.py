"""Pods made for Pod Security: each way to touch a control, on pods that meet the standard in different ways, and pairs of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from cmpolicy.generate.edit import Place, put
from cmpolicy.values import Json, JsonMap

from tests.cluster.pod_fields import ANNOTATIONS, IN_CONTAINER, IN_SPEC

IMAGE = "registry.example/app:1"
CONTEXT: JsonMap = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
SECCOMP: JsonMap = {"seccompProfile": {"type": "RuntimeDefault"}}
NOT_ROOT: JsonMap = {"runAsNonRoot": True}
APPARMOR = "container.apparmor.security.beta.kubernetes.io/app"


@dataclass(frozen=True, slots=True)
class Edit:
    """A value, and where in a pod it is put."""

    place: Place
    value: Json

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.place))}={self.value}"


def pod(own: JsonMap, whole: JsonMap, **fields: Json) -> JsonMap:
    """A Pod whose containers, one of them a sidecar that starts first, all have one security context."""
    first: JsonMap = {**container("first", own), "restartPolicy": "Always"}
    containers: JsonMap = {"containers": [container("app", own), container("more", own)], "initContainers": [first]}
    spec: JsonMap = {**containers, "securityContext": whole, **fields}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}, "spec": spec}


def container(name: str, context: JsonMap) -> JsonMap:
    return {"name": name, "image": IMAGE, "securityContext": context}


HOST_PROCESS: JsonMap = {"windowsOptions": {"hostProcess": True, "runAsUserName": "own"}}
BASES: Mapping[str, JsonMap] = {
    "bare": pod({}, {}),
    "by pod": pod(CONTEXT, {**NOT_ROOT, **SECCOMP}),
    "by container": pod({**CONTEXT, **NOT_ROOT, **SECCOMP}, {}),
    "windows": pod({}, NOT_ROOT, os={"name": "windows"}),
    "user namespace": pod(CONTEXT, SECCOMP, hostUsers=False),
    "host process": pod({}, {**NOT_ROOT, **HOST_PROCESS}, os={"name": "windows"}, hostNetwork=True),
}
"""Pods that nothing was asked of, that meet the standard in each way there is, and the one of another kind that there is."""
MEETING = tuple(name for name in BASES if name not in ("bare", "host process"))
DEBUGGER = container("debug", {**CONTEXT, **NOT_ROOT, **SECCOMP})
"""A debug container that meets the standard by itself."""


def edits() -> Iterator[Edit]:
    """Every way to touch a control."""
    for field, values in IN_SPEC.items():
        yield from (Edit(("spec", *field.split(".")), value) for value in values)
    for above in (("containers", 0), ("initContainers", 0)):
        for field, values in IN_CONTAINER.items():
            yield from (Edit(("spec", *above, *field.split(".")), value) for value in values)
    for annotation in (APPARMOR, "example.com/app"):
        yield from (Edit(("metadata", "annotations", annotation), value) for value in ANNOTATIONS)


def pods(pairs: int) -> Iterator[tuple[str, JsonMap]]:
    """Each base with each edit, and each with so many pairs of edits; with a label that tells how it was made."""
    every, random = list(edits()), Random("pods")
    for name, base in BASES.items():
        yield name, base
        for edit in every:
            yield f"{name}, {edit}", edited(base, edit)
        for _ in range(pairs):
            one, other = random.sample(every, 2)
            yield f"{name}, {one}, {other}", edited(base, one, other)


def debuggers() -> Iterator[tuple[str, JsonMap]]:
    """A debug container with each edit of a container."""
    yield "as it is", DEBUGGER
    for field, values in IN_CONTAINER.items():
        for value in values:
            edit = Edit(tuple(field.split(".")), value)
            yield str(edit), edited(DEBUGGER, edit)


def edited(manifest: JsonMap, *changes: Edit) -> JsonMap:
    """The object with each change made to it."""
    for each in changes:
        made = put(manifest, each.place, each.value)
        assert isinstance(made, Mapping)
        manifest = made
    return manifest
