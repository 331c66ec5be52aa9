"""CEL is quoted, put in parentheses and broken into lines in one way."""

from __future__ import annotations

import re

import pytest
from cmpolicy import ir
from cmpolicy.lang import cel_syntax as syntax
from cmpolicy.lang.cel import print_program
from cmpolicy.lang.cel_layout import WIDTH, layout
from cmpolicy.lang.cel_syntax import Cel, quote

from tests.lang.test_cel import all_rules, flat

A, B, C = Cel("a"), Cel("b"), Cel("c")


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ('a"b\\c\n', '"a\\"b\\\\c\\n"'),
        ("é 😀", '"é 😀"'),
        ("{{ x }} $(y)", '"{{ x }} $(y)"'),
        ("\x00\x7f", '"\\u0000\x7f"'),
    ],
)
def test_strings_are_quoted_in_one_way(text: str, literal: str) -> None:
    assert quote(text) == literal


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        pytest.param(syntax.negation(syntax.conjunction([A, B])), "!(a && b)", id="not_over_and"),
        pytest.param(syntax.conjunction([syntax.disjunction([A, B]), C]), "(a || b) && c", id="or_inside_and"),
        pytest.param(syntax.disjunction([syntax.conjunction([A, B]), C]), "a && b || c", id="and_inside_or"),
        pytest.param(syntax.conjunction([syntax.conjunction([A, B]), A, C]), "a && b && c", id="each_once"),
        pytest.param(syntax.conjunction([A, syntax.FALSE]), "false", id="false_absorbs"),
        pytest.param(
            syntax.conditional(A, syntax.conditional(B, A, C), syntax.conditional(C, A, B)),
            "a ? (b ? a : c) : c ? a : b",
            id="conditionals_chain_to_the_right",
        ),
        pytest.param(syntax.method(syntax.total([A, B]), "size"), "(a + b).size()", id="method_of_a_sum"),
        pytest.param(syntax.total([A, syntax.conditional(A, B, C)]), "a + (a ? b : c)", id="conditional_in_a_sum"),
        pytest.param(
            syntax.relation("<", syntax.total([A, B]), syntax.literal(-1)), "a + b < -1", id="sum_in_a_relation"
        ),
        pytest.param(syntax.negation(syntax.relation("==", A, B)), "a != b", id="opposite"),
        pytest.param(syntax.negation(syntax.negation(A)), "!(!a)", id="twice_not"),
        pytest.param(syntax.literal(2.0), "2", id="integral_double"),
        pytest.param(syntax.literal((1, 2)), "[1, 2]", id="list_of_one_type"),
        pytest.param(syntax.literal((1, 2.5)), "[dyn(1), dyn(2.5)]", id="list_of_int_and_double"),
    ],
)
def test_parentheses_come_from_precedence(piece: Cel, text: str) -> None:
    assert piece.text == text


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_layout_changes_white_space_and_redundant_parentheses_alone(rule: ir.Rule) -> None:
    found = print_program(rule)
    for text in (found.validation, found.message, *(expression for _, expression in found.variables)):
        one_line = flat(text)
        assert re.sub(r"[\s()]", "", layout(one_line)) == re.sub(r"[\s()]", "", text)
        # A path has no place to break it at.
        assert all(
            len(line) <= WIDTH for line in text.splitlines() if not re.search(r'"|, |^ *[\w.]+( .|\(\w+,)?$', line)
        ), text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("a || b", ["a || b"], id="short"),
        pytest.param(f"{'a' * 60} || {'b' * 60}", ["a" * 60 + " ||", "b" * 60], id="after_the_operator"),
        pytest.param(
            f"{'a' * 60} || {'b' * 60} && {'c' * 60}",
            ["a" * 60 + " ||", "(", "  " + "b" * 60 + " &&", "  " + "c" * 60, ")"],
            id="parentheses_show_what_belongs_together",
        ),
        pytest.param(
            f"{'a' * 60} ? {'b' * 60} : {'c' * 60}",
            ["a" * 60 + " ?", "  " + "b" * 60 + " :", "c" * 60],
            id="conditional",
        ),
        pytest.param(
            f"l.exists(x, {'a' * 60} && {'b' * 60})",
            ["l.exists(x,", "  " + "a" * 60 + " &&", "  " + "b" * 60, ")"],
            id="macro",
        ),
        pytest.param(f'"{" && " * 30}"', [f'"{" && " * 30}"'], id="never_inside_a_string"),
        pytest.param(
            f'a == "({" || " * 20}" || {"b" * 60}', [f'a == "({" || " * 20}" ||', "b" * 60], id="a_bracket_in_a_string"
        ),
    ],
)
def test_long_expressions_are_broken_at_the_loosest_operator(text: str, lines: list[str]) -> None:
    assert layout(text).splitlines() == lines
