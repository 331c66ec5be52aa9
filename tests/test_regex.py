"""The safe subset means the same to RE2, which every engine uses, and to the reference."""

from __future__ import annotations

import pytest
import re2
from cmpolicy import regex
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
    assert (regex.compile_pattern(pattern).search(text) is not None) == (re2.search(pattern, text) is not None)


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
    assert pattern.search(text) is not None
    assert (pattern.search(other) is not None) == (text == other)


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
    assert (regex.compile_pattern(regex.glob(glob)).search(text) is not None) is matches
