"""From rules to the files of each target. Nothing here reads, writes or prints, but what is done with the files may."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cmpolicy import ir
from cmpolicy.beside import MANY, spread
from cmpolicy.once import once
from cmpolicy.passes import normalize
from cmpolicy.passes.tree import walk_rule
from cmpolicy.targets.protocol import File, Gap, Options, Target

R = TypeVar("R")

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

    @property
    def paths(self) -> set[str]:
        """The paths of its files below the bundle's folder."""
        return {f"{self.target}/{file.path}" for file in self.files}

    @classmethod
    def joined(cls, parts: Sequence[Folder]) -> Folder:
        """The folder that these are parts of."""
        files = sorted((file for part in parts for file in part.files), key=lambda file: file.path)
        assert len({file.path for file in files}) == len(files), f"{parts[0].target} writes a file twice"
        return cls(parts[0].target, tuple(files), tuple(gap for part in parts for gap in part.gaps))


@dataclass(frozen=True, slots=True)
class _Made(Generic[R]):
    """What was made of a rule for a target: its part of the folder, and its text in a file of all rules; or its gap."""

    part: R
    text: str
    gap: Gap | None


@once  # for all targets
def _normalized(rule: ir.Rule) -> ir.Rule:
    """The rule, itself if it is normal as loaded rules are: what was made of it is then still remembered."""
    return normalize(rule)


def package(rules: Sequence[ir.Rule], target: Target, options: Options) -> Folder:
    """The folder of a target."""
    plain = [_normalized(rule) for rule in rules]
    (parts,) = package_all(plain, [target], options, then=lambda part: part, processes=1)
    return Folder.joined(parts)


def package_all(
    rules: Sequence[ir.Rule],
    targets: Sequence[Target],
    options: Options,
    then: Callable[[Folder], R],
    processes: int | None = None,
) -> tuple[Sequence[R], ...]:
    """What `then` makes of the parts of each target's folder, in the order of the targets; it can be pickled.

    The rules are normal, as loaded ones are. Processors share the rules and not the targets: what one of them has printed
    or judged of a rule serves all targets.
    """

    def made(number: int) -> list[_Made[R]]:
        return [_part(rules[number], target, options, then) for target in targets]

    longest_first = sorted(range(len(rules)), key=lambda number: -len(walk_rule(rules[number])))
    wanted = min(processes or os.cpu_count() or 1, len(rules) // MANY)
    of_each = dict(zip(longest_first, spread(made, longest_first, processes=wanted), strict=True))
    return tuple(
        _parts(rules, target, options, then, [of_each[number][place] for number in range(len(rules))])
        for place, target in enumerate(targets)
    )


def _part(rule: ir.Rule, target: Target, options: Options, then: Callable[[Folder], R]) -> _Made[R]:
    if gap := target.gap(rule):
        return _Made(then(Folder(target.name, (), (RuleGap(rule.id, target.name, gap),))), "", gap)
    part = target.part(rule, options)
    return _Made(then(Folder(target.name, tuple(part.files))), part.text, None)


def _parts(
    rules: Sequence[ir.Rule], target: Target, options: Options, then: Callable[[Folder], R], made: Sequence[_Made[R]]
) -> Sequence[R]:
    """The parts of a target's folder, with that of all rules together."""
    carried = [rule for rule, each in zip(rules, made, strict=True) if each.gap is None]
    whole = target.whole(carried, [each.text for each in made if each.gap is None], options)
    return [then(Folder(target.name, tuple(whole))), *(each.part for each in made)]


def rule_text(rule: ir.Rule, target: Target, options: Options) -> str | None:
    """What a target makes of one rule: a YAML stream, each file under a comment with its path; None if it has a gap.

    The native tests and the list of files are left out.
    """
    folder = package([rule], target, options)
    if folder.gaps:
        return None
    shown = [file for file in folder.files if file.path != KUSTOMIZATION and not file.path.startswith(TESTS)]
    return "---\n".join(f"# {file.path}\n{file.text}" for file in shown)
