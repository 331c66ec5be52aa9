"""Rego: the lines of a rule body, printed from values and conditions of the IR."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import count
from typing import assert_never

from cmpolicy import ir
from cmpolicy.lang.rego_library import helper_names
from cmpolicy.lang.scopes import free
from cmpolicy.passes import to_nnf
from cmpolicy.passes.expand_workloads import common_pod_path
from cmpolicy.passes.filters import Filter, Filtered

_KEYWORDS = (
    *("as", "contains", "data", "default", "else", "every", "false", "if", "import", "in", "input", "not", "null"),
    *("package", "some", "true", "with"),
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USED_BUILTINS = ("array", "concat", "count", "object")
_EITHER, _COUNTED, _FILTERED = "either", "counted", "filtered"
_STEMS = (_EITHER, _COUNTED, _FILTERED)
_OF_RULES = re.compile(rf"({'|'.join(_STEMS)})_[0-9]+")
"""What rules are called that a printer makes for parts of conditions and for lists."""
_RULES = ("violation", "matched", "message", "manifest", "old", "params", "pod")

_TYPES = {
    ir.ValueType.BOOLEAN: "is_boolean",
    ir.ValueType.NUMBER: "is_number",
    ir.ValueType.INTEGER: "is_integer",
    ir.ValueType.STRING: "is_string",
    ir.ValueType.LIST: "is_array",
    ir.ValueType.MAP: "is_object",
}
_ORDERS = {
    ir.Order.LESS: "less_than",
    ir.Order.AT_MOST: "at_most",
    ir.Order.GREATER: "greater_than",
    ir.Order.AT_LEAST: "at_least",
}
_TESTS = {
    ir.TextTest.STARTS_WITH: "starts_with",
    ir.TextTest.ENDS_WITH: "ends_with",
    ir.TextTest.CONTAINS: "has_text",
}


def reserved_names() -> frozenset[str]:
    """Names that no local variable may have."""
    return helper_names().union(_KEYWORDS, _USED_BUILTINS, _RULES, _TYPES.values())


def quote(value: ir.Constant) -> str:
    """A constant as Rego text: JSON, all in ASCII."""
    match value:
        case bool() | str():
            return json.dumps(value)
        case int() | float():
            return _number(value)
        case _:
            return f"[{', '.join(map(quote, value))}]"


def _number(number: int | float) -> str:
    """A number without zeros after a decimal point: OPA 1.17 compares numbers by texts from which it cuts these off.

    It takes `10.0` for `1`, and `1.5e-10` for `1.5e-1`.
    """
    if abs(number) <= ir.MAX_EXACT_INTEGER and number == int(number):
        return str(int(number))
    digits, _, exponent = repr(number).partition("e")
    whole, _, decimals = digits.partition(".")
    return f"{whole}{decimals}e{int(exponent) - len(decimals)}" if exponent and decimals else repr(number)


def call(function: str, *arguments: str) -> str:
    """`function(a, b)`, or the bare name of a rule without arguments."""
    return f"{function}({', '.join(arguments)})" if arguments else function


def get(base: str, keys: Iterable[str]) -> str:
    """The value at a path of keys, or null: by the built-in function where the base is known to be an object.

    The input is one, and so is the manifest, as the rule `matched` holds wherever more of it is read.
    """
    path = f"[{', '.join(keys)}]"
    return call("object.get", base, path, "null") if base in ("input", "manifest") else call("get", base, path)


def define(head: str, lines: Sequence[str]) -> str:
    """A rule with a body of these lines."""
    return "\n".join([f"{head} if {{", *indent(lines), "}"])


def indent(lines: Sequence[str]) -> list[str]:
    """The lines one level deeper."""
    return [f"\t{line}" for line in lines]


@dataclass(slots=True)
class Body:
    """The lines of a rule body or of a block in it.

    `names` maps variables of the IR to local names; `taken`, the local names of the whole body, is shared by its blocks.
    """

    names: Mapping[str, str]
    taken: set[str]
    lines: list[str] = field(default_factory=list)

    def fresh(self, wanted: str) -> str:
        """A local name like the wanted one, which the body does not have yet."""
        taken = self.taken | reserved_names()
        name = next(
            name for name in _candidates(_identifier(wanted)) if name not in taken and not _OF_RULES.fullmatch(name)
        )
        self.taken.add(name)
        return name

    def block(self, bound: Mapping[str, str]) -> Body:
        """An empty block of this body in which more variables are bound."""
        return Body({**self.names, **bound}, self.taken)


def _candidates(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}_{n}" for n in count(2))


def _identifier(wanted: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]", "_", wanted).strip("_")
    is_free = plain[:1].isalpha() and plain not in _STEMS  # every number after a stem is a rule's
    return plain if is_free else f"it_{plain}".rstrip("_")


@dataclass(slots=True)
class Printer:
    """Prints the values and conditions of a rule.

    The rules that disjunctions become are gathered in `alternatives`, those for filtered lists in `lists`, with their names.
    """

    found: Filtered
    has_parameters: bool
    alternatives: list[str] = field(default_factory=list)
    lists: dict[ir.Items, tuple[str, str]] = field(default_factory=dict)
    _named: Iterator[int] = field(default_factory=lambda: count(1))

    def value(self, value: ir.Value, body: Body) -> str:
        """A value as an expression that is always defined; a count is bound in the body first."""
        match value:
            case ir.Const(constant):
                return quote(constant)
            case ir.Param(name, _, default):
                return _parameter(name) if self.has_parameters else quote(default)
            case ir.Obj():
                return "manifest"
            case ir.Old():
                return "old"
            case ir.Known(kind, namespace):
                return self._known(kind, namespace, body)
            case ir.Var(name):
                return body.names[name]
            case ir.PodSpec() | ir.PodMeta() | ir.Get():
                return self._path(value, (), body)
            case ir.Default(inner, fallback):
                return call("default_to", self.value(inner, body), self.value(fallback, body))
            case ir.Percent(inner):
                return call("percent", self.value(inner, body))
            case ir.Scaled(inner, total, up):
                return call("scaled", self.value(inner, body), self.value(total, body), quote(up))
            case ir.UrlPort(inner):
                return call("url_port", self.value(inner, body))
            case ir.Seconds(inner):
                return call("seconds", self.value(inner, body))
            case ir.Len(inner):
                return call("size", self.value(inner, body))
            case ir.Count(items, var, condition):
                return self._count(items, var, condition, body)
            case ir.Flag(items, name, switch):
                return call("flag", self.items(items, body), quote(f"--{name}"), quote(switch))
            case _:
                assert_never(value)

    def _known(self, kind: ir.Kind, namespace: ir.Value | None, body: Body) -> str:
        names = (quote(kind.api_version), quote(kind.kind))
        if namespace is not None:
            return call("known_in", *names, self.value(namespace, body))
        return call("known_everywhere" if kind.namespaced else "known_to_the_cluster", *names)

    def _path(self, value: ir.Value, keys: tuple[str, ...], body: Body) -> str:
        """A chain of `Get` as one call: `get(container, ["securityContext", "privileged"])`."""
        match value:
            case ir.Get(base, key):
                above = quote(key) if isinstance(key, str) else self.value(key, body)
                return self._path(base, (above, *keys), body)
            case ir.PodSpec():
                return self._pod("spec", keys)
            case ir.PodMeta():
                return self._pod("metadata", keys)
            case _:
                return get(self.value(value, body), keys)

    def _pod(self, part: str, keys: tuple[str, ...]) -> str:
        """Read from the manifest where all kinds have the pod at one path, else from the rule `pod`."""
        path = common_pod_path(self.found.rule.kinds)
        base, above = ("pod", ()) if path is None else ("manifest", path)
        return get(base, (*map(quote, above), quote(part), *keys))

    def _count(self, items: ir.Items, var: str, condition: ir.Condition, body: Body) -> str:
        name = body.fresh("n")
        source = self.items(items, body)
        block, bound = self._bind((var,), condition, body)
        self._once(to_nnf(condition), block)
        body.lines += [f"{name} := count([1 |", *indent([f"some {bound} in {source}", *block.lines]), "])"]
        return name

    def _once(self, condition: ir.Condition, body: Body) -> None:
        """Like `condition`, but the lines hold in one way at most, so that an element with two witnesses counts once."""
        if _has_witness(condition):
            body.lines.append(self._helper(_COUNTED, (condition,), body))
        else:
            self.condition(condition, body)

    def items(self, items: ir.Items, body: Body) -> str:
        """A list expression as an expression that is always an array without nulls."""
        if (kept := self.found.filters.get(items)) is not None:
            return self._filtered(items, kept)
        return self._all_items(items, body)

    def _filtered(self, items: ir.Items, kept: Filter) -> str:
        """The name of the rule that holds what a filter leaves of a list outside every quantifier."""
        if items not in self.lists:
            body = Body({}, set())
            source = self._all_items(items, body)
            block, bound = self._bind((kept.var,), kept.condition, body)
            self._once(to_nnf(kept.condition), block)
            some = indent([f"some {bound} in {source}", *block.lines])
            name = f"{_FILTERED}_{next(self._named)}"
            self.lists[items] = name, "\n".join([f"{name} := [{bound} |", *some, "]"])
        return self.lists[items][0]

    def _all_items(self, items: ir.Items, body: Body) -> str:
        match items:
            case ir.Elems(value):
                return call("elems", self.value(value, body))
            case ir.Concat(parts):
                texts = [self.items(part, body) for part in parts]
                return reduce(lambda left, right: call("array.concat", left, right), texts) if texts else "[]"
            case _:
                assert_never(items)

    def _bind(self, variables: Sequence[str], condition: ir.Condition, body: Body) -> tuple[Body, str]:
        """A block in which the variables are bound, and their declaration: `_` for one that is not read."""
        read = _variables(condition)
        names = {variable: body.fresh(variable) if variable in read else "_" for variable in variables}
        return body.block(names), ", ".join(names.values())

    def condition(self, condition: ir.Condition, body: Body) -> None:
        """Add lines that hold exactly where the condition, in negation normal form, is true."""
        match condition:
            case ir.Bool(value):
                body.lines.append(quote(value))
            case ir.And(conditions):
                for item in conditions:
                    self.condition(item, body)
            case ir.Or(conditions):
                body.lines.append(self._helper(_EITHER, conditions, body))
            case ir.Any(items, var, inner):
                self._some(self.items(items, body), (var,), inner, body)
            case ir.All(items, var, inner):
                self._every(self.items(items, body), (var,), inner, body)
            case ir.AnyEntry(value, key, var, inner):
                self._some(call("entries", self.value(value, body)), (key, var), inner, body)
            case ir.AllEntry(value, key, var, inner):
                self._every(call("entries", self.value(value, body)), (key, var), inner, body)
            case ir.Not(ir.Exists(value)):
                body.lines.append(f"is_null({self.value(value, body)})")
            case ir.Not(ir.Eq(left, right)) if _is_plain(left, right):
                body.lines.append(f"{self.value(left, body)} != {self.value(right, body)}")
            case ir.Not(inner):
                body.lines.append(f"not {self._test(inner, body)}")
            case _:
                body.lines.append(self._test(condition, body))

    def _some(self, source: str, variables: Sequence[str], condition: ir.Condition, body: Body) -> None:
        block, bound = self._bind(variables, condition, body)
        if condition != ir.TRUE:
            self.condition(condition, block)
        body.lines += [f"some {bound} in {source}", *block.lines]

    def _every(self, source: str, variables: Sequence[str], condition: ir.Condition, body: Body) -> None:
        block, bound = self._bind(variables, condition, body)
        self.condition(condition, block)
        body.lines += [f"every {bound} in {source} {{", *indent(block.lines), "}"]

    def _helper(self, stem: str, conditions: Sequence[ir.Condition], body: Body) -> str:
        """A call of a new helper that has a body for each condition; it takes the variables that they read."""
        read = set[str]().union(*map(_variables, conditions))
        names = {variable: name for variable, name in body.names.items() if variable in read}
        helper, place = f"{stem}_{next(self._named)}", len(self.alternatives)
        self.alternatives.append("")
        self.alternatives[place] = "\n\n".join(self._alternative(helper, names, item) for item in conditions)
        return call(helper, *names.values())

    def _alternative(self, helper: str, names: Mapping[str, str], condition: ir.Condition) -> str:
        body = Body(names, set(names.values()))
        self.condition(condition, body)
        read = _variables(condition)
        return define(call(helper, *(name if var in read else "_" for var, name in names.items())), body.lines)

    def _test(self, condition: ir.Condition, body: Body) -> str:
        """A condition without parts as one expression, true or undefined, or true or false."""
        match condition:
            case ir.Exists(value):
                return f"not is_null({self.value(value, body)})"
            case ir.IsType(value, type_):
                return call(_TYPES[type_], self.value(value, body))
            case ir.Eq(left, right):
                texts = self.value(left, body), self.value(right, body)
                return " == ".join(texts) if _is_plain(left, right) else call("same", *texts)
            case ir.In(value, options):
                return f"{self.value(value, body)} in {self.value(options, body)}"
            case ir.Compare(order, left, right):
                return call(_ORDERS[order], self.value(left, body), self.value(right, body))
            case ir.CompareQuantity(order, left, right):
                amounts = (call("quantity", self.value(side, body)) for side in (left, right))
                return call(_ORDERS[order], *amounts)
            case ir.Text(test, value, text):
                return call(_TESTS[test], self.value(value, body), self.value(text, body))
            case ir.Matches(value, pattern):
                return call("matches", self.value(value, body), quote(pattern))
            case _:
                raise AssertionError(f"{condition} has parts, so it is no single test")


def _has_witness(condition: ir.Condition) -> bool:
    """Whether lines of the condition bind an element, of which several may do."""
    match condition:
        case ir.And(items):
            return any(map(_has_witness, items))
        case _:
            return isinstance(condition, ir.Any | ir.AnyEntry)


def _variables(condition: ir.Condition) -> set[str]:
    """The variables that the condition reads and that are bound around it."""
    return {node.name for node in free(condition) if isinstance(node, ir.Var)}


def _parameter(name: str) -> str:
    is_name = _NAME.fullmatch(name) is not None and name not in _KEYWORDS
    return f"params.{name}" if is_name else f"params[{quote(name)}]"


def _is_plain(left: ir.Value, right: ir.Value) -> bool:
    """Whether `==` alone means `Eq`: one side is a scalar that is known, the other of any type, as the type checker asks."""
    return (_is_scalar(left) and _is_open(right)) or (_is_open(left) and _is_scalar(right))


def _is_scalar(value: ir.Value) -> bool:
    match value:
        case ir.Const(constant) | ir.Param(_, _, constant):
            return not isinstance(constant, tuple)
        case _:
            return False


def _is_open(value: ir.Value) -> bool:
    return isinstance(value, ir.Get | ir.Var | ir.PodSpec | ir.PodMeta | ir.Obj)
