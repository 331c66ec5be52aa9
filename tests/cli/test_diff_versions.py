"""The versions of packs: how far a change moves them, and a declared one that is too small."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.diff.model import Bump
from cmpolicy.diff.versions import bumped
from jsonschema import Draft202012Validator

from tests.cli.conftest import FINE, Run, commit, write_rule

HIGHER = FINE.replace(">= minimum", "> minimum")
OTHERWISE = "deployment.metadata.name.is_in(names) & ~(~(deployment.spec.replicas >= minimum))"
LOWER = f"{FINE} | deployment.spec.paused.is_true()"
SCHEMA = Path(__file__).parents[2] / "docs/diff.schema.json"


def declare(repository: Path, version: str, pack: str = "my_pack") -> None:
    init = repository / "policies" / pack / "__init__.py"
    text = init.read_text()
    init.write_text(f'{text.partition(", version=")[0].rstrip().rstrip(")")}, version="{version}")\n')


def versions(cmpolicy: Run, *arguments: str) -> list[dict[str, Any]]:
    document = json.loads(cmpolicy("diff", "--output", "json", *arguments).out)
    errors = Draft202012Validator(json.loads(SCHEMA.read_text())).iter_errors(document)
    assert [error.message for error in errors] == []
    found: list[dict[str, Any]] = document["versions"]
    return found


def edit(repository: Path, before: str, after: str, name: str = "first") -> None:
    file = repository / f"policies/my_pack/{name}.py"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


@pytest.mark.parametrize(
    ("before", "after", "bump", "because"),
    [
        (">= minimum", "> minimum", "major", "my-first rejects more"),
        (f"{FINE}", f"{LOWER}", "major", "my-first rejects less"),
        ('message="too few replicas"', 'message="few"', "patch", "my-first has another message"),
        ("run enough replicas", "run enough of them", "patch", "my-first is described otherwise"),
        (f"{FINE}", OTHERWISE, "patch", "my-first becomes other text"),
        ('severity="high"', 'severity="critical"', "minor", "my-first has another severity"),
        (
            "names: list[str]",
            "label: str = 'x', names: list[str]",
            "minor",
            "my-first has a new parameter",
        ),
    ],
)
def test_a_change_moves_the_version_of_its_pack(
    before: str, after: str, bump: str, because: str, cmpolicy: Run, repository: Path
) -> None:
    edit(repository, before, after)
    if "label" in after:
        edit(repository, "        names: Names", "        label: A label\n        names: Names")
    (found,) = versions(cmpolicy, "main")
    assert (found["pack"], found["bump"], found["sure"]) == ("my_pack", bump, True)
    assert because in found["because"]
    assert (found["old"], found["new"], found["least"], found["too_small"]) == (None, None, None, False)


def test_a_rule_that_is_gone_new_or_renamed_moves_it(cmpolicy: Run, repository: Path) -> None:
    first = repository / "policies/my_pack/first.py"
    write_rule(repository, "third", LOWER)
    assert versions(cmpolicy, "main")[0]["because"] == ["my-third is new"]
    edit(repository, "message=", 'profiles=["strict"], message=', "third")
    init = repository / "policies/my_pack/__init__.py"
    init.write_text(
        init.read_text().replace('category="Mine"', 'category="Mine", profiles={"strict": "those who ask"}')
    )
    (found,) = versions(cmpolicy, "main")
    assert (found["bump"], found["because"]) == ("minor", ["my-third is new, in profiles that are asked for"])
    first.unlink()
    assert versions(cmpolicy, "main")[0]["because"] == ["my-first is gone"]


def test_a_rule_that_moves_concerns_both_packs(cmpolicy: Run, repository: Path) -> None:
    other = repository / "policies/other_pack"
    other.mkdir()
    (other / "__init__.py").write_text((repository / "policies/my_pack/__init__.py").read_text())
    commit(repository)
    (repository / "policies/my_pack/first.py").rename(other / "first.py")
    found = {each["pack"]: (each["bump"], each["because"][0]) for each in versions(cmpolicy, "HEAD")}
    assert found == {
        "my_pack": ("major", "my-first is in `other_pack` now"),
        "other_pack": ("minor", "my-first comes from `my_pack`"),
    }


def test_a_declared_version_that_is_too_small_fails(cmpolicy: Run, repository: Path) -> None:
    declare(repository, "1.4.0")
    commit(repository)
    write_rule(repository, "first", HIGHER)
    declare(repository, "1.5.0")
    result = cmpolicy("diff", "--fail-on", "version", "HEAD")
    assert result.code == 1
    told = (
        "version of my_pack: major, 2.0.0 or later, as my-first rejects more. 1.5.0 is declared, which is too small\n"
    )
    assert told in result.out
    declare(repository, "2.0.0")
    result = cmpolicy("diff", "--fail-on", "version", "HEAD")
    assert result.code == 0
    assert "2.0.0 or later, as my-first rejects more. 2.0.0 is declared\n" in result.out


def test_a_version_that_goes_down_or_stays_is_told(cmpolicy: Run, repository: Path) -> None:
    declare(repository, "1.4.0")
    commit(repository)
    declare(repository, "1.3.9")
    result = cmpolicy("diff", "HEAD")
    assert result.code == 1
    assert "version of my_pack: no bump, 1.4.0 or later. 1.3.9 is declared, which is too small" in result.out
    declare(repository, "1.4.0")
    assert cmpolicy("diff", "HEAD").out == "HEAD -> working tree: 2 rules unchanged\n"
    assert cmpolicy("diff", "--fail-on", "nothing", "HEAD").code == 0


def test_one_that_is_declared_on_one_side_alone_fails_nothing(cmpolicy: Run, repository: Path) -> None:
    declare(repository, "0.1.0")
    write_rule(repository, "first", HIGHER)
    (found,) = versions(cmpolicy, "main")
    assert (found["old"], found["new"], found["least"], found["too_small"]) == (None, "0.1.0", None, False)
    assert cmpolicy("diff", "--fail-on", "version", "main").code == 0


def test_what_is_not_proved_may_need_more(cmpolicy: Run, repository: Path) -> None:
    edit(repository, FINE, f'{FINE} & ~(deployment.spec.strategy.type == "a")')
    commit(repository)
    edit(repository, '~(deployment.spec.strategy.type == "a")', '~deployment.spec.strategy.type.matches("^a$")')
    assert "version of my_pack: at least patch, as my-first is written otherwise" in cmpolicy("diff", "HEAD").out


def test_a_bundle_carries_the_versions(cmpolicy: Run, repository: Path) -> None:
    assert cmpolicy("build", "--out", "plain").code == 0
    assert '"versions"' not in (repository / "plain/rules.json").read_text()
    declare(repository, "1.0.0")
    assert cmpolicy("build", "--out", "old", "--target", "vap").code == 0
    write_rule(repository, "first", LOWER)
    declare(repository, "1.1.0")
    assert cmpolicy("build", "--out", "new", "--target", "vap").code == 0
    (found,) = versions(cmpolicy, "old", "new")
    assert (found["old"], found["new"], found["least"], found["too_small"]) == ("1.0.0", "1.1.0", "2.0.0", True)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ('"1.4"', "`version` of a pack is not `1.4`"),
        ('"v1.4.0"', "not `v1.4.0`"),
        ("1.4", "`version` of a pack is not"),
        ('"1.04.0"', "not `1.04.0`"),
    ],
)
def test_a_version_is_three_numbers(version: str, said: str, cmpolicy: Run, workspace: Path) -> None:
    init = workspace / "policies/my_pack/__init__.py"
    init.write_text(init.read_text().rstrip().rstrip(")") + f", version={version})\n")
    result = cmpolicy("build")
    assert (result.code, said in result.err, 'version="1.4.0"' in result.err) == (2, True, True)


@pytest.mark.parametrize(
    ("version", "bump", "least"),
    [
        ("1.4.2", Bump.MAJOR, "2.0.0"),
        ("1.4.2", Bump.MINOR, "1.5.0"),
        ("1.4.2", Bump.PATCH, "1.4.3"),
        ("1.4.2", Bump.NONE, "1.4.2"),
        ("0.4.2", Bump.MAJOR, "0.5.0"),
        ("0.4.2", Bump.MINOR, "0.4.3"),
        ("0.4.2", Bump.PATCH, "0.4.3"),
        ("odd", Bump.PATCH, "0.0.1"),
    ],
)
def test_below_one_the_minor_number_is_the_major_one(version: str, bump: Bump, least: str) -> None:
    assert bumped(version, bump) == least
