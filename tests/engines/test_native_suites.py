"""The emitted native suites pass in the engines' own test commands, and every example is a case that really ran.

Either command can end well without having tested anything, so the cases are counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cmpolicy.targets.kyverno.suite import looks_up_custom

from tests.engines.adapters import run
from tests.engines.bundles import Bundle, askable, example_count


@pytest.mark.parametrize("target", ["kyverno", "kyverno-cel", "vap"])
def test_kyverno_suites_pass(
    target: str, bundle: Bundle, binary: Callable[[str], Path], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    flags = ["--require-tests", "--remove-color", "--output-format", "json"]
    result = run([binary("kyverno"), "test", bundle.folder / target / "tests", *flags], tmp_path)
    rows = list(rows_of(result.stdout))
    refused = [row for row in rows if (row["RESULT"], row["REASON"]) != ("Pass", "Ok")]
    assert (result.returncode, result.stderr, refused) == (0, "", []), result.stdout[-3000:]
    rules, left_out = askable(bundle.carried[target], lambda rule: target == "kyverno" or not looks_up_custom(rule))
    assert len(rows) == sum(example_count(rules)) > 0
    tell(f"kyverno test, {target}: {len(rows)} cases pass{left_out}")


@pytest.mark.parametrize("cel", [True, False], ids=["cel", "rego"])
def test_gator_suites_pass(
    cel: bool, bundle: Bundle, binary: Callable[[str], Path], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    flags = ["--verbose", f"--enable-k8s-native-validation={str(cel).lower()}"]
    result = run([binary("gator"), "verify", *flags, f"{bundle.folder / 'gatekeeper' / 'tests'}/..."], tmp_path)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout[-3000:]
    passed = len(re.findall(r"^ +--- PASS: ", result.stdout, re.MULTILINE))
    rules = bundle.carried["gatekeeper"]
    again_without_parameters = [rule for rule in rules if rule.parameters]
    assert passed == sum(example_count(rules)) + sum(example_count(again_without_parameters)) > 0
    assert "SKIP" not in result.stdout
    tell(f"gator verify, {'CEL' if cel else 'Rego'}: {passed} cases pass")


def rows_of(output: str) -> Iterator[dict[str, str]]:
    """The rows of each test file: an array that stands alone between lines of progress."""
    for array in re.findall(r"^\[$.*?^\]$", output, re.MULTILINE | re.DOTALL):
        yield from json.loads(array)
