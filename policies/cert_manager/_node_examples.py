"""Parts of pods that tell where they may run."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._nodes import RESERVED_KEY, RESERVED_VALUE

LINUX: JsonMap = {"kubernetes.io/os": "linux"}
RESERVED: JsonMap = {RESERVED_KEY: RESERVED_VALUE}


def label_in(key: str, *values: str, operator: str = "In") -> JsonMap:
    """One expression of a node selector term."""
    return {"key": key, "operator": operator, "values": list(values)}


def required(*terms: JsonMap) -> JsonMap:
    """A required node affinity: each term is an alternative, made of one expression."""
    selector: JsonMap = {"nodeSelectorTerms": [{"matchExpressions": [term]} for term in terms]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": selector}}


def preferred(term: JsonMap) -> JsonMap:
    """A preferred node affinity, which the scheduler may ignore."""
    preference: JsonMap = {"weight": 100, "preference": {"matchExpressions": [term]}}
    return {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [preference]}}


def toleration(**fields: Json) -> JsonMap:
    """A toleration of the reserved taint with any effect; a field that is None is left out, others replace its own."""
    merged: JsonMap = {"key": RESERVED_KEY, "operator": "Equal", "value": RESERVED_VALUE, **fields}
    return {name: value for name, value in merged.items() if value is not None}
