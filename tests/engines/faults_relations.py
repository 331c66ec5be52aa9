"""Faults of what relates objects: known objects, shares of a total, ports of URLs.

Three forms look other objects up: Gatekeeper's Rego, the CEL of ValidatingPolicy, and the JMESPath of ClusterPolicy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.passes.filters import Filtered

from tests.engines.faults import Fault, Patch, Slip, edit, helper, node, swap, unguarded
from tests.engines.faults_constructs import CEL, DATREE_REGO, JMESPATH, LANGUAGES, REGO, VALIDATING_POLICY
from tests.sample_rules import CONFIG_MAP, eq, var

LOOKING = (REGO, VALIDATING_POLICY, JMESPATH)
READS = "cmpolicy.lang.cel_reads"
ROUNDED = ("Scaled up=false", "Scaled up=true")

_PRINTERS = ((REGO, "rego"), (VALIDATING_POLICY, "cel"), (JMESPATH, "jmespath"))

Row: TypeAlias = tuple[str, str, Patch]
"""A construct, what is wrong, and the patch."""


def faults() -> tuple[Fault, ...]:
    return (
        *(Fault(construct, form, what, slip=slip) for construct, what, slip in _slips() for form in LANGUAGES),
        *(Fault("Known", form, what, slip=slip) for what, slip in _lookups() for form in LOOKING),
        *(Fault(construct, CEL, what, patch=patch) for construct, what, patch in _cel()),
        *(
            Fault(construct, form, what, patch=patch)
            for construct, what, patch in _rego()
            for form in (REGO, DATREE_REGO)
        ),
        *(Fault("Known", REGO, what, patch=patch) for what, patch in _inventories()),
        *(Fault("Known", VALIDATING_POLICY, what, patch=patch) for what, patch in _libraries()),
        *(Fault("Known", form, what, patch=patch) for form, module in _PRINTERS for what, patch in _filters(module)),
    )


def _slips() -> Iterator[tuple[str, str, Slip]]:
    for construct in ROUNDED:
        yield construct, "rounded the other way", node(ir.Scaled, lambda share: replace(share, up=not share.up))
        yield construct, "the value itself", node(ir.Scaled, lambda share: share.value)
        yield construct, "of a hundred", node(ir.Scaled, lambda share: replace(share, total=ir.Const(100)))
    yield "UrlPort", "the text itself", node(ir.UrlPort, lambda port: port.value)
    yield "Seconds", "the text itself", node(ir.Seconds, lambda found: found.value)


def _lookups() -> Iterator[tuple[str, Slip]]:
    yield "of every namespace", node(ir.Known, lambda known: replace(known, namespace=None))
    yield "of another kind", node(ir.Known, lambda known: replace(known, kind=CONFIG_MAP))
    yield (
        "of the namespace `default`",
        node(ir.Known, lambda known: replace(known, namespace=ir.Const("default")) if known.namespace else known),
    )


def _cel() -> Iterator[Row]:
    scaled, port = f"{READS}.scaled", f"{READS}.url_port"
    yield "Scaled up=true", "rounded to the nearest", edit(scaled, swap(r"\b99\b", "50"))
    for construct in ROUNDED:
        yield construct, "of a larger total", edit(scaled, swap("2147483647", "9007199254740991"))
        yield construct, "of a negative total", edit(scaled, swap(r">= 0\b", ">= -9"))
        yield construct, "of any constant total", edit(f"{READS}._is_total", swap("^false$", "true"))
        yield construct, "no test of what it is", edit(scaled, unguarded("matches"))
    seconds = f"{READS}.seconds_of"
    yield "Seconds", "no test of the grammar", edit(seconds, unguarded("matches"))
    yield "Seconds", "no test that it is text", edit(seconds, unguarded("type("))
    yield "Seconds", "hours alone", edit(seconds, swap("getSeconds", "getHours"))
    yield "UrlPort", "no test of the grammar", edit(port, unguarded("matches"))
    yield "UrlPort", "no test that it is text", edit(port, unguarded("type("))
    yield "UrlPort", "a port of any length", edit(port, swap(r"\{1,5\}", "+"))
    yield "UrlPort", "the usual ports exchanged", edit(port, swap("443 : 80", "80 : 443"))
    yield "UrlPort", "the first colon", edit(port, swap("lastIndexOf", "indexOf"))


def _rego() -> Iterator[Row]:
    yield "Scaled up=true", "rounded to the nearest", helper("scaled", "+ 99", "+ 50")
    for construct in ROUNDED:
        yield construct, "any number for an integer", helper("scaled", "is_integer(value)", "is_number(value)")
        yield construct, "of a larger total", helper("is_total", "2147483647", "9007199254740991")
        yield construct, "of a negative total", helper("is_total", "total >= 0", "total >= -9")
        yield construct, "undefined for what is neither", helper("scaled", "\n\nelse := null", "")
    yield "Seconds", "what only Go takes", helper("seconds", "matches(value", "is_string(value) # (value")
    yield "Seconds", "of a thousandth", helper("seconds", "1000000000", "1000000")
    yield "Seconds", "rounded up", helper("seconds", "floor(", "ceil(")
    yield "Seconds", "undefined for what is none", helper("seconds", "\n\nelse := null", "")
    yield "UrlPort", "a port of any length", helper("url_port", "{1,5}", "+")
    yield "UrlPort", "no usual port of http", helper("url_port", "else := 80 if", "else := null if")
    yield "UrlPort", "undefined for what is no URL", helper("url_port", "\n\nelse := null", "")


def _inventories() -> Iterator[tuple[str, Patch]]:
    yield "the namespace passed over", helper("known_in", "namespace[namespace]", "namespace[_]")
    yield "of one namespace for all", helper("known_everywhere", "namespace[_]", 'namespace["default"]')
    yield (
        "without namespace looked up in one",
        helper("known_to_the_cluster", "inventory.cluster", "inventory.namespace[_]"),
    )


def _libraries() -> Iterator[tuple[str, Patch]]:
    yield "the list itself", edit(f"{READS}.known", swap(r'\["items"\]', ""))
    yield "of another version", edit(f"{READS}.known", swap(r'"(policy/)?v1"', r'"\1v2"'))
    yield "all for an empty namespace", edit(f"{READS}.known", swap(r' && \S+ != ""', ""))
    yield "no test that the namespace is text", edit(f"{READS}.known", swap(r"type\(\S+\) == string && ", ""))


def _filters(language: str) -> Iterator[tuple[str, Patch]]:
    yield "what all ask of them is lost", edit(f"cmpolicy.lang.{language}.filtered", _unfiltered)
    yield "what is asked of those left is lost", edit("cmpolicy.passes.filters._rest", lambda _: ir.TRUE)
    yield "what some ask is asked for all", edit("cmpolicy.passes.filters._asked", _of_others)


def _unfiltered(found: object) -> object:
    assert isinstance(found, Filtered)
    return replace(found, filters={items: replace(each, condition=ir.TRUE) for items, each in found.filters.items()})


def _of_others(asked: object) -> object:
    assert isinstance(asked, tuple)
    return (*asked, eq(var("x", "spec", "maxUnavailable"), 1))
