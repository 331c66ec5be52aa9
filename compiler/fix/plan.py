"""What would fix the findings of a run: values of the chart, manifests beside it, and what is left to people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from cmpolicy import ir
from cmpolicy.check import Result
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.fix.merge import Conflict, Merged, Setting, merge
from cmpolicy.flow import flow
from cmpolicy.helm import Answers, manifests_for, meant_values
from cmpolicy.values import JsonMap


class Way(StrEnum):
    """How a finding can be fixed."""

    VALUES = "values"
    MANIFESTS = "manifests"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A finding and what its rule offers against it."""

    finding: Result
    settings: tuple[Setting, ...]
    manifests: tuple[JsonMap, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A manifest to apply, and the rules that ask for it."""

    manifest: JsonMap
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The merged values, the manifests, how each finding is fixed, and what could not be set or written."""

    merged: Merged
    manifests: tuple[Made, ...]
    ways: tuple[tuple[Result, Way], ...]
    conflicts: tuple[Diagnostic, ...]

    def fixed_by(self, way: Way) -> tuple[Result, ...]:
        """The findings that are fixed this way, in the order of the input."""
        return tuple(finding for finding, each in self.ways if each is way)


def make_plan(findings: Iterable[Result]) -> Plan:
    """A plan for these findings. Where two rules contradict each other, the one of higher severity wins, then the first by id."""
    remedies = list(_remedies(findings))
    by_weight = sorted(remedies, key=lambda remedy: _weight(remedy.finding.rule))
    merged = merge(_distinct(setting for remedy in by_weight for setting in remedy.settings))
    made, clashing = _made(by_weight)
    lost = {conflict.rule for conflict in merged.conflicts} | {rule for rule, _ in clashing}
    ways = tuple((remedy.finding, _way(remedy, lost)) for remedy in remedies)
    return Plan(merged, made, ways, (*map(_contradiction, merged.conflicts), *(problem for _, problem in clashing)))


def settings(findings: Iterable[Result]) -> list[Setting]:
    """What rules would set against these findings, most severe first; of an object that no value is meant for, all of them."""
    by_weight = sorted(findings, key=lambda finding: _weight(finding.rule))
    return _distinct(setting for finding in by_weight for setting in _settings(finding, finding.helm))


def _settings(finding: Result, values: JsonMap) -> tuple[Setting, ...]:
    return tuple(Setting(key, value, finding.rule.id) for key, value in values.items())


def _remedies(findings: Iterable[Result]) -> Iterator[Remedy]:
    for document, of_document in groupby(findings, key=lambda finding: finding.document):
        answers: Answers = {}
        for finding in of_document:
            values = meant_values(finding.rule, document.value, answers)
            yield Remedy(finding, _settings(finding, values), tuple(manifests_for(finding.rule, document.value)))


def _weight(rule: ir.Rule) -> tuple[int, str]:
    return list(ir.Severity).index(rule.about.severity), rule.id


def _distinct(given: Iterable[Setting]) -> list[Setting]:
    """Each once, in order. Most are the very value of their rule, which is cheaper to tell than an equal one."""
    # A dict keeps the place of the first of a key; all values stay alive in it, so that no two share an identity.
    kept: dict[tuple[str, str, int], Setting] = {}
    for each in given:
        kept.setdefault((each.key, each.rule, id(each.value)), each)
    return list(
        {(each.key, each.rule, json.dumps(each.value, sort_keys=True)): each for each in kept.values()}.values()
    )


def _way(remedy: Remedy, lost: set[str]) -> Way:
    if remedy.finding.rule.id in lost:
        return Way.HAND
    if remedy.settings:
        return Way.VALUES
    return Way.MANIFESTS if remedy.manifests else Way.HAND


def _made(remedies: Sequence[Remedy]) -> tuple[tuple[Made, ...], list[tuple[str, Diagnostic]]]:
    """The manifests by kind and name; of two of one name that differ the earlier, and the other rule with a problem."""
    made: dict[str, Made] = {}
    clashing: list[tuple[str, Diagnostic]] = []
    for remedy in remedies:
        rule = remedy.finding.rule.id
        for manifest in remedy.manifests:
            known = made.setdefault(_identity(manifest), Made(manifest, ()))
            if known.manifest != manifest:
                clashing.append((rule, _clash(manifest, known, rule)))
            elif rule not in known.rules:
                made[_identity(manifest)] = replace(known, rules=(*known.rules, rule))
    return tuple(made[key] for key in sorted(made)), clashing


def _identity(manifest: JsonMap) -> str:
    return flow([manifest["apiVersion"], manifest["kind"], _name(manifest)])


def _name(manifest: JsonMap) -> str:
    metadata = manifest["metadata"]
    assert isinstance(metadata, Mapping), manifest
    return "/".join(str(metadata[key]) for key in ("namespace", "name") if metadata.get(key))


def _contradiction(conflict: Conflict) -> Diagnostic:
    asked = f"`{conflict.rule}` asks for `{conflict.key}: {flow(conflict.refused)}`"
    kept = f"but {' and '.join(f'`{rule}`' for rule in conflict.by)} for `{flow(conflict.kept)}`, which is kept"
    remedy = "change a parameter of one with `--values`, or leave a rule out"
    return Diagnostic("conflict", f"{asked}, {kept}", help=remedy, level=Level.WARNING)


def _clash(manifest: JsonMap, kept: Made, rule: str) -> Diagnostic:
    message = f"`{rule}` asks for another {manifest['kind']} `{_name(manifest)}` than `{kept.rules[0]}`, whose is kept"
    return Diagnostic("conflict", message, help="write one manifest that does both", level=Level.WARNING)
