"""Rules print as readable, total CEL. What the text means is for the real engines to say, in `tests/engines`."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from cmpolicy import ir
from cmpolicy.lang.cel import print_program
from cmpolicy.lang.cel_names import unique
from cmpolicy.lang.cel_program import CelProgram, Roots
from cmpolicy.lang.messages import is_static, static_message
from cmpolicy.load import built_in_packs, load_packs

from tests.sample_rules import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    LABEL,
    POD,
    RULES,
    eq,
    obj,
    path,
    pod,
    var,
)

EVERY = ir.Elems(obj("l"))
A_IS_X = eq(obj("a"), "x")


def program(condition: ir.Condition, *kinds: ir.Kind, message: ir.Message = ("m",)) -> CelProgram:
    return print_program(ir.Rule("r", kinds or (DEPLOYMENT,), (ir.Operation.CREATE,), ir.TRUE, condition, message))


def flat(text: str) -> str:
    """The text with every run of white space as one blank, none beside brackets."""
    return re.sub(r"(?<=[(\[]) | (?=[)\]])", "", " ".join(text.split()))


def element(condition: ir.Condition) -> str:
    """What the elements of a list are tested for."""
    text = flat(program(ir.Any(EVERY, "x", condition)).validation)
    found = re.fullmatch(r"has\(object\.l\) && type\(object\.l\) == list && object\.l\.exists\(x, (.*)\)", text)
    assert found, text
    return found[1]


@cache
def all_rules() -> tuple[ir.Rule, ...]:
    return (*RULES, *load_packs(built_in_packs()).rules)


@pytest.mark.parametrize(
    ("condition", "printed"),
    [
        pytest.param(ir.And(()), "true", id="nothing_holds"),
        pytest.param(ir.Or(()), "false", id="no_alternative"),
        pytest.param(eq(obj("a"), "x"), 'has(object.a) && object.a == "x"', id="equality"),
        pytest.param(ir.Not(eq(obj("a"), True)), "!(has(object.a) && object.a == true)", id="inequality"),
        pytest.param(ir.Eq(obj("a"), ir.Const(("x",))), "false", id="a_list_equals_nothing"),
        pytest.param(ir.Eq(ir.Const(True), ir.Const(1)), "false", id="true_is_no_number"),
        pytest.param(ir.Exists(obj("a")), "has(object.a) && object.a != null", id="existence"),
        pytest.param(ir.In(obj("a"), ir.Const(("x", "y"))), 'has(object.a) && object.a in ["x", "y"]', id="membership"),
        pytest.param(
            ir.Not(ir.In(obj("a"), ir.Const(("x",)))), '!(has(object.a) && object.a == "x")', id="membership_of_one"
        ),
        pytest.param(ir.In(obj("a"), ir.Const(())), "has(object.a) && object.a in []", id="membership_of_none"),
        pytest.param(ir.Eq(ir.Const("x"), ir.Const("x")), "true", id="constants_are_compared_at_once"),
        pytest.param(
            ir.In(obj("a"), ir.Const((1, "x"))), 'has(object.a) && object.a in [dyn(1), dyn("x")]', id="mixed_list"
        ),
        pytest.param(
            ir.In(obj("a"), ir.Const((True, 1))),
            "has(object.a) && object.a in [dyn(true), dyn(1)]",
            id="bool_among_numbers",
        ),
        pytest.param(
            ir.Compare(ir.Order.LESS, obj("a"), ir.Const(2)),
            "has(object.a) && (type(object.a) == int || type(object.a) == double) && object.a < 2",
            id="order_of_a_field_and_a_constant",
        ),
        pytest.param(
            ir.Compare(ir.Order.AT_MOST, ir.Const(-1), obj("a")),
            "has(object.a) && (type(object.a) == int || type(object.a) == double) && -1 <= object.a",
            id="order_of_a_constant_and_a_field",
        ),
        pytest.param(
            ir.Compare(ir.Order.LESS, ir.Count(EVERY, "x", ir.TRUE), ir.Const(2.5)),
            "dyn(size((has(object.l) && type(object.l) == list ? object.l : []).filter(x, x != null))) < 2.5",
            id="an_int_and_a_double_have_no_order_until_dynamic",
        ),
        pytest.param(ir.Compare(ir.Order.LESS, obj("a"), ir.Const("x")), "false", id="no_order_of_strings"),
        pytest.param(
            ir.CompareQuantity(ir.Order.LESS, obj("a"), ir.Const("1 Gi")), "false", id="not_a_quantity_is_never_less"
        ),
        pytest.param(
            ir.Text(ir.TextTest.STARTS_WITH, obj("a"), ir.Const("x")),
            'has(object.a) && type(object.a) == string && object.a.startsWith("x")',
            id="text",
        ),
        pytest.param(
            ir.Not(ir.Or((eq(obj("a"), 1), ir.And((eq(obj("b"), 2), eq(obj("c"), 3)))))),
            "!(has(object.a) && object.a == 1 || has(object.b) && object.b == 2 && has(object.c) && object.c == 3)",
            id="parentheses_only_where_needed",
        ),
        pytest.param(
            ir.And((eq(obj("a"), 1), ir.Or((eq(obj("b"), 2), eq(obj("c"), 3))))),
            "has(object.a) && object.a == 1 && (has(object.b) && object.b == 2 || has(object.c) && object.c == 3)",
            id="an_alternative_inside_a_conjunction",
        ),
        pytest.param(
            ir.AnyEntry(obj("m"), "k", "v", ir.And((eq(ir.Var("k"), "x"), eq(ir.Var("v"), 1)))),
            'has(object.m) && type(object.m) == map && object.m.exists(k, object.m[k] != null && k == "x" && object.m[k] == 1)',
            id="entries",
        ),
        pytest.param(
            ir.AllEntry(obj("m"), "k", "v", eq(ir.Var("v"), 1)),
            "has(object.m) && type(object.m) == map ? object.m.all(k, object.m[k] == null || object.m[k] == 1) : true",
            id="all_entries_of_what_is_no_map",
        ),
        pytest.param(
            ir.All(EVERY, "x", ir.Exists(var("x", "a"))),
            "has(object.l) && type(object.l) == list ? object.l.all(x, x == null || type(x) == map && has(x.a) && x.a != null) : true",
            id="every_element_but_null",
        ),
    ],
)
def test_conditions(condition: ir.Condition, printed: str) -> None:
    assert flat(program(condition).validation) == printed


@pytest.mark.parametrize(
    ("condition", "printed"),
    [
        pytest.param(eq(ir.Var("x"), 1), "x == 1", id="null_equals_nothing"),
        pytest.param(ir.Not(eq(ir.Var("x"), 1)), "x != null && x != 1", id="null_differs_but_is_no_element"),
        pytest.param(
            ir.Or((eq(ir.Var("x"), 1), ir.Not(ir.Exists(var("x", "a"))))),
            "x != null && (x == 1 || !(type(x) == map && has(x.a) && x.a != null))",
            id="one_alternative_may_hold_of_null",
        ),
        pytest.param(
            ir.And((eq(var("x", "a"), 1), eq(var("x", "b"), 2))),
            "type(x) == map && has(x.a) && x.a == 1 && has(x.b) && x.b == 2",
            id="a_guard_stands_once",
        ),
        pytest.param(
            eq(ir.Default(var("x", "a"), ir.Const(False)), True),
            "x != null && (type(x) == map && has(x.a) && x.a != null ? x.a : dyn(false)) == true",
            id="default",
        ),
        pytest.param(
            ir.IsType(var("x", "a", "b"), ir.ValueType.STRING),
            "type(x) == map && has(x.a) && type(x.a) == map && has(x.a.b) && type(x.a.b) == string",
            id="a_long_path_behind_its_guards",
        ),
        pytest.param(
            ir.Any(ir.Elems(var("x", "l")), "y", ir.Eq(ir.Var("x"), ir.Const("a"))),
            'type(x) == map && has(x.l) && type(x.l) == list && x.l.exists(y, y != null && x == "a")',
            id="a_list_in_an_element",
        ),
        pytest.param(
            ir.Eq(ir.Var("x"), obj("a")),
            "has(object.a) && ((type(x) == string || type(x) == bool) && x == object.a || "
            "((type(x) == int || type(x) == double) && "
            "(type(object.a) == int || type(object.a) == double) && double(x) == double(object.a)))",
            id="two_fields_are_equal_if_scalars",
        ),
    ],
)
def test_conditions_on_elements(condition: ir.Condition, printed: str) -> None:
    assert element(condition) == printed


NUMBER = ir.Len(obj("a"))
"""A value that is never a map, a list or a str."""


@pytest.mark.parametrize(
    ("condition", "printed"),
    [
        pytest.param(ir.Exists(ir.Get(ir.Const("a"), "k")), "false", id="entry"),
        pytest.param(ir.Any(ir.Elems(ir.Const("a")), "x", ir.TRUE), "false", id="some"),
        pytest.param(
            ir.All(ir.Elems(NUMBER), "x", A_IS_X),
            "true",
            id="every",
        ),
        pytest.param(ir.AnyEntry(ir.Const("a"), "k", "v", ir.TRUE), "false", id="some_entry"),
        pytest.param(ir.AllEntry(ir.Const("a"), "k", "v", A_IS_X), "true", id="every_entry"),
        pytest.param(ir.Exists(ir.Percent(NUMBER)), "false", id="percent"),
        pytest.param(ir.Exists(ir.Percent(ir.Const(5))), "false", id="percent_of_a_constant"),
        pytest.param(ir.Exists(ir.Default(ir.Const("a"), obj("b"))), "variables.or_default != null", id="default"),
    ],
)
def test_what_is_known_of_a_value_is_not_asked_in_a_way_that_the_checker_refuses(
    condition: ir.Condition, printed: str
) -> None:
    made = program(condition)
    assert flat(made.validation) == printed
    asked = "\n".join((made.validation, *(expression for _, expression in made.variables)))
    assert not re.search(r'"a"\[| in "a"|"a" [!=]= null|[0-9]\.matches|"a"\.exists|\)\.matches', asked), asked


def test_what_is_read_more_than_once_is_a_variable() -> None:
    found = program(
        ir.And((eq(obj("spec", "a", "x"), 1), eq(obj("spec", "a", "y"), 2), eq(obj("spec", "b"), 2))),
        message=(obj("spec", "b"), obj("spec", "c"), " ", obj("spec", "c")),
    )
    assert [name for name, _ in found.variables] == ["spec_a", "spec_b", "spec_b_text", "spec_c_text"]
    assert flat(dict(found.variables)["spec_a"]) == (
        "has(object.spec) && type(object.spec) == map && has(object.spec.a) ? object.spec.a : null"
    )


def test_an_entry_of_the_object_itself_is_a_variable_if_it_is_read_often() -> None:
    def named(keys: str) -> list[str]:
        return [name for name, _ in program(ir.And(tuple(eq(obj("spec", key), 1) for key in keys))).variables]

    assert named("abc") == []
    assert named("abcd") == ["spec"]


def test_what_a_loop_reads_from_outside_is_a_variable() -> None:
    inside = ir.Any(EVERY, "x", ir.Eq(ir.Var("x"), obj("a", "b")))
    assert [name for name, _ in program(inside).variables] == ["a_b"]


def test_lists_in_one_place_share_their_guards() -> None:
    found = program(ir.Any(ir.Concat((ir.Elems(obj("a", "b")), ir.Elems(obj("a", "c")))), "x", ir.TRUE))
    assert flat(dict(found.variables)["b_c"]) == (
        "has(object.a) && type(object.a) == map ? "
        "(has(object.a.b) && type(object.a.b) == list ? object.a.b : []) + "
        "(has(object.a.c) && type(object.a.c) == list ? object.a.c : []) : []"
    )


@pytest.mark.parametrize(
    ("operations", "read"),
    [
        pytest.param((ir.Operation.CREATE, ir.Operation.UPDATE), '"a/b" in object', id="there_is_one"),
        pytest.param((ir.Operation.DELETE,), 'object != null && "a/b" in object', id="a_deletion_has_none"),
    ],
)
def test_the_object_is_there_but_on_deletion(operations: tuple[ir.Operation, ...], read: str) -> None:
    rule = ir.Rule("r", (POD,), operations, ir.TRUE, eq(obj("a/b"), 1), ("m",))
    assert print_program(rule).validation == f'{read} && object["a/b"] == 1'


@pytest.mark.parametrize(
    ("key", "read"),
    [
        pytest.param("a", "has(object.a) && object.a == 1", id="identifier"),
        pytest.param("a/b", '"a/b" in object && object["a/b"] == 1', id="no_identifier"),
        pytest.param("namespace", '"namespace" in object && object["namespace"] == 1', id="reserved"),
    ],
)
def test_a_key_that_is_an_identifier_is_selected(key: str, read: str) -> None:
    assert program(eq(obj(key), 1)).validation == read


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
@pytest.mark.parametrize("roots", [Roots(), Roots("variables.anyObject", "oldObject", "variables.params")], ids=repr)
def test_variables_use_only_those_before_them_and_all_are_used(rule: ir.Rule, roots: Roots) -> None:
    found = print_program(rule, roots)
    given = {"anyObject", "params"}
    known = set(given)
    used: set[str] = set()
    for name, expression in (*found.variables, ("", found.validation), ("", found.message)):
        read = set(re.findall(r"variables\.(\w+)", expression))
        assert read <= known, expression
        known.add(name)
        used |= read
    assert {name for name, _ in found.variables} <= used


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_nothing_stands_in_the_text_that_an_engine_may_fail_on(rule: ir.Rule) -> None:
    found = print_program(rule)
    for text in (found.validation, found.message, *(expression for _, expression in found.variables)):
        assert not re.search(r"\?\.|optional|request\.object", text), text
        assert not re.search(r"[^\S\n]\n|\t", text), text
        text.encode()


@pytest.mark.parametrize(
    ("kinds", "variables"),
    [
        pytest.param((POD,), [], id="a_pod_is_its_own"),
        pytest.param((DEPLOYMENT, DAEMON_SET), [], id="one_path"),
        pytest.param((POD, DEPLOYMENT), ["podSpec"], id="paths"),
    ],
)
def test_the_pod_spec_is_found_by_kind_only_if_the_paths_differ(
    kinds: tuple[ir.Kind, ...], variables: list[str]
) -> None:
    assert sorted(name for name, _ in program(eq(pod("a"), 1), *kinds).variables) == sorted(variables)


def test_kinds_with_one_path_share_a_branch() -> None:
    found = dict(program(eq(pod("a"), 1), POD, DEPLOYMENT, DAEMON_SET).variables)
    assert flat(found["podSpec"]) == (
        'object.kind == "Pod" ? (has(object.spec) ? object.spec : null) : '
        'object.kind in ["Deployment", "DaemonSet"] ? (has(object.spec) && type(object.spec) == map && '
        "has(object.spec.template) && type(object.spec.template) == map && has(object.spec.template.spec) ? "
        "object.spec.template.spec : null) : dyn(null)"
    )
    found = dict(program(eq(path(ir.PodMeta(), "a"), 1), POD, CRON_JOB).variables)
    assert "object.spec.jobTemplate.spec.template.metadata" in found["podMetadata"]


def test_a_parameter_is_its_default_unless_it_is_read_at_run_time() -> None:
    rule = ir.Rule("r", (POD,), (ir.Operation.CREATE,), ir.TRUE, ir.Exists(ir.Get(obj("a"), LABEL)), (LABEL,), (LABEL,))
    bound, read = print_program(rule), print_program(rule, Roots(params="variables.params"))
    assert bound.message == '"owner"'
    assert bound.validation == (
        "has(object.a) && type(object.a) == map && has(object.a.owner) && object.a.owner != null"
    )
    assert flat(dict(read.variables)["label"]) == (
        'type(variables.params) == map && "label" in variables.params && variables.params["label"] != null ? '
        'variables.params["label"] : dyn("owner")'
    )
    assert "variables.label in object.a && object.a[variables.label] != null" in flat(read.validation)


@pytest.mark.parametrize(
    ("hint", "taken", "name"),
    [
        ("replicas", (), "replicas"),
        ("replicas", ("replicas",), "replicas_2"),
        ("namespace", (), "namespace_2"),
        ("map", (), "map_2"),
        ("params", (), "params_2"),
        ("app.kubernetes.io", (), "app_kubernetes_io"),
        ("2nd", (), "v_2nd"),
        ("gatekeeper_internal_x", (), "v_gatekeeper_internal_x"),
        ("é", (), "value"),
        # The API server finds no variable whose name has two underscores in a row: it takes them for an escape.
        ("labels_a__b", (), "labels_a_b"),
        ("metadata__x_-_y", ("metadata_x_y",), "metadata_x_y_2"),
    ],
)
def test_names_are_identifiers_that_nobody_else_uses(hint: str, taken: tuple[str, ...], name: str) -> None:
    assert unique(hint, taken) == name


def test_a_variable_called_like_a_type_shadows_nothing() -> None:
    condition = ir.Any(EVERY, "map", ir.Exists(var("map", "a")))
    assert flat(program(condition).validation) == (
        "has(object.l) && type(object.l) == list && "
        "object.l.exists(map_2, type(map_2) == map && has(map_2.a) && map_2.a != null)"
    )


def test_keys_that_end_alike_get_names_of_their_own() -> None:
    found = program(ir.TRUE, message=tuple(obj("m", key) for key in ("a/x", "b/x") * 2))
    assert [name for name, _ in found.variables] == ["m_x_text", "m_x_text_2"]


@pytest.mark.parametrize(
    ("message", "printed"),
    [
        pytest.param(("a ", ir.Const(3), " ", ir.Const(True), "\n"), '"a 3 true\\n".trim()', id="constants_are_folded"),
        pytest.param(("a ", ir.Const(0.00001), "b"), '"a b"', id="as_the_reference_shows_them"),
        pytest.param(("a ", obj("x"), " b"), '"a " + variables.x_text + " b"', id="a_value_between"),
        pytest.param(("a ", obj("x")), '("a " + variables.x_text).trim()', id="a_value_that_may_be_nothing_at_the_end"),
        pytest.param((), '"".trim()', id="nothing"),
    ],
)
def test_messages(message: ir.Message, printed: str) -> None:
    assert flat(program(ir.TRUE, message=message).message) == printed


def test_the_static_message_is_one_line_without_values() -> None:
    rule = RULES[0]
    assert static_message(rule) == rule.about.title
    assert static_message(replace(rule, about=ir.About())) == rule.id
    assert static_message(replace(rule, message=("one\n ", "two"))) == "one two"
    # The API server refuses a constant message with a carriage return, and shows one from an expression.
    returning = replace(rule, message=("one ", ir.Const("t\r\nwo")))
    assert static_message(returning) == "one t wo"
    assert not is_static(returning)
    assert static_message(replace(rule, about=replace(rule.about, title="a\rb"))) == "a b"
