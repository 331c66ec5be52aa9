"""Workflow commands, read back as a runner of GitHub Actions reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cmpolicy import ir
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.lines import Lines, changed_lines
from cmpolicy.diff.model import Aspect, Evidence, Meaning, Note, Status
from cmpolicy.diff.places import Places
from cmpolicy.diff.report.github import MOST_CHARACTERS, render
from cmpolicy.diff.review import Review

from tests.diff.report.samples import HOSTILE, OBJECT, approved, change, hostile, review, witness

NOWHERE = Places(Path("/no/such"), Path("/no/such"))
FILE = '''\
"""my-one"""

from cmpolicy.dsl import match, rule


@rule(
    severity="high",
    match=match(Pod),
    message=(
        "it is"
        "bad"
    ),
)
def one(
    pod: Pod,
    minimum: int = 3,
) -> Condition:
    """One."""
    return (
        pod.a
        & pod.c
    )
'''
START = 14
"""The line of `def`."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a runner takes of a line."""

    name: str
    properties: Mapping[str, str]
    message: str


def commands(asked: Review, places: Places = NOWHERE) -> list[Command]:
    return [_read(line) for line in render(asked, places).split("\n")]


def _read(line: str) -> Command:
    found = re.fullmatch(r"::([a-z]+) ([^\n]*?)::([^\n]*)", line)
    assert found, line
    pairs = (each.partition("=") for each in found[2].split(","))
    return Command(found[1], {key: _plain(value) for key, _, value in pairs}, _plain(found[3]))


def _plain(value: str) -> str:
    assert "\r" not in value
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        value = value.replace(code, character)
    return value


def test_a_change_is_marked_where_it_is() -> None:
    first, last = commands(review())
    assert (first.name, first.properties) == (
        "error",
        {"file": "policies/pack/one.py", "line": "12", "endLine": "12", "title": "my-one: tightened"},
    )
    assert first.message.startswith("tightened on vap, proved\nstopped by --fail-on any; fingerprint abcdef012345\n")
    assert "now rejected, was accepted:\n  apiVersion: v1\n  kind: Pod\n" in first.message
    assert (last.name, last.message) == (
        "notice",
        "main -> working tree: 1 tightened, 3 rules unchanged; 1 change stopped",
    )


def test_the_level_says_whether_it_is_stopped_and_errors_come_first() -> None:
    changes = [
        change("my-a", meaning=Meaning.LOOSENED),
        change("my-b", meaning=Meaning.UNDECIDED, evidence=Evidence.SAMPLED),
        change("my-c"),
        change("my-d", meaning=Meaning.EQUIVALENT, notes=(Note(Aspect.TEXT, "vap"),)),
    ]
    found = commands(review(*changes, gates=(Gate.TIGHTENED,)))
    assert [(each.name, each.properties["title"].partition(":")[0]) for each in found] == [
        ("error", "my-c"),
        ("warning", "my-b"),
        ("notice", "my-a"),
        ("notice", "cmpolicy diff"),
    ]


def test_what_is_approved_is_no_error() -> None:
    first, _ = commands(approved(review()))
    assert (first.name, "approved by @acme/security: why not" in first.message) == ("notice", True)


def test_hostile_text_starts_no_command_and_sets_no_property() -> None:
    found = commands(approved(review(hostile()), HOSTILE, HOSTILE))
    assert len(found) == 2
    assert found[0].properties.keys() == {"file", "line", "endLine", "title"}
    assert found[0].properties["file"].startswith("a,b:")
    assert "%0A::error::x" in found[0].message


def test_problems_are_annotations_too() -> None:
    problems = (
        Diagnostic("values", "it is wrong", "x.py", 3, 1, help="do it right"),
        Diagnostic("approvals", "it is old", level=Level.WARNING),
    )
    first, second, *_ = commands(replace(review(), report=replace(review().report, changes=(), problems=problems)))
    assert first == Command(
        "error", {"file": "x.py", "line": "3", "title": "cmpolicy diff: values"}, "it is wrong: do it right"
    )
    assert second == Command("warning", {"title": "cmpolicy diff: approvals"}, "it is old")


def test_a_message_has_an_end() -> None:
    large = witness(value={**OBJECT, "spec": {"a": "b" * MOST_CHARACTERS}})
    first, _ = commands(review(change(tightened=replace(change().tightened, witness=large))))
    assert len(first.message) == MOST_CHARACTERS


def test_paths_are_from_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "team/policies/pack").mkdir(parents=True)
    (tmp_path / "team/policies/pack/one.py").write_text("x")
    (tmp_path / "top.py").write_text("y")
    places = Places(tmp_path / "team", tmp_path)
    first, _ = commands(review(), places)
    assert first.properties["file"] == "team/policies/pack/one.py"
    # As rules of a revision are named.
    assert places.from_root("team/policies/pack/one.py") == "team/policies/pack/one.py"
    assert places.from_root("../top.py") == "top.py"
    assert places.read("../top.py") == "y"
    assert places.from_root("no/such.py") == "no/such.py"
    assert places.from_root("a\x00b") == "a\x00b"
    assert places.read("no/such.py") is None


def test_files_outside_of_the_repository_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret").write_text("x")
    places = Places(tmp_path / "inside", tmp_path / "inside")
    assert places.read("../secret") is None
    assert places.from_root("../secret") == "../secret"


def lines(**parts: Any) -> tuple[int, int]:
    place = ir.Location("one.py", START, 1)
    sources = ("pod.a\n        & pod.c",) * 2
    asked = change(places=(place, place), **{"sources": sources, **parts})
    found = changed_lines(asked, {"one.py": FILE}.get)
    assert found is not None
    return found.start, found.end


@pytest.mark.parametrize(
    ("old", "span"),
    [
        ("pod.a\n        & pod.b", (21, 21)),
        ("pod.b\n        & pod.c", (20, 20)),
        ("pod.b", (20, 21)),
        ("pod.a\n        & pod.c\n        & pod.d", (21, 21)),
        ("pod.a", (21, 21)),
    ],
)
def test_the_lines_of_a_condition_that_are_new_are_marked(old: str, span: tuple[int, int]) -> None:
    assert lines(sources=(old, "pod.a\n        & pod.c")) == span


@pytest.mark.parametrize(
    ("aspect", "text", "span"),
    [
        (Aspect.PARAMETERS_RESET, "minimum: 2 -> 3", (16, 16)),
        (Aspect.PARAMETERS_EXTENDED, "minimum added, integer, by default 3", (16, 16)),
        (Aspect.PARAMETERS_BROKEN, "least removed", (14, 14)),
        (Aspect.MESSAGE, '"a" -> "b"', (9, 11)),
        (Aspect.METADATA, 'severity: "low" -> "high"', (7, 7)),
        (Aspect.METADATA, "examples", (14, 14)),
        (Aspect.SCOPE_WIDER, "kind v1/Pod added: looks at", (8, 8)),
        (Aspect.ACTION_RAISED, "vap: audit -> enforce", (14, 14)),
    ],
)
def test_what_else_changed_is_marked_where_it_is_written(aspect: Aspect, text: str, span: tuple[int, int]) -> None:
    assert lines(notes=(Note(aspect, text),)) == span


def test_a_rule_is_marked_as_a_whole_where_its_lines_are_not_known() -> None:
    assert lines(sources=("a", "b")) == (START, START)
    assert lines(status=Status.ADDED, sources=("", "pod.a\n        & pod.c")) == (START, START)
    asked = change(notes=(Note(Aspect.MESSAGE, "x"),))
    assert changed_lines(asked, lambda _: None) == Lines("policies/pack/one.py", 12, 12)
    assert changed_lines(asked, lambda _: "not Python (") == Lines("policies/pack/one.py", 12, 12)
    assert changed_lines(change(places=(None, None)), lambda _: FILE) is None
