"""The IR as CEL: core CEL with Kubernetes' libraries for quantities, lists and strings.

Every expression is total: a value is read behind guards, and is null where one of them is false, so that no engine
error is ever relied on. Numbers may arrive as int64 or double and mean the same. What does not depend on a bound
variable is held in a named variable, one step each, so the text grows in proportion to the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.evaluate.text import text
from cmpolicy.lang import cel_reads as reads
from cmpolicy.lang import cel_syntax as cel
from cmpolicy.lang.cel_names import items_name, local_names, path_name, unique
from cmpolicy.lang.cel_reads import Read, is_not_null, is_null, type_of
from cmpolicy.lang.cel_syntax import EMPTY, FALSE, NULL, TRUE, Cel
from cmpolicy.lang.cel_text import text_of
from cmpolicy.lang.scopes import is_closed, is_false_of_null
from cmpolicy.passes import normalize
from cmpolicy.passes.expand_workloads import common_pod_path, get_path, pod_path, pod_value

_TEXT_METHODS = {
    ir.TextTest.STARTS_WITH: "startsWith",
    ir.TextTest.ENDS_WITH: "endsWith",
    ir.TextTest.CONTAINS: "contains",
}
_PERCENT = "^[0-9]{1,4}%$"


@dataclass(frozen=True, slots=True)
class Roots:
    """How the object, the old object and the parameters are spelled; without `params` a parameter is its default."""

    obj: str = "object"
    old: str = "oldObject"
    params: str | None = None


@dataclass(frozen=True, slots=True)
class CelProgram:
    """A rule in CEL. `variables` are names and expressions, each using only those before it, as `variables.name`.

    `validation` is a bool, true unless the rule fails; `message` is a string.
    """

    variables: tuple[tuple[str, str], ...]
    validation: str
    message: str


def print_program(rule: ir.Rule, roots: Roots | None = None) -> CelProgram:
    """The rule as CEL: the validation is `!(when) || condition`."""
    printer = _Printer(rule, roots or Roots())
    allowed = ir.Or((ir.Not(rule.when), rule.condition))
    validation = printer.condition(normalize(rule.with_conditions(ir.TRUE, allowed)).condition)
    message = printer.message(rule.message)
    return CelProgram(tuple(printer.variables.items()), validation.text, message.text)


class _Printer:
    """Prints the parts of one rule, and collects the variables that they need."""

    def __init__(self, rule: ir.Rule, roots: Roots) -> None:
        self.variables: dict[str, str] = {}
        self._rule = rule
        self._roots = roots
        self._hoisted: dict[tuple[str, ir.Node], Cel] = {}
        self._taken_locally: set[str] = set()
        names = local_names(rule, self._taken_locally)
        self._locals = {name: Cel(local) for name, local in names.items()}
        self._bindings: list[tuple[Cel, Cel]] = []

    # Names

    def _hoist(self, node: ir.Node, hint: str, make: Callable[[], Cel], role: str = "") -> Cel:
        """The variable that holds what `make` gives for this node, which depends on no bound variable."""
        if (role, node) not in self._hoisted:
            expression = make()
            name = unique(hint, self.variables.keys())
            self.variables[name] = expression.text
            self._hoisted[role, node] = Cel(f"variables.{name}")
        return self._hoisted[role, node]

    def _name(self, node: ir.Node, hint: str, make: Callable[[], Cel], role: str = "") -> Cel:
        """A name for what `make` gives: a variable, or a local name that the condition at hand binds."""
        if is_closed(node):
            return self._hoist(node, hint, make, role)
        name = self._fresh(hint)
        self._bindings.append((name, make()))
        return name

    def _fresh(self, hint: str) -> Cel:
        name = unique(hint, self._taken_locally)
        self._taken_locally.add(name)
        return Cel(name)

    def _plain_unless_known(self, value: ir.Value) -> Read:
        read = self._direct(value)
        return read if read.known else self._plain(value)

    def _plain(self, value: ir.Value) -> Read:
        """The value in a form that may be written several times."""
        read = self._read(value)
        if read.plain:
            return read
        return Read(self._name(value, path_name(value), read.total))

    # Values

    def _read(self, value: ir.Value) -> Read:
        if _is_hoisted(value) and is_closed(value):
            name = self._hoist(value, self._variable_name(value), lambda: self._direct(value).total())
            return Read(name)
        return self._direct(value)

    def _variable_name(self, value: ir.Value) -> str:
        path = common_pod_path(self._rule.kinds)
        if path is not None and value == get_path(ir.Obj(), (*path, "spec")):
            return "podSpec" if path else "spec"
        return path_name(value)

    def _direct(self, value: ir.Value) -> Read:
        match value:
            case ir.Const(constant):
                static = cel.static_type(constant)
                return Read(cel.literal(constant), known=type_of(constant), static=static, constant=True)
            case ir.Param():
                return self._parameter(value)
            case ir.Obj():
                return Read(cel.dynamic(Cel(self._roots.obj)))
            case ir.Old():
                return Read(cel.dynamic(Cel(self._roots.old)))
            case ir.Var(name):
                return Read(self._locals[name])
            case ir.PodSpec():
                return self._pod(value, "spec")
            case ir.PodMeta():
                return self._pod(value, "metadata")
            case ir.Get(base, key):
                return self._get(base, key)
            case ir.Default(inner, fallback):
                return self._default(inner, fallback)
            case ir.Percent(inner):
                return self._percent(inner)
            case ir.Len(inner):
                return self._len(inner)
            case ir.Count(items, var, condition):
                found = self._filter(self._items(items), var, condition)
                return Read(cel.call("size", found), known=ir.ValueType.NUMBER, static="int")
            case ir.Flag(items, name, switch):
                return self._flag(items, name, switch)
            case _:
                assert_never(value)

    def _parameter(self, parameter: ir.Param) -> Read:
        if self._roots.params is None:
            return self._direct(ir.Const(parameter.default))
        params, default = Cel(self._roots.params), cel.dynamic(cel.literal(parameter.default))
        return Read(
            self._hoist(parameter, parameter.name, lambda: _entry(params, parameter.name, default)),
            known=type_of(parameter.default),
            constant=True,
        )

    def _pod(self, value: ir.PodSpec | ir.PodMeta, part: str) -> Read:
        path = common_pod_path(self._rule.kinds)
        if path is not None:
            return self._read(get_path(ir.Obj(), (*path, part)))
        return Read(self._hoist(value, path_name(value), lambda: self._pod_by_kind(part)))

    def _pod_by_kind(self, part: str) -> Cel:
        """`kind in ["Deployment", "Job"] ? … : kind in ["Pod"] ? … : null`"""
        found = NULL
        kind = self._read(ir.Get(ir.Obj(), "kind")).value
        for path in reversed(list(dict.fromkeys(map(pod_path, self._rule.kinds)))):
            names = [each.kind for each in self._rule.kinds if pod_path(each) == path]
            at = pod_value(next(each for each in self._rule.kinds if pod_path(each) == path), part)
            if at is not None:
                of_kind = cel.relation("in", kind, cel.literal(tuple(names)))
                found = cel.conditional(of_kind, self._read(at).value, found)
        return found

    def _get(self, base: ir.Value, key: str | ir.Param) -> Read:
        name = Cel(cel.quote(key)) if isinstance(key, str) else self._parameter(key).value
        read = self._plain(base)
        is_map = cel.has_type(read.value, "map")
        match base:
            case ir.Obj():
                is_map = cel.relation("!=", Cel(self._roots.obj), Cel("null"))
            case ir.Old():
                is_map = cel.relation("!=", Cel(self._roots.old), Cel("null"))
        guards = (*read.guards, is_map, cel.relation("in", name, read.value))
        return Read(cel.index(read.value, name), guards)

    def _default(self, inner: ir.Value, fallback: ir.Value) -> Read:
        read = self._plain(inner)
        given = cel.conjunction((*read.guards, is_not_null(read.value)))
        value = cel.conditional(given, read.dynamic(), self._read(fallback).total())
        return Read(value, plain=False)

    def _percent(self, inner: ir.Value) -> Read:
        read = self._plain(inner)
        matches = cel.method(read.value, "matches", Cel(cel.quote(_PERCENT)))
        digits = cel.method(read.value, "replace", Cel('"%"'), Cel('""'))
        guards = (*read.guards, cel.has_type(read.value, "string"), matches)
        return Read(cel.call("int", digits), guards, ir.ValueType.NUMBER, "int", plain=False)

    def _len(self, inner: ir.Value) -> Read:
        read = self._plain(inner)
        value, local = read.dynamic(), self._fresh("e")
        elements = _without_null(value, local)
        entries = cel.method(value, "filter", local, is_not_null(cel.index(value, local)))
        size = cel.conditional(
            cel.has_type(value, "string"),
            cel.call("size", value),
            cel.conditional(cel.has_type(value, "list"), cel.call("size", elements), cel.call("size", entries)),
        )
        guards = (*read.guards, cel.has_type(value, "string", "list", "map"))
        return Read(size, guards, ir.ValueType.NUMBER, "int", plain=False)

    def _flag(self, items: ir.Items, name: str, switch: bool) -> Read:
        bare, prefix, local = Cel(cel.quote(f"--{name}")), Cel(cel.quote(f"--{name}=")), self._fresh("a")
        given = self._name(items, "arguments", lambda: _without_null(self._items(items), local), "given")
        is_pair = cel.conjunction((cel.has_type(local, "string"), cel.method(local, "startsWith", prefix)))
        bared = cel.method(given, "map", local, cel.conditional(is_pair, cel.dynamic(bare), local))
        key = ir.Flag(items, name)
        at = self._name(key, f"{path_name(key)}_at", lambda: cel.method(bared, "lastIndexOf", bare), "at")
        last = cel.index(given, at)
        value = cel.method(last, "substring", Cel(str(len(name) + 3)))
        guards = (cel.relation(">=", at, Cel("0")),)
        is_bare = cel.relation("==", last, bare)
        if switch:
            chosen = cel.conditional(is_bare, Cel('"true"'), value)
            return Read(chosen, guards, ir.ValueType.STRING, "string", plain=False)
        chosen = cel.conditional(is_bare, self._following(given, at), cel.dynamic(value))
        return Read(chosen, guards, plain=False)

    def _following(self, given: Cel, at: Cel) -> Cel:
        following = cel.total((at, Cel("1")))
        there = cel.relation("<", following, cel.call("size", given))
        value = cel.index(given, following)
        return cel.conditional(cel.conjunction((there, cel.has_type(value, "string"))), value, NULL)

    # Lists

    def _items(self, items: ir.Items) -> Cel:
        """The list, nulls among its elements; empty if it is none."""
        guards, found = self._guarded_items(items)
        return cel.conditional(cel.conjunction(guards), found, EMPTY)

    def _guarded_items(self, items: ir.Items) -> tuple[tuple[Cel, ...], Cel]:
        """The list behind guards: empty unless all of them are true."""
        if not is_closed(items):
            return self._direct_items(items)

        def make() -> Cel:
            guards, found = self._direct_items(items)
            return cel.conditional(cel.conjunction(guards), found, EMPTY)

        return (), self._hoist(items, items_name(items), make)

    def _direct_items(self, items: ir.Items) -> tuple[tuple[Cel, ...], Cel]:
        match items:
            case ir.Elems(value):
                # A list that is only run over needs no variable for its undivided value.
                read = self._direct(value) if isinstance(value, ir.Get) else self._plain(value)
                is_list = () if read.known else (cel.has_type(read.value, "list"),)
                return (*read.guards, *is_list), read.dynamic()
            case ir.Concat(parts):
                return (), cel.total(map(self._items, parts)) if parts else EMPTY
            case _:
                assert_never(items)

    def _filter(self, found: Cel, var: str, condition: ir.Condition) -> Cel:
        return cel.method(found, "filter", self._locals[var], self._of_element(var, condition))

    def _of_element(self, var: str, condition: ir.Condition) -> Cel:
        """The condition on an element, false of null."""
        given = TRUE if is_false_of_null(condition, var) else is_not_null(self._locals[var])
        return cel.conjunction((given, self.condition(condition)))

    # Conditions

    def condition(self, condition: ir.Condition) -> Cel:
        """The condition as an expression of type bool."""
        match condition:
            case ir.Bool(value):
                return TRUE if value else FALSE
            case ir.And(items):
                return cel.conjunction(map(self.condition, items))
            case ir.Or(items):
                return cel.disjunction(map(self.condition, items))
            case ir.Not(item):
                return cel.negation(self.condition(item))
            case _:
                return self._bound(condition)

    def _bound(self, condition: ir.Condition) -> Cel:
        """The condition inside bindings of the local names that it needs: `[value].exists(name, condition)`"""
        outer, self._bindings = self._bindings, []
        test = self._test(condition)
        for name, value in reversed(self._bindings):
            test = cel.method(cel.list_of((value,)), "exists", name, test)
        self._bindings = outer
        return test

    def _test(self, condition: ir.Condition) -> Cel:
        match condition:
            case ir.Bool() | ir.And() | ir.Or() | ir.Not():
                return self.condition(condition)
            case ir.Exists(value):
                return reads.exists(self._read(value))
            case ir.IsType(value, type_):
                return reads.has_type(self._plain(value), type_)
            case ir.Eq(left, right):
                return self._eq(left, right)
            case ir.In(value, options):
                return reads.contained(self._read(value), self._read(options))
            case ir.Compare(order, left, right):
                return reads.compare(order, self._plain_unless_known(left), self._plain_unless_known(right))
            case ir.CompareQuantity(order, left, right):
                return reads.compare_quantity(order, self._quantity(left), self._quantity(right))
            case ir.Text(text_test, value, sought):
                argument = self._read(sought).value
                return reads.of_string(
                    self._plain_unless_known(value), lambda read: cel.method(read, _TEXT_METHODS[text_test], argument)
                )
            case ir.Matches(value, pattern):
                argument = Cel(cel.quote(pattern))
                return reads.of_string(
                    self._plain_unless_known(value), lambda read: cel.method(read, "matches", argument)
                )
            case ir.Any(items, var, inner):
                guards, found = self._guarded_items(items)
                local, test = self._locals[var], self._of_element(var, inner)
                return cel.conjunction((*guards, cel.method(found, "exists", local, test)))
            case ir.All(items, var, inner):
                guards, found = self._guarded_items(items)
                local = self._locals[var]
                test = cel.disjunction((is_null(local), self.condition(inner)))
                return cel.conditional(cel.conjunction(guards), cel.method(found, "all", local, test), TRUE)
            case ir.AnyEntry(value, key, var, inner):
                read, entry = self._entries(value, key, var)
                test = cel.conjunction((is_not_null(entry), self.condition(inner)))
                return cel.conjunction((*read.guards, cel.method(read.value, "exists", self._locals[key], test)))
            case ir.AllEntry(value, key, var, inner):
                read, entry = self._entries(value, key, var)
                test = cel.disjunction((is_null(entry), self.condition(inner)))
                holds = cel.method(read.value, "all", self._locals[key], test)
                return cel.conditional(cel.conjunction(read.guards), holds, TRUE)
            case _:
                assert_never(condition)

    def _eq(self, left: ir.Value, right: ir.Value) -> Cel:
        sides = self._direct(left), self._direct(right)
        if any(side.constant for side in sides):
            return reads.eq(self._read(left), self._read(right))
        return reads.eq(self._plain_unless_known(left), self._plain_unless_known(right))

    def _quantity(self, value: ir.Value) -> Read:
        constant = self._constant(value)
        if constant is None:
            return reads.quantity_of(self._plain_unless_known(value))
        if quantity(constant) is None:
            return Read(NULL, (FALSE,))
        return Read(cel.call("quantity", Cel(cel.quote(str(constant)))))

    def _constant(self, value: ir.Value) -> ir.Constant | None:
        if isinstance(value, ir.Param) and self._roots.params is None:
            return value.default
        return value.value if isinstance(value, ir.Const) else None

    def _entries(self, value: ir.Value, key: str, var: str) -> tuple[Read, Cel]:
        """The map behind guards, and its entry under the local name of `key`."""
        read = self._plain(value)
        entry = cel.index(read.value, self._locals[key])
        self._locals[var] = entry
        return Read(read.value, (*read.guards, cel.has_type(read.value, "map"))), entry

    # Messages

    def message(self, message: ir.Message) -> Cel:
        """The message as an expression of type string."""
        parts = [Cel(cel.quote(part)) if isinstance(part, str) else self._text(part) for part in message]
        return cel.total(parts) if parts else Cel('""')

    def _text(self, value: ir.Value) -> Cel:
        if isinstance(value, ir.Const):
            return Cel(cel.quote(text(value.value)))
        return self._hoist(value, f"{path_name(value)}_text", lambda: text_of(self._plain(value)), "text")


def _is_hoisted(value: ir.Value) -> bool:
    return isinstance(value, ir.Get | ir.Default | ir.Flag)


def _without_null(found: Cel, local: Cel) -> Cel:
    return cel.method(found, "filter", local, is_not_null(local))


def _entry(params: Cel, name: str, default: Cel) -> Cel:
    """The parameter, or its default where it is absent or null."""
    key = Cel(cel.quote(name))
    value = cel.index(params, key)
    given = cel.conjunction((cel.has_type(params, "map"), cel.relation("in", key, params), is_not_null(value)))
    return cel.conditional(given, value, default)
