"""From rules to the files of each target. Pure: nothing here reads, writes or prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.once import once
from cmpolicy.passes import normalize
from cmpolicy.targets.protocol import File, Gap, Options, Target

TESTS = "tests/"
"""The folder of a target's native suite, below the target's own."""

KUSTOMIZATION = "kustomization.yaml"
"""The file that lists a target's other files in the order to apply them."""


@dataclass(frozen=True, slots=True)
class RuleGap:
    """A rule that a target does not carry."""

    rule: str
    target: str
    gap: Gap


@dataclass(frozen=True, slots=True)
class Folder:
    """What a target makes of the rules: the files of its folder, sorted by path, and the rules that it lacks."""

    target: str
    files: tuple[File, ...]
    gaps: tuple[RuleGap, ...] = ()


@once  # for all targets
def _normalized(rule: ir.Rule) -> ir.Rule:
    """The rule, itself if it is normal as loaded rules are: what was made of it is then still remembered."""
    return normalize(rule)


def package(rules: Sequence[ir.Rule], target: Target, options: Options) -> Folder:
    """The folder of a target."""
    plain = [_normalized(rule) for rule in rules]
    gaps = {rule.id: gap for rule in plain if (gap := target.gap(rule)) is not None}
    files = tuple(target.package([rule for rule in plain if rule.id not in gaps], options))
    paths = [file.path for file in files]
    assert paths == sorted(set(paths)), f"{target.name} does not sort its files, or writes one twice"
    return Folder(target.name, files, tuple(RuleGap(rule, target.name, gap) for rule, gap in gaps.items()))


def package_all(rules: Sequence[ir.Rule], targets: Sequence[Target], options: Options) -> tuple[Folder, ...]:
    """The folder of every target."""
    return tuple(package(rules, target, options) for target in targets)


def rule_text(rule: ir.Rule, target: Target, options: Options) -> str | None:
    """What a target makes of one rule: a YAML stream, each file under a comment with its path; None if it has a gap.

    The native tests and the list of files are left out.
    """
    folder = package([rule], target, options)
    if folder.gaps:
        return None
    shown = [file for file in folder.files if file.path != KUSTOMIZATION and not file.path.startswith(TESTS)]
    return "---\n".join(f"# {file.path}\n{file.text}" for file in shown)
