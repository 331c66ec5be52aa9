"""What Gatekeeper must keep in its inventory for rules that look up other objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from cmpolicy import ir
from cmpolicy.passes.tree import known_kinds
from cmpolicy.targets.protocol import File
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

_REQUIRES = "metadata.gatekeeper.sh/requires-sync-data"


def requiring_sync(metadata: JsonMap, kinds: Sequence[ir.Kind]) -> JsonMap:
    """The template's metadata, with the annotation by which Gatekeeper's tools know what it looks up."""
    if not kinds:
        return metadata
    wanted = [[{"groups": [kind.group], "versions": [kind.version], "kinds": [kind.kind]}] for kind in kinds]
    annotations = metadata["annotations"]
    assert isinstance(annotations, dict)
    return {**metadata, "annotations": {**annotations, _REQUIRES: json.dumps(wanted)}}


def sync_set(rules: Iterable[ir.Rule]) -> File | None:
    """The SyncSet of every kind that the rules look up; None if they look up nothing."""
    kinds = sorted({kind for rule in rules for kind in known_kinds(rule)}, key=str)
    if not kinds:
        return None
    synced: list[Json] = [{"group": kind.group, "version": kind.version, "kind": kind.kind} for kind in kinds]
    document: JsonMap = {
        "apiVersion": "syncset.gatekeeper.sh/v1alpha1",
        "kind": "SyncSet",
        "metadata": {"name": "cmpolicy"},
        "spec": {"gvks": synced},
    }
    return File("syncset.yaml", dump(document))
