"""`cmpolicy list --source`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cmpolicy.traceability import read_sources

from tests.cli.conftest import Run
from tests.policies.packs import PACK

(SOURCE,) = read_sources([PACK])


def test_the_list_shows_each_statement_and_what_covers_it(cmpolicy: Run) -> None:
    result = cmpolicy("list", "--source", "--pack", str(PACK))
    assert (result.code, result.err) == (0, "")
    lines = [line.strip() for line in result.out.splitlines()]
    for section, each in SOURCE.statements:
        assert f"{section.name}   {section.link.removeprefix(SOURCE.link)}" in lines
        assert each.says in lines
        assert all(rule in result.out for rule in each.rules)


def test_the_list_as_json(cmpolicy: Run) -> None:
    found = json.loads(cmpolicy("list", "--source", "--pack", str(PACK), "--output", "json").out)
    assert len(found) == len(SOURCE.statements)
    assert all(entry["rules"] or entry["planned"] or entry["reason"] for entry in found)
    assert {entry["link"].partition("#")[0] for entry in found} == {SOURCE.link}


def test_a_section_in_another_document_has_a_link_of_its_own(cmpolicy: Run, workspace: Path) -> None:
    section = "{section: s, link: https://e.example/x, statements: [{says: x, rules: [my-first]}]}"
    text = f"title: t\nlink: l\nsections: [{section}]\n"
    (workspace / "policies" / "my_pack" / "source.yaml").write_text(text)
    assert "s   https://e.example/x" in cmpolicy("list", "--source").out
    (entry,) = json.loads(cmpolicy("list", "--source", "--output", "json").out)
    assert entry["link"] == "https://e.example/x"


def test_the_list_for_one_rule(cmpolicy: Run) -> None:
    listed = cmpolicy("list", "--source", "--pack", str(PACK), "--rule", "cm-priority-quota-shape", "--output", "json")
    assert [entry["section"] for entry in json.loads(listed.out)] == ["Priority Class Name"]


BROKEN = {
    "title: [": "error[syntax]",
    "- a": "the file is not one map",
    "title: t\nlink: l\nsections: {}": "`sections` is no list of maps",
    "title: t\nlink: l\nsections: [{section: s, anchor: a, statements: [{says: x}]}]": "a reason why it has none",
    "title: t\nlink: l\nsections: [{section: s, anchor: a, statements: [{says: x, rules: a}]}]": "no list of rule ids",
    "title: t\nlink: l\nsections: [{section: s, anchor: 1, statements: []}]": "`anchor` is no text",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_source_of_another_shape_is_an_error(cmpolicy: Run, workspace: Path, text: str) -> None:
    (workspace / "policies" / "my_pack" / "source.yaml").write_text(text)
    result = cmpolicy("list", "--source")
    assert result.code == 2
    assert BROKEN[text] in result.err
    assert "source.yaml" in result.err


def test_a_rule_that_there_is_not_is_an_error(cmpolicy: Run, workspace: Path) -> None:
    statement = "{says: x, rules: [my-first, my-secnd, my-third]}"
    text = f"title: t\nlink: l\nsections: [{{section: s, anchor: a, statements: [{statement}]}}]\nplanned: [my-third]\n"
    (workspace / "policies" / "my_pack" / "source.yaml").write_text(text)
    result = cmpolicy("list", "--source")
    assert result.code == 2
    assert "names a rule `my-secnd` that there is not" in result.err
    assert "did you mean `my-second`?" in result.err
    assert "my-first, my-secnd, my-third (planned)" in result.out


def test_a_pack_without_a_source_says_so(cmpolicy: Run, workspace: Path) -> None:
    result = cmpolicy("list", "--source")
    assert (result.code, result.out) == (0, "no pack here has a source\n")
