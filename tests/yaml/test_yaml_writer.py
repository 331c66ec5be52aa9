"""The writer: what other readers get back, and how it looks."""

from __future__ import annotations

import math

import pytest
import yaml
from cmpolicy.values import Json
from cmpolicy.yaml.writer import dump, dump_all
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    ":#-'\"\\ \n\tab{}[]0.&*!|>%@`", max_size=8
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(DOCUMENTS)
@settings(max_examples=150, derandomize=True, database=None, deadline=None)
def test_pyyaml_reads_back_what_was_written(document: Json) -> None:
    assert yaml.load(dump(document), yaml.CSafeLoader) == document


@given(st.lists(DOCUMENTS, max_size=4))
@settings(max_examples=50, derandomize=True, database=None, deadline=None)
def test_a_stream_reads_back(documents: list[Json]) -> None:
    assert list(yaml.load_all(dump_all(documents), yaml.CSafeLoader)) == documents


def test_the_layout_of_a_document() -> None:
    document: Json = {
        "apiVersion": "v1",
        "metadata": {"labels": {"a.b/c": "y", "y": "no"}, "annotations": {}},
        "rules": [{"name": "x", "verbs": ["get", "*"]}, {}, [1, [2]], []],
        "rego": "package a\n\n\tdeny := 1\n",
        "text": "two\nlines",
        "cel": 'has(object.spec) && object.kind == "Pod"',
        "ternary": 'object.kind == "Pod" ? 1 : 2',
        "size": 1.5,
        "enabled": True,
        "gone": None,
    }
    assert dump(document) == (
        "apiVersion: v1\n"
        "metadata:\n"
        "  labels:\n"
        '    a.b/c: "y"\n'
        '    "y": "no"\n'
        "  annotations: {}\n"
        "rules:\n"
        "  - name: x\n"
        "    verbs:\n"
        "      - get\n"
        '      - "*"\n'
        "  - {}\n"
        "  - - 1\n"
        "    - - 2\n"
        "  - []\n"
        "rego: |\n"
        "  package a\n"
        "\n"
        "  \tdeny := 1\n"
        "text: |-\n"
        "  two\n"
        "  lines\n"
        'cel: has(object.spec) && object.kind == "Pod"\n'
        "ternary: 'object.kind == \"Pod\" ? 1 : 2'\n"
        "size: 1.5\n"
        "enabled: true\n"
        "gone: null\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "y",
        "Y",
        "n",
        "N",
        "yes",
        "No",
        "ON",
        "off",
        "True",
        "FALSE",
        "null",
        "Null",
        "~",
        "0",
        "012",
        "08",
        "0o17",
        "0x1F",
        "1_0",
        "1e3",
        "123e45",
        "1.5",
        ".5",
        "-1",
        "+1",
        "12:30",
        "2024-01-01",
        ".inf",
        ".NaN",
        "=",
        "<<",
        "-",
        "?",
        ":",
        "#",
        "&",
        "*",
        "!",
        "|",
        ">",
        "%",
        "@",
        "`",
        "{",
        "[",
        "{{",
        "'",
        "---",
        "...",
        ",",
        "]",
    ],
)
def test_what_some_reader_takes_for_something_else_is_quoted(text: str) -> None:
    assert dump({"a": text}) == f'a: "{text}"\n'


@pytest.mark.parametrize(
    "text", ["yes-man", "ok", "a:b", "a#b", "http://x:80/y?z=1", "_x", "/spec", "a - b", "café", "a{}"]
)
def test_what_everyone_reads_as_that_string_stays_plain(text: str) -> None:
    assert dump(text) == f"{text}\n"


@pytest.mark.parametrize(
    "text",
    ["a: b", "a:", "a #b", " a", "a ", "a\tb", "", "a\r\nb", "\na ", " \na", "a\n\n", "\u2028", "\ufeffa", "a \nb"],
)
def test_text_that_a_plain_or_block_scalar_would_change_is_quoted(text: str) -> None:
    written = dump(text)
    assert written.startswith('"')
    assert written.count("\n") == 1


def test_what_is_invisible_is_escaped() -> None:
    assert dump("a\u202eb\u200bc\x07\x85é😀") == '"a\\u202eb\\u200bc\\u0007\\u0085é😀"\n'


def test_a_key_longer_than_readers_look_ahead_is_explicit() -> None:
    document: Json = [{"k" * 1100: {"a": [1]}, "b": 1}]
    written = dump(document)
    assert written.startswith("- ? kkk")
    assert yaml.load(written, yaml.CSafeLoader) == document


def test_a_long_line_is_not_folded() -> None:
    assert dump({"a": "word " * 500 + "end"}).count("\n") == 1


def test_a_large_float_is_a_number_to_every_reader() -> None:
    assert dump([1e16, 1e-7, 100000.0]) == "- 1.0e+16\n- 1.0e-07\n- 100000.0\n"


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_a_number_that_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="has no place in a manifest"):
        dump({"a": number})


def test_tuples_are_lists() -> None:
    assert dump({"a": (1, 2)}) == "a:\n  - 1\n  - 2\n"
