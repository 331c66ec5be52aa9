"""JSON and base64 that two readers could understand in two ways are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cmpolicy.content import shown
from cmpolicy.ir_json.read import DecodeError
from cmpolicy.sign.strict import NotVerified, first_verified, only, read_base64, read_json, write_base64
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


def refusing(number: int) -> Callable[[], str]:
    def check() -> str:
        raise NotVerified(f"reason {number}")

    return check


def test_the_first_that_verifies_counts() -> None:
    assert first_verified([refusing(1), lambda: "first", lambda: "second"], "nothing") == "first"


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([], "nothing"),
        ([1, 2, 1], "reason 1; reason 2"),
        ([1, 2, 3, 4, 5], "reason 1; reason 2; reason 3; reason 4; reason 5"),
        (list(range(9)), "reason 0; reason 1; reason 2; reason 3; reason 4; 4 more"),
    ],
)
def test_why_none_verifies_is_told_in_short(numbers: list[int], told: str) -> None:
    with pytest.raises(NotVerified) as raised:
        first_verified(map(refusing, numbers), "nothing")
    assert str(raised.value) == told


def test_texts_of_others_do_nothing_to_a_terminal() -> None:
    assert shown("a\x1b[2J\n\ud800é" + "x" * 200) == "a\ufffd[2J\ufffd\ufffdé" + "x" * 92
    for content in (b'{"\\u001b[2J": 1, "\\u001b[2J": 1}', b'{"\\u001b[2J": 1}'):
        with pytest.raises(DecodeError) as raised:
            only(read_json(content))
        assert "\x1b" not in str(raised.value)
