"""What a fault can be planted in: the constructs of the IR, derived from its classes, and the ways they are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args, get_type_hints

from cmpolicy import ir
from cmpolicy.passes.expand_workloads import POD_PATHS
from cmpolicy.passes.tree import walk, walk_rule

from tests.engines.runners import WAYS, Way


@dataclass(frozen=True, slots=True)
class Printing:
    """A form that rules are printed in, and the way to ask an engine about it."""

    name: str
    way: Way

    def __str__(self) -> str:
        return self.name


CEL = Printing("CEL", WAYS["vap"])
REGO = Printing("Rego", WAYS["gatekeeper-rego"])
JSON_SCHEMA = Printing("JSON Schema", WAYS["datree"])
DATREE_REGO = Printing("Datree's Rego", WAYS["datree"])
JMESPATH = Printing("JMESPath", WAYS["kyverno"])
LANGUAGES = (CEL, REGO, JSON_SCHEMA, DATREE_REGO, JMESPATH)
"""Every language that nodes are printed in, each by one engine: CEL is the same text for all."""

GATEKEEPER_CEL = Printing("Gatekeeper's CEL", WAYS["gatekeeper-cel"])
VALIDATING_POLICY = Printing("ValidatingPolicy", WAYS["kyverno-cel"])
PRINTINGS = (*LANGUAGES, GATEKEEPER_CEL, VALIDATING_POLICY)
"""Every form that what is around the nodes is printed in: kinds, operations, parameters, messages."""
SCANNED = Printing("JMESPath in a scan", WAYS["kyverno-background"])
FORMS = (*PRINTINGS, SCANNED)
"""A scan reads the same text as a request, of objects in which integers are none that JMESPath knows."""


class Shown(StrEnum):
    """What a message may show, each in a way of its own."""

    NULL = "null"
    BOOLEAN = "bool"
    INTEGER = "integer"
    FRACTION = "fraction"
    TEXT = "text"
    LONG_TEXT = "long text"
    LINES = "several lines"
    LIST = "list"
    ENDS = "blanks at the ends"


NODES: tuple[type[ir.Node], ...] = (*get_args(ir.Value), *get_args(ir.Items), *get_args(ir.Condition))


def constructs() -> tuple[str, ...]:
    """Every node, and if it has a variant that changes what it means, every variant: `Compare <`, `Const tuple`."""
    return tuple(f"{node.__name__}{variant}" for node in NODES for variant in _variants(node))


def pods() -> tuple[str, ...]:
    """The pod's spec and metadata in each kind that carries a pod."""
    return tuple(f"{node.__name__} in {kind}" for node in (ir.PodSpec, ir.PodMeta) for kind in POD_PATHS)


def messages() -> tuple[str, ...]:
    """What messages show."""
    return tuple(f"message: {shown}" for shown in Shown)


def surroundings(printing: Printing) -> tuple[str, ...]:
    """What a rule has beside its nodes, and `text`: how its texts are written into the engine's files."""
    parts = ("kinds", "when", "condition", "message", "text")
    return (*parts, "operations") if printing.way.request else parts


def used(rule: ir.Rule, printing: Printing) -> frozenset[str]:
    """The constructs of the rule that this form prints: Datree prints no message that has values."""
    has_message = printing.way.carries_values
    nodes = list(walk_rule(rule) if has_message else (*walk(rule.when), *walk(rule.condition)))
    found = {construct_of(node) for node in nodes}
    for node in nodes:
        if isinstance(node, ir.PodSpec | ir.PodMeta):
            found |= {f"{type(node).__name__} in {kind.kind}" for kind in rule.kinds}
    shows_values = has_message and any(not isinstance(part, str) for part in rule.message)
    around = {part for part in surroundings(printing) if part != "when" or rule.when != ir.TRUE}
    return frozenset({*found, *around, *(messages() if shows_values else ())})


def construct_of(node: ir.Node) -> str:
    """The construct that the node is."""
    field = _variant_field(type(node))
    if field is None:
        return type(node).__name__
    value = getattr(node, field)
    return f"{type(node).__name__}{_variant(field, type(value) if isinstance(node, ir.Const) else value)}"


def _variants(node: type[ir.Node]) -> Iterable[str]:
    field = _variant_field(node)
    if field is None:
        return [""]
    hint = get_type_hints(node)[field]
    match hint:
        case type() if issubclass(hint, StrEnum):
            return [_variant(field, member) for member in hint]
        case type():
            return [_variant(field, value) for value in (False, True)]
        case _:
            return [_variant(field, type_) for type_ in get_args(hint)]


def _variant(field: str, value: object) -> str:
    match value:
        case StrEnum():
            return f" {value}"
        case bool():
            return f" {field}={str(value).lower()}"
        case _:
            return f" {getattr(value, '__name__', 'tuple')}"


def _variant_field(node: type[ir.Node]) -> str | None:
    """The first field whose value changes what the node means, by its type: an enumeration, a bool, a constant."""
    hints = get_type_hints(node).items()
    return next((name for name, hint in hints if hint in (bool, ir.Constant) or _is_enumeration(hint)), None)


def _is_enumeration(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)
