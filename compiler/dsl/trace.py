"""Trace a rule once: run its function on expressions and keep the IR that they build."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import Formatter
from typing import cast

from cmpolicy import ir
from cmpolicy.dsl import helm
from cmpolicy.dsl.conditions import all_of, condition_node
from cmpolicy.dsl.errors import AuthorError, author_error
from cmpolicy.dsl.expressions import Options, Value
from cmpolicy.dsl.parameters import expression
from cmpolicy.dsl.refusals import shown
from cmpolicy.dsl.rule import RuleDefinition
from cmpolicy.dsl.structures import List, Map, Object
from cmpolicy.dsl.types import common_class
from cmpolicy.dsl.workloads import Workload, namespace
from cmpolicy.passes import normalize
from cmpolicy.passes.bind_parameters import with_parameters
from cmpolicy.passes.expand_workloads import pod_path
from cmpolicy.passes.tree import free_variables
from cmpolicy.passes.unique_names import unique_names

_PARAMETERS = "Parameters:"
OLD = "old"


@dataclass(frozen=True, slots=True)
class Docstring:
    """A rule's docstring: title, description, and what its section `Parameters:` says of each parameter."""

    title: str
    description: str
    parameters: dict[str, str]


def parse_docstring(text: str) -> Docstring:
    """Split a docstring; the title loses its final period."""
    title, _, rest = inspect.cleandoc(text).partition("\n")
    description, _, section = rest.partition(_PARAMETERS)
    paragraphs = [" ".join(paragraph.split()) for paragraph in description.strip().split("\n\n")]
    return Docstring(title.strip().rstrip("."), "\n\n".join(filter(None, paragraphs)), _described(section))


def _described(section: str) -> dict[str, str]:
    described: dict[str, str] = {}
    current = ""
    for line in filter(None, map(str.strip, section.splitlines())):
        name, colon, text = line.partition(":")
        if colon and name.isidentifier():
            current, described[name] = name, text.strip()
        elif current:
            described[current] += f" {line}"
    return described


def trace(definition: RuleDefinition, rule_id: str, about: ir.About) -> ir.Rule:
    """The IR of a rule. Raises `AuthorError` for what its function or message does wrong."""
    documented = parse_docstring(definition.function.__doc__ or "")
    root = root_of(definition.match.kinds)
    first, parameters = _parameters(definition, documented)
    condition = definition.function(root, **_old(definition, root), **parameters)
    names = {first: root, "name": root.metadata.name, "namespace": namespace(root), "kind": root.kind, **parameters}
    scope = helm.Scope(root, parameters, lambda text: parse_message(text, names))
    traced = ir.Rule(
        id=rule_id,
        kinds=tuple(kind for object_type in definition.match.kinds if (kind := object_type.kind_) is not None),
        operations=definition.match.operations,
        when=condition_node(all_of(*(predicate(root) for predicate in definition.match.predicates))),
        condition=condition_node(condition),
        message=parse_message(definition.message, names),
        about=replace(
            about,
            title=documented.title,
            description=documented.description,
            helm_values=helm.traced(definition.helm_values, scope),
            fix_manifests=helm.traced_manifests(definition.fix_manifests, scope),
        ),
    )
    if loose := free_variables(traced):
        name = min(loose).partition("#")[0]
        remedy = "use it only inside that function"
        raise author_error("lambda", f"`{name}` is used outside the function that it is a parameter of", remedy)
    declared = tuple(value._node for value in parameters.values() if isinstance(value._node, ir.Param))
    return unique_names(normalize(with_parameters(traced, declared)))


def _old(definition: RuleDefinition, root: Object) -> dict[str, Object]:
    """The object before an update, for a function that has a parameter `old`: absent wherever nothing is updated."""
    if OLD not in inspect.signature(definition.function).parameters:
        return {}
    if len(definition.match.kinds) > 1:
        raise author_error("match", "`old` is known of a rule on one kind only", "write a rule for each kind")
    return {OLD: type(root)(ir.Old())}


def root_of(kinds: tuple[type[Object], ...]) -> Workload:
    """What a rule's function gets: the one kind's object, or what its kinds have in common: pods, else fields."""
    if not kinds:
        raise author_error("match", "the rule matches no kind", "name one: `match=match(Deployment)`")
    # Of a workload's fields only `kind` and `metadata` are read here, which every object has.
    return cast("Workload", _shared_class(kinds)(ir.Obj()))


def _shared_class(kinds: tuple[type[Object], ...]) -> type[Object]:
    if len(kinds) == 1:
        return kinds[0]
    carry_pods = all(kind.kind_ is not None and pod_path(kind.kind_) is not None for kind in kinds)
    return Workload if carry_pods else common_class(tuple(kind.type_name for kind in kinds))


def _parameters(definition: RuleDefinition, documented: Docstring) -> tuple[str, dict[str, Value | Options]]:
    first, *others = inspect.signature(definition.function).parameters.values()
    if first.kind not in (first.POSITIONAL_ONLY, first.POSITIONAL_OR_KEYWORD):
        remedy = f"write `def {definition.function.__name__}(deployment: Deployment)`"
        raise author_error("rule", f"`{first.name}` is no argument for the object", remedy)
    descriptions = documented.parameters
    return first.name, {
        other.name: expression(other.name, other.default, descriptions.get(other.name, ""))
        for other in others
        if other.name != OLD
    }


def parse_message(message: str, scope: Mapping[str, object]) -> ir.Message:
    """The parts of a message: `{name} is bad` is the value of `name` and ` is bad`."""
    parts: list[str | ir.Value] = []
    for text, path, spec, conversion in _fields(message):
        if text:
            parts.append(text)
        if path is not None:
            if spec or conversion:
                raise author_error("message", f"`{{{path}}}` cannot be formatted", "show the value as it is")
            parts.append(_shown(path, scope))
    return tuple(parts)


def _fields(message: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(message))
    except ValueError:
        remedy = "write `{{` and `}}` for braces that are to be shown"
        raise author_error("message", "a brace in the message has no partner", remedy) from None


def _shown(path: str, scope: Mapping[str, object]) -> ir.Value:
    try:
        value = eval(path, {"__builtins__": {}}, dict(scope))
    except AuthorError:
        raise
    except Exception as error:
        known = ", ".join(f"`{name}`" for name in scope)
        reason = f"{path!r} is no expression" if isinstance(error, SyntaxError) else str(error)
        raise author_error("message", f"`{{{path}}}` is no value: {reason}", f"the message knows {known}") from None
    if isinstance(value, List | Map | Object):
        raise author_error("message", f"`{{{path}}}` is a list, a map or an object", "show one of its fields")
    if not isinstance(value, Value):
        raise author_error("message", f"`{{{path}}}` is {shown(value)}, no value of a manifest", "show a field")
    return value._node
