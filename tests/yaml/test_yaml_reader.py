"""The reader: the values of Kubernetes clients, and a diagnostic for whatever they refuse."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.values import Json
from cmpolicy.yaml.events import MAX_DEPTH
from cmpolicy.yaml.places import position, source
from cmpolicy.yaml.reader import Document, read_text
from cmpolicy.yaml.scalars import as_json
from cmpolicy.yaml.writer import dump_all
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.yaml.test_yaml_writer import DOCUMENTS

# What sigs.k8s.io/yaml v1.6.0 makes of each text: [text, value], or [text] where it refuses it.
KUBERNETES = json.loads(Path(__file__).with_name("kubernetes.json").read_text(encoding="utf-8"))


def values(text: str) -> list[Json]:
    """The documents of a text that has nothing wrong."""
    read = list(read_text(text, "a.yaml"))
    assert [each for each in read if isinstance(each, Diagnostic)] == []
    return [each.value for each in read if isinstance(each, Document)]


def problems(text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of every error."""
    return [(each.code, each.line, each.column) for each in read_text(text, "a.yaml") if isinstance(each, Diagnostic)]


def as_text(value: Json) -> str:
    """The value with its types: `1`, `1.0` and `true` differ."""
    return json.dumps(value, sort_keys=True)


def through_json(value: Json) -> Json:
    """The value as it comes back from JSON text."""
    match value:
        case list():
            return [through_json(each) for each in value]
        case dict():
            return {key: through_json(each) for key, each in value.items()}
        case _:
            return as_json(value)


@pytest.mark.parametrize("case", KUBERNETES, ids=lambda case: repr(case[0])[:40])
def test_a_text_means_what_kubernetes_clients_make_of_it(case: list[Json]) -> None:
    text, *expected = case
    assert isinstance(text, str)
    read = [each.value for each in read_text(text, "a.yaml") if isinstance(each, Document)]
    wanted = [through_json(each) for each in expected if each is not None]
    assert as_text(read) == as_text(wanted)


@given(DOCUMENTS)
@settings(max_examples=100, derandomize=True, database=None, deadline=None)
def test_what_was_written_reads_back(document: Json) -> None:
    expected = through_json(document)
    assert as_text(values(dump_all([document]))) == as_text([expected] if expected is not None else [])


@given(st.text(st.sampled_from("ab:- \n\t{}[]\"'#&*!|>%\\?,0.~<\u00e9"), max_size=30))
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
def test_no_text_raises(text: str) -> None:
    for each in read_text(text, "a.yaml"):
        assert isinstance(each, Document | Diagnostic)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}], id="two"),
        pytest.param("---\n---\n# c\n---\na: 1\n---\n", [{"a": 1}], id="empty_and_comments"),
        pytest.param(
            "\ufeff---\r\na: 1\r\n--- # c\r\nb: |\r\n  x\r\n  y\r\n", [{"a": 1}, {"b": "x\ny\n"}], id="bom_crlf"
        ),
        pytest.param("a: 1\n ---\n", [{"a": "1 ---"}], id="indented_dashes_continue_a_scalar"),
        pytest.param("a: |\n  x\n  ---\n  y\n", [{"a": "x\n---\ny\n"}], id="dashes_in_a_block"),
        pytest.param("|\n x\n---\n z\n", ["x\n", "z"], id="dashes_split_a_block_at_the_margin"),
        pytest.param("", [], id="nothing"),
        pytest.param("a: 1\n---", [{"a": 1}], id="ends_in_a_separator"),
    ],
)
def test_documents_are_cut_at_lines_of_dashes(text: str, expected: list[Json]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"a": 1}{"b": [1.0, 1e3, 0.5]}\n', [{"a": 1}, {"b": [1, 1000, 0.5]}], id="stream"),
        pytest.param('{\n\t"a":\t"\\ud83d\\ude00 \\/ \u2028"\n}', [{"a": "😀 / \u2028"}], id="tabs_and_surrogates"),
        pytest.param('[{"a": null}]', [[{"a": None}]], id="list"),
        pytest.param('{"a": 1}\n---\n{"b": "\\ud83d\\ude00"}\n', [{"a": 1}, {"b": "😀"}], id="with_separators"),
        pytest.param('{"a": 1}\n# done\n', [{"a": 1}], id="then_a_comment"),
        pytest.param("{a: 1, b: [y, 012]}", [{"a": 1, "b": [True, 10]}], id="yaml_in_flow_style"),
        pytest.param('{"y": "y", "1": 1}', [{"y": "y", "1": 1}], id="keys_are_strings"),
        pytest.param('{"' + "k" * 2000 + '": 1}', [{"k" * 2000: 1}], id="long_key"),
    ],
)
def test_json_is_read_as_json(text: str, expected: list[Json]) -> None:
    assert as_text(values(text)) == as_text(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: b: c\n", ("syntax", 1, 5), id="colon_in_a_value"),
        pytest.param('x: 1\na: "b\nc: 1\n', ("syntax", 2, 4), id="unclosed_quote_where_it_opens"),
        pytest.param("a:\n\tb: 1\n", ("syntax", 2, 1), id="tab"),
        pytest.param("a: [1, 2\nb: 1\n", ("syntax", 2, 2), id="unclosed_list"),
        pytest.param("a: 1\nb: {{ .Values.x }}\n", ("key", 2, 5), id="template"),
        pytest.param("a: \x01\n", ("character", 1, 4), id="control_character"),
        pytest.param("é: 1\na: é\x01\n", ("character", 2, 5), id="control_character_after_others"),
        pytest.param("a: 1\nb: [1, *x]\n", ("alias", 2, 8), id="unknown_alias"),
        pytest.param("a: &a\n  b: *a\n", ("alias", 2, 6), id="cyclic_alias"),
        pytest.param("a: .inf\n", ("number", 1, 4), id="infinity"),
        pytest.param("a: 1\nnull: 1\n", ("key", 2, 1), id="null_key"),
        pytest.param("a:\n  <<: 1\n", ("merge", 2, 7), id="merge_of_a_number"),
        pytest.param("a: !!int x\n", ("tag", 1, 4), id="tag"),
        pytest.param("a: 1\n---b: 1\n", ("separator", 2, 4), id="no_separator"),
        pytest.param("a: " + "[" * 200, ("nesting", 1, MAX_DEPTH + 3), id="nesting"),
        pytest.param('{"a":' * 100_000, ("nesting", 1, 1), id="nesting_in_json"),
        pytest.param('{"a": [' + "[" * 500 + "]" * 500 + "]}", ("nesting", 1, 1), id="valid_json_nested_too_deeply"),
        pytest.param('{"a": "\\ud83d"}', ("surrogate", 1, 1), id="half_a_surrogate_pair"),
        pytest.param('{"a": 1}\n{"b": 2,}\n', ("syntax", 2, 9), id="json_syntax"),
    ],
)
def test_what_is_refused_is_named_with_its_place(text: str, expected: tuple[str, int, int]) -> None:
    found = problems(text)
    assert found[0] == expected
    assert len(found) == 1


def test_a_broken_document_hides_no_other() -> None:
    read = list(read_text('a: 1\n---\nb: "\n---\nc: 3\n----\nd: 4\n', "a.yaml"))
    assert [each.value if isinstance(each, Document) else each.code for each in read] == [
        {"a": 1},
        "syntax",
        {"c": 3},
        "separator",
        {"d": 4},
    ]


def test_json_documents_before_a_broken_one_are_read() -> None:
    read = list(read_text('{"a": 1}\n{"b": 2}\n{"c"\n', "a.json"))
    assert [each.value if isinstance(each, Document) else each.code for each in read] == [{"a": 1}, {"b": 2}, "syntax"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, id="yaml"),
        pytest.param("1: x\n'1': y\n", "duplicate-key", 2, id="same_text"),
        pytest.param('\n{"a": 1,\n"a": 3}\n', "duplicate-key", 2, id="json"),
        pytest.param("a: 1\n...\nb: 2\n", "unread", 3, id="after_the_end"),
    ],
)
def test_what_strict_clients_refuse_is_a_warning(text: str, code: str, line: int) -> None:
    (document,) = read_text(text, "a.yaml")
    assert isinstance(document, Document)
    assert [(each.code, each.line, each.level) for each in document.warnings] == [(code, line, Level.WARNING)]


def test_overriding_a_merged_key_is_no_duplicate() -> None:
    (document,) = read_text("x: &x {a: 1}\nz:\n  <<: *x\n  a: 2\n", "a.yaml")
    assert isinstance(document, Document)
    assert document.value == {"x": {"a": 1}, "z": {"a": 2}}
    assert document.warnings == ()


def test_an_alias_bomb_is_refused_at_once() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    start = time.process_time()
    ((code, line, _),) = problems("\n".join(rows))
    assert code == "alias"
    assert line < 8
    assert time.process_time() - start < 1


def test_honest_aliases_are_read() -> None:
    text = "a: &a {k: [1, 2, 3]}\nitems:\n" + "  - *a\n" * 50
    (value,) = values(text)
    assert isinstance(value, dict)
    assert value["items"] == [{"k": [1, 2, 3]}] * 50


YAML = """\
# a comment
spec:
  containers:
    - name: a
      image: x
    - image: y
      "quoted/key": {a: 1}
  y: 1
base: &base
  deep: {z: 1}
merged:
  <<: *base
  own: 1
"""


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", (2, 1)),
        ("/spec", (2, 1)),
        ("/spec/containers/0", (4, 7)),
        ("/spec/containers/0/image", (5, 7)),
        ("/spec/containers/1", (6, 7)),
        ("/spec/containers/1/quoted~1key/a", (7, 22)),
        ("/spec/containers/1/command", (6, 7)),
        ("/spec/containers/7/image", (3, 3)),
        ("/spec/true", (8, 3)),
        ("/merged/deep/z", (10, 10)),
        ("/merged/own", (13, 3)),
        ("/nothing/at/all", (2, 1)),
    ],
)
def test_the_place_of_a_field_or_its_nearest_parent(pointer: str, expected: tuple[int, int]) -> None:
    _, second = [each for each in read_text(f"first: 1\n---\n{YAML}", "a.yaml") if isinstance(each, Document)]
    line, column = position(second.chunk, pointer)
    assert (line - 2, column) == expected
    assert source(second.chunk, line) == YAML.splitlines()[expected[0] - 1]


def test_the_place_in_json() -> None:
    text = '{"a": 1} {"b": "\\ud83d\\ude00", "c":\n\t{"d": 1}}\n'
    _, second = [each for each in read_text(text, "a.json") if isinstance(each, Document)]
    assert [position(second.chunk, pointer) for pointer in ("", "/b", "/c", "/c/d")] == [
        (1, 10),
        (1, 11),
        (1, 32),
        (2, 3),
    ]


def test_of_a_key_given_twice_the_place_is_of_the_value_that_holds() -> None:
    (document,) = read_text("a: 1\na: 2\n", "a.yaml")
    assert isinstance(document, Document)
    assert position(document.chunk, "/a") == (2, 1)
