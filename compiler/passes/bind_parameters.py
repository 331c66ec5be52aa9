"""Give parameters their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cmpolicy import ir
from cmpolicy.once import once
from cmpolicy.passes.templates import map_template
from cmpolicy.passes.tree import has_any, map_condition, map_rule, same_condition, walk_rule


def set_parameters(rule: ir.Rule, values: Mapping[str, ir.Constant]) -> ir.Rule:
    """The rule with these defaults for its parameters, also in what fixes it. Unknown names are ignored."""

    def on_value(value: ir.Value) -> ir.Value:
        return _declared(value, values) if isinstance(value, ir.Param) else value

    def mapped(template: ir.Template, when: ir.Condition) -> tuple[ir.Template, ir.Condition]:
        return map_template(template, on_value), map_condition(when, on_value, same_condition)

    about = replace(
        rule.about,
        helm_values={key: ir.HelmValue(*mapped(it.value, it.when)) for key, it in rule.about.helm_values.items()},
        fix_manifests=tuple(ir.FixManifest(*mapped(each.manifest, each.when)) for each in rule.about.fix_manifests),
    )
    parameters = tuple(_declared(parameter, values) for parameter in rule.parameters)
    return replace(map_rule(rule, on_value), parameters=parameters, about=about)


def with_parameters(rule: ir.Rule, declared: tuple[ir.Param, ...]) -> ir.Rule:
    """The rule with its parameters listed: those declared, then the others it reads. Each has one type everywhere:

    a string that is somewhere compared as a quantity is a quantity.
    """
    read = [node for node in walk_rule(rule) if isinstance(node, ir.Param)]
    found: dict[str, ir.Param] = {}
    for parameter in (*declared, *read):
        if parameter.name not in found or parameter.type is ir.ParameterType.QUANTITY:
            found[parameter.name] = parameter

    def on_value(value: ir.Value) -> ir.Value:
        return found[value.name] if isinstance(value, ir.Param) else value

    typed = rule if all(found[each.name] == each for each in read) else map_rule(rule, on_value)
    return replace(typed, parameters=tuple(found.values()))


def _declared(parameter: ir.Param, values: Mapping[str, ir.Constant]) -> ir.Param:
    return replace(parameter, default=values[parameter.name]) if parameter.name in values else parameter


@once  # every target binds the same rules
def bind_parameters(rule: ir.Rule) -> ir.Rule:
    """The rule without parameters, each replaced by its default: `replicas >= minimum  ->  replicas >= 3`."""

    def on_value(value: ir.Value) -> ir.Value:
        return ir.Const(value.default) if isinstance(value, ir.Param) else value

    bound = map_rule(rule, on_value) if has_any(rule, ir.Param) else rule
    return replace(bound, parameters=()) if rule.parameters else bound
