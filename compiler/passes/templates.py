"""Templates of what fixes a failure: values and manifests in which some parts depend on the rule or the object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cmpolicy import ir
from cmpolicy.passes.tree import OnValue, map_value, same_condition
from cmpolicy.values import Json


def map_template(template: ir.Template, on_value: OnValue) -> ir.Template:
    """The template with the nodes in it mapped."""
    match template:
        case ir.Param():
            parameter = on_value(template)
            assert isinstance(parameter, ir.Param), template
            return parameter
        case ir.Shown(message, source):
            parts = (part if isinstance(part, str) else map_value(part, on_value, same_condition) for part in message)
            return ir.Shown(tuple(parts), source)
        case str():
            return template
        case Mapping():
            return {key: map_template(inner, on_value) for key, inner in template.items()}
        case Sequence():
            return [map_template(inner, on_value) for inner in template]
        case _:
            return template


def parts(template: ir.Template) -> Iterator[Json | ir.Param | ir.Shown]:
    """What stands in the template, without its maps and lists."""
    match template:
        case str() | ir.Param() | ir.Shown():
            yield template
        case Mapping():
            for inner in template.values():
                yield from parts(inner)
        case Sequence():
            for inner in template:
                yield from parts(inner)
        case _:
            yield template


def filled(template: ir.Template, text: Callable[[ir.Shown], str]) -> Json:
    """The template as JSON: parameters are what they are set to, and texts what `text` makes of them."""
    match template:
        case ir.Param():
            return list(template.default) if isinstance(template.default, tuple) else template.default
        case ir.Shown():
            return text(template)
        case str():
            return template
        case Mapping():
            return {key: filled(inner, text) for key, inner in template.items()}
        case Sequence():
            return [filled(inner, text) for inner in template]
        case _:
            return template
