"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from click.types import StringParamType
from cmpolicy.targets import TARGETS

if TYPE_CHECKING:
    from cmpolicy.selection import Selection
    from cmpolicy.targets.protocol import Target

P = ParamSpec("P")
R = TypeVar("R")

EMPTY = "it is empty"
"""What is said of an argument without a character: mostly a variable of a script that is not set."""


class Text(StringParamType):
    """A text that is not empty."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself."""
        return value or self.fail(EMPTY, param, ctx)


class PathText(click.Path):
    """A path that is not empty: to Python the empty one is the working folder, which nobody means."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path."""
        return super().convert(value or self.fail(EMPTY, param, ctx), param, ctx)


TEXT = Text()
PATH = PathText(path_type=Path)


def complete_targets(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of targets that start this way."""
    return [name for name in TARGETS if name.startswith(incomplete)]


def complete_rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Ids of rules that start this way."""
    from cmpolicy.selection import load_found

    return [rule.id for rule in load_found(()).rules if rule.id.startswith(incomplete)]


def complete_profiles(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of profiles that start this way."""
    from cmpolicy.selection import load_found

    return [name for name in load_found(()).profiles if name.startswith(incomplete)]


def complete_packs(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of packs that start this way."""
    from cmpolicy.load import built_in_packs
    from cmpolicy.selection import find_packs

    names = {folder.name for folder in (*find_packs(()), *built_in_packs())}
    return sorted(name for name in names if name.startswith(incomplete))


pack_option = click.option(
    "--pack",
    "packs",
    type=TEXT,
    multiple=True,
    metavar="PACK",
    shell_complete=complete_packs,
    help="A pack by name, or a folder of packs. [default: ./policies, or else the built-in packs]",
)
rule_option = click.option(
    "--rule", "rules", type=TEXT, multiple=True, metavar="RULE", shell_complete=complete_rules, help="Only this rule."
)


def profile_option(*default: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`--profile`, which may be repeated; without it the rules of these profiles, or all if none is named here."""
    return click.option(
        "--profile",
        "profiles",
        type=TEXT,
        multiple=True,
        default=default,
        metavar="PROFILE",
        shell_complete=complete_profiles,
        help=f"Rules of this profile; `--rule` finds a rule in any. [default: {' and '.join(default) or 'all'}]",
    )


values_option = click.option(
    "--values",
    type=PATH,
    metavar="FILE",
    help="Parameters: a YAML or JSON file of {rule: {parameter: value}}; the rule * is every rule.",
)
targets_option = click.option(
    "--target",
    "targets",
    type=TEXT,
    multiple=True,
    metavar="TARGET",
    shell_complete=complete_targets,
    help=f"Only this target. One of {', '.join(TARGETS)}. [default: all]",
)
output_option = click.option(
    "--output", type=click.Choice(["text", "json"]), default="text", help="The form of output."
)


def selection_options(command: Callable[P, R]) -> Callable[P, R]:
    """`--pack`, `--rule` and `--values`, each of which may be repeated but the last."""
    return pack_option(rule_option(values_option(command)))


def selection(
    packs: Sequence[str], rules: Sequence[str] = (), values: Path | None = None, profiles: Sequence[str] = ()
) -> Selection:
    """The selection that these options ask for."""
    from cmpolicy.selection import Selection

    return Selection(tuple(packs), tuple(rules), tuple(profiles), values)


def targets_of(names: Sequence[str]) -> tuple[Target, ...]:
    """The targets of these names, sorted by name; all if none is named. Raises `CmpolicyError` for unknown ones."""
    from cmpolicy.diagnostics import CmpolicyError
    from cmpolicy.selection import unknown
    from cmpolicy.targets import load_target

    if wrong := [unknown("target", name, TARGETS) for name in names if name not in TARGETS]:
        raise CmpolicyError(*wrong)
    return tuple(load_target(name) for name in sorted(set(names) or TARGETS))
