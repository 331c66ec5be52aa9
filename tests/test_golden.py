"""Every rule on every target, its IR, and the diagnostics of broken rules are as the golden files say."""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.diagnostics import Diagnostic, render_all
from cmpolicy.ir_text import rule_text as ir_text
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.pipeline import rule_text
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.targets.protocol import Options

from tests.golden_files import GOLDEN, assert_golden, assert_no_orphans

RULES = load_packs(built_in_packs()).rules
BROKEN = Path(__file__).parent / "broken_rules"
FINE = "duplicate-id"
"""The first of two files that make the same id; only the other is told."""
BROKEN_NAMES = sorted({file.stem for file in BROKEN.glob("[!_]*.txt")} - {FINE})


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rules_on_targets(rule: ir.Rule, target: str, update: bool) -> None:
    text = rule_text(rule, load_target(target), Options())
    if text is not None:
        assert_golden(f"{target}/{rule.id}.yaml", text, update=update)


@pytest.mark.parametrize("target", TARGETS)
def test_no_rule_of_a_target_is_left_over(target: str, update: bool) -> None:
    carried = {f"{rule.id}.yaml" for rule in RULES if load_target(target).gap(rule) is None}
    assert_no_orphans(target, carried, update=update)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rules_as_ir(rule: ir.Rule, update: bool) -> None:
    assert_golden(f"ir/{rule.id}.txt", ir_text(rule), update=update)


def test_no_ir_is_left_over(update: bool) -> None:
    assert_no_orphans("ir", {f"{rule.id}.txt" for rule in RULES}, update=update)


def test_no_folder_is_left_over() -> None:
    assert sorted(folder.name for folder in GOLDEN.iterdir()) == sorted([*TARGETS, "ir", "diagnostics"])


@pytest.fixture(scope="module")
def diagnosed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each broken rule, by its name. All are in one pack: none hides another."""
    pack = tmp_path_factory.mktemp("broken") / "my_pack"
    pack.mkdir()
    for file in BROKEN.glob("*.txt"):
        shutil.copyfile(file, pack / f"{file.stem}.py")
    by_name: dict[str, list[Diagnostic]] = defaultdict(list)
    for found in load_packs([pack]).diagnostics:
        by_name[Path(found.file).stem].append(found)
    return {name: _rendered(pack, found) for name, found in by_name.items()}


def _rendered(pack: Path, found: list[Diagnostic]) -> str:
    def read_line(file: str, line: int) -> str:
        return (pack.parent / file).read_text().splitlines()[line - 1]

    def relative(text: str) -> str:
        return text.replace(f"{pack.parent}/", "")

    shown = tuple(replace(each, file=relative(each.file), help=relative(each.help)) for each in found)
    return render_all(shown, read_line) + "\n"


@pytest.mark.parametrize("name", BROKEN_NAMES)
def test_diagnostics(name: str, diagnosed: dict[str, str], update: bool) -> None:
    assert_golden(f"diagnostics/{name}.txt", diagnosed[name], update=update)


def test_no_diagnostic_is_left_over(update: bool) -> None:
    assert_no_orphans("diagnostics", {f"{name}.txt" for name in BROKEN_NAMES}, update=update)
