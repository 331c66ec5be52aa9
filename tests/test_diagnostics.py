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
