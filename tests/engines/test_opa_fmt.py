"""All Rego that is emitted is formatted as `opa fmt` does and passes `opa check --strict`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.engines.adapters import run
from tests.engines.bundles import Bundle


@pytest.fixture
def modules(bundle: Bundle, tmp_path: Path) -> list[Path]:
    """The Rego of each template, in a file of its own."""
    files = []
    for template in sorted((bundle.folder / "gatekeeper" / "templates").iterdir()):
        files.append(tmp_path / f"{template.stem}.rego")
        files[-1].write_text(_rego(template))
    return files


def test_rego_is_formatted(modules: list[Path], bundle: Bundle, binary: Callable[[str], Path], tmp_path: Path) -> None:
    result = run([binary("opa"), "fmt", "--list", *modules], tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert len(modules) == len(bundle.carried["gatekeeper"]) > 0


def test_rego_is_valid_by_the_strict_rules(modules: list[Path], binary: Callable[[str], Path], tmp_path: Path) -> None:
    for module in modules:
        result = run([binary("opa"), "check", "--strict", module], tmp_path)
        assert (result.returncode, result.stdout, result.stderr) == (0, "", ""), module.stem


def _rego(template: Path) -> str:
    document = yaml.safe_load(template.read_text())
    (target,) = document["spec"]["targets"]
    (source,) = (code["source"] for code in target["code"] if code["engine"] == "Rego")
    rego = source["rego"]
    assert isinstance(rego, str)
    return rego
