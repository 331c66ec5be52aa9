"""Pods wherever they are: in Pods themselves and in the templates of every workload kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cmpolicy import ir
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.expressions import Boolean, Integer, String
from cmpolicy.dsl.refusals import Traced, shown
from cmpolicy.dsl.structures import List, Object

if TYPE_CHECKING:
    from cmpolicy.kinds import Container, ObjectMeta, PodSpec, SeccompProfile, SELinuxOptions


ObjectT = TypeVar("ObjectT", bound=Object)


class AnyObject(Object):
    """An object of one of several kinds: what all of them have."""

    __slots__ = ()
    described = "object"
    type_name = ""

    if TYPE_CHECKING:
        apiVersion: String
        kind: String
        metadata: ObjectMeta


class Workload(AnyObject):
    """A Pod, or a kind whose objects make Pods from a template. `pod` is the pod's spec wherever it stands."""

    __slots__ = ()
    described = "workload"

    if TYPE_CHECKING:
        pod: PodSpec
        pod_metadata: ObjectMeta


def pod_spec(obj: Object) -> PodSpec:
    """The pod's spec inside an object of any kind that carries pods, also where a rule matches that kind alone."""
    from cmpolicy.dsl.types import typed_object

    _must_be_new(obj)
    spec: PodSpec = typed_object("PodSpec", ir.PodSpec())
    return spec


def pod_metadata(obj: Object) -> ObjectMeta:
    """The pod's metadata inside an object of any kind that carries pods; its labels are what selectors look at."""
    from cmpolicy.dsl.types import typed_object

    _must_be_new(obj)
    metadata: ObjectMeta = typed_object("ObjectMeta", ir.PodMeta())
    return metadata


def containers(pod: PodSpec, *, init: bool = True, ephemeral: bool = True) -> List[Container]:
    """A pod's containers, with its init and ephemeral containers unless told otherwise.

    Ephemeral containers have no resources, ports, probes or lifecycle: a rule about those leaves them out.
    """
    found = _typed(pod, _POD).containers
    if init:
        found = found + pod.initContainers
    return found._joined(pod.ephemeralContainers) if ephemeral else found


_POD = "`deployment.spec.template.spec` or `workload.pod`"


def _typed(given: ObjectT, example: str) -> ObjectT:
    """The object; an author error for what is none."""
    if isinstance(given, Object):
        return given
    raise author_error("type", f"an object of a manifest is needed here, not {shown(given)}", f"give {example}")


class EffectiveSecurityContext(Traced):
    """What holds for a container: its own setting where it has one, else the pod's."""

    __slots__ = ("_container", "_pod")
    described = "effective security context"
    instead = "ask one of its fields"

    def __init__(self, container: Container, pod: PodSpec) -> None:
        self._container = _typed(container, "a container").securityContext
        self._pod = _typed(pod, _POD).securityContext

    @property
    def runAsNonRoot(self) -> Boolean:
        return self._container.runAsNonRoot.default(self._pod.runAsNonRoot)

    @property
    def runAsUser(self) -> Integer:
        return self._container.runAsUser.default(self._pod.runAsUser)

    @property
    def runAsGroup(self) -> Integer:
        return self._container.runAsGroup.default(self._pod.runAsGroup)

    @property
    def seccompProfile(self) -> SeccompProfile:
        own, pods = self._container.seccompProfile, self._pod.seccompProfile
        return type(own).of(ir.Default(own._node, pods._node))

    @property
    def seLinuxOptions(self) -> SELinuxOptions:
        own, pods = self._container.seLinuxOptions, self._pod.seLinuxOptions
        return type(own).of(ir.Default(own._node, pods._node))


def security_context(container: Container, pod: PodSpec) -> EffectiveSecurityContext:
    """The effective security context of a container in its pod."""
    return EffectiveSecurityContext(container, pod)


def namespace(obj: Object) -> String:
    """An object's namespace; of a Namespace its own name; empty for other objects without one."""
    from cmpolicy.dsl.types import typed_object

    _must_be_new(obj)
    metadata: ObjectMeta = typed_object("ObjectMeta", ir.Get(ir.Obj(), "metadata"))
    return metadata.name if obj.kind_ is not None and obj.kind_.kind == "Namespace" else metadata.namespace.default("")


def _must_be_new(obj: Object) -> None:
    if _typed(obj, "the argument of the rule's function")._node != ir.Obj():
        raise author_error("operator", "this is known of the object itself only", "read the field by its path")
