"""Faults of what is around the nodes: kinds, operations, pods, messages, and how texts are written into files."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

import pytest
from cmpolicy import ir
from cmpolicy.passes.expand_workloads import POD_PATHS
from cmpolicy.yaml.writer import _in_line

from tests.engines.faults import Fault, Patch, Slip, edit, helper, swap, without
from tests.engines.faults_constructs import (
    CEL,
    GATEKEEPER_CEL,
    JMESPATH,
    JSON_SCHEMA,
    LANGUAGES,
    PRINTINGS,
    REGO,
    VALIDATING_POLICY,
    Shown,
)

Row: TypeAlias = tuple[Shown, str, Patch]
"""What a message shows, what is wrong, and the patch."""

SHOW, TEMPLATE = "cmpolicy.lang.cel_text", "cmpolicy.targets.gatekeeper.template"
WRITER = "cmpolicy.yaml.writer"
OTHER_ORDER = "its parts in another order"
PATHS = "cmpolicy.passes.expand_workloads.POD_PATHS"


def faults() -> tuple[Fault, ...]:
    slips = (Fault(part, form, what, slip=slip) for part, what, slip in _slips() for form in PRINTINGS)
    around = (fault for fault in slips if _is_printed(fault))
    messages = (
        Fault(f"message: {shown}", language, what, patch=patch)
        for language, rows in ((CEL, _cel_messages()), (REGO, _rego_messages()))
        for shown, what, patch in rows
    )
    return (*around, *_texts(), *_versions(), *_subresources(), *_pods(), *messages)


def _is_printed(fault: Fault) -> bool:
    """Without requests there are no operations, and messages that carry no values have no parts."""
    return fault.printing.way.request or (fault.construct != "operations" and fault.what != OTHER_ORDER)


def _slips() -> Iterator[tuple[str, str, Slip]]:
    yield "kinds", "without the last", lambda rule: replace(rule, kinds=rule.kinds[:-1] or rule.kinds)
    yield "kinds", "one of another group", lambda rule: replace(rule, kinds=tuple(map(_in_group, rule.kinds)))
    yield "operations", "no updates", lambda rule: replace(rule, operations=_other_operations(rule))
    yield "operations", "every operation", lambda rule: replace(rule, operations=tuple(ir.Operation))
    yield "when", "dropped", lambda rule: replace(rule, when=ir.TRUE)
    yield (
        "when",
        "for a part of the condition",
        lambda rule: rule.with_conditions(ir.TRUE, ir.And((rule.when, rule.condition))),
    )
    yield "condition", "its opposite", lambda rule: rule.with_conditions(rule.when, ir.Not(rule.condition))
    yield "message", "of another rule", lambda rule: replace(rule, message=("another",))
    yield "message", OTHER_ORDER, lambda rule: replace(rule, message=rule.message[::-1])


def _in_group(kind: ir.Kind) -> ir.Kind:
    return replace(kind, group="other.dev")


def _other_operations(rule: ir.Rule) -> tuple[ir.Operation, ...]:
    return tuple(each for each in rule.operations if each is not ir.Operation.UPDATE) or rule.operations


def _subresources() -> Iterator[Fault]:
    pods_alone = edit("cmpolicy.targets.admission.resources_of", _first)
    for form in (CEL, VALIDATING_POLICY):
        yield Fault("kinds", form, "no debug containers, which come by a subresource", patch=pods_alone)


def _first(resources: object) -> object:
    assert isinstance(resources, Iterator)
    return [next(resources)]


def _texts() -> Iterator[Fault]:
    for form in PRINTINGS:
        yield Fault("text", form, "words that YAML takes for a bool not quoted", patch=_quote_no_words)
    # The API server's own code, which the others run, drops the blanks itself.
    kept = edit("cmpolicy.lang.cel._Printer.message", swap(r"\.trim\(\)$", ""))
    yield Fault("message", VALIDATING_POLICY, "blanks at its ends kept", patch=kept)
    substituted = "cmpolicy.targets.kyverno.denial.SUBSTITUTED"
    yield Fault("text", JMESPATH, "variables in a message not escaped", patch=_is_now(substituted, re.compile("(?!)")))


def _quote_no_words(patch: pytest.MonkeyPatch) -> None:
    """What was written before is not remembered meanwhile."""
    patch.setattr(f"{WRITER}._WORDS", frozenset())
    patch.setattr(f"{WRITER}._in_line", inspect.unwrap(_in_line))


def _is_now(name: str, value: object) -> Patch:
    return lambda patch: patch.setattr(name, value)


def _versions() -> Iterator[Fault]:
    other_kinds = edit(f"{TEMPLATE}._passed_over", swap(r"^!\(\[variables.*$", "false"))
    yield Fault("kinds", GATEKEEPER_CEL, "of every version", patch=other_kinds)
    is_version = r'(manifest\.apiVersion) == "[^"]*"'
    every_version = edit("cmpolicy.lang.rego._is_version", swap(is_version, r"is_string(\1)"))
    yield Fault("kinds", REGO, "of every version", patch=every_version)


def _pods() -> Iterator[Fault]:
    for part in (ir.PodSpec.__name__, ir.PodMeta.__name__):
        for kind in POD_PATHS:
            for language in LANGUAGES:
                yield Fault(f"{part} in {kind}", language, "at another place", patch=_elsewhere(kind))
                if language is not JSON_SCHEMA:
                    yield Fault(f"{part} in {kind}", language, "forgotten", patch=without(PATHS, kind))


def _elsewhere(kind: str) -> Patch:
    place = ("spec", "template") if kind == "PodTemplate" else ("template",)
    return lambda patch: patch.setitem(POD_PATHS, kind, place)


def _cel_messages() -> Iterator[Row]:
    yield Shown.NULL, "as `null`", edit(f"{SHOW}._any", swap('""', '"null"'))
    yield Shown.BOOLEAN, "as nothing", edit(f"{SHOW}._any", swap(r"== bool", "== bytes"))
    yield Shown.INTEGER, "as a double", edit(f"{SHOW}._number", swap(r"string\(int\(n\)\)", "string(n)"))
    yield Shown.FRACTION, "cut to an integer", edit(f"{SHOW}._number", swap(r" \? string\(n\)", " ? string(int(n))"))
    yield Shown.FRACTION, "with an exponent", edit(f"{SHOW}._number", swap(r"n < 1000000\.0", "n < 1e300"))
    yield Shown.TEXT, "as nothing", edit(f"{SHOW}._any", swap("== string", "== bytes"))
    yield Shown.LONG_TEXT, "one character more", edit(f"{SHOW}._string", swap("200", "201"))
    yield Shown.LINES, "line feeds kept", edit(f"{SHOW}._string", swap(r'\.replace\("\\n", " "\)', ""))
    yield Shown.LIST, "as its size", edit(f"{SHOW}._any", swap('""$', "string(size(v))"))
    every_blank = edit("cmpolicy.lang.cel._Printer.message", swap(r"\.trim\(\)$", '.replace(" ", "")'))
    yield Shown.ENDS, "blanks between words dropped too", every_blank


def _rego_messages() -> Iterator[Row]:
    yield Shown.NULL, "as `null`", helper("text_of", 'else := ""', 'else := sprintf("%v", [value])')
    yield Shown.BOOLEAN, "as nothing", helper("text_of", 'else := "true" if {\n\tvalue == true\n}\n\n', "")
    yield (
        Shown.BOOLEAN,
        "a false one as nothing",
        helper("text_of", 'else := "false" if {\n\tvalue == false\n}\n\n', ""),
    )
    yield Shown.INTEGER, "by a format for texts", helper("text_of", "format_int(value, 10)", 'sprintf("%s", [value])')
    yield Shown.FRACTION, "cut to an integer", helper("text_of", "is_integer(value)", "is_number(value)")
    yield Shown.FRACTION, "with an exponent", helper("text_of", "\tabs(value) < 1000000\n", "")
    yield Shown.TEXT, "in quotes", helper("text_of", "substring(value, 0, 200)", "json.marshal(value)")
    yield Shown.LONG_TEXT, "one character more", helper("text_of", "200", "201")
    yield Shown.LINES, "line feeds kept", helper("text_of", '"\\n", " "', '"\\n", "\\n"')
    yield Shown.LIST, "in brackets", helper("text_of", 'else := ""', 'else := sprintf("%v", [value])')
    trim = edit(f"{TEMPLATE}.print_module", swap(r"trim_space\((concat[^\n]*)\)\n", r"\1\n"))
    yield Shown.ENDS, "blanks kept", trim
