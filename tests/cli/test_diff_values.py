"""`cmpolicy diff --values`: what a change means for those who set parameters."""

from __future__ import annotations

import json
from pathlib import Path

from cmpolicy.cli.guard import FAILED

from tests.cli.conftest import FINE, Run, write_rule


def values(folder: Path, text: str) -> str:
    (folder / "values.yaml").write_text(text)
    return "values.yaml"


def other_default(repository: Path) -> None:
    file = repository / "policies/my_pack/first.py"
    file.write_text(file.read_text().replace("minimum: int = 2", "minimum: int = 3"))


def test_a_default_that_nobody_uses_changes_nothing(cmpolicy: Run, repository: Path) -> None:
    other_default(repository)
    assert "my-first  TIGHTENED" in cmpolicy("diff", "main").out
    file = values(repository, "my-first:\n  minimum: 5\n")
    result = cmpolicy("diff", "--values", file, "main")
    assert (result.code, result.out.splitlines()[-1]) == (0, "main -> working tree: 2 rules unchanged")


def test_a_change_is_told_with_the_values_given(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", FINE.replace(">= minimum", "> minimum"))
    result = cmpolicy("diff", "--values", values(repository, '"*":\n  minimum: 7\n'), "main")
    assert "my-first  TIGHTENED   on 5 targets   proved, with the values given" in result.out
    assert "replicas: 7" in result.out
    document = json.loads(cmpolicy("diff", "--output", "json", "--values", "values.yaml", "main").out)
    assert [change["at_values"] for change in document["changes"]] == [True]
    document = json.loads(cmpolicy("diff", "--output", "json", "main").out)
    assert [change["at_values"] for change in document["changes"]] == [False]


def test_a_value_may_be_for_one_side_alone(cmpolicy: Run, repository: Path) -> None:
    file = repository / "policies/my_pack/first.py"
    file.write_text(file.read_text().replace("minimum", "least"))
    result = cmpolicy("diff", "--values", values(repository, "my-first:\n  least: 2\n  minimum: 2\n"), "main")
    assert (result.code, result.err) == (1, "")
    result = cmpolicy("diff", "--values", values(repository, "my-first:\n  most: 2\nmy-thrid:\n  minimum: 1\n"), "main")
    assert result.code == FAILED
    assert "`my-first` has no parameter `most`" in result.err
    assert result.err.count("there is no rule `my-thrid`") == 1


def test_a_bundle_was_built_with_its_values(cmpolicy: Run, repository: Path) -> None:
    file = values(repository, "my-first:\n  minimum: 4\n")
    assert cmpolicy("build", "--out", "dist", "--values", file).code == 0
    assert cmpolicy("diff", "--values", file, "dist", "policies").out == "dist -> policies: 2 rules unchanged\n"
    assert "my-first  LOOSENED" in cmpolicy("diff", "dist", "policies").out
    result = cmpolicy("diff", "--values", file, "dist", "dist")
    assert (result.code, "both sides are bundles: build them with `--values`" in result.err) == (2, True)


def test_a_file_that_cannot_be_read_is_told(cmpolicy: Run, repository: Path) -> None:
    result = cmpolicy("diff", "--values", "absent.yaml", "main")
    assert (result.code, "cannot read `absent.yaml`" in result.err) == (2, True)
