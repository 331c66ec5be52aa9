"""What stands at a terminal."""

from __future__ import annotations

import re

import click
import pytest
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.model import Aspect, Meaning, Note
from cmpolicy.diff.report.text import render
from cmpolicy.diff.review import Review

from tests.diff.report.samples import HOSTILE, approved, change, hostile, review


def plain(asked: Review, *, text: bool = False) -> str:
    return click.unstyle(render(asked, text=text))


def bold(shown: str) -> list[str]:
    """What is bold and colored."""
    return re.findall(r"\x1b\[3[12]m\x1b\[1m([^\x1b]*)\x1b\[0m", shown)


def test_what_differs_within_a_line_is_marked() -> None:
    sources = ("pod.spec.replicas.default(1) >= minimum", "pod.spec.replicas.default(1) > minimum")
    assert bold(render(review(change(sources=sources)), text=False)) == ["="]
    sources = ("pod.spec.first.second == one", "pod.spec.first.other == one")
    assert set(bold(render(review(change(sources=sources)), text=False))) >= {"s"}


def test_the_indentation_that_all_lines_have_is_left_out() -> None:
    shown = render(review(change(sources=("a(\n        b.cd\n)", "a(\n        b.ce\n            .f\n)"))), text=False)
    assert "\n  - b.cd\n  + b.ce\n  +     .f\n" in click.unstyle(shown)
    assert bold(shown) == ["d", "e"]


def test_lines_that_have_nothing_in_common_are_not_marked() -> None:
    assert bold(render(review(change(sources=("abcdef", "uvwxyz"))), text=False)) == []


def test_both_messages_stand_below_each_other() -> None:
    note = Note(Aspect.MESSAGE, '"too few -> bad" -> "too few are bad"')
    shown = plain(review(change(meaning=Meaning.EQUIVALENT, notes=(note,))))
    assert '\n  message:\n  - "too few -> bad"\n  + "too few are bad"\n' in shown


@pytest.mark.parametrize(
    ("gates", "told"),
    [
        ((Gate.ANY,), ""),
        ((Gate.LOOSENED,), ""),
        ((Gate.LOOSENED, Gate.TIGHTENED), "1 change stopped by --fail-on loosened and tightened"),
    ],
)
def test_what_is_stopped_by_what_was_asked_is_said_at_the_end(gates: tuple[Gate, ...], told: str) -> None:
    last = plain(review(gates=gates)).splitlines()[-1]
    assert last == (told or "main -> working tree: 1 tightened, 3 rules unchanged")


def test_what_needs_a_look_is_counted_first() -> None:
    changes = [change("my-a", meaning=Meaning.EQUIVALENT), change("my-b"), change("my-c", meaning=Meaning.LOOSENED)]
    assert plain(review(*changes)).endswith("1 tightened, 1 loosened, 1 equivalent, 3 rules unchanged")


def test_hostile_text_stays_on_its_line() -> None:
    asked = approved(review(hostile()), HOSTILE, HOSTILE)
    shown = plain(asked, text=True)
    assert not set(shown) & {"\x1b", "\x00", "\x0b", "\u2028", "\r"}
    # What Markdown and a runner of GitHub would take for its own stands nowhere at the start of a line.
    assert not re.search(r"^(::|##|#|```)", shown, re.MULTILINE)
