"""JSON Schema says what the IR means: the schema of a condition accepts exactly the objects of which it is true."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from random import Random

import pytest
from cmpolicy import ir
from cmpolicy.evaluate.closures import FIRST_VARIABLE, Slots, condition_closure
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.lang.digits import percent_pattern
from cmpolicy.lang.jsonschema import DEFINITIONS, NotExpressible, QuantityKeywords, Schema, print_schema
from cmpolicy.lang.schema_text import accepts_null
from cmpolicy.regex import compile_pattern
from cmpolicy.values import Json
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from tests.lang.random_conditions import Conditions, random_object

SPEC = ir.Get(ir.Obj(), "spec")
ITEM = ir.Var("item")
ENTRY = ir.Var("entry")
QUANTITIES = QuantityKeywords("least", "most")


def elems(*keys: str) -> ir.Elems:
    value: ir.Value = SPEC
    for key in keys:
        value = ir.Get(value, key)
    return ir.Elems(value)


def field(key: str, base: ir.Value = SPEC) -> ir.Get:
    return ir.Get(base, key)


def eq(value: ir.Value, constant: ir.Constant) -> ir.Eq:
    return ir.Eq(value, ir.Const(constant))


def schema(condition: ir.Condition) -> Schema:
    """The schema of a condition that has one."""
    printed = print_schema(condition, QUANTITIES)
    assert not isinstance(printed, NotExpressible), printed
    return printed


def _pattern(_: object, pattern: str, instance: Json, __: object) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not compile_pattern(pattern).search(instance):
        yield ValidationError("pattern")


def _bound(holds: Callable[[Fraction, Fraction], bool]) -> Callable[..., Iterator[ValidationError]]:
    def check(_: object, bound: str, instance: Json, __: object) -> Iterator[ValidationError]:
        # it stands beside `type: string`; an engine that looks at the type first does not ask for others
        if isinstance(instance, str):
            value, limit = quantity(instance), quantity(bound)
            assert value is not None, "only quantities arrive at the keyword"
            assert limit is not None
            if not holds(value, limit):
                yield ValidationError("quantity")

    return check


KEYWORDS = {"pattern": _pattern, "least": _bound(operator.ge), "most": _bound(operator.le)}
Validator = extend(Draft202012Validator, KEYWORDS)  # type: ignore[no-untyped-call]


def accepts(printed: Schema, instance: Json) -> bool:
    return bool(Validator({"definitions": DEFINITIONS, **printed}).is_valid(instance))


def reference(condition: ir.Condition) -> Callable[[Json], bool]:
    slots: Slots = {}
    holds = condition_closure(condition, slots)
    return lambda instance: holds([instance, None, *[None] * (FIRST_VARIABLE + len(slots))])


@pytest.mark.parametrize("seed", range(12))
def test_a_schema_accepts_what_the_condition_is_true_of(seed: int) -> None:
    random = Random(seed)
    conditions = Conditions(random)
    judged = said = 0
    for _ in range(60):
        condition = conditions.condition(depth=random.randint(1, 3))
        printed = print_schema(condition, QUANTITIES)
        if isinstance(printed, NotExpressible):
            continue
        said += 1
        holds = reference(condition)
        for instance in (random_object(random) for _ in range(25)):
            judged += 1
            assert accepts(printed, instance) is holds(instance), (condition, instance, printed)
        assert accepts_null(printed) is holds(None)
    assert said > 40
    assert judged == 25 * said


HOST_NETWORK = field("hostNetwork")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param(ir.TRUE, {}, id="true"),
        pytest.param(ir.FALSE, {"not": {}}, id="false"),
        pytest.param(
            eq(HOST_NETWORK, True),
            {
                "type": "object",
                "required": ["spec"],
                "properties": {
                    "spec": {
                        "type": "object",
                        "required": ["hostNetwork"],
                        "properties": {"hostNetwork": {"const": True}},
                    }
                },
            },
            id="what_must_hold_says_type_and_required",
        ),
        pytest.param(
            ir.Not(eq(HOST_NETWORK, True)),
            {"properties": {"spec": {"properties": {"hostNetwork": {"not": {"const": True}}}}}},
            id="what_must_not_hold_passes_over_what_is_absent",
        ),
        pytest.param(
            ir.Not(ir.Exists(HOST_NETWORK)),
            {"properties": {"spec": {"properties": {"hostNetwork": {"type": "null"}}}}},
            id="absent_is_null",
        ),
        pytest.param(
            eq(ir.Default(HOST_NETWORK, ir.Const(False)), False),
            {"properties": {"spec": {"properties": {"hostNetwork": {"anyOf": [{"const": False}, {"type": "null"}]}}}}},
            id="default",
        ),
        pytest.param(
            ir.And((eq(field("a"), 1), ir.Not(eq(field("b"), "x")))),
            {
                "type": "object",
                "required": ["spec"],
                "properties": {
                    "spec": {
                        "type": "object",
                        "required": ["a"],
                        "properties": {"a": {"const": 1}, "b": {"not": {"const": "x"}}},
                    }
                },
            },
            id="and_steps_once",
        ),
        pytest.param(
            ir.All(elems("items"), "item", eq(field("a", ITEM), 1)),
            {
                "properties": {
                    "spec": {
                        "properties": {
                            "items": {
                                "items": {
                                    "anyOf": [
                                        {"type": "null"},
                                        {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}},
                                    ]
                                }
                            }
                        }
                    }
                }
            },
            id="one_finding_for_each_element",
        ),
        pytest.param(
            ir.Any(ir.Elems(SPEC), "item", ir.Not(eq(ITEM, "x"))),
            {
                "type": "object",
                "required": ["spec"],
                "properties": {
                    "spec": {
                        "type": "array",
                        "contains": {"allOf": [{"not": {"type": "null"}}, {"not": {"const": "x"}}]},
                    }
                },
            },
            id="null_is_no_element",
        ),
        pytest.param(
            ir.In(SPEC, ir.Const((True, 1, 1.0, "1"))),
            {"type": "object", "required": ["spec"], "properties": {"spec": {"enum": [True, 1, "1"]}}},
            id="an_enum_repeats_nothing",
        ),
        pytest.param(
            ir.Text(ir.TextTest.ENDS_WITH, SPEC, ir.Const("a.b")),
            {
                "type": "object",
                "required": ["spec"],
                "properties": {"spec": {"type": "string", "pattern": "a\\.b$"}},
            },
            id="text_is_quoted",
        ),
        pytest.param(
            ir.AllEntry(SPEC, "key", "entry", ir.Not(ir.Text(ir.TextTest.STARTS_WITH, ir.Var("key"), ir.Const("x/")))),
            {"properties": {"spec": {"patternProperties": {"^x/": {"type": "null"}}}}},
            id="keys_by_pattern",
        ),
        pytest.param(
            ir.AllEntry(SPEC, "key", "entry", ir.Or((eq(ir.Var("key"), "a"), ir.IsType(ENTRY, ir.ValueType.STRING)))),
            {
                "properties": {
                    "spec": {
                        "patternProperties": {"^a$": {}},
                        "additionalProperties": {"anyOf": [{"type": "null"}, {"type": "string"}]},
                    }
                }
            },
            id="other_keys",
        ),
    ],
)
def test_how_a_condition_is_printed(condition: ir.Condition, expected: Schema) -> None:
    assert schema(condition) == expected


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        pytest.param(ir.Eq(field("a"), field("b")), "compares two fields", id="two_fields"),
        pytest.param(eq(ir.Flag(elems("args"), "v"), "2"), "reads a command-line flag", id="flag"),
        pytest.param(ir.Exists(ir.Old()), "reads the object before the request", id="old"),
        pytest.param(
            ir.Any(elems("items"), "item", ir.Any(elems("names"), "n", ir.Exists(field("x", ITEM)))),
            None,
            id="what_reads_only_the_outer_element_moves_out",
        ),
        pytest.param(
            ir.Any(elems("items"), "item", ir.Any(elems("names"), "n", ir.Eq(ir.Var("n"), field("x", ITEM)))),
            "relates an element to something outside it",
            id="correlation",
        ),
        pytest.param(
            ir.Any(elems("items"), "item", ir.Any(ir.Elems(field("x", ITEM)), "n", eq(field("y", ITEM), 1))),
            None,
            id="a_test_of_the_outer_element_moves_out",
        ),
        pytest.param(
            ir.CompareQuantity(ir.Order.AT_MOST, SPEC, ir.Const("512Mi")),
            "compares quantities so large that doubles cannot tell them apart",
            id="large_quantity",
        ),
        pytest.param(ir.CompareQuantity(ir.Order.AT_MOST, SPEC, ir.Const("500m")), None, id="small_quantity"),
        pytest.param(
            ir.Compare(ir.Order.AT_LEAST, ir.Len(SPEC), ir.Const(2)), "counts the entries of a map", id="two_entries"
        ),
        pytest.param(ir.Compare(ir.Order.AT_LEAST, ir.Len(SPEC), ir.Const(1)), None, id="one_entry"),
        pytest.param(
            ir.AnyEntry(SPEC, "key", "entry", ir.Eq(ir.Var("key"), ENTRY)), "compares two fields", id="key_and_value"
        ),
    ],
)
def test_what_is_not_expressible_says_why(condition: ir.Condition, reason: str | None) -> None:
    printed = print_schema(condition, QUANTITIES)
    assert (printed.reason if isinstance(printed, NotExpressible) else None) == reason


def test_quantities_need_keywords() -> None:
    assert isinstance(print_schema(ir.CompareQuantity(ir.Order.LESS, SPEC, ir.Const("1"))), NotExpressible)


def test_a_constant_true_is_not_a_one() -> None:
    """Python takes them for equal, so one must not be assumed where the other is tested."""
    is_true, is_one = eq(field("a"), True), eq(field("a"), 1)
    condition = ir.Any(
        elems("items"), "item", ir.Or((ir.And((is_true, eq(ITEM, "x"))), ir.And((is_one, eq(ITEM, "y")))))
    )
    for a in (True, 1):
        for item in ("x", "y"):
            instance: Json = {"spec": {"a": a, "items": [item]}}
            assert accepts(schema(condition), instance) is ((a is True) == (item == "x")), instance


def test_effective_settings_of_containers_stay_in_a_schema() -> None:
    """A container's own setting, or else the pod's: the pod is outside the element, but not at the same time."""
    own, of_pod = field("runAsNonRoot", ITEM), field("runAsNonRoot")
    printed = schema(ir.All(elems("containers"), "item", eq(ir.Default(own, of_pod), True)))
    cases: Mapping[bool, list[Json]] = {
        True: [
            {"spec": {"runAsNonRoot": True, "containers": [{}, {"runAsNonRoot": None}]}},
            {"spec": {"containers": [{"runAsNonRoot": True}]}},
            {"spec": {"runAsNonRoot": False, "containers": []}},
        ],
        False: [
            {"spec": {"runAsNonRoot": True, "containers": [{"runAsNonRoot": False}]}},
            {"spec": {"containers": [{"runAsNonRoot": True}, {}]}},
        ],
    }
    for expected, instances in cases.items():
        for instance in instances:
            assert accepts(printed, instance) is expected, instance


@pytest.mark.parametrize(("lowest", "highest"), [(0, 0), (0, 49), (50, 9999), (38, 52), (100, 100), (7, 1234)])
def test_a_percent_pattern_matches_its_range_whatever_the_zeros(lowest: int, highest: int) -> None:
    pattern = percent_pattern(lowest, highest)
    assert pattern is not None
    matches = compile_pattern(pattern).search
    for width in range(1, 5):
        for number in range(0, 10**width, 1 + 10**width // 500):
            assert bool(matches(f"{number:0{width}d}%")) is (lowest <= number <= highest)
    assert not any(map(matches, ("%", "00000%", f"{lowest}", f"{lowest}%\n", f"-{lowest}%")))


def test_an_empty_range_of_percents_has_no_pattern() -> None:
    assert percent_pattern(10_000, 20_000) is None
