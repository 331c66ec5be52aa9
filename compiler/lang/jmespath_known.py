"""What of the objects that a rule looks up it reads: Kyverno holds no more than 2 MiB for a request, and CRDs alone have more."""

from __future__ import annotations

import json
import re

from cmpolicy import ir
from cmpolicy.passes.tree import walk_rule

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ALWAYS = frozenset({"metadata"})
"""Those of a namespace are told by it."""
_COMMON = frozenset({"apiVersion", "kind"})
"""What a list leaves out of its objects."""


def kept(rule: ir.Rule, kind: ir.Kind) -> str:
    """A JMESPath for what to keep of each object of the kind: the keys that the rule reads, or all of it."""
    keys = _read(rule, kind)
    return "@" if keys is None else f"{{{', '.join(f'{each}: {each}' for each in map(_quoted, sorted(keys)))}}}"


def _read(rule: ir.Rule, kind: ir.Kind) -> frozenset[str] | None:
    """The keys of such objects that the rule reads; None where it may read any."""
    nodes = walk_rule(rule)
    loops = [node for node in nodes if isinstance(node, ir.Any | ir.All | ir.Count)]
    names = {loop.var for loop in loops if _has_known(loop.items, kind)}
    looked_up = sum(isinstance(node, ir.Known) and node.kind == kind for node in nodes)
    counted = sum(isinstance(node, ir.Len) and _is_known(node.value, kind) for node in nodes)
    elements = [node for node in nodes if isinstance(node, ir.Var) and node.name in names]
    fields = [node.key for node in nodes if isinstance(node, ir.Get) and node.base in elements]
    is_seen = looked_up == counted + sum(_has_known(loop.items, kind) for loop in loops)
    keys = frozenset(key for key in fields if isinstance(key, str))
    is_told = is_seen and len(fields) == len(elements) and len(keys) == len(set(fields))
    return (keys | _ALWAYS) - _COMMON if is_told else None


def _has_known(items: ir.Items, kind: ir.Kind) -> bool:
    return isinstance(items, ir.Elems) and _is_known(items.value, kind)


def _is_known(value: ir.Value, kind: ir.Kind) -> bool:
    return isinstance(value, ir.Known) and value.kind == kind


def _quoted(key: str) -> str:
    return key if _PLAIN.fullmatch(key) else json.dumps(key)
