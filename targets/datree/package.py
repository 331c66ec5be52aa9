"""Datree v1.9.19: one policy file with a custom rule for each rule, and good and bad files to try it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.evaluate.text import message_text, text
from cmpolicy.lang.schema_text import Schema
from cmpolicy.passes import bind_parameters
from cmpolicy.targets.datree.gaps import gap, identifier
from cmpolicy.targets.datree.json_text import json_text
from cmpolicy.targets.datree.schema import schema_of
from cmpolicy.targets.examples import example_text
from cmpolicy.targets.protocol import File, Gap, Options, Part, local_gap
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump_items, dump_listed

_HOW_TO = """\
# Files to try the rules on

One resource per file. A `good` file passes the rule that its folder is named after, a `bad` file fails it; what other
rules say of the file does not matter.

```console
$ datree test --no-record --skip-validation schema --policy-config ../policies.yaml <rule>/bad-1.yaml
```

| rule | identifier | pass | fail |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Datree:
    """The target `datree`. Datree has no way to only report: `enforce` changes nothing, the exit code is its action."""

    name: str = "datree"
    title: str = "Datree"

    def gap(self, rule: ir.Rule) -> Gap | None:
        return local_gap(rule) or gap(rule)

    def part(self, rule: ir.Rule, options: Options) -> Part:
        """The examples, and as text the custom rule."""
        return Part(_examples(rule), dump_items([_custom_rule(rule)]))

    def whole(self, rules: Sequence[ir.Rule], texts: Sequence[str], options: Options) -> Sequence[File]:
        """The policy file, and how to try the examples."""
        ordered = sorted(zip(rules, texts, strict=True), key=lambda each: each[0].id)
        sorted_rules = [rule for rule, _ in ordered]
        policies = dump_listed(default_policy(sorted_rules), "customRules", (text for _, text in ordered))
        rows = "".join(map(_row, sorted_rules))
        return [File("policies.yaml", policies), File("tests/README.md", _HOW_TO + rows)]


TARGET = Datree()


def default_policy(rules: Sequence[ir.Rule]) -> JsonMap:
    """The policy file without the rules themselves: the default policy, which lists every rule."""
    listed: list[Json] = [{"identifier": identifier(rule), "messageOnFailure": message(rule)} for rule in rules]
    return {"apiVersion": "v1", "policies": [{"name": "cmpolicy", "isDefault": True, "rules": listed}]}


def _custom_rule(rule: ir.Rule) -> JsonMap:
    return {
        "identifier": identifier(rule),
        "name": f"{rule.about.title or rule.id} ({rule.about.severity})",
        "defaultMessageOnFailure": message(rule),
        **_schema_field(schema_of(rule)),
    }


def _schema_field(schema: Schema) -> JsonMap:
    """The schema as JSON text; but as YAML if it holds Rego, whose lines JSON would run together."""
    match schema:
        case {"then": {"regoDefinition": _}}:
            return {"schema": schema}
        case _:
            return {"jsonSchema": json_text(schema)}


def message(rule: ir.Rule) -> str:
    """The rule's message; but if it shows values of the object, which Datree cannot, the title and the remedy."""
    parts = [_constant_text(part) for part in bind_parameters(rule).message]
    if None not in parts:
        return message_text(part for part in parts if part is not None)
    return ". ".join(filter(None, (rule.about.title or rule.id, rule.about.remedy)))


def _constant_text(part: str | ir.Value) -> str | None:
    match part:
        case str():
            return part
        case ir.Const(bool() | int() | float() | str() as value):
            return text(value)
        case _:
            return None


def _examples(rule: ir.Rule) -> list[File]:
    groups = (("good", rule.about.good), ("bad", rule.about.bad))
    return [
        File(f"tests/{rule.id}/{name}-{number}.yaml", example_text(example.object), rule.id)
        for name, examples in groups
        for number, example in enumerate(examples, start=1)
    ]


def _row(rule: ir.Rule) -> str:
    return f"| {rule.id} | `{identifier(rule)}` | {len(rule.about.good)} | {len(rule.about.bad)} |\n"
