"""A rule in CEL, and how an engine spells the objects that it reads."""

from __future__ import annotations

from dataclasses import dataclass

from cmpolicy.lang.cel_layout import layout


@dataclass(frozen=True, slots=True)
class Roots:
    """How the object, the old object and the parameters are spelled, all dynamic; without `params` these are defaults."""

    obj: str = "object"
    old: str = "oldObject"
    params: str | None = None


@dataclass(frozen=True, slots=True)
class CelProgram:
    """A rule in CEL. `variables` are names and expressions, each using only those before it, as `variables.name`.

    `validation` is a bool, true unless the rule fails; `message` is a string. Long expressions run over several lines.
    """

    variables: tuple[tuple[str, str], ...]
    validation: str
    message: str


UNSPELLED = Roots("\x01", "\x02")
"""Roots that are spelled later. No expression holds these characters otherwise: literals have escapes for them."""


def spelled(program: CelProgram, roots: Roots) -> CelProgram:
    """A program of one line each whose roots are `UNSPELLED`, with these roots and on as many lines as it takes."""

    def text(expression: str) -> str:
        return layout(expression.replace(UNSPELLED.obj, roots.obj).replace(UNSPELLED.old, roots.old))

    variables = tuple((name, text(expression)) for name, expression in program.variables)
    return CelProgram(variables, text(program.validation), text(program.message))
