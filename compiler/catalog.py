"""The catalogue: rules as the JSON of `list` and `targets --matrix`."""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy import ir
from cmpolicy.targets.protocol import Gap, Target
from cmpolicy.values import Json, JsonMap
from cmpolicy.versions import windows

EXACT = "exact"


def catalogue(rules: Sequence[ir.Rule], targets: Sequence[Target]) -> list[JsonMap]:
    """An entry for every rule."""
    return [_entry(rule, targets) for rule in rules]


def _entry(rule: ir.Rule, targets: Sequence[Target]) -> JsonMap:
    return {
        "id": rule.id,
        "pack": rule.about.pack,
        "title": rule.about.title,
        "severity": rule.about.severity,
        "kinds": [str(kind) for kind in rule.kinds],
        "parameters": [_parameter(parameter) for parameter in rule.parameters],
        "profiles": list(rule.about.profiles),
        "controls": list(rule.about.controls),
        "source": list(rule.about.sources),
        "manifestOnly": rule.about.manifest_only,
        "needs": [{"field": each.path, "since": each.since, "until": each.until} for each in windows(rule)],
        "targets": {target.name: _support(target.gap(rule)) for target in targets},
    }


def _parameter(parameter: ir.Param) -> JsonMap:
    default = parameter.default
    return {
        "name": parameter.name,
        "type": parameter.type,
        "default": list(default) if isinstance(default, tuple) else default,
        "description": parameter.description,
    }


def _support(gap: Gap | None) -> Json:
    return EXACT if gap is None else {"gap": gap.status, "reason": gap.reason}
