"""The `@rule` decorator: a rule is a function from an object to a condition, and what people need to know about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR, signature
from types import FunctionType
from typing import TYPE_CHECKING, TypeAlias

from cmpolicy import ir
from cmpolicy.dsl.conditions import Condition
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.helm import FixManifests, HelmValues
from cmpolicy.dsl.match import Match
from cmpolicy.dsl.match import match as match_kinds
from cmpolicy.dsl.refusals import shown
from cmpolicy.dsl.structures import Object
from cmpolicy.values import JsonMap

if TYPE_CHECKING:
    from typing import Any

VERSION = re.compile(r"(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){2}", re.ASCII)
"""The version of a pack."""

RuleFunction: TypeAlias = "Callable[..., Condition]"


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of rules: `PACK` in its `__init__.py`. Rule ids are `prefix`, a dash, and the file's name in kebab case.

    `profiles` names sets of rules beside `default`, and says in a few words who wants each. `version`, if there is one, is
    what `cmpolicy diff` holds a change against: three numbers, such as `1.4.0`, as Semantic Versioning has them.
    """

    prefix: str
    title: str
    category: str
    docs: str = ""
    profiles: Mapping[str, str] = field(default_factory=dict)
    version: str = ""

    def __post_init__(self) -> None:
        for name, value in (("prefix", self.prefix), ("title", self.title), ("category", self.category)):
            if not isinstance(value, str) or not value:
                raise author_error("pack", f"`{name}` of a pack is not {shown(value)}", "give a string in quotes")
        profiles: object = self.profiles
        if not isinstance(profiles, Mapping) or not all(
            isinstance(text, str) for pair in profiles.items() for text in pair
        ):
            remedy = 'write `profiles={"strict": "those who want more"}`'
            raise author_error("pack", f"`profiles` of a pack are not {shown(profiles)}", remedy)
        version: object = self.version
        if version != "" and not (isinstance(version, str) and VERSION.fullmatch(version)):
            given = f"`{version}`" if isinstance(version, str) else shown(version)
            raise author_error("pack", f"`version` of a pack is not {given}", 'write three numbers: `version="1.4.0"`')


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
    helm_values: HelmValues = field(default_factory=dict)
    fix_manifests: FixManifests = ()
    controls: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    docs: str = ""
    profiles: tuple[str, ...] = (ir.DEFAULT_PROFILE,)
    manifest_only: bool = False


def _severity(name: str) -> ir.Severity:
    if name not in ir.Severity.__members__.values():
        given = f"`{name}`" if isinstance(name, str) else shown(name)
        raise author_error("severity", f"{given} is no severity", f"it is one of {', '.join(ir.Severity)}")
    return ir.Severity(name)


_EXAMPLES = "give a list of manifests: `[{...}]`"
_TEXTS = 'give a list of strings: `["..."]`'


def _check_arguments(**given: object) -> None:
    """An author error for an argument of `@rule` that is of no use: Python would read a string as a list of letters."""
    for name, value in given.items():
        match name:
            case "good" | "bad" | "fix_manifests":
                fits, remedy = isinstance(value, list | tuple), _EXAMPLES
            case "controls" | "sources" | "profiles":
                fits = isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
                remedy = _TEXTS
            case "helm_values":
                fits = value is None or (isinstance(value, Mapping) and all(isinstance(key, str) for key in value))
                remedy = 'give a map: `{"webhook.replicaCount": 3}`'
            case "manifest_only":
                fits, remedy = isinstance(value, bool), "give `True` or `False`"
            case _:
                fits, remedy = isinstance(value, str), "give a string in quotes"
        if not fits:
            raise author_error("rule", f"`{name}` of a rule is not {shown(value)}", remedy)


def _match(given: object) -> Match:
    if isinstance(given, Match):
        return given
    if isinstance(given, type) and issubclass(given, Object):
        return match_kinds(given)
    remedy = "write `match=match(Deployment)`"
    raise author_error("match", f"`match` of a rule is not {shown(given)}", remedy)


def _function(given: object) -> RuleFunction:
    if isinstance(given, FunctionType) and given.__name__ != "<lambda>":
        if not signature(given).parameters:
            remedy = f"write `def {given.__name__}(deployment: Deployment)`"
            raise author_error("rule", "the rule's function takes no object", remedy)
        if given.__code__.co_flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR):
            raise author_error("rule", "the rule's function does not return", "use neither `yield` nor `async`")
        return given
    remedy = "write `@rule(...)` above `def`"
    raise author_error("rule", f"a rule is made of a function with a name, not of {shown(given)}", remedy)


def rule(
    *,
    severity: str,
    match: Match | type[Object],
    message: str,
    good: Sequence[JsonMap | ir.Example],
    bad: Sequence[JsonMap | ir.Example],
    category: str = "",
    remedy: str = "",
    helm_values: HelmValues | None = None,
    fix_manifests: FixManifests = (),
    controls: Sequence[str] = (),
    sources: Sequence[str] = (),
    docs: str = "",
    profiles: Sequence[str] = (ir.DEFAULT_PROFILE,),
    manifest_only: bool = False,
) -> Callable[[Callable[..., Any]], RuleDefinition]:
    """Make a rule of a function that takes the object and the rule's parameters and returns a condition.

    The docstring's first line is the title, the rest says why it matters; a section `Parameters:` describes them.
    `message` may show values: `{name}`, `{namespace}`, `{kind}`, a parameter, or a path such as
    `{deployment.spec.replicas}`. `helm_values` and `remedy` say what fixes a failure; a Helm value may be that of a
    parameter, `value_of("minimum")`, or for some objects, `only_for(predicate, value)`. `fix_manifests` fix what no value
    does; texts in them follow the object, `text_of("{namespace}")`. A rule that not everybody wants is in other `profiles`
    of its pack than `default`. Examples are manifests: `good` pass, `bad` fail, one from `where_known` where other objects
    are known; both are compiled into the native tests of every target.
    """

    known_severity, known_match = _severity(severity), _match(match)
    _check_arguments(
        message=message, good=good, bad=bad, category=category, remedy=remedy, helm_values=helm_values, docs=docs
    )
    _check_arguments(controls=controls, sources=sources, profiles=profiles, manifest_only=manifest_only)
    _check_arguments(fix_manifests=fix_manifests)

    def define(function: Callable[..., Any]) -> RuleDefinition:
        return RuleDefinition(
            function=_function(function),
            severity=known_severity,
            match=known_match,
            message=message,
            good=tuple(good),
            bad=tuple(bad),
            category=category,
            remedy=remedy,
            helm_values=dict(helm_values or {}),
            fix_manifests=tuple(fix_manifests),
            controls=tuple(controls),
            sources=tuple(sources),
            docs=docs,
            profiles=tuple(profiles),
            manifest_only=manifest_only,
        )

    return define
