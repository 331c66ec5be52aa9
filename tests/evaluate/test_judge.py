"""Every node of the IR has its documented value on ordinary and on odd input."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.values import Json

from tests.sample_rules import CONFIG_MAP, obj, var

X, Y = obj("data", "x"), obj("data", "y")
LIST = ir.Elems(X)


def holds(condition: ir.Condition, **data: Json) -> bool:
    """What the reference says of a condition on `{"data": data}`."""
    rule = ir.Rule("r", (CONFIG_MAP,), (ir.Operation.CREATE,), ir.TRUE, condition, ("no",))
    return judge(rule, {"apiVersion": "v1", "kind": "ConfigMap", "data": data}).verdict is Verdict.PASS


def check(value: ir.Value, **data: Json) -> Json:
    """The text that a message shows of a value on `{"data": data}`."""
    rule = ir.Rule("r", (CONFIG_MAP,), (ir.Operation.CREATE,), ir.TRUE, ir.FALSE, (value,))
    return judge(rule, {"apiVersion": "v1", "kind": "ConfigMap", "data": data}).message


ODD: list[Json] = [None, True, False, 0, 1.5, "", "s", [], [None], ["s"], {}, {"k": None}, {"k": "v"}]


@pytest.mark.parametrize("value", ODD)
def test_exists_is_not_null(value: Json) -> None:
    assert holds(ir.Exists(X), x=value) is (value is not None)


@pytest.mark.parametrize("parent", ODD)
def test_a_path_through_anything_odd_is_null(parent: Json) -> None:
    assert not holds(ir.Exists(obj("data", "x", "missing", "deeper")), x=parent)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1, True),
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ("1", 1, False),
        ("a", "a", True),
        ("a", "A", False),
        (None, None, False),
        ([], [], False),
        ({}, {}, False),
        (True, True, True),
        (2**53 + 1, 2**53, True),
    ],
)
def test_equality_is_strict_about_types(left: Json, right: Json, equal: bool) -> None:
    assert holds(ir.Eq(X, Y), x=left, y=right) is equal


@pytest.mark.parametrize("value", [v for v in ODD if isinstance(v, bool) or not isinstance(v, int | float)])
@pytest.mark.parametrize("order", list(ir.Order))
def test_ordering_what_is_no_number_is_false(value: Json, order: ir.Order) -> None:
    assert not holds(ir.Compare(order, X, ir.Const(1)), x=value)
    assert not holds(ir.Compare(order, ir.Const(1), X), x=value)


@pytest.mark.parametrize(("value", "number"), [("50%", 50), ("0050%", 50), ("0%", 0)])
def test_percent_reads_one_to_four_digits(value: Json, number: int) -> None:
    assert holds(ir.Eq(ir.Percent(X), ir.Const(number)), x=value)


@pytest.mark.parametrize("value", ["00050%", "50", "%", "-5%", " 5%", "5% ", "5%\n", "٣%", 50, None])
def test_percent_of_anything_else_is_null(value: Json) -> None:
    assert not holds(ir.Exists(ir.Percent(X)), x=value)


@pytest.mark.parametrize(
    ("value", "length"),
    [("", 0), ("é", 1), ("👍", 1), ([], 0), ([None, 1, 1], 2), ({}, 0), ({"a": None, "b": 0}, 1)],
)
def test_length_counts_what_is_there(value: Json, length: int) -> None:
    assert holds(ir.Eq(ir.Len(X), ir.Const(length)), x=value)


@pytest.mark.parametrize("value", [None, True, 3])
def test_length_of_anything_else_is_null(value: Json) -> None:
    assert not holds(ir.Exists(ir.Len(X)), x=value)


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["--n=a"], "a"),
        (["--n", "a"], "a"),
        (["--n=a", "--n="], ""),
        (["--n=a", "--n", "b"], "b"),
        (["--n", "b", "--n=a"], "a"),
        (["--n", None, "b"], "b"),
        (["--n=a=b"], "a=b"),
        (["--nn=a"], None),
        (["-n=a"], None),
        (["--n"], None),
        (["--n", 1], None),
        ("--n=a", None),
    ],
)
def test_the_last_flag_wins(arguments: Json, value: str | None) -> None:
    flag = ir.Flag(LIST, "n")
    assert holds(ir.Exists(flag), x=arguments) is (value is not None)
    assert value is None or holds(ir.Eq(flag, ir.Const(value)), x=arguments)


@pytest.mark.parametrize(
    ("arguments", "value"), [(["--n"], "true"), (["--n", "false"], "true"), (["--n=false"], "false")]
)
def test_a_switch_takes_no_next_argument(arguments: Json, value: str) -> None:
    assert holds(ir.Eq(ir.Flag(LIST, "n", switch=True), ir.Const(value)), x=arguments)


@pytest.mark.parametrize("nothing", [None, [], {}, "s", {"k": "v"}, [None]])
def test_quantifiers_over_nothing(nothing: Json) -> None:
    assert not holds(ir.Any(LIST, "e", ir.TRUE), x=nothing)
    assert holds(ir.All(LIST, "e", ir.FALSE), x=nothing)
    assert holds(ir.Eq(ir.Count(LIST, "e", ir.TRUE), ir.Const(0)), x=nothing)


def test_duplicates_count() -> None:
    assert holds(ir.Eq(ir.Count(LIST, "e", ir.Eq(var("e"), ir.Const("a"))), ir.Const(2)), x=["a", "a", "b", None])


@pytest.mark.parametrize(("entries", "found"), [({"a": 1}, True), ({"a": None}, False), ([], False), ({"b": 1}, False)])
def test_entries_with_a_value_are_seen(entries: Json, found: bool) -> None:
    is_a = ir.Eq(var("key"), ir.Const("a"))
    assert holds(ir.AnyEntry(X, "key", "value", is_a), x=entries) is found
    assert holds(ir.AllEntry(X, "key", "value", ir.Not(is_a)), x=entries) is not found


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "true"),
        ("a\nb", "a b"),
        (" \u00a0\u2003a\x1f\n", "a\x1f"),
        (3, "3"),
        (3.0, "3"),
        (-0.0, "0"),
        (1e6, "1000000"),
        (2**53, "9007199254740992"),
        (2**53 + 2, ""),
        (0.25, "0.25"),
        (1e-5, ""),
        (1234567.5, ""),
        ([1], ""),
        ({"a": 1}, ""),
        ("x" * 201, "x" * 200),
    ],
)
def test_how_a_message_shows_a_value(value: Json, shown: str) -> None:
    assert check(X, x=value) == shown


@pytest.mark.parametrize(
    ("type_", "members"),
    [
        (ir.ValueType.BOOLEAN, [True]),
        (ir.ValueType.NUMBER, [1, 1.5]),
        (ir.ValueType.INTEGER, [1, 1.0, -(2**53)]),
        (ir.ValueType.STRING, [""]),
        (ir.ValueType.LIST, [[]]),
        (ir.ValueType.MAP, [{}]),
    ],
)
def test_a_type_has_its_members_only(type_: ir.ValueType, members: list[Json]) -> None:
    everything: list[Json] = [None, True, 1, 1.0, 1.5, -(2**53), 2**53 + 2, "", [], {}]
    for value in everything:
        wanted = any(type(value) is type(member) and value == member for member in members)
        also = type_ is ir.ValueType.NUMBER and type(value) in (int, float)
        assert holds(ir.IsType(X, type_), x=value) is (wanted or also), value


def test_an_integer_beyond_the_doubles_is_the_double_it_rounds_to() -> None:
    assert holds(ir.IsType(X, ir.ValueType.INTEGER), x=2**53 + 1)
    assert not holds(ir.IsType(X, ir.ValueType.INTEGER), x=10**400)


def test_a_rule_skips_other_kinds_groups_and_versions() -> None:
    rule = ir.Rule("r", (CONFIG_MAP,), (ir.Operation.CREATE,), ir.TRUE, ir.FALSE, ("no",))
    for other in (
        {"apiVersion": "v2", "kind": "ConfigMap"},
        {"apiVersion": "v1", "kind": "Secret"},
        {"kind": "ConfigMap"},
    ):
        assert judge(rule, other).verdict is Verdict.SKIP
