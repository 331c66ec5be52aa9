"""Texts drawn for a pattern match it, and near misses do not."""

from __future__ import annotations

import pytest
from cmpolicy import ir, regex
from cmpolicy.generate.near import near
from cmpolicy.generate.texts import samples
from cmpolicy.passes.tree import walk_rule
from cmpolicy.values import Json

PATTERNS = (
    *(
        "^a$",
        "a|b",
        "^(a|bc)*d$",
        "[^/@:]+:[^/@]+$",
        r"^\d{1,3}%$",
        r"\w{2,}",
        "x{3}y?",
        "^(localhost|[^/]*[.:A-Z][^/]*)/",
    ),
    *(r"^\[\]\$$", "^$", "[]a]b", "^[a-f-]{2}$", "a.c", r"^(a|\n)$", "é+$", "((a|b)c){2}"),
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_samples_match_and_nearly_match(pattern: str) -> None:
    found = samples(pattern)
    matching = [text for text in found if regex.compile_pattern(pattern).search(text)]
    assert matching
    assert len(matching) < len(found)
    assert found == samples(pattern)


def test_samples_of_a_pattern_that_everything_matches() -> None:
    assert "" in samples("")


def test_every_pattern_of_the_rules_has_both(rules: tuple[ir.Rule, ...]) -> None:
    patterns = {node.pattern for rule in rules for node in walk_rule(rule) if isinstance(node, ir.Matches)}
    assert len(patterns) > 5
    for pattern in sorted(patterns):
        assert {bool(regex.compile_pattern(pattern).search(text)) for text in samples(pattern)} == {True, False}


@pytest.mark.parametrize(
    ("constant", "expected"),
    [
        pytest.param(3, (3, 3.0, 2, 4, 2.5, 3.5, "3", "3%", "2%", "4%", [3]), id="number"),
        pytest.param("ab", ("ab", "ab\n", "abx", "xab", "a", "AB", ["ab"]), id="text"),
        pytest.param(True, (True, False, "true", 1), id="flag"),
        pytest.param(("a", 1), (["a", 1], "a", "a\n", 1, 2, "1"), id="list"),
        pytest.param(
            "1Gi",
            ("1Gi", "1024Mi", "1073741824", 1073741824, "1025Mi", "1023Mi", "1073741824000000001n", "1gi", "1Gi\n"),
            id="quantity",
        ),
        pytest.param("500m", ("500m", "0.5", 0.5, "499m", "501m", "500000u"), id="small_quantity"),
    ],
)
def test_near_values(constant: ir.Constant, expected: tuple[Json, ...]) -> None:
    spelled = [repr(value) for value in near(constant)]
    assert [value for value in expected if repr(value) not in spelled] == []
