"""The IR as CEL: core CEL with Kubernetes' libraries for quantities, lists and strings.

Every expression is total: a value is read behind guards, and is null where one of them is false, so that no engine
error is ever relied on. Numbers may arrive as int64 or double and mean the same. What does not depend on a bound
variable and is read more than once is held in a named variable: an engine may compile each of them on every request,
which costs more than the few steps that lead to a field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.evaluate.text import text
from cmpolicy.evaluate.values import equal
from cmpolicy.lang import cel_quantities as quantities
from cmpolicy.lang import cel_reads as reads
from cmpolicy.lang import cel_syntax as cel
from cmpolicy.lang.cel_facts import Facts
from cmpolicy.lang.cel_names import OWN_NAMES, PathNames, kinds_by_pod_path, local_names, pod_names, unique
from cmpolicy.lang.cel_program import UNSPELLED, CelProgram, Roots, spelled
from cmpolicy.lang.cel_reads import Binding, Read, is_not_null, is_null, type_of
from cmpolicy.lang.cel_syntax import EMPTY, FALSE, NULL, TRUE, Cel
from cmpolicy.lang.cel_text import text_of
from cmpolicy.lang.cel_uses import read_often
from cmpolicy.lang.messages import folded, is_trimmed
from cmpolicy.lang.scopes import is_closed, is_false_of_null
from cmpolicy.once import once
from cmpolicy.passes import normalize
from cmpolicy.passes.expand_workloads import common_pod_path, expand_workloads, get_path
from cmpolicy.passes.filters import Filtered, filtered
from cmpolicy.passes.fold_kind import KIND, fold_kind
from cmpolicy.passes.tree import has_any, walk_rule

_Given: TypeAlias = ir.Const | ir.Param
_Made: TypeAlias = _Given | ir.Percent | ir.Scaled | ir.UrlPort | ir.Seconds | ir.Len | ir.Count | ir.Flag


def print_program(rule: ir.Rule, roots: Roots | None = None) -> CelProgram:
    """The rule as CEL: the validation is `!(when) || condition`."""
    roots = roots or Roots()
    if roots.params is not None and has_any(rule, ir.Param):
        return spelled(_printed_with(rule, replace(UNSPELLED, params=roots.params)), roots)
    return spelled(_printed(rule), roots)


@once  # targets spell roots differently, and nothing else
def _printed(rule: ir.Rule) -> CelProgram:
    return _printed_with(rule, UNSPELLED)


def _printed_with(rule: ir.Rule, roots: Roots) -> CelProgram:
    if common_pod_path(rule.kinds) is not None:
        rule = expand_workloads(rule, rule.kinds[0])
    allowed = ir.Or((ir.Not(rule.when), rule.condition))
    found = filtered(normalize(fold_kind(rule.with_conditions(ir.TRUE, allowed))))
    printer = _Printer(found, roots)
    validation, message = printer.condition(found.rule.condition).text, printer.message(found.rule.message).text
    named = printer.variables
    variables = tuple((name, named[name]) for name in reads.needed(named, (validation, message)))
    return CelProgram(variables, validation, message)


class _Printer:
    """Prints the parts of one rule, and collects the variables that they need."""

    def __init__(self, found: Filtered, roots: Roots) -> None:
        rule = found.whole
        self.variables: dict[str, str] = {}
        self._kinds = rule.kinds
        self._roots = roots
        self._is_there = ir.Operation.DELETE not in rule.operations  # only a deletion has no object
        self._hoisted: dict[tuple[str, ir.Node], Cel] = {}
        self._taken_locally: set[str] = set()
        names = local_names(rule, self._taken_locally)
        self._local_names = {name: Cel(local) for name, local in names.items()}
        self._locals: dict[str, Read] = {}
        self._names = PathNames(pod_names(rule.kinds))
        self._lists = frozenset(ir.Elems(node) for node in walk_rule(rule) if isinstance(node, ir.Known))
        self._filters = found.filters
        self._facts = Facts()
        self._bindings: list[Binding] = []
        self._often = read_often(rule)
        self._shown = Counter(part for part in rule.message if not isinstance(part, str))

    # Names

    def _hoist(self, node: ir.Node, hint: str, make: Callable[[], Cel], role: str = "") -> Cel:
        """The variable that holds what `make` gives for this node, which depends on no bound variable."""
        if (role, node) not in self._hoisted:
            expression = self._facts.apart(make)
            name = unique(hint, self.variables.keys())
            self.variables[name] = expression.text
            self._hoisted[role, node] = Cel(f"variables.{name}")
        return self._hoisted[role, node]

    def _name(self, node: ir.Node, hint: str, make: Callable[[], Cel], role: str = "") -> Cel:
        """A name for what `make` gives: a variable, or a local name that the condition at hand binds."""
        if is_closed(node):
            return self._hoist(node, hint, make, role)
        expression, name = make(), self._fresh(hint)
        self._bindings.append(Binding(name, expression))
        return name

    def _fresh(self, hint: str) -> Cel:
        name = unique(hint, self._taken_locally)
        self._taken_locally.add(name)
        return Cel(name)

    def _plain(self, value: ir.Value) -> Read:
        """The value in a form that may be written several times."""
        read = self._read(value)
        return read if read.plain else Read(self._name(value, self._names.of(value), read.total))

    def _known_or_plain(self, value: ir.Value) -> Read:
        if isinstance(value, _Made):
            return self._direct(value)
        return self._plain(value)

    # Values

    def _read(self, value: ir.Value) -> Read:
        if self._is_hoisted(value):
            name = self._hoist(value, self._names.of(value), lambda: self._direct(value).total())
            return Read(name)
        return self._direct(value)

    def _direct(self, value: ir.Value) -> Read:
        match value:
            case ir.Const(constant):
                static = cel.static_type(constant)
                return Read(cel.literal(constant), known=type_of(constant), static=static, constant=True)
            case ir.Param():
                return self._parameter(value)
            case ir.Obj():
                return reads.root(self._roots.obj)
            case ir.Old():
                return reads.root(self._roots.old)
            case ir.Known(kind, namespace):
                place = None if namespace is None else self._plain(namespace)
                name = self._hoist(value, self._names.of(value), lambda: reads.known(kind, place))
                return Read(name, known=ir.ValueType.LIST)
            case ir.Var(name):
                return self._locals[name]
            case ir.PodSpec():
                return self._pod(value, "spec")
            case ir.PodMeta():
                return self._pod(value, "metadata")
            case ir.Get(base, key):
                return self._get(base, key)
            case ir.Default(inner, fallback):
                return reads.default_of(self._plain(inner), self._read(fallback).total())
            case ir.Percent(inner):
                named = isinstance(inner, ir.Flag)
                return reads.percent_of(self._plain(inner) if named else self._known_or_plain(inner))
            case ir.Scaled(inner, total, up):
                return reads.scaled(self._plain(inner), self._plain(total), up)
            case ir.UrlPort(inner):
                return reads.url_port(self._plain(inner))
            case ir.Seconds(inner):
                return reads.seconds_of(self._plain(inner), self._constant(inner))
            case ir.Len(inner):
                return reads.length_of(self._plain(inner), self._fresh("e"))
            case ir.Count(items, var, condition):
                given, name = self._items(items), self._element(var)
                test = self._of_element(var, condition, has_null=items not in self._filters)
                found = given if test == TRUE else cel.method(given, "filter", name, test)
                return Read(cel.call("size", found), known=ir.ValueType.NUMBER, static="int")
            case ir.Flag(items, name, switch):
                return self._flag(items, name, switch)
            case _:
                assert_never(value)

    def _parameter(self, parameter: ir.Param) -> Read:
        if self._roots.params is None:
            return self._direct(ir.Const(parameter.default))
        params = Cel(self._roots.params)
        name = self._hoist(
            parameter, parameter.name, lambda: reads.parameter_of(params, parameter.name, parameter.default)
        )
        return Read(name, known=type_of(parameter.default), constant=True)

    def _pod(self, value: ir.PodSpec | ir.PodMeta, part: str) -> Read:
        return Read(self._hoist(value, self._names.of(value), lambda: self._pod_by_kind(part)))

    def _pod_by_kind(self, part: str) -> Cel:
        """`kind in ["Deployment", "DaemonSet"] ? … : kind == "Pod" ? … : null`"""
        kind, found = self._read(KIND).total(), NULL
        for path, names in reversed(kinds_by_pod_path(self._kinds).items()):
            at = get_path(ir.Obj(), (*path, part))
            found = cel.conditional(cel.is_one_of(kind, names), self._read(at).total(), found)
        return found

    def _get(self, base: ir.Value, key: str | ir.Param) -> Read:
        name = self._key(key)
        match base:
            case ir.Obj() if self._is_there and key == "kind":
                return Read(Cel(f"{self._roots.obj}.kind"), known=ir.ValueType.STRING)
            case ir.Obj():
                return reads.root_entry(self._roots.obj, name, certain=self._is_there)
            case ir.Old():
                return reads.root_entry(self._roots.old, name, certain=False)
            case _:
                read = reads.entry(self._known_or_plain(base), name)
                guards = self._facts.unknown(read.guards)
                return read if len(guards) == len(read.guards) else replace(read, guards=guards)

    def _key(self, key: str | ir.Param) -> str | Cel:
        if isinstance(key, str):
            return key
        return str(key.default) if self._roots.params is None else self._parameter(key).value

    def _flag(self, items: ir.Items, name: str, switch: bool) -> Read:
        given, found = self._fresh("a"), self._items
        arguments = self._name(items, "arguments", lambda: reads.without_null(found(items), given), "given")
        key = ir.Flag(items, name)
        at = self._name(key, "at", lambda: reads.last_flag(arguments, name, given), "at")
        return reads.flag_of(arguments, at, name, switch)

    # Lists

    def _items(self, items: ir.Items) -> Cel:
        """The list, nulls among its elements; empty if it is none."""
        return reads.or_empty(*self._guarded_items(items))

    def _guarded_items(self, items: ir.Items) -> tuple[tuple[Cel, ...], Cel]:
        """The list behind guards: empty unless all of them are true."""
        name = self._names.of_items(items)
        if items in self._filters:
            return (), self._hoist(items, f"{name}_filtered", lambda: self._filtered(items))
        if not self._is_hoisted(items) or items in self._lists:
            return self._direct_items(items)
        return (), self._hoist(items, name, lambda: reads.or_empty(*self._direct_items(items)))

    def _filtered(self, items: ir.Items) -> Cel:
        kept, found = self._filters[items], reads.or_empty(*self._direct_items(items))
        return cel.method(found, "filter", self._element(kept.var), self._of_element(kept.var, kept.condition))

    def _direct_items(self, items: ir.Items) -> tuple[tuple[Cel, ...], Cel]:
        match items:
            case ir.Elems(value):
                # A list that is only run over needs no variable for its undivided value.
                read = self._direct(value) if isinstance(value, ir.Get) else self._known_or_plain(value)
                if not reads.may_be(read, ir.ValueType.LIST):
                    return (FALSE,), EMPTY
                is_list = () if read.known else (cel.has_type(read.value, "list"),)
                return self._facts.unknown((*read.guards, *is_list)), read.dynamic()
            case ir.Concat(parts):
                return reads.joined([self._guarded_items(part) for part in parts])
            case _:
                assert_never(items)

    def _element(self, var: str) -> Cel:
        self._locals[var] = Read(self._local_names[var])
        return self._local_names[var]

    def _of_element(self, var: str, condition: ir.Condition, *guards: Cel, has_null: bool = True) -> Cel:
        """The condition on an element, false of null, of a list that is there behind guards."""
        is_given = not has_null or is_false_of_null(condition, var)
        given = TRUE if is_given else is_not_null(self._local_names[var])
        return self._facts.of_some(guards, given, lambda: self.condition(condition))

    # Conditions

    def condition(self, condition: ir.Condition) -> Cel:
        """The condition as an expression of type bool."""
        match condition:
            case ir.Bool(value):
                return TRUE if value else FALSE
            case ir.And(items):
                return self._facts.conjunction(items, self.condition)
            case ir.Or(items):
                return self._facts.disjunction(items, self.condition)
            case ir.Not(item):
                return cel.negation(self.condition(item))
            case _:
                return self._bound(condition)

    def _bound(self, condition: ir.Condition) -> Cel:
        """The condition inside bindings of the local names that it needs: `[value].exists(name, condition)`"""
        outer, self._bindings = self._bindings, []
        test = cel.conjunction(self._facts.unknown(cel.operands(self._test(condition))))
        for binding in reversed(self._bindings):
            test = cel.method(cel.list_of((binding.value,)), "exists", binding.name, test)
        self._bindings = outer
        return test

    def _test(self, condition: ir.Condition) -> Cel:
        match condition:
            case ir.Bool() | ir.And() | ir.Or() | ir.Not():
                return self.condition(condition)
            case ir.Exists(value):
                return reads.exists(self._read(value))
            case ir.IsType(value, type_):
                return reads.has_type(self._known_or_plain(value), type_)
            case ir.Eq(left, right):
                return self._eq(left, right)
            case ir.In(value, options):
                return self._in(value, options)
            case ir.Compare(order, left, right):
                return reads.compare(order, self._known_or_plain(left), self._known_or_plain(right))
            case ir.CompareQuantity(order, left, right):
                both = self._quantity(left, beside=right), self._quantity(right, beside=left)
                return quantities.compare_quantity(order, *both)
            case ir.Text(text_test, value, sought):
                method, argument = reads.TEXT_METHODS[text_test], self._read(sought).value
                return reads.of_string(self._known_or_plain(value), method, argument)
            case ir.Matches(value, pattern):
                return reads.of_string(self._known_or_plain(value), "matches", Cel(cel.quote(pattern)))
            case ir.Any(items, var, inner):
                (guards, found), name = self._guarded_items(items), self._element(var)
                test = self._of_element(var, inner, *guards, has_null=items not in self._filters)
                return cel.conjunction((*guards, reads.some(found, name, test)))
            case ir.All(items, var, inner):
                (guards, found), name = self._guarded_items(items), self._element(var)
                null = FALSE if items in self._filters else is_null(name)
                test = self._facts.of_every(guards, null, lambda: self.condition(inner))
                return cel.conditional(cel.conjunction(guards), cel.method(found, "all", name, test), TRUE)
            case ir.AnyEntry(value, key, var, inner):
                read, name, entry = self._entries(value, key, var)
                test = self._facts.of_some(read.guards, is_not_null(entry), lambda: self.condition(inner))
                return cel.conjunction((*read.guards, cel.method(read.value, "exists", name, test)))
            case ir.AllEntry(value, key, var, inner):
                read, name, entry = self._entries(value, key, var)
                test = self._facts.of_every(read.guards, is_null(entry), lambda: self.condition(inner))
                return cel.conditional(cel.conjunction(read.guards), cel.method(read.value, "all", name, test), TRUE)
            case _:
                assert_never(condition)

    def _in(self, value: ir.Value, options: _Given) -> Cel:
        match self._constant(options):
            case (only,):
                return self._eq(value, ir.Const(only))
            case _:
                return reads.contained(self._read(value), self._read(options))

    def _eq(self, left: ir.Value, right: ir.Value) -> Cel:
        one, other = self._constant(left), self._constant(right)
        if one is not None and other is not None:
            return TRUE if equal(one, other) else FALSE
        of_side = self._read if isinstance(left, _Given) or isinstance(right, _Given) else self._known_or_plain
        return reads.eq(of_side(left), of_side(right))

    def _quantity(self, value: ir.Value, beside: ir.Value) -> Read:
        constant = self._constant(value)
        if constant is not None:
            return quantities.constant_quantity(constant)
        beside_small = quantities.is_small(self._constant(beside))
        return quantities.quantity_of(self._known_or_plain(value), beside_small=beside_small)

    def _constant(self, value: ir.Value) -> ir.Constant | None:
        if isinstance(value, ir.Param) and self._roots.params is None:
            return value.default
        return value.value if isinstance(value, ir.Const) else None

    def _entries(self, value: ir.Value, key: str, var: str) -> tuple[Read, Cel, Cel]:
        """The map behind guards, the local name of a key, and the entry under it."""
        read, name = self._known_or_plain(value), self._local_names[key]
        entry = cel.index(read.value, name)
        self._locals[key], self._locals[var] = Read(name, known=ir.ValueType.STRING), Read(entry)
        is_map = cel.has_type(read.value, "map") if reads.may_be(read, ir.ValueType.MAP) else FALSE
        return Read(read.value, (*read.guards, is_map)), name, entry

    # Messages

    def message(self, message: ir.Message) -> Cel:
        """The message as an expression of type string."""
        parts = folded(message, self._constant_text)
        whole = cel.total([Cel(cel.quote(part)) if isinstance(part, str) else self._text(part) for part in parts])
        return whole if is_trimmed(parts, is_there=self._is_there) else cel.method(whole, "trim")

    def _constant_text(self, value: ir.Value) -> str | None:
        constant = self._constant(value)
        return None if constant is None else text(constant)

    def _text(self, value: ir.Value) -> Cel:
        def make() -> Cel:
            return text_of(self._known_or_plain(value), is_name=value in OWN_NAMES)

        if value == KIND and self._is_there:
            return self._read(value).value
        is_short = value in OWN_NAMES and self._shown[value] == 1
        return make() if is_short else self._hoist(value, f"{self._names.of(value)}_text", make, "text")

    def _is_hoisted(self, node: ir.Node) -> bool:
        """Whether a field or list gets a variable of its own."""
        match node:
            case ir.Obj() | ir.Old() | ir.Default() | ir.Concat():
                return is_closed(node)
            case ir.Get(ir.Obj(), "kind") if self._is_there:
                return False
            case ir.Get() | ir.Elems():
                return node in self._often
            case _:
                return False
