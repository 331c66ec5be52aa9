"""The comment on a pull request, read as GitHub reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.model import Evidence, Meaning, Status
from cmpolicy.diff.report.markdown import MARKER, MOST_CHARACTERS, code, fenced, render
from cmpolicy.diff.review import Review
from cmpolicy.yaml.reader import Document, read_text
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.diff.report.samples import HOSTILE, OBJECT, approved, change, hostile, review, witness

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def comment(asked: Review, *, text: bool = False) -> list[Token]:
    return MARKDOWN.parse(render(asked, text=text))


def inline(token: Token) -> str:
    """The text of an inline token as a reader sees it."""
    return "".join(each.content for each in token.children or () if each.type in ("text", "code_inline"))


def tables(tokens: Sequence[Token]) -> Iterator[list[list[str]]]:
    """The rows of each table."""
    rows: list[list[str]] = []
    for before, token in pairwise(tokens):
        match token.type:
            case "table_open":
                rows = []
            case "tr_open":
                rows.append([])
            case "inline" if before.type in ("td_open", "th_open"):
                rows[-1].append(inline(token))
            case "table_close":
                yield rows


def fences(tokens: Sequence[Token], language: str) -> list[str]:
    return [token.content for token in tokens if token.type == "fence" and token.info == language]


def test_it_starts_with_the_marker() -> None:
    assert render(review(), text=False).startswith(f"{MARKER}\n")
    assert render(review(replace(change(), meaning=Meaning.EQUIVALENT)), text=False).startswith(f"{MARKER}\n")


def test_one_table_has_a_row_for_each_rule_and_what_is_stopped_stands_first() -> None:
    changes = [
        change("my-a", meaning=Meaning.EQUIVALENT),
        change("my-b", meaning=Meaning.UNDECIDED, evidence=Evidence.SAMPLED, samples=2000),
        change("my-c"),
    ]
    first, *_ = tables(comment(review(*changes, gates=(Gate.TIGHTENED,))))
    assert first == [
        ["rule", "what changed", "how it is known", "targets", ""],
        ["my-c", "tightened", "proved", "vap", "stopped by tightened"],
        ["my-b", "no difference found", "sampled (2,000 objects)", "vap", ""],
        ["my-a", "equivalent", "proved", "vap", ""],
    ]


def test_a_section_shows_the_source_the_object_and_every_target() -> None:
    tokens = comment(review(), text=True)
    assert fences(tokens, "diff") == ["- & pod.b\n+ & pod.c\n"]
    (shown,) = fences(tokens, "yaml")
    (read,) = read_text(shown, "shown")
    assert isinstance(read, Document)
    assert read.value == OBJECT
    _, targets = tables(tokens)
    assert targets == [["target", "before", "after", "generated text"], ["vap", "carried", "carried", "differs"]]
    assert fences(tokens, "text") == ["vap  X a spec/a: 1 -> 2\n"]
    assert fences(comment(review()), "text") == []
    assert "fingerprint: `abcdef012345`" in render(review(), text=False)


def test_a_change_that_is_approved_says_by_whom_and_why() -> None:
    rendered = render(approved(review()), text=False)
    assert "stopped" not in rendered
    assert rendered.count("approved") >= 2
    first, *_ = tables(MARKDOWN.parse(rendered))
    assert first[1][-1] == "approved by @acme/security: why not"


def test_hostile_text_changes_no_layout() -> None:
    asked = approved(review(hostile(), change(), disputed=(HOSTILE,), not_compared=(HOSTILE,)), HOSTILE, HOSTILE)
    tokens = comment(asked, text=True)
    first, second, third = tables(tokens)
    assert [len(row) for row in first] == [5, 5, 5]
    assert [len(row) for row in (*second, *third)] == [4] * 5
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h3"]
    assert len(fences(tokens, "yaml")) == 3
    blocks = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert [block[:9] for block in blocks] == [MARKER[:9], "<details>", "</details", "<details>", "</details"]
    nested = [each for token in tokens for each in token.children or ()]
    tags = {each.content for each in nested if each.type == "html_inline"}
    assert tags <= {"<code>", "</code>", "<br>"}
    assert {each.type for each in nested} <= {
        "text",
        "code_inline",
        "html_inline",
        "strong_open",
        "strong_close",
        "softbreak",
    }


def test_nobody_is_mentioned() -> None:
    asked = approved(review(hostile()), HOSTILE, HOSTILE)
    for token in comment(asked, text=True):
        depth = 0
        for each in token.children or ():
            depth += {"<code>": 1, "</code>": -1}.get(each.content, 0) if each.type == "html_inline" else 0
            if each.type == "text" and depth == 0:
                assert "@" not in each.content
                assert "http" not in each.content


def test_hostile_objects_stay_in_their_fence() -> None:
    for shown in fences(comment(review(hostile())), "yaml"):
        (read,) = read_text(shown, "shown")
        assert isinstance(read, Document)
        assert isinstance(read.value, dict)
        assert read.value[HOSTILE] == [HOSTILE]


@pytest.mark.parametrize("rows", ["", "`", "```", "a ````` b ``"])
def test_a_fence_is_longer_than_what_it_holds(rows: str) -> None:
    (token,) = MARKDOWN.parse("\n".join(fenced("x", [rows, "end"])))
    assert (token.type, token.content) == ("fence", f"{rows}\nend\n")


@pytest.mark.parametrize("text", ["plain", "a.b/c:1", HOSTILE, " a", "a ", "`", "", "ä ö"])
def test_code_shows_the_text(text: str) -> None:
    shown = inline(MARKDOWN.parseInline(f"x{code(text)}")[0])
    assert shown.startswith("x")
    assert "\n" not in shown
    assert shown[1:] == text or not text.isprintable()


@pytest.mark.parametrize("number", [1, 60, 3000])
def test_it_is_never_longer_than_a_comment_may_be(number: int) -> None:
    large = witness(value={**OBJECT, "spec": {"a": ["b" * 50] * 100}})
    changes = [change(f"my-{n}", tightened=replace(change().tightened, witness=large)) for n in range(number)]
    rendered = render(review(*changes), text=True)
    assert len(rendered) <= MOST_CHARACTERS
    assert ("are left out" in rendered) == (number > 1)
    assert rendered.count("<details>") == rendered.count("</details>") > 0


def test_an_object_that_does_not_fit_is_left_out_and_that_is_said() -> None:
    huge = witness(value={**OBJECT, "spec": {"a": "b" * MOST_CHARACTERS}})
    rendered = render(review(change(tightened=replace(change().tightened, witness=huge)), change("my-two")), text=False)
    assert "The objects of `my-one` are left out, as a comment is no longer than 65,000 characters." in rendered
    assert rendered.count("```yaml") == 1


def test_what_is_wrong_is_told_in_short() -> None:
    problems = tuple(Diagnostic("values", f"it is wrong {n} {HOSTILE}", "x.py", n) for n in range(1, 9))
    shown = render(review(problems=problems), text=False)
    assert "- error: <code>x.py&#58;1&#58; it is wrong 1 a &#124; b" in shown
    assert shown.count("it is wrong") == 5
    assert "\n- and 3 more\n" in shown


def test_hostile_names_do_not_make_it_too_long() -> None:
    changes = [change(HOSTILE * 400) for _ in range(50)]
    rendered = render(review(*changes, disputed=(HOSTILE * 400,) * 50), text=True)
    assert len(rendered) <= MOST_CHARACTERS


def test_a_rule_that_comes_and_one_that_goes_say_where_they_are_not() -> None:
    gone = change(status=Status.REMOVED, rule="", meaning=Meaning.LOOSENED)
    (row,) = next(tables(comment(review(gone))))[1:]
    assert row[:2] == ["my-one", "removed, loosened"]
