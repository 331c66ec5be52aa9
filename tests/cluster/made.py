"""What Kubernetes' controllers make of workloads, what they say where they are not let, and what the reference says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cmpolicy.evaluate.values import is_list
from cmpolicy.generate.edit import at, put
from cmpolicy.ir import Kind
from cmpolicy.values import Json, JsonMap

from tests.cluster.asked import POD, REPLICA_SET
from tests.cluster.requests import Client

JOB = Kind("batch", "v1", "Job", "jobs", namespaced=True)
EVENT = Kind("", "v1", "Event", "events", namespaced=True)
MADE_OF: Mapping[str, Kind] = {
    "Deployment": REPLICA_SET,
    "ReplicaSet": POD,
    "ReplicationController": POD,
    "StatefulSet": POD,
    "DaemonSet": POD,
    "Job": POD,
    "CronJob": JOB,
}
"""What the controller of each kind of workload makes."""
EVERY_MINUTE = "* * * * *"


def made(owner: JsonMap) -> JsonMap:
    """What the owner's controller is to make of it, but for what only the controller knows."""
    kind, template = MADE_OF[str(owner["kind"])], _template(owner)
    metadata = at(template, ("metadata",))
    named = {"namespace": at(owner, ("metadata", "namespace")), "name": f"{at(owner, ('metadata', 'name'))}-made"}
    reference: JsonMap = {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": at(owner, ("metadata", "name")),
        "uid": at(owner, ("metadata", "uid")),
        "controller": True,
    }
    known = {**metadata, **named} if isinstance(metadata, Mapping) else named
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {**known, "ownerReferences": [reference]},
        "spec": at(template, ("spec",)),
    }


def _template(owner: JsonMap) -> Json:
    """What the made object is like: a ReplicaSet has its Deployment's own template, all else is written in the owner's."""
    match owner["kind"]:
        case "Deployment":
            spec = owner["spec"]
            assert isinstance(spec, Mapping)
            kept: JsonMap = {key: spec[key] for key in ("replicas", "selector", "template")}
            return {"metadata": at(owner, ("spec", "template", "metadata")), "spec": kept}
        case "CronJob":
            return at(owner, ("spec", "jobTemplate"))
        case _:
            return at(owner, ("spec", "template"))


def amount(owner: JsonMap) -> int:
    """How many the controller makes at once, where nothing becomes ready and there is one node."""
    spec = owner["spec"]
    assert isinstance(spec, Mapping)
    match owner["kind"]:
        case "ReplicaSet" | "ReplicationController":
            return _number(spec["replicas"])
        case "StatefulSet":
            return min(_number(spec["replicas"]), 1)
        case "Job" | "CronJob":
            return 0 if spec.get("suspend") else 1
        case _:
            return 1


def _number(value: Json) -> int:
    assert isinstance(value, int)
    return value


def due(manifest: JsonMap) -> JsonMap:
    """A CronJob for which it is time, and other objects as they are."""
    if manifest["kind"] != "CronJob":
        return manifest
    changed = put(manifest, ("spec", "schedule"), EVERY_MINUTE)
    assert isinstance(changed, Mapping)
    return changed


@dataclass(frozen=True, slots=True)
class Seen:
    """What is there of each owner by its uid: what was made of it, and what was said of it where that failed."""

    made: Mapping[str, list[JsonMap]]
    said: Mapping[str, list[str]]


def see(client: Client) -> Seen:
    """What controllers have done up to now."""
    made: dict[str, list[JsonMap]] = {}
    said: dict[str, list[str]] = {}
    for kind in (REPLICA_SET, POD, JOB):
        for each in _all(client, kind):
            for owner in _texts(each, "ownerReferences", "uid"):
                made.setdefault(owner, []).append(each)
    for each in _all(client, EVENT):
        if "Create" in str(each.get("reason")) and each.get("type") == "Warning":
            said.setdefault(str(at(each, ("involvedObject", "uid"))), []).append(str(each.get("message")))
    return Seen(made, said)


def uid(manifest: JsonMap) -> str:
    """What the server knows the object by."""
    return str(at(manifest, ("metadata", "uid")))


def _texts(manifest: JsonMap, field: str, key: str) -> Iterator[str]:
    found = at(manifest, ("metadata", field))
    for each in found if is_list(found) else ():
        if isinstance(each, Mapping):
            yield str(each.get(key))


def _all(client: Client, kind: Kind) -> Iterable[JsonMap]:
    root = f"/apis/{kind.group}/{kind.version}" if kind.group else f"/api/{kind.version}"
    answer = client.ask("GET", f"{root}/{kind.plural}")
    assert answer.is_taken, answer
    return [{**each, "apiVersion": kind.api_version, "kind": kind.kind} for each in answer.body["items"]]
