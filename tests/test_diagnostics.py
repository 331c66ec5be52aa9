"""How diagnostics look, also on lines that no screen holds."""

from __future__ import annotations

from cmpolicy.diagnostics import WIDTH, Diagnostic, render


def test_of_a_very_long_line_the_part_around_the_place_is_shown() -> None:
    line = "x" * 10_000 + "HERE" + "y" * 10_000
    text = render(Diagnostic("syntax", "wrong", "a.yaml", 1, 10_001, 10_005), line)
    _, _, shown, caret = text.splitlines()
    assert len(shown) == len("1 | ") + WIDTH
    assert shown[caret.index("^") : caret.rindex("^") + 1] == "HERE"


def test_a_line_that_fits_is_shown_whole() -> None:
    text = render(Diagnostic("syntax", "wrong", "a.yaml", 1, 4), "abc: [" + "z" * 100)
    _, _, shown, caret = text.splitlines()
    assert shown == "1 | abc: [" + "z" * 100
    assert caret == "  |    ^"


def test_what_others_say_is_spelled_out() -> None:
    found = Diagnostic("content", "`\x1b]0;x\x07` is odd", "a\x1b.yaml", help="not `\x9b31m\u202e`, é")
    assert render(found).splitlines() == [
        "error[content]: `\\x1b]0;x\\x07` is odd",
        "  --> a\\x1b.yaml",
        "  | not `\\x9b31m\\u202e`, é",
    ]


def test_the_caret_points_to_the_same_character_of_a_line_with_escapes() -> None:
    text = render(Diagnostic("syntax", "wrong", "a.yaml", 1, 4), "\x1bab: [")
    assert text.splitlines()[2:] == ["1 | \N{REPLACEMENT CHARACTER}ab: [", "  |    ^"]
