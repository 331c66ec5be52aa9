"""The values file: parameters of rules for one build, `{rule id: {parameter: value}}`, `*` being every rule.

A rule's own entry goes before the one of `*`. What no rule has, and what has another type, is a diagnostic.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard, assert_never

from cmpolicy import ir
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.fields.index import suggest
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.chunks import Chunk
from cmpolicy.yaml.faultless import documents_of, text_of
from cmpolicy.yaml.places import position
from cmpolicy.yaml.reader import Document

EVERY_RULE = "*"
"""The entry whose parameters every rule gets that has them."""

SHAPE = "write `rule-id:` and below it, indented, `parameter: value`"


@dataclass(frozen=True, slots=True)
class ValuesFile:
    """What a values file says, by rule id; `chunk` is its text, for diagnostics."""

    chunk: Chunk
    by_rule: Mapping[str, JsonMap]

    def of(self, rule: ir.Rule) -> dict[str, ir.Constant]:
        """The values for this rule's parameters, those of a wrong type left out."""
        given = {**self.by_rule.get(EVERY_RULE, {}), **self.by_rule.get(rule.id, {})}
        typed = {each.name: constant(given.get(each.name), each.type) for each in rule.parameters}
        return {name: value for name, value in typed.items() if value is not None}

    def check(self, rules: Sequence[ir.Rule]) -> tuple[Diagnostic, ...]:
        """What is wrong with the file for these rules."""
        by_id = {rule.id: rule for rule in rules}
        return tuple(problem for name, given in self.by_rule.items() for problem in self._entry(name, given, by_id))

    def _entry(self, name: str, given: JsonMap, by_id: Mapping[str, ir.Rule]) -> Iterator[Diagnostic]:
        if name == EVERY_RULE:
            yield from self._parameters(name, given, by_id.values())
        elif name in by_id:
            yield from self._parameters(name, given, [by_id[name]])
        else:
            yield self._wrong(f"there is no rule `{name}`", _meant(name, by_id), name)

    def _parameters(self, name: str, given: JsonMap, rules: Iterable[ir.Rule]) -> Iterator[Diagnostic]:
        declared = [parameter for rule in rules for parameter in rule.parameters]
        for parameter, value in given.items():
            types = dict.fromkeys(each.type for each in declared if each.name == parameter)
            if not types:
                message = f"{_owner(name)} parameter `{parameter}`"
                yield self._wrong(message, _meant(parameter, (each.name for each in declared)), name, parameter)
            for type_ in types:
                if constant(value, type_) is None:
                    message = f"`{parameter}` is of type {type_}, not `{_shown(value)}`"
                    yield self._wrong(message, _NEEDED[type_], name, parameter)

    def _wrong(self, message: str, remedy: str, *keys: str) -> Diagnostic:
        return _at(self.chunk, message, remedy, keys)


def _at(chunk: Chunk, message: str, remedy: str, keys: Sequence[str] = ()) -> Diagnostic:
    pointer = "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys)
    line, column = position(chunk, pointer)
    return Diagnostic("values", message, chunk.file, line, column, help=remedy)


def _owner(name: str) -> str:
    return "no rule has a" if name == EVERY_RULE else f"`{name}` has no"


def _meant(name: str, known: Iterable[str]) -> str:
    names = sorted(set(known))
    close = suggest(name, names)
    if close:
        return f"did you mean `{close}`?"
    return f"there is {', '.join(f'`{each}`' for each in names)}" if 0 < len(names) <= 10 else ""


def _shown(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 40 else f"{text[:40]}…"


_NEEDED: Mapping[ir.ParameterType, str] = {
    ir.ParameterType.INTEGER: f"give a whole number without quotes, such as `3`, of no more than {ir.MAX_EXACT_INTEGER}",
    ir.ParameterType.NUMBER: f"give a number without quotes, such as `1.5`, of no more than {ir.MAX_EXACT_INTEGER}",
    ir.ParameterType.STRING: "give a text, in quotes if it looks like a number or a truth value",
    ir.ParameterType.BOOLEAN: "give `true` or `false` without quotes",
    ir.ParameterType.QUANTITY: 'give a quantity, such as `"512Mi"` or `"250m"`',
    ir.ParameterType.STRINGS: "give a list of texts, such as `[a, b]`",
    ir.ParameterType.INTEGERS: "give a list of whole numbers, such as `[80, 443]`",
}


def constant(value: Json, type_: ir.ParameterType) -> ir.Constant | None:
    """The value as a parameter of this type takes it, or None if it is of another type."""
    match type_:
        case ir.ParameterType.INTEGER:
            return value if _is_integer(value) else None
        case ir.ParameterType.NUMBER:
            return value if _is_number(value) else None
        case ir.ParameterType.STRING:
            return value if isinstance(value, str) else None
        case ir.ParameterType.BOOLEAN:
            return value if isinstance(value, bool) else None
        case ir.ParameterType.QUANTITY:
            return value if isinstance(value, str) and quantity(value) is not None else None
        case ir.ParameterType.STRINGS:
            return _elements(value, ir.ParameterType.STRING)
        case ir.ParameterType.INTEGERS:
            return _elements(value, ir.ParameterType.INTEGER)
        case _:
            assert_never(type_)


def _elements(value: Json, type_: ir.ParameterType) -> ir.Constant | None:
    if not isinstance(value, list | tuple):
        return None
    elements = [constant(element, type_) for element in value]
    return None if None in elements else tuple(each for each in elements if isinstance(each, bool | int | float | str))


def _is_integer(value: Json) -> TypeGuard[int]:
    return type(value) is int and abs(value) <= ir.MAX_EXACT_INTEGER


def _is_number(value: Json) -> TypeGuard[int | float]:
    return _is_integer(value) or (isinstance(value, float) and abs(value) <= ir.MAX_EXACT_INTEGER)


def read_values(path: Path) -> ValuesFile:
    """Read a values file. Raises `CmpolicyError` if it is unreadable or of another shape."""
    return parse_values(str(path), text_of(path, "values"))


def parse_values(file: str, text: str) -> ValuesFile:
    """The content of a values file. Raises `CmpolicyError` if it is of another shape."""
    match documents_of(file, text):
        case []:
            return ValuesFile(Chunk(file, text), {})
        case [Document(Mapping() as value, chunk)]:
            wrong = [name for name, given in value.items() if not isinstance(given, Mapping)]
            if wrong:
                raise CmpolicyError(
                    *(_at(chunk, f"`{name}` has no parameters below it", SHAPE, [name]) for name in wrong)
                )
            return ValuesFile(chunk, {name: given for name, given in value.items() if isinstance(given, Mapping)})
        case _:
            raise CmpolicyError(Diagnostic("values", "the file is not one map of rules", file, 1, help=SHAPE))
