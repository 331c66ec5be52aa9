"""The plan as files that `helm` and `kubectl` take, and what people have to do beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from textwrap import wrap

from cmpolicy.check import Result
from cmpolicy.content import printable
from cmpolicy.fix.merge import Leaf, Path
from cmpolicy.fix.overlay import overlay
from cmpolicy.fix.plan import Plan, Way
from cmpolicy.flow import flow
from cmpolicy.report.text import object_name
from cmpolicy.report.wording import plural
from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump, dump_commented

WIDTH = 100
LISTS = "Helm replaces a list as a whole: `--base FILE` merges these into the values that you have."


def values_text(plan: Plan, base: JsonMap | None) -> str:
    """The values as YAML for `helm upgrade --values`, each under the rules that ask for it; over `base` if it is given."""
    leaves = plan.merged.leaves
    head = [
        "Helm values by cmpolicy fix; above each, the rules that ask for it." if leaves else "No Helm values to set."
    ]
    if base is None and any(isinstance(leaf.value, list) and leaf.value for leaf in leaves.values()):
        head.append(LISTS)
    values = overlay(base or {}, plan.merged.values)
    body = dump_commented(values, {path: _comment(rules) for path, rules in _origins(leaves).items()})
    return "".join(f"# {line}\n" for line in head) + body


def _origins(leaves: Mapping[Path, Leaf]) -> dict[Path, tuple[str, ...]]:
    """Where to name which rules: once for the largest part of the tree that the same rules ask for."""
    found: dict[Path, tuple[str, ...]] = {}
    for path, leaf in leaves.items():
        ends = (path[:depth] for depth in range(1, len(path) + 1))
        found[next(end for end in ends if _all_by(leaves, end, leaf.rules))] = leaf.rules
    return found


def _all_by(leaves: Mapping[Path, Leaf], end: Path, rules: tuple[str, ...]) -> bool:
    return all({*leaf.rules} == {*rules} for path, leaf in leaves.items() if path[: len(end)] == end)


def _comment(rules: tuple[str, ...]) -> list[str]:
    return wrap(", ".join(rules), WIDTH, break_on_hyphens=False)


def manifests_text(plan: Plan) -> str:
    """The manifests as a YAML stream for `kubectl apply`, each under the rules that ask for it."""
    if not plan.manifests:
        return "# No manifests to apply.\n"
    texts = ("".join(f"# {line}\n" for line in _comment(made.rules)) + dump(made.manifest) for made in plan.manifests)
    return "---\n".join(texts)


def rest_text(plan: Plan, shown: Way) -> str:
    """How many findings what is shown fixes, and what to do about the others."""
    total, fixed = len(plan.ways), len(plan.fixed_by(shown))
    other = Way.MANIFESTS if shown is Way.VALUES else Way.VALUES
    also, by_hand = plan.fixed_by(other), plan.fixed_by(Way.HAND)
    if not total:
        return "nothing to fix"
    lines = [f"{fixed} of {plural(total, 'finding')} fixed by these {shown}"]
    if also:
        command = "cmpolicy fix --manifests" if other is Way.MANIFESTS else "cmpolicy fix"
        lines.append(f"{len(also)} fixed by {other}: `{command}`")
    if by_hand:
        lines += [f"{len(by_hand)} to be fixed by hand:", *_by_hand(by_hand)]
    return "\n".join(lines)


def _by_hand(findings: tuple[Result, ...]) -> Iterator[str]:
    by_rule = sorted(findings, key=lambda finding: finding.rule.id)
    for rule_id, of_rule in groupby(by_rule, key=lambda finding: finding.rule.id):
        found = list(of_rule)
        yield f"  {rule_id}"
        yield from (f"    {object_name(finding.document)}: {printable(finding.message)}" for finding in found)
        yield from (f"    Fix: {remedy}" for remedy in dict.fromkeys(map(advice, found)) if remedy)


def advice(finding: Result) -> str:
    """What to do about a finding by hand: the rule's remedy, or else all of its values."""
    return finding.rule.about.remedy or ", ".join(f"{key}: {flow(value)}" for key, value in finding.helm.items())
