"""The `@rule` decorator: a rule is a function from an object to a condition, and what people need to know about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from cmpolicy import ir
from cmpolicy.dsl.conditions import Condition
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.match import Match
from cmpolicy.dsl.match import match as match_kinds
from cmpolicy.dsl.structures import Object
from cmpolicy.values import Json, JsonMap

if TYPE_CHECKING:
    from typing import Any

RuleFunction: TypeAlias = "Callable[..., Condition]"


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of rules: `PACK` in its `__init__.py`. Rule ids are `prefix`, a dash, and the file's name in kebab case.

    `profiles` names sets of rules beside `default`, and says in a few words who wants each.
    """

    prefix: str
    title: str
    category: str
    docs: str = ""
    profiles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleDefinition:
    """A rule as its author wrote it, not yet traced."""

    function: RuleFunction
    severity: ir.Severity
    match: Match
    message: str
    good: tuple[JsonMap | ir.Example, ...]
    bad: tuple[JsonMap | ir.Example, ...]
    category: str = ""
    remedy: str = ""
    helm_values: Mapping[str, Json] = field(default_factory=dict)
    controls: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    docs: str = ""
    profiles: tuple[str, ...] = (ir.DEFAULT_PROFILE,)
    manifest_only: bool = False


def _severity(name: str) -> ir.Severity:
    if name not in ir.Severity.__members__.values():
        raise author_error("severity", f"`{name}` is no severity", f"it is one of {', '.join(ir.Severity)}")
    return ir.Severity(name)


def rule(
    *,
    severity: str,
    match: Match | type[Object],
    message: str,
    good: Sequence[JsonMap | ir.Example],
    bad: Sequence[JsonMap | ir.Example],
    category: str = "",
    remedy: str = "",
    helm_values: Mapping[str, Json] | None = None,
    controls: Sequence[str] = (),
    sources: Sequence[str] = (),
    docs: str = "",
    profiles: Sequence[str] = (ir.DEFAULT_PROFILE,),
    manifest_only: bool = False,
) -> Callable[[Callable[..., Any]], RuleDefinition]:
    """Make a rule of a function that takes the object and the rule's parameters and returns a condition.

    The docstring's first line is the title, the rest says why it matters; a section `Parameters:` describes them.
    `message` may show values: `{name}`, `{namespace}`, `{kind}`, a parameter, or a path such as
    `{deployment.spec.replicas}`. `helm_values` and `remedy` say what fixes a failure. A
    rule that not everybody wants is in other `profiles` of its pack than `default`. Examples are manifests: `good`
    pass, `bad` fail, an `Example` where other objects are known; both are compiled into the native tests of every target.
    """

    known_severity = _severity(severity)

    def define(function: Callable[..., Any]) -> RuleDefinition:
        return RuleDefinition(
            function=function,
            severity=known_severity,
            match=match if isinstance(match, Match) else match_kinds(match),
            message=message,
            good=tuple(good),
            bad=tuple(bad),
            category=category,
            remedy=remedy,
            helm_values=dict(helm_values or {}),
            controls=tuple(controls),
            sources=tuple(sources),
            docs=docs,
            profiles=tuple(profiles),
            manifest_only=manifest_only,
        )

    return define
