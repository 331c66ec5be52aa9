"""The targets' files, on disk as the engines read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cmpolicy.ir import Rule
from cmpolicy.passes import normalize
from cmpolicy.targets import TARGETS
from cmpolicy.targets.protocol import Options


@dataclass(frozen=True, slots=True)
class Bundle:
    """A folder laid out as `build` does, and the rules that each target carries."""

    folder: Path
    carried: Mapping[str, tuple[Rule, ...]]


def write_bundle(folder: Path, rules: Sequence[Rule]) -> Bundle:
    """Package the rules for every target; those that a target declares a gap for are left out there."""
    normal = [normalize(rule) for rule in rules]
    carried = {}
    for target in TARGETS:
        carried[target.name] = tuple(rule for rule in normal if target.gap(rule) is None)
        for file in target.package(carried[target.name], Options()):
            _write(folder / target.name / file.path, file.text)
    return Bundle(folder, carried)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def example_count(rules: Iterable[Rule]) -> tuple[int, int]:
    """How many good and how many bad examples the rules have."""
    rules = tuple(rules)
    return sum(len(rule.about.good) for rule in rules), sum(len(rule.about.bad) for rule in rules)
