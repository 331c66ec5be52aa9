"""What the guide shows works: each rule in it loads, and the error that it quotes is the one that is printed."""

from __future__ import annotations

import linecache
import re
from pathlib import Path

import pytest
from cmpolicy.diagnostics import render_all
from cmpolicy.load import load_pack

GUIDE = (Path(__file__).parents[2] / "docs" / "writing-a-rule.md").read_text(encoding="utf-8")
RULES = [block for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL) if "@rule" in block]
(PACK,) = [block for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL) if "PACK" in block]
QUOTED = re.findall(r"```text\n(error\[.*?)```", GUIDE, re.DOTALL)


def test_the_guide_shows_rules() -> None:
    assert len(RULES) >= 2


@pytest.mark.parametrize("block", RULES, ids=lambda block: block.split("def ")[-1].split("(")[0])
def test_a_rule_of_the_guide_loads(block: str, tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text(PACK)
    (tmp_path / "shown.py").write_text(block)
    loaded = load_pack(tmp_path)
    assert not loaded.diagnostics
    assert [rule.id for rule in loaded.rules] == ["my-shown"]


HEAD = '''from cmpolicy.dsl import match, rule
from cmpolicy.kinds import Deployment
E = {"apiVersion": "apps/v1", "kind": "Deployment"}


@rule(severity="low", match=match(Deployment), message="bad", good=[E], bad=[E])
def probes(deployment):
    """Probes."""
'''


def test_the_quoted_error_is_the_one_printed(tmp_path: Path) -> None:
    (quoted,) = QUOTED
    _, place, source, _ = quoted.splitlines()
    number, statement = source.split(" | ")
    assert int(number) == len(HEAD.splitlines()) + 1
    (tmp_path / "__init__.py").write_text(PACK)
    file = tmp_path / "probes.py"
    file.write_text(HEAD + statement + "\n")
    printed = render_all(load_pack(tmp_path).diagnostics, linecache.getline)
    assert printed == quoted.rstrip().replace(place, place.replace("policies/my/probes.py", str(file)))
