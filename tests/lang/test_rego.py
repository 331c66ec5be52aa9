"""Rules print as readable, total Rego. What the text means is for `tests/engines/test_opa_eval.py` to say."""

from __future__ import annotations

import re

import pytest
from cmpolicy import ir
from cmpolicy.lang.rego import Dialect, print_module
from cmpolicy.lang.rego_body import quote, reserved_names
from cmpolicy.lang.rego_library import helper_names, library

from tests.sample_rules import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    LABEL,
    NAMESPACE,
    POD,
    REPLICAS,
    RULES,
    eq,
    obj,
    pod,
    var,
)

REQUEST = Dialect(
    imports=(),
    manifest='object.get(input, ["review", "object"], null)',
    old='object.get(input, ["review", "oldObject"], null)',
    parameters=("parameters",),
    violation='{"msg": message}',
    has_message=True,
)
BARE = Dialect(("future.keywords",), "input", "null", None, "true", has_message=False)
A, B = eq(obj("a"), "x"), eq(obj("b"), 1)
EVERY = ir.Elems(obj("l"))


def rule_of(condition: ir.Condition, *kinds: ir.Kind, message: ir.Message = ("m",)) -> ir.Rule:
    """A rule that fails where the condition is true."""
    return ir.Rule("r", kinds or (POD,), (ir.Operation.CREATE,), ir.TRUE, ir.Not(condition), message)


def body(text: str, head: str = "violation contains true") -> list[str]:
    """The lines of the first body of a rule, without their first indentation."""
    found = re.search(rf"^{re.escape(head)} if \{{\n(.*?)^\}}$", text, re.MULTILINE | re.DOTALL)
    assert found, text
    return [line.removeprefix("\t") for line in found[1].splitlines()]


def lines(condition: ir.Condition) -> list[str]:
    matched, *rest = body(print_module(rule_of(condition), "p", BARE))
    assert matched == "matched"
    return rest


@pytest.mark.parametrize(
    ("condition", "printed"),
    [
        pytest.param(A, ['object.get(manifest, ["a"], null) == "x"'], id="eq_constant"),
        pytest.param(ir.Not(A), ['object.get(manifest, ["a"], null) != "x"'], id="not_eq_constant"),
        pytest.param(
            ir.Eq(obj("a"), obj("b")),
            ['same(object.get(manifest, ["a"], null), object.get(manifest, ["b"], null))'],
            id="eq_fields",
        ),
        pytest.param(
            ir.Eq(obj("a"), ir.Const(("x",))), ['same(object.get(manifest, ["a"], null), ["x"])'], id="eq_list_is_never"
        ),
        pytest.param(
            eq(ir.Len(obj("a")), "x"),
            ['same(size(object.get(manifest, ["a"], null)), "x")'],
            id="eq_of_types_that_clash",
        ),
        pytest.param(ir.Exists(obj("a")), ['not is_null(object.get(manifest, ["a"], null))'], id="exists"),
        pytest.param(ir.Not(ir.Exists(obj("a"))), ['is_null(object.get(manifest, ["a"], null))'], id="not_exists"),
        pytest.param(
            ir.Not(ir.In(obj("a"), ir.Const(("x", 1, True)))),
            ['not object.get(manifest, ["a"], null) in ["x", 1, true]'],
            id="not_in",
        ),
        pytest.param(
            ir.Compare(ir.Order.AT_MOST, ir.Percent(obj("a")), ir.Const(2.5)),
            ['at_most(percent(object.get(manifest, ["a"], null)), 2.5)'],
            id="compare",
        ),
        pytest.param(
            ir.CompareQuantity(ir.Order.LESS, obj("a"), ir.Const("1Gi")),
            ['less_than(quantity(object.get(manifest, ["a"], null)), quantity("1Gi"))'],
            id="compare_quantity",
        ),
        pytest.param(
            ir.And((A, B)),
            ['object.get(manifest, ["a"], null) == "x"', 'object.get(manifest, ["b"], null) == 1'],
            id="and",
        ),
        pytest.param(
            ir.Not(ir.Or((ir.Not(A), B))),
            ['object.get(manifest, ["a"], null) == "x"', 'object.get(manifest, ["b"], null) != 1'],
            id="nor",
        ),
        pytest.param(
            ir.Any(EVERY, "c", eq(var("c", "a/b"), True)),
            ['some c in elems(object.get(manifest, ["l"], null))', 'get(c, ["a/b"]) == true'],
            id="any",
        ),
        pytest.param(
            ir.Not(ir.Any(EVERY, "c", eq(ir.Var("c"), 0))),
            ['every c in elems(object.get(manifest, ["l"], null)) {', "\tc != 0", "}"],
            id="not_any",
        ),
        pytest.param(
            ir.AnyEntry(obj("m"), "k", "v", eq(ir.Var("v"), 0)),
            ['some _, v in entries(object.get(manifest, ["m"], null))', "v == 0"],
            id="any_entry_of_any_key",
        ),
        pytest.param(
            ir.Compare(ir.Order.LESS, ir.Count(EVERY, "n", eq(ir.Var("n"), 0)), ir.Const(2)),
            [
                "n := count([1 |",
                '\tsome n_2 in elems(object.get(manifest, ["l"], null))',
                "\tn_2 == 0",
                "])",
                "less_than(n, 2)",
            ],
            id="count_is_bound_first",
        ),
        pytest.param(
            ir.Exists(ir.Flag(ir.Concat((EVERY, ir.Elems(obj("m")), EVERY)), "leader-elect")),
            [
                'not is_null(flag(array.concat(array.concat(elems(object.get(manifest, ["l"], null)), elems(object.get(manifest, ["m"], null))), '
                'elems(object.get(manifest, ["l"], null))), "--leader-elect", false))'
            ],
            id="flag_over_concatenation",
        ),
    ],
)
def test_conditions_are_lines(condition: ir.Condition, printed: list[str]) -> None:
    assert lines(condition) == printed


def test_a_disjunction_is_a_helper_that_takes_the_variables_it_reads() -> None:
    either = ir.Or((eq(var("c", "a"), 1), eq(var("d", "b"), 2), ir.And((eq(ir.Var("c"), 3), B))))
    text = print_module(rule_of(ir.Any(EVERY, "c", ir.Any(EVERY, "d", either))), "p", BARE)
    assert body(text)[-1] == "either_1(c, d)"
    assert body(text, "either_1(c, _)") == ['get(c, ["a"]) == 1']
    assert body(text, "either_1(_, d)") == ['get(d, ["b"]) == 2']
    assert text.count('\neither_1(c, _) if {\n\tc == 3\n\tobject.get(manifest, ["b"], null) == 1\n}') == 1


@pytest.mark.parametrize(
    "name", ["input", "some", "not", "contains", "count", "manifest", "elems", "either_1x", "é", "_", "1"]
)
def test_local_names_are_no_words_of_rego_or_of_the_module(name: str) -> None:
    text = print_module(rule_of(ir.Any(EVERY, name, eq(ir.Var(name), 0))), "p", BARE)
    found = re.search(r"^\tsome (\w+) in .*\n\t\1 == 0$", text, re.MULTILINE)
    assert found
    assert re.fullmatch(r"[A-Za-z]\w*", found[1], re.ASCII)
    assert found[1] not in reserved_names()


@pytest.mark.parametrize("name", ["either", "counted", "filtered"])
def test_local_names_are_no_names_of_helpers(name: str) -> None:
    """Every number after such a name is a helper's, so that a second variable of this name would find none."""
    loops = [ir.Any(EVERY, f"{name}{suffix}", eq(var(f"{name}{suffix}", "a"), 0)) for suffix in ("", "_2")]
    bound = [line.split()[1] for line in lines(ir.And(tuple(loops))) if line.startswith("some")]
    assert len(set(bound)) == 2
    assert not any(re.fullmatch(rf"{name}(_\d+)?", each) for each in bound)


def test_a_condition_used_twice_binds_two_names() -> None:
    some = ir.Any(EVERY, "c", ir.Exists(ir.Var("c")))
    printed = lines(ir.And((ir.Any(EVERY, "d", ir.Exists(ir.Var("d"))), some, ir.And((some, A)), ir.Or((some, B)))))
    assert [line for line in printed if line.startswith("some")] == [
        'some d in elems(object.get(manifest, ["l"], null))',
        'some c in elems(object.get(manifest, ["l"], null))',
    ]
    again = lines(ir.And((some, ir.Any(EVERY, "c", ir.Not(ir.Exists(ir.Var("c")))))))
    assert again == [
        'some c in elems(object.get(manifest, ["l"], null))',
        "not is_null(c)",
        'some c_2 in elems(object.get(manifest, ["l"], null))',
        "is_null(c_2)",
    ]


@pytest.mark.parametrize(
    ("kinds", "read"),
    [
        pytest.param((POD,), 'object.get(manifest, ["spec", "x"], null)', id="pod"),
        pytest.param(
            (DEPLOYMENT, DAEMON_SET), 'object.get(manifest, ["spec", "template", "spec", "x"], null)', id="one_path"
        ),
        pytest.param((DEPLOYMENT, CRON_JOB), 'get(pod, ["spec", "x"])', id="two_paths"),
        pytest.param((POD, NAMESPACE), 'get(pod, ["spec", "x"])', id="no_pod_in_one_kind"),
    ],
)
def test_the_pod_is_read_from_where_the_kinds_have_it(kinds: tuple[ir.Kind, ...], read: str) -> None:
    text = print_module(rule_of(ir.Exists(pod("x")), *kinds), "p", BARE)
    assert f"not is_null({read})" in text
    assert ("\npod := " in text) == read.startswith("get(pod")


def test_the_pod_of_several_kinds_is_chosen_by_kind() -> None:
    text = print_module(rule_of(ir.Exists(pod("x")), POD, DEPLOYMENT, DAEMON_SET, NAMESPACE), "p", BARE)
    assert (
        'pod := manifest if {\n\tmanifest.kind == "Pod"\n}\n\n'
        'else := object.get(manifest, ["spec", "template"], null) if {\n\tmanifest.kind in ["Deployment", "DaemonSet"]\n}\n\n'
        "else := null\n"
    ) in text


def test_matched_tests_version_and_kind() -> None:
    text = print_module(rule_of(A, DEPLOYMENT, POD, DAEMON_SET), "p", BARE)
    assert body(text, "matched") == [
        'manifest.apiVersion == "apps/v1"',
        'manifest.kind in ["Deployment", "DaemonSet"]',
    ]
    assert text.count("\nmatched if {") == 2


def test_parameters_are_read_at_run_time_and_fall_back_to_their_defaults() -> None:
    text = print_module(REPLICAS, "p", REQUEST)
    assert '\nparams := {\n\t"minimum": default_to(object.get(input, ["parameters", "minimum"], null), 3),\n}\n' in text
    assert body(text, 'violation contains {"msg": message}')[-1].endswith(", params.minimum)")


def test_without_parameters_a_parameter_is_its_default() -> None:
    text = print_module(REPLICAS, "p", BARE)
    assert body(text)[-1].endswith(", 3)")
    assert "params" not in text


def test_a_parameter_may_be_a_key_and_have_a_keyword_for_a_name() -> None:
    key = ir.Param("if", ir.ParameterType.STRING, "owner")
    text = print_module(rule_of(ir.Exists(ir.Get(obj("labels"), key))), "p", REQUEST)
    assert 'not is_null(object.get(manifest, ["labels", params["if"]], null))' in text
    assert LABEL.default == "owner"


@pytest.mark.parametrize(
    ("name", "read"), [("größe", '"gr\\u00f6\\u00dfe"'), ("a-b", '"a-b"'), ("", '""'), ("1a", '"1a"')]
)
def test_a_parameter_whose_name_is_no_name_in_rego_is_quoted(name: str, read: str) -> None:
    parameter = ir.Param(name, ir.ParameterType.STRING, "x")
    text = print_module(rule_of(ir.Eq(obj("a"), parameter)), "p", REQUEST)
    assert f'object.get(manifest, ["a"], null) == params[{read}]' in text


@pytest.mark.parametrize(
    ("number", "text"),
    [(10.0, "10"), (-1e15, "-1000000000000000"), (-0.0, "0"), (2.5, "2.5"), (1e-10, "1e-10"), (-1.5e-10, "-15e-11")],
)
def test_a_number_has_no_decimal_point_before_zeros_that_opa_would_cut_off(number: float, text: str) -> None:
    """OPA 1.17 takes `10.0` for `1` where it compares numbers: it drops every `.` and `0` at the end of their texts."""
    assert quote(number) == text
    assert quote((number, "a")) == f'[{text}, "a"]'


def test_a_message_is_text_without_blanks_at_its_ends() -> None:
    message = ("at most 100% of ", obj("a"), ir.Count(EVERY, "c", ir.TRUE))
    text = print_module(rule_of(A, message=message), "p", REQUEST)
    head = 'message := trim_space(concat("", ["at most 100% of ", text_of(object.get(manifest, ["a"], null)), text_of(n)]))'
    assert body(text, head) == [
        "n := count([1 |",
        '\tsome _ in elems(object.get(manifest, ["l"], null))',
        "\ttrue",
        "])",
    ]


def test_guards_come_first() -> None:
    guarded = Dialect((), "input", "null", None, "true", has_message=False, guards=("input.on == true",))
    assert body(print_module(rule_of(A), "p", guarded))[:2] == ["input.on == true", "matched"]


def test_old_is_only_defined_where_it_is_read() -> None:
    reads = print_module(rule_of(ir.Exists(ir.Old())), "p", REQUEST)
    assert 'old := object.get(input, ["review", "oldObject"], null)' in reads
    assert "old :=" not in print_module(rule_of(A), "p", REQUEST)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
class TestModule:
    def test_the_package_comes_first_and_no_comment_before_the_library(self, rule: ir.Rule) -> None:
        text = print_module(rule, "my_package", BARE)
        assert text.startswith("package my_package\n\nimport future.keywords\n\nviolation contains true if {\n")
        assert text.endswith("\n")
        assert "import" not in print_module(rule, "p", REQUEST)

    def test_every_helper_that_is_called_is_there_once(self, rule: ir.Rule) -> None:
        text = print_module(rule, "p", REQUEST)
        called = {name for name in helper_names() if re.search(rf"(?<![\w.]){name}\(", text)}
        defined = re.findall(r"^(\w+)\([^)]*\) (?::=|if) ", text, re.MULTILINE)
        assert called == helper_names() & set(defined)

    def test_printing_is_repeatable(self, rule: ir.Rule) -> None:
        assert print_module(rule, "p", REQUEST) == print_module(rule, "p", REQUEST)


def test_the_library_brings_what_its_helpers_call_and_nothing_else() -> None:
    text = "\n".join(library("percent(x)"))
    assert "percent(value) :=" in text
    assert "matches(value, pattern) if" in text
    assert "elems" not in text
    assert library("count(x)") == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('a"\\\n', r'"a\"\\\n"'),
        ("é😀\u2028", r'"\u00e9\ud83d\ude00\u2028"'),
        ((True, 1, "x"), '[true, 1, "x"]'),
        (1e21, "1e+21"),
        (-0.5, "-0.5"),
    ],
)
def test_constants_are_json_in_ascii(value: ir.Constant, text: str) -> None:
    assert quote(value) == text


@pytest.mark.parametrize("package", ["array", "object"])
def test_no_variable_hides_the_built_in_functions_that_are_called(package: str) -> None:
    some = ir.Any(EVERY, package, ir.Exists(ir.Get(ir.Var(package), "a")))
    assert lines(some)[0] == f'some {package}_2 in elems(object.get(manifest, ["l"], null))'
