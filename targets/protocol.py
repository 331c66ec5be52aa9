"""What a target is: an engine and its packaging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cmpolicy.ir import Rule
from cmpolicy.passes.tree import known_kinds


class GapStatus(StrEnum):
    """Why a target lacks a rule: we have not written it, the engine cannot today, or it cannot by design."""

    NOTIMPL = "notimpl"
    NOTYET = "notyet"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Gap:
    """What a target cannot say exactly, and why: `reason` is a sentence for users, without a final period."""

    status: GapStatus
    reason: str


def local_gap(rule: Rule) -> Gap | None:
    """Why no engine can carry a rule about what no cluster has; None for every other rule."""
    kinds = " and ".join(kind.kind for kind in rule.kinds if kind.is_local)
    reason = f"{kinds} is no object of a cluster; `cmpolicy check --helm-values` judges it"
    return Gap(GapStatus.NEVER, reason) if kinds else None


@dataclass(frozen=True, slots=True)
class Options:
    """How to package: `enforce` blocks what fails; without it failures are only reported."""

    enforce: bool = False

    def blocks(self, rule: Rule) -> bool:
        """Whether what fails the rule is blocked. Never where the rule looks up other objects.

        What it looks up may come a moment later, or not be known to the engine yet: it would block a first install.
        """
        return self.enforce and not known_kinds(rule)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bundle: its path below the target's folder, with `/`, its text, and the rule it belongs to."""

    path: str
    text: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a target makes of one rule: its files, and its text in a file of all rules, where the target has such a file."""

    files: Sequence[File]
    text: str = ""


class Target(Protocol):
    """An engine and its packaging.

    `name` is what users type and the folder below `dist/`. `gap` says why a rule cannot be carried exactly, or None.
    `part` is what is made of a rule without a gap, and `whole` the files that are made of all of these rules and of the
    texts of their parts. Rules arrive normalized, with their parameters' `default` already set to the values of this build.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    def gap(self, rule: Rule) -> Gap | None: ...

    def part(self, rule: Rule, options: Options) -> Part: ...

    def whole(self, rules: Sequence[Rule], texts: Sequence[str], options: Options) -> Sequence[File]: ...


def packaged(target: Target, rules: Sequence[Rule], options: Options) -> tuple[File, ...]:
    """Every file of a target's folder for rules without a gap, sorted by path."""
    parts = [target.part(rule, options) for rule in rules]
    whole = target.whole(rules, [part.text for part in parts], options)
    return tuple(sorted((*whole, *(file for part in parts for file in part.files)), key=lambda file: file.path))
