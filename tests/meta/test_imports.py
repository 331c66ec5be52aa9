"""Starting is cheap: what only tells about cmpolicy imports nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "yaml",
    "jsonschema",
    "deepdiff",
    "hypothesis",
    "kubernetes_validate",
    "re2",
    "cryptography",
    "nacl",
    "urllib3",
}
RUN = """
import json, sys
from cmpolicy.cli import main
sys.argv = ["cmpolicy", *json.loads(sys.argv[1])]
try:
    main()
except SystemExit as ended:
    code = ended.code
print(json.dumps({"code": code, "modules": sorted(sys.modules)}), file=sys.stderr)
"""


def modules_after(*arguments: str, script: str = RUN) -> set[str]:
    """The modules that a run of the command line has imported when it ends well."""
    command = [sys.executable, "-c", script, json.dumps(arguments)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()[-1])
    assert not told["code"]
    return set(told["modules"])


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["build", "--help"], ["publish", "--help"], ["completion", "bash"], ["list"]],
    ids=" ".join,
)
def test_telling_about_cmpolicy_imports_nothing_heavy(arguments: list[str]) -> None:
    assert modules_after(*arguments) & HEAVY == set()


def test_help_imports_no_target_and_no_rule() -> None:
    names = {name for name in modules_after("--help") if name.startswith("cmpolicy.")}
    assert "cmpolicy.cli" in names
    assert [name for name in names if name.startswith(("cmpolicy.targets.", "cmpolicy.lang", "cmpolicy.dsl"))] == []


def test_heavy_module_is_seen_where_there_is_one() -> None:
    assert modules_after("--version", script=f"import yaml{RUN}") & HEAVY == {"yaml"}


@pytest.mark.parametrize("command", ["keys", "publish", "verify", "pull", "inspect", "copy"])
def test_nothing_needs_the_packages_of_signatures_before_it_signs(command: str) -> None:
    script = f"import sys; sys.modules['cryptography'] = sys.modules['nacl'] = None{RUN}"
    assert f"cmpolicy.cli.{command}" in modules_after(command, "--help", script=script)
