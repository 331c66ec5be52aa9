"""What the commands share that verify what was published."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from cmpolicy.diagnostics import Diagnostic

if TYPE_CHECKING:
    from cmpolicy.oci.verified import Check, Verified

P = ParamSpec("P")
R = TypeVar("R")

NOT_VERIFIED = 1
"""The exit code: something was found. 2 means that nobody knows."""


def bare_option(command: Callable[P, R]) -> Callable[P, R]:
    """`--without-provenance`."""
    return click.option(
        "--without-provenance", "bare", is_flag=True, help="Ask for a signature by the key, and not for provenance."
    )(command)


def diagnostics(found: Verified) -> tuple[Diagnostic, ...]:
    """What failed, for people; none if everything is verified."""
    return tuple(Diagnostic("verify", _problem(each)) for each in found.problems)


def _problem(check: Check) -> str:
    of = f" of `{check.artifact}`" if check.artifact else ""
    return f"{check.what}{of} not verified: {check.problem}"
