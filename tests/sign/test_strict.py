"""JSON and base64 that two readers could understand in two ways are refused."""

from __future__ import annotations

import pytest
from cmpolicy.ir_json.read import DecodeError
from cmpolicy.sign.strict import only, read_base64, read_json, write_base64
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"a": 1, "a": 1}', "`a` stands twice"),
        (b'{"b": {"a": 1, "c": 2, "a": 3}}', "`a` stands twice"),
        (b'[{"a": 1}, {"\\u0061": 1, "a": 2}]', "`a` stands twice"),
        (b"NaN", "`NaN` is no JSON"),
        (b"-Infinity", "`-Infinity` is no JSON"),
        (b'{"a": 1}x', "it is no JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "it is no JSON"),
        (b'{"a": "\xff"}', "it is no JSON"),
        (b'{"a": 1', "it is no JSON"),
        (b"", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"1" * 5000, "it is no JSON"),
        (b"1e400", "it is no JSON"),
        (b'"\\ud800"', "it is no JSON"),
        (b'{"\\udc00\\ud800": 1}', "it is no JSON"),
    ],
)
def test_json_with_two_meanings_or_none_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(DecodeError) as raised:
        read_json(content)
    assert str(raised.value) == told


def test_same_key_in_two_maps_is_read() -> None:
    assert read_json(b'{"a": {"a": 1}, "b": [{"a": 2}, {"a": 3}]}') == {"a": {"a": 1}, "b": [{"a": 2}, {"a": 3}]}


def test_a_character_outside_of_the_first_plane_is_whole() -> None:
    assert read_json(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_unknown_fields_are_refused() -> None:
    assert only({"a": 1}, "a", "b") == {"a": 1}
    with pytest.raises(DecodeError, match=r"^`c` is no field that this cmpolicy knows$"):
        only({"a": 1, "c": 2}, "a", "b")


@given(st.binary(max_size=40))
def test_base64_is_read_as_written(content: bytes) -> None:
    assert read_base64(write_base64(content)) == content


@given(st.text(alphabet="AQgw/+-_= \n", max_size=8))
def test_base64_is_written_in_one_way(text: str) -> None:
    try:
        content = read_base64(text)
    except DecodeError:
        return
    assert write_base64(content) == text


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "Q", "QQ==\n", " QQ==", "Q-==", "QQ==QQ==", "é"])
def test_base64_that_is_cut_or_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(DecodeError, match="it is no base64"):
        read_base64(text)
