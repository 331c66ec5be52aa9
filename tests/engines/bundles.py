"""The targets' files, on disk as the engines read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cmpolicy.ir import Rule
from cmpolicy.passes import normalize
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.targets.protocol import Options, packaged


@dataclass(frozen=True, slots=True)
class Bundle:
    """A folder laid out as `build` does, and the rules that each target carries."""

    folder: Path
    carried: Mapping[str, tuple[Rule, ...]]


def write_bundle(folder: Path, rules: Sequence[Rule], targets: Iterable[str] = TARGETS) -> Bundle:
    """Package the rules for the targets; those that a target declares a gap for are left out there."""
    normal = [normalize(rule) for rule in rules]
    carried = {name: _package(folder / name, name, normal) for name in targets}
    return Bundle(folder, carried)


def _package(folder: Path, name: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    target = load_target(name)
    carried = tuple(rule for rule in rules if target.gap(rule) is None)
    for file in packaged(target, carried, Options()):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="")
    return carried


def askable(carried: Sequence[Rule], can_ask: Callable[[Rule], bool]) -> tuple[list[Rule], str]:
    """The rules that a command line can be asked about, and how many it cannot, in words; empty if that is none."""
    rules = [rule for rule in carried if can_ask(rule)]
    left_out = len(carried) - len(rules)
    return rules, f"; {left_out} rules look up objects of CRDs, which it does not find" if left_out else ""


def example_count(rules: Iterable[Rule]) -> tuple[int, int]:
    """How many good and how many bad examples the rules have."""
    rules = tuple(rules)
    return sum(len(rule.about.good) for rule in rules), sum(len(rule.about.bad) for rule in rules)
