"""The safe subset means the same to RE2, which every engine uses, and to the reference."""

from __future__ import annotations

import pytest
import re2
from cmpolicy import regex
from cmpolicy.automaton import MOST_ANSWERS
from hypothesis import given, settings
from hypothesis import strategies as st

ATOMS = [
    "a",
    "b",
    "é",
    r"\.",
    r"\d",
    r"\w",
    ".",
    "[a-c]",
    "[^a]",
    "[0-9_]",
    r"\n",
    "(a|b)",
    "^",
    "$",
    "-",
    "@",
    ":",
    "/",
]
REPEATS = ["", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,}"]
PATTERNS = st.lists(st.tuples(st.sampled_from(ATOMS), st.sampled_from(REPEATS)), min_size=1, max_size=6).map(
    lambda parts: "".join(atom + (repeat if atom not in "^$" else "") for atom, repeat in parts)
)
TEXTS = st.text(alphabet="ab.é-@:/_0\uff19\u0663\n K", max_size=8)


@given(pattern=PATTERNS, text=TEXTS)
@settings(max_examples=1500, derandomize=True, deadline=None)
def test_the_subset_matches_as_re2_does(pattern: str, text: str) -> None:
    assert regex.problem(pattern) is None
    assert regex.compile_pattern(pattern).search(text) == (re2.search(pattern, text) is not None)


@pytest.mark.parametrize("pattern", ["[+--]", "[a&&b]", "[a||b]", "[a~~b]", "[%--x]"])
def test_what_python_may_read_otherwise_one_day_is_in_the_subset(pattern: str) -> None:
    """Python warns of doubled marks in a class, which it may take for operators on sets."""
    assert regex.problem(pattern) is None
    compiled, found = regex.compile_pattern(pattern), re2.compile(pattern)
    characters = [chr(code) for code in range(32, 127)]
    assert [*map(compiled.search, characters)] == [found.search(each) is not None for each in characters]


@pytest.mark.parametrize(
    "pattern",
    [
        "(?i)a",
        "(?=a)",
        r"\bx",
        r"a\Z",
        r"\s",
        r"(a)\1",
        "a{,3}",
        "a{1,1001}",
        "a**",
        "a+?",
        "[",
        "(",
        "a)",
        r"\p{L}",
        "*",
    ],
)
def test_what_engines_read_differently_is_refused(pattern: str) -> None:
    assert regex.problem(pattern) is not None


@given(text=st.text(max_size=10), other=st.text(max_size=10))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_a_quoted_text_matches_itself_alone(text: str, other: str) -> None:
    pattern = regex.compile_pattern(f"^{regex.quote(text)}$")
    assert pattern.search(text)
    assert pattern.search(other) == (text == other)


@pytest.mark.parametrize(
    ("glob", "text", "matches"),
    [
        ("kube-*", "kube-system", True),
        ("kube-*", "my-kube-system", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*", "", True),
        ("a*", "a\nb", True),
        ("a.c", "abc", False),
        ("[ab]", "a", False),
    ],
)
def test_a_glob_covers_the_whole_text(glob: str, text: str, matches: bool) -> None:
    assert regex.compile_pattern(regex.glob(glob)).search(text) is matches


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("(a+)+$", "a" * 100_000 + "b", False),
        ("^(a|a)*b", "a" * 100_000, False),
        ("^(a*)*b", "a" * 100_000, False),
        ("(a?){500}a{500}", "a" * 10_000, True),
        (regex.glob("*a*a*a*b"), "a" * 100_000, False),
        ("(a|b)*a(a|b){40}c", "ab" * 5_000, False),
    ],
)
def test_no_text_takes_more_than_linear_time(pattern: str, text: str, found: bool) -> None:
    # With backtracking each of these takes longer than the age of the machine.
    assert regex.compile_pattern(pattern).search(text) is found


def test_what_is_remembered_has_a_limit() -> None:
    pattern = regex.compile_pattern("(a|b)*a(a|b){14}$")
    texts = [f"{number:b}".replace("0", "a").replace("1", "b") for number in range(2**15, 2**15 + 2 * MOST_ANSWERS)]
    expected = [len(text) > 15 and text[-15] == "a" for text in texts]
    assert [pattern.search(text) for text in texts] == expected
    assert [pattern.search(text) for text in texts[:100]] == expected[:100]


def test_no_character_fills_the_memory() -> None:
    pattern = regex.compile_pattern("^[^x]+$")
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 20_000)))
    assert [pattern.search(text + chr(0x1F600 + number)) for number in range(4)] == [True] * 4
    assert not pattern.search(text * 5 + "x")
