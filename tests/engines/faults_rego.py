"""Faults of Rego, for Gatekeeper and in Datree: mostly a line of a helper that is lost or slightly other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from tests.engines.faults import Fault, Patch, edit, helper, swap
from tests.engines.faults_constructs import DATREE_REGO, REGO

Row: TypeAlias = tuple[str, str, Patch]
"""A construct, what is wrong, and the patch."""

BODY, PRINTER = "cmpolicy.lang.rego_body", "cmpolicy.lang.rego_body.Printer"
MODULES = {
    REGO: "cmpolicy.targets.gatekeeper.template.print_module",
    DATREE_REGO: "cmpolicy.targets.datree.schema.print_module",
}


def faults() -> tuple[Fault, ...]:
    rows = (*_constants(), *_reads(), *_lists(), *_flags(), *_conditions(), *_quantities())
    both = (Fault(construct, form, what, patch=patch) for construct, what, patch in rows for form in MODULES)
    whole = (
        Fault(construct, form, what, patch=edit(module, swap(old, new)))
        for form, module in MODULES.items()
        for construct, what, old, new in _modules()
    )
    return (*both, *whole, *_gatekeeper())


def _constants() -> Iterator[Row]:
    yield "Const str", "quotes not escaped", edit(f"{BODY}.quote", swap(r'\\"', '"'))
    yield "Const str", "backslashes not escaped", edit(f"{BODY}.quote", swap(r"\\\\", r"\\"))
    yield "Const str", "as a raw string, in which no backtick can be", edit(f"{BODY}.quote", swap('^"(.*)"$', r"`\1`"))
    yield "Const int", "as text", edit(f"{BODY}.quote", swap(r"^(\d+)$", r'"\1"'))


def _reads() -> Iterator[Row]:
    yield "Get", "an empty text for what is not there", helper("get", "path, null)", 'path, "")')
    yield "Get", "undefined for what is no map", helper("get", "\n\nelse := null", "")
    yield "Default", "a false value for none", helper("default_to", "value != null", "value")
    yield "Exists", "a false value for none", edit(f"{PRINTER}._test", swap(r"^not is_null\((.*)\)$", r"\1"))
    yield "Percent", "any number of digits", helper("percent", "{1,4}", "+")
    yield "Percent", "the text may start before it", helper("percent", "^[0-9]", "[0-9]")
    yield "Len", "nulls in a list counted", helper("size", "count(elems(value))", "count(value)")
    yield "Len", "null entries counted", helper("size", "count(entries(value))", "count(value)")
    yield "Len", "undefined for what has none", helper("size", "\n\nelse := null", "")
    yield "Elems", "the values of a map too", helper("elems", "is_array(value)", "not is_null(value)")
    yield "Elems", "nulls too", helper("elems", "; element != null", "")


def _lists() -> Iterator[Row]:
    yield "AnyEntry", "entries without a value too", helper("entries", "; entry != null", "")
    yield "AllEntry", "entries without a value too", helper("entries", "; entry != null", "")
    yield "Any", "nulls too", helper("elems", "; element != null", "")
    yield "All", "nulls too", helper("elems", "; element != null", "")
    yield "Count", "nulls too", helper("elems", "; element != null", "")
    yield "Concat", "undefined unless each part is a list", helper("elems", "\n\nelse := []", "")


def _flags() -> Iterator[Row]:
    for switch in ("false", "true"):
        construct = f"Flag switch={switch}"
        yield construct, "the first occurrence wins", helper("flag", "found[count(found) - 1]", "found[0]")
        yield construct, "every flag that starts alike", helper("is_flag", 'concat("", [name, "="])', "name")
        yield (
            construct,
            "the equals sign for a part of the value",
            helper("flag_value", 'concat("", [name, "="])', "name"),
        )
    yield (
        "Flag switch=false",
        "a value that is no text",
        helper("flag_value", "\tis_string(following[0])\n", "\tfollowing[0]\n"),
    )
    yield "Flag switch=false", "its value two places on", helper("flag", "i + 1, i + 2", "i + 2, i + 3")
    yield "Flag switch=true", "the next argument for its value", helper("flag_value", "\tswitch\n", "\tnot switch\n")


def _conditions() -> Iterator[Row]:
    yield "IsType integer", "no bounds", helper("is_integer", "\tabs(value) <= 9007199254740992\n", "")
    yield "IsType integer", "fractions too", helper("is_integer", "\tvalue == floor(value)\n", "")
    yield "Eq", "null equals null", helper("same", "\tnot is_null(left)\n", "")
    yield "Eq", "lists equal lists", helper("same", "\tnot is_array(left)\n", "")
    yield "Not", "other, which null is not either", edit(f"{BODY}._is_plain", lambda _: True)
    for order, name in (("<", "less_than"), ("<=", "at_most"), (">", "greater_than"), (">=", "at_least")):
        for construct in (f"Compare {order}", f"CompareQuantity {order}"):
            yield (
                construct,
                "null and texts, which are in order too",
                helper(name, "\tis_number(left)\n\tis_number(right)\n", ""),
            )
    yield "Text starts with", "anywhere", helper("starts_with", "\tstartswith(", "\tcontains(")
    yield "Text ends with", "anywhere", helper("ends_with", "\tendswith(", "\tcontains(")
    yield "Text contains", "at the start", helper("has_text", "\tcontains(", "\tstartswith(")
    yield "Matches", "backslashes not escaped", edit(f"{BODY}.quote", swap(r"\\\\", r"\\"))


def _quantities() -> Iterator[Row]:
    for order in ("<", "<=", ">", ">="):
        construct = f"CompareQuantity {order}"
        yield (
            construct,
            "as text",
            edit(
                f"{PRINTER}._test",
                swap(
                    r"^(\w+)\(quantity\((.*)\), quantity\((.*)\)\)$",
                    {"<": r"\2 < \3", "<=": r"\2 <= \3", ">": r"\2 > \3", ">=": r"\2 >= \3"}[order],
                ),
            ),
        )
        yield construct, "no milli", helper("power", '"m": -3, ', "")
        yield construct, "binary for decimal", helper("amount", '"Mi": 20', '"Mi": 10')
        yield construct, "a number is none", helper("quantity_text", "json.marshal(value)", '""')
        yield construct, "no anchor at the end", helper("quantity", ")?$", ")?")


def _modules() -> Iterator[tuple[str, str, str, str]]:
    """Constructs, what is wrong, and the text of the module that is another."""
    yield (
        "Obj",
        "the object's place in another request",
        r"manifest := .*?\n",
        'manifest := get(input, ["request", "object"])\n',
    )
    yield "Count", "equal elements counted once", r"count\(\[1 \|(\n\s+some (\w+) in .*?\n\s+)\]\)", r"count({\2 |\1})"
    yield "Var", "of the loop around it", r'\by (!=|==) "a"', r'x \1 "a"'
    yield (
        "PodSpec",
        "a kind that is not there",
        r'manifest\.kind == "CronJob"',
        'manifest.kind == "Cronjob"',
    )
    yield "PodMeta", "the pod's spec", r'\["metadata", "labels"', '["spec", "labels"'
    yield "Or", "without one of its parts", r"\n\neither_1(\(.*?\))? if \{[^}]*\}(?=\n\n(?!either))", ""
    yield "In", "its first option alone", r" in \[([^],]*), [^]]*\]", r" in [\1]"


def _gatekeeper() -> Iterator[Fault]:
    module = MODULES[REGO]
    for type_ in ("integer", "string"):
        yield Fault(
            f"Param {type_}",
            REGO,
            "a name that the constraint does not give",
            patch=edit(module, swap(r'"parameters", "allowed"', '"parameters", "permitted"')),
        )
    yield Fault(
        "Param integer",
        REGO,
        "its text",
        patch=edit(module, swap(r"params\.allowed\)", 'sprintf("%v", [params.allowed]))')),
    )
