"""Rego: a rule as a module, readable, total and without conflicts.

The module holds `violation`, a set with one element if the rule fails and none otherwise. A conjunction is the lines of
a body, a disjunction a helper `either_n` with a body for each part, and values are always defined, so that nothing
undefined decides a verdict. The text is the same in Rego v1 and, with `import future.keywords`, in v0; it passes
`opa check --strict`, and `opa fmt` leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.lang.rego_body import Body, Printer, call, define, get, quote
from cmpolicy.lang.rego_library import library
from cmpolicy.passes import normalize, to_nnf
from cmpolicy.passes.expand_workloads import pod_path
from cmpolicy.passes.filters import filtered
from cmpolicy.passes.tree import walk_rule


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine runs a module.

    `manifest` and `old` are Rego expressions that are always defined; they may call the helpers `get` and `default_to`.
    `parameters` is the path below `input` to given parameters; without it each is its default. `violation` is the
    element that stands for a failure; with `has_message` it may use the rule `message`, which has no blanks at its ends,
    as no message in CEL has. `guards` are lines that must hold for the rule to apply.
    """

    imports: tuple[str, ...]
    manifest: str
    old: str
    parameters: tuple[str, ...] | None
    violation: str
    has_message: bool
    guards: tuple[str, ...] = ()


def print_module(rule: ir.Rule, package: str, dialect: Dialect) -> str:
    """The rule as a Rego module of this package, which must be a Rego name; it starts with `package`, without a comment.

    The order of its rules is: `violation`, the disjunctions and lists it needs, what it reads, the message, helpers.
    """
    found = filtered(normalize(rule))
    rule, printer = found.rule, Printer(found, has_parameters=dialect.parameters is not None)
    fails = _fails(rule, printer, dialect)
    message = [_message(rule, printer)] if dialect.has_message else []
    rules = [fails, *printer.alternatives, *(text for _, text in printer.lists.values()), _matched(rule), *message]
    rules += _read(found.whole, "\n".join(rules), dialect)
    head = [f"package {package}", *("\n".join(f"import {name}" for name in dialect.imports),) * bool(dialect.imports)]
    return "\n\n".join([*head, *rules, *library("\n".join(rules))]) + "\n"


def _fails(rule: ir.Rule, printer: Printer, dialect: Dialect) -> str:
    failing = normalize(rule.with_conditions(to_nnf(rule.when), to_nnf(ir.Not(rule.condition))))
    body = Body({}, set())
    body.lines += [*dialect.guards, "matched"]
    for condition in (failing.when, failing.condition):
        if condition != ir.TRUE:
            printer.condition(condition, body)
    return define(f"violation contains {dialect.violation}", body.lines)


def _matched(rule: ir.Rule) -> str:
    """Whether the manifest is of one of the rule's kinds: a body for each `apiVersion`."""
    versions = dict.fromkeys(kind.api_version for kind in rule.kinds)
    return "\n\n".join(
        _is_version(version, [k for k in rule.kinds if k.api_version == version]) for version in versions
    )


def _is_version(api_version: str, kinds: Sequence[ir.Kind]) -> str:
    is_version = f"manifest.apiVersion == {quote(api_version)}"
    return define("matched", [is_version, _is_kind([kind.kind for kind in kinds])])


def _is_kind(names: Sequence[str]) -> str:
    of_names = f"== {quote(names[0])}" if len(names) == 1 else f"in {quote(tuple(names))}"
    return f"manifest.kind {of_names}"


def _message(rule: ir.Rule, printer: Printer) -> str:
    body = Body({}, set())
    parts = [quote(part) if isinstance(part, str) else f"text_of({printer.value(part, body)})" for part in rule.message]
    whole = f'message := trim_space(concat("", [{", ".join(parts)}]))'
    return define(whole, body.lines) if body.lines else whole


def _read(rule: ir.Rule, text: str, dialect: Dialect) -> list[str]:
    """The rules for what the text reads: the manifest, its pod, the old object and the parameters."""
    uses = {type(node) for node in walk_rule(rule)}
    read = [f"manifest := {dialect.manifest}"]
    if "get(pod," in text:
        read.append(_pod(rule))
    if ir.Old in uses:
        read.append(f"old := {dialect.old}")
    if dialect.parameters is not None and rule.parameters:
        read.append(_parameters(rule, dialect.parameters))
    return read


def _pod(rule: ir.Rule) -> str:
    """The rule `pod`: what holds the pod's `metadata` and `spec`, found by the kind."""
    by_path: dict[tuple[str, ...], list[str]] = {}
    for kind in rule.kinds:
        path = pod_path(kind)
        if path is not None:
            by_path.setdefault(path, []).append(kind.kind)
    values = [
        define(get("manifest", map(quote, path)) if path else "manifest", [_is_kind(tuple(dict.fromkeys(names)))])
        for path, names in by_path.items()
    ]
    return "pod := " + "\n\nelse := ".join([*values, "null"])


def _parameters(rule: ir.Rule, path: tuple[str, ...]) -> str:
    lines = [f"\t{quote(parameter.name)}: {_given(parameter, path)}," for parameter in rule.parameters]
    return "\n".join(["params := {", *lines, "}"])


def _given(parameter: ir.Param, path: tuple[str, ...]) -> str:
    return call("default_to", get("input", map(quote, (*path, parameter.name))), quote(parameter.default))
