"""The line reader gives what the events give, or leaves the document to them."""

from __future__ import annotations

import pytest
from cmpolicy.values import Json
from cmpolicy.yaml.events import DocumentReader, Found, RefusedAtError
from cmpolicy.yaml.plain import read_plain
from cmpolicy.yaml.scalars import PlainKeys, PlainScalars
from cmpolicy.yaml.writer import dump
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml import YAMLError

from tests.sample_rules import RULES

PIECES = (
    *("a:", "b:", "a-b/c.d:", "yes:", "null:", "<<:", '"a":', "a b:", ":", "?", "- ", "-", "---", "...", "- - "),
    *("1", "010", "1e3", ".nan", "1_0", "~", "x", "x y", "-5", "--flag=a:b", "$(VAR)", "<x", "x:", "a: b", "#c", "x#y"),
    *(
        '"q"',
        '"a: b # c"',
        '"\\n"',
        "'s'",
        "'it''s'",
        "''",
        "{}",
        "[]",
        "{a: 1}",
        "[1]",
        "|",
        ">",
        "&a",
        "*a",
        "!t",
        "%",
    ),
    *("@", "`", "\t", "\r", "é", "\x07", "=", ",", "x ", " # c", "="),
)
"""What may be odd in a line, and what is not."""

lines = st.builds(
    lambda indent, dashes, parts: " " * indent + "- " * dashes + " ".join(parts),
    st.integers(0, 5),
    st.sampled_from((0, 0, 0, 1, 1, 2)),
    st.lists(st.sampled_from(PIECES), max_size=3),
)
ordinary_lines = st.builds(
    lambda indent, dashes, key, value: " " * indent + "- " * dashes + key + value,
    st.integers(0, 3).map(lambda level: level * 2),
    st.sampled_from((0, 0, 0, 1)),
    st.sampled_from(("a:", "b:", "c:", "d:", "yes:")),
    st.sampled_from(("", "", " 1", " x", ' "y"', " {}", " []")),
)


def by_events(text: str) -> Found | None:
    """What the events give; None for what they refuse."""
    reader = DocumentReader()
    try:
        return reader.read_events(text)
    except (RefusedAtError, YAMLError):
        return None


def by_lines(text: str) -> Json:
    return read_plain(text, PlainScalars(), PlainKeys())


def assert_agrees(text: str) -> None:
    found = by_lines(text)
    assert found is None or Found(found, (), None) == by_events(text)


@given(st.lists(st.one_of(lines, ordinary_lines), max_size=8).map("\n".join))
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@example("a:\n- b:\n  - 1\nc: 2\n")
@example("a:\n  - 1\n b: 2\n")
@example("a:\n# c\n\n  b: 1\n")
@example("a: 1\n  b: 2\n")
@example("a:\n  - - 1\n    - 2\n  - 3\n")
def test_lines_and_events_agree(text: str) -> None:
    assert_agrees(text)


@given(st.lists(ordinary_lines, max_size=10).map("\n".join))
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
def test_lines_and_events_agree_on_keys_at_any_depth(text: str) -> None:
    assert_agrees(text)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), json_values))
@settings(max_examples=100, derandomize=True, database=None, deadline=None)
def test_lines_and_events_agree_on_what_is_written(value: dict[str, Json]) -> None:
    assert_agrees(dump(value))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\na: 2\n", id="a_key_twice"),
        pytest.param("a: &x 1\nb: *x\n", id="an_anchor"),
        pytest.param("a: |\n  text\n", id="a_block"),
        pytest.param("a: x\n  y\n", id="a_scalar_over_lines"),
        pytest.param("a:\n  x\n", id="a_scalar_on_the_next_line"),
        pytest.param("a: {b: 1}\n", id="flow_style"),
        pytest.param('a: "\\u00e9"\n', id="an_escape"),
        pytest.param("a: é\n", id="beyond_ascii"),
        pytest.param("a: 1\n...\nb: 2\n", id="an_end"),
        pytest.param("null: 1\n", id="null_for_a_key"),
        pytest.param("a: .nan\n", id="no_json"),
        pytest.param("- a\n", id="a_list"),
        pytest.param("", id="nothing"),
        pytest.param("".join(f"{' ' * n}a:\n" for n in range(90)), id="nested_deeply"),
    ],
)
def test_what_is_not_ordinary_is_left_to_the_events(text: str) -> None:
    assert by_lines(text) is None


def test_ordinary_manifests_are_read_by_lines() -> None:
    manifests = [example.object for rule in RULES for example in (*rule.about.good, *rule.about.bad)]
    read = [by_lines(dump(each)) for each in manifests]
    assert [each for each in read if each is not None] == [
        m for m, r in zip(manifests, read, strict=True) if r is not None
    ]
    assert sum(each is not None for each in read) > 0.9 * len(manifests)
