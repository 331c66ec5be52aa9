"""The IR as JMESPath: the context of a Kyverno ClusterPolicy, and what it calls for.

Kyverno's JMESPath has functions of its own (`items`, `parse_json`, `regex_match`, ...). A variable of the context cannot be
null. Every expression is total: what JMESPath finds no field for is null, and a function is only given what it takes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.evaluate.text import WHITE_SPACE
from cmpolicy.evaluate.values import equal
from cmpolicy.lang import jmespath_reads as reads
from cmpolicy.lang import jmespath_scopes as scopes
from cmpolicy.lang import jmespath_syntax as jmes
from cmpolicy.lang.cel_layout import JMESPATH, layout
from cmpolicy.lang.cel_names import OWN_NAMES, PathNames, kinds_by_pod_path, pod_names, unique
from cmpolicy.lang.jmespath_constants import constant, constant_text, has_number, is_quantity, is_total
from cmpolicy.lang.jmespath_known import SOUGHT, is_there, kept
from cmpolicy.lang.jmespath_scopes import Scope
from cmpolicy.lang.jmespath_steps import handed_on, is_name, named
from cmpolicy.lang.jmespath_syntax import CURRENT, EMPTY, FALSE, TRUE, Jmes, literal
from cmpolicy.lang.messages import folded, is_trimmed
from cmpolicy.once import once
from cmpolicy.passes.expand_workloads import common_pod_path, expand_workloads, get_path
from cmpolicy.passes.filters import Filtered, filtered
from cmpolicy.passes.fold_kind import KIND, fold_kind

APPLIES, FAILS, MESSAGE = "applies", "fails", "message"
_OBJECT, _OLD = "object", "old"
_ROOTS = {_OBJECT: Jmes("request.object"), _OLD: Jmes("request.oldObject")}
_RESERVED = frozenset(
    {APPLIES, FAILS, MESSAGE, _OBJECT, _OLD, "request", "images", "image", "element", "target"}
    | {"elementIndex", "serviceAccountName", "serviceAccountNamespace"}
)
"""Names in the context that are Kyverno's, or have one meaning here."""
_DOUBLES = (ir.Const, ir.Param, ir.Len, ir.Count, ir.Percent, ir.Scaled, ir.UrlPort, ir.Seconds)
"""Numbers of these are JMESPath's own."""
_NAMESPACE_NAME = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"


@dataclass(frozen=True, slots=True)
class Expression:
    """A variable of the context that is computed from those before it; never null."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A variable of the context that holds the objects of a kind which the API server lists at a path.

    `text` reads them from its answer.
    """

    kind: ir.Kind
    path: str
    text: str


Entry: TypeAlias = Expression | Call


@dataclass(frozen=True, slots=True)
class Context:
    """A rule as the context of a ClusterPolicy: its variables by name, each using only calls before it.

    `applies` and `fails` are bools, `message` is a string. A rule that applies to all has no `applies`, and `fails` is for what
    the rule applies to. Kyverno reads and computes one when it is first asked for, and makes every call then that its text names.
    """

    entries: tuple[tuple[str, Entry], ...]


@once  # a policy asks for it, and every example of the rule
def print_context(rule: ir.Rule) -> Context:
    """The rule, whose parameters are bound, as a context."""
    if common_pod_path(rule.kinds) is not None:
        rule = expand_workloads(rule, rule.kinds[0])
    found = filtered(fold_kind(rule))
    printer = _Printer(found)
    if found.rule.when != ir.TRUE:
        printer.add(APPLIES, printer.condition(found.rule.when, Scope()))
    printer.add(FAILS, printer.condition(ir.Not(found.rule.condition), Scope()))
    printer.add(MESSAGE, printer.message(found.rule.message))
    return Context(tuple(printer.entries.items()))


def known_name(kind: ir.Kind) -> str:
    """The variable that holds the objects of a kind which are looked up, in a namespace or everywhere."""
    return f"known_{kind.plural}"


class _Printer:
    """Prints the parts of one rule, and collects the variables that they need."""

    def __init__(self, found: Filtered) -> None:
        rule = found.whole
        self.entries: dict[str, Entry] = {}
        self._rule = rule
        self._kinds = rule.kinds
        self._is_there = ir.Operation.DELETE not in rule.operations
        self._filters = found.filters
        self._names = PathNames(pod_names(rule.kinds))
        self._steps: dict[str, Jmes] = {}
        self._hoisted: dict[ir.Node, Jmes] = {}
        self._often = scopes.often_computed(rule)

    # Names

    def add(self, name: str, expression: Jmes) -> Jmes:
        """The variable, once it is in the context."""
        calls = {name: Jmes(name) for name, entry in self.entries.items() if isinstance(entry, Call)}
        whole = handed_on(expression, self._steps, {**_ROOTS, **calls})
        self.entries[name] = Expression(layout(whole.text, JMESPATH))
        return Jmes(name)

    def _step(self, name: str, value: Jmes) -> Jmes:
        """The name of the value in expressions that are printed after it."""
        self._steps[name] = value
        return named(name)

    def _fresh(self, hint: str) -> str:
        return unique(hint, {*self.entries, *self._steps, *_RESERVED})

    # Values

    def _value(self, value: ir.Value, scope: Scope) -> Jmes:
        if scope.is_around(value):
            return scope.take(value)
        if scope.own or not (value in self._often or isinstance(value, ir.PodSpec | ir.PodMeta)):
            return self._computed(value, scope)
        if value not in self._hoisted:
            name = self._fresh(self._names.of(value))
            self._hoisted[value] = self._step(name, self._computed(value, scope))
        return self._hoisted[value]

    def _computed(self, value: ir.Value, scope: Scope) -> Jmes:
        match value:
            case ir.Const(known) | ir.Param(_, _, known, _):
                return literal(known)
            case ir.Obj():
                return named(_OBJECT)
            case ir.Old():
                return named(_OLD)
            case ir.Known():
                return self._known(value)
            case ir.Var(name):
                return scope.own[name]
            case ir.PodSpec():
                return self._pod("spec", scope)
            case ir.PodMeta():
                return self._pod("metadata", scope)
            case ir.Get(base, key):
                return jmes.at(self._value(base, scope), key if isinstance(key, str) else str(key.default))
            case ir.Default(inner, fallback):
                return jmes.call("not_null", self._value(inner, scope), self._value(fallback, scope))
            case ir.Percent(inner):
                return reads.percent_of(self._value(inner, scope))
            case ir.Scaled(inner, total, up):
                return reads.scaled(self._value(inner, scope), self._value(total, scope), up, is_total(total))
            case ir.UrlPort(inner):
                return reads.url_port(self._value(inner, scope))
            case ir.Seconds(inner):
                return reads.seconds_of(self._value(inner, scope))
            case ir.Len(ir.Known() as known) if not scope.own:
                return jmes.call("length", self._known(known))
            case ir.Len(inner):
                return reads.length_of(self._value(inner, scope))
            case ir.Count(items, var, condition):
                found, test = self._loop(self._items(items, scope), {var: ()}, condition, scope)
                return jmes.call("length", jmes.where(found, test))
            case ir.Flag(items, name, switch):
                return reads.flag_of(self._items(items, scope), name, switch)
            case _:
                assert_never(value)

    def _number(self, value: ir.Value, scope: Scope) -> Jmes:
        """The value, which is a double if it is a number."""
        printed = self._value(value, scope)
        return printed if isinstance(value, _DOUBLES) else reads.of_json(printed)

    def _pod(self, part: str, scope: Scope) -> Jmes:
        kind = jmes.at(self._value(ir.Obj(), scope), "kind")
        choices = (
            (jmes.call("contains", literal(names), kind), self._value(get_path(ir.Obj(), (*path, part)), scope))
            for path, names in kinds_by_pod_path(self._kinds).items()
        )
        return jmes.first_of(*choices, otherwise=None)

    # Known objects

    def _known(self, known: ir.Known) -> Jmes:
        if known not in self._hoisted:
            namespace = known.namespace
            self._hoisted[known] = (
                self._call(known.kind, "") if namespace is None else self._in_namespace(known.kind, namespace)
            )
        return self._hoisted[known]

    def _call(self, kind: ir.Kind, place: str) -> Jmes:
        """The variable with what the API server lists; it leaves out what all objects of a list have in common."""
        prefix = "apis" if kind.group else "api"
        common = json.dumps({"apiVersion": kind.api_version, "kind": kind.kind})
        whole = jmes.call("merge", Jmes(kept(self._rule, kind)), Jmes(f"`{common}`"))
        text = f"{jmes.call('not_null', Jmes('items'), EMPTY).text}[*].{whole.text}"
        name = self._fresh(known_name(kind))
        self.entries[name] = Call(kind, f"/{prefix}/{kind.api_version}/{place}{kind.plural}", text)
        return named(name)

    def _in_namespace(self, kind: ir.Kind, namespace: ir.Value) -> Jmes:
        """Those in the namespace; asked for there if its name is one, so that it means nothing else in a path."""
        place = self._place(namespace) if kind.namespaced else ""
        chosen = self._where(self._call(kind, place), SOUGHT.name, is_there(namespace))
        return self._step(self._fresh(kind.plural), chosen)

    def _place(self, namespace: ir.Value) -> str:
        """The part of a path, as a variable: empty, which asks for all namespaces, of what is no namespace's name."""
        part = jmes.call("join", literal(""), jmes.list_of((literal("namespaces/"), CURRENT, literal("/"))))
        is_name = jmes.call("regex_match", literal(_NAMESPACE_NAME), CURRENT)
        test = jmes.conjunction((reads.is_text(CURRENT), is_name, part))
        found = jmes.piped(self._value(namespace, Scope()), jmes.disjunction((test, literal(""))))
        return "{{ " + self.add(self._fresh("place"), found).text + " }}"

    # Lists

    def _items(self, items: ir.Items, scope: Scope) -> Jmes:
        """The list without nulls."""
        if scope.is_around(items):
            return scope.take(items)
        if scope.own or scopes.is_constant(items):
            return self._direct_items(items, scope)
        if items not in self._hoisted:
            self._hoisted[items] = self._named_items(items)
        return self._hoisted[items]

    def _named_items(self, items: ir.Items) -> Jmes:
        """The name of a list outside every loop, of which its filter has left what it leaves."""
        found, name = self._direct_items(items, Scope()), self._names.of_items(items)
        if (kept := self._filters.get(items)) is not None:
            return self._step(self._fresh(f"{name}_filtered"), self._where(found, kept.var, kept.condition))
        return found if is_name(found) else self._step(self._fresh(name), found)

    def _where(self, listed: Jmes, var: str, condition: ir.Condition) -> Jmes:
        """The elements of which the condition is true, outside every loop."""
        found, test = self._loop(listed, {var: ()}, condition, Scope())
        chosen = jmes.where(found, test)
        return jmes.of_each(chosen, "[0][0]") if scopes.needs_pairs(condition, (var,)) else chosen

    def _direct_items(self, items: ir.Items, scope: Scope) -> Jmes:
        match items:
            case ir.Elems(ir.Known() as known) if not scope.own:
                return self._known(known)
            case ir.Elems(value):
                return reads.elements(self._value(value, scope))
            case ir.Concat(()):
                return EMPTY
            case ir.Concat(parts) if (shared := _of_one_map(parts)) is not None:
                base, keys = shared
                return reads.elements_under(self._value(base, scope), keys)
            case ir.Concat(parts):
                return jmes.flattened(self._items(part, scope) for part in parts)
            case _:
                assert_never(items)

    def _loop(
        self, found: Jmes, own: dict[str, tuple[int, ...]], test: ir.Condition, scope: Scope
    ) -> tuple[Jmes, Jmes]:
        """The list to run over, and the test of its current value; `own` says where in an element the names are."""
        has_pairs = scopes.needs_pairs(test, own)
        element = scopes.ELEMENT if has_pairs else CURRENT
        inner = Scope({name: _inside(element, path) for name, path in own.items()})
        printed = self.condition(test, inner)
        if not has_pairs:
            return found, printed
        return scopes.pairs(found, [self._given(node, scope) for node in inner.given]), printed

    def _given(self, node: ir.Node, scope: Scope) -> Jmes:
        match node:
            case ir.Elems() | ir.Concat():
                return self._items(node, scope)
            case _ if isinstance(node, ir.Condition):
                return self.condition(node, scope)
            case _:
                return self._value(node, scope)

    # Conditions

    def condition(self, condition: ir.Condition, scope: Scope) -> Jmes:
        """The condition, true or false."""
        if scope.is_around(condition):
            return scope.take(condition)
        match condition:
            case ir.Bool(value):
                return TRUE if value else FALSE
            case ir.And(items):
                return jmes.conjunction(self.condition(item, scope) for item in items)
            case ir.Or(items):
                return jmes.disjunction(self.condition(item, scope) for item in items)
            case ir.Not(item):
                return jmes.negation(self.condition(item, scope))
            case ir.Exists(value):
                return jmes.is_not_null(self._value(value, scope))
            case ir.IsType(value, type_):
                return reads.has_type(self._value(value, scope), type_)
            case ir.Eq(left, right):
                return self._eq(left, right, scope)
            case ir.In(value, options):
                sought = self._number if has_number(options) else self._value
                return jmes.call("contains", self._value(options, Scope()), sought(value, scope))
            case ir.Compare(order, left, right):
                return jmes.relation(order, self._number(left, scope), self._number(right, scope))
            case ir.CompareQuantity(order, left, right):
                both = self._value(left, scope), self._value(right, scope)
                asked = [place for place, side in enumerate((left, right)) if not is_quantity(side)]
                return reads.compare_quantity(order, *both, asked)
            case ir.Text(test, value, text):
                after = (self._value(text, Scope()),)
                return reads.of_string(self._value(value, scope), reads.TEXT_TESTS[test], after=after)
            case ir.Matches(value, pattern):
                return reads.of_string(self._value(value, scope), "regex_match", literal(pattern))
            case ir.Any(items, var, inner):
                return self._any(self._items(items, scope), {var: ()}, inner, scope)
            case ir.All(items, var, inner):
                return self._all(self._items(items, scope), {var: ()}, inner, scope)
            case ir.AnyEntry(value, key, var, inner):
                return self._any(reads.entries(self._value(value, scope)), {key: (0,), var: (1,)}, inner, scope)
            case ir.AllEntry(value, key, var, inner):
                return self._all(reads.entries(self._value(value, scope)), {key: (0,), var: (1,)}, inner, scope)
            case _:
                assert_never(condition)

    def _any(self, found: Jmes, own: dict[str, tuple[int, ...]], inner: ir.Condition, scope: Scope) -> Jmes:
        items, test = self._loop(found, own, inner, scope)
        return jmes.negation(jmes.is_empty(jmes.where(items, test)))

    def _all(self, found: Jmes, own: dict[str, tuple[int, ...]], inner: ir.Condition, scope: Scope) -> Jmes:
        items, test = self._loop(found, own, inner, scope)
        return jmes.is_empty(jmes.where(items, jmes.negation(test)))

    def _eq(self, left: ir.Value, right: ir.Value, scope: Scope) -> Jmes:
        one, other = constant(left), constant(right)
        if one is not None and other is not None:
            return TRUE if equal(one, other) else FALSE
        if isinstance(one, tuple) or isinstance(other, tuple):
            return FALSE
        if one is None and other is None:
            return reads.equal(self._value(left, scope), self._value(right, scope))
        # A scalar that is known equals nothing but itself.
        sought = self._number if has_number(left) or has_number(right) else self._value
        return jmes.equal(sought(left, scope), sought(right, scope))

    # Messages

    def message(self, message: ir.Message) -> Jmes:
        """The whole message, without white space at its ends."""
        parts = folded(message, constant_text)
        texts = (literal(part) if isinstance(part, str) else self._text(part) for part in parts)
        joined = jmes.call("join", literal(""), jmes.list_of(texts))
        return joined if is_trimmed(parts, is_there=self._is_there) else jmes.call("trim", joined, literal(WHITE_SPACE))

    def _text(self, value: ir.Value) -> Jmes:
        printed = self._value(value, Scope())
        match value:
            case ir.Len() | ir.Count() | ir.Percent() | ir.Seconds():
                return reads.text_of_amount(printed)
            case _ if value == KIND and self._is_there:
                return printed
            case _ if value in OWN_NAMES:
                return reads.text_of_name(printed)
            case _:
                return reads.text_of(printed)


def _of_one_map(parts: Sequence[ir.Items]) -> tuple[ir.Value, Sequence[str]] | None:
    """The map under whose keys all these lists are, and the keys; None if there is no such map."""
    values = [part.value for part in parts if isinstance(part, ir.Elems)]
    gets = [value for value in values if isinstance(value, ir.Get)]
    keys = [get.key for get in gets if isinstance(get.key, str)]
    return (gets[0].base, keys) if len(keys) == len(parts) and len({get.base for get in gets}) == 1 else None


def _inside(element: Jmes, path: tuple[int, ...]) -> Jmes:
    for place in path:
        element = jmes.index(element, place)
    return element
