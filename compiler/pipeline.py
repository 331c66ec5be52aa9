"""From rules to the files of each target. Nothing here reads, writes or prints, but what is done with the files may."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from cmpolicy import ir
from cmpolicy.beside import beside
from cmpolicy.once import once
from cmpolicy.passes import normalize
from cmpolicy.targets.protocol import File, Gap, Options, Target

R = TypeVar("R")

TESTS = "tests/"
"""The folder of a target's native suite, below the target's own."""

KUSTOMIZATION = "kustomization.yaml"
"""The file that lists a target's other files in the order to apply them."""

APART = frozenset({"datree", "kyverno"})
"""Targets that print nothing which the others print too, and take as long as they: a process of its own makes them."""
MANY = 10
"""So many rules take longer than it takes to start a process."""


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

    @property
    def paths(self) -> set[str]:
        """The paths of its files below the bundle's folder."""
        return {f"{self.target}/{file.path}" for file in self.files}


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


def package_all(
    rules: Sequence[ir.Rule], targets: Sequence[Target], options: Options, then: Callable[[Folder], R]
) -> tuple[R, ...]:
    """What `then` makes of the folder of every target, in the order of the targets; it can be pickled."""

    def made(of: Iterable[Target]) -> dict[str, R]:
        return {target.name: then(package(rules, target, options)) for target in of}

    apart = [target for target in targets if target.name in APART]
    others = [target for target in targets if target.name not in APART]
    with beside(partial(made, apart), is_long=len(rules) >= MANY and bool(apart and others)) as waited_for:
        found = {**made(others), **waited_for()}
    return tuple(found[target.name] for target in targets)


def rule_text(rule: ir.Rule, target: Target, options: Options) -> str | None:
    """What a target makes of one rule: a YAML stream, each file under a comment with its path; None if it has a gap.

    The native tests and the list of files are left out.
    """
    folder = package([rule], target, options)
    if folder.gaps:
        return None
    shown = [file for file in folder.files if file.path != KUSTOMIZATION and not file.path.startswith(TESTS)]
    return "---\n".join(f"# {file.path}\n{file.text}" for file in shown)
