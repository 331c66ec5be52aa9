"""The engines and the bundle that they judge by."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from cmpolicy.ir import Rule
from cmpolicy.load import built_in_packs, load_packs

from tests.engines import build
from tests.engines.adapters import Datree, Engine, Gator, Kyverno
from tests.engines.bundles import Bundle, write_bundle
from tests.sample_rules import LOOKUPS
from tests.sample_rules import RULES as SAMPLE_RULES

RELATED = Path(__file__).parent / "related"
"""A pack of rules that look other objects up."""
ENGINES: dict[str, tuple[str, Callable[[Path], Engine]]] = {
    "kyverno": ("kyverno", lambda binary: Kyverno("kyverno", "kyverno", binary)),
    "kyverno-cel": ("kyverno", lambda binary: Kyverno("kyverno-cel", "kyverno-cel", binary)),
    "vap": ("kyverno", lambda binary: Kyverno("vap", "vap", binary)),
    "gatekeeper-cel": ("gator", lambda binary: Gator("gatekeeper-cel", binary, cel=True)),
    "gatekeeper-rego": ("gator", lambda binary: Gator("gatekeeper-rego", binary, cel=False)),
    "datree": ("datree", lambda binary: Datree("datree", binary)),
}
"""Each engine by name: the command line that it needs, and how to make it of that."""


@pytest.fixture(scope="session")
def missing(pytestconfig: pytest.Config) -> Callable[[str], NoReturn]:
    """End a test for want of an engine: a failure where engines are required, else a skip that the summary shows."""

    def end(reason: str) -> NoReturn:
        if pytestconfig.getoption("--engines") == "require":
            pytest.fail(reason)
        pytest.skip(reason)

    return end


@pytest.fixture(scope="session")
def need_go(missing: Callable[[str], NoReturn]) -> None:
    """End the test if Go is not installed."""
    if shutil.which("go") is None:
        missing("Go is not installed")


@pytest.fixture(scope="session")
def binary(missing: Callable[[str], NoReturn]) -> Callable[[str], Path]:
    """The path of a command line, which must be built: nothing is built in the middle of a run."""

    def find(name: str) -> Path:
        try:
            path = build.binary(build.ENGINES[name])
            problem = "" if path.exists() else f"{name} is not built: run `python tests/engines/build.py {name}`"
        except build.BuildError as error:
            problem = str(error)
        if problem:
            missing(problem)
        return path

    return find


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, binary: Callable[[str], Path]) -> Engine:
    """Each engine in turn."""
    command, make = ENGINES[request.param]
    return make(binary(command))


@pytest.fixture(scope="session")
def rules() -> tuple[Rule, ...]:
    """The samples, which use every node of the IR, every rule that comes with cmpolicy, and some that relate objects."""
    loaded = load_packs((*built_in_packs(), RELATED))
    assert not loaded.diagnostics
    return (*SAMPLE_RULES, *LOOKUPS, *loaded.rules)


@pytest.fixture(scope="session")
def bundle(rules: tuple[Rule, ...], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """What every target makes of the rules."""
    return write_bundle(tmp_path_factory.mktemp("dist"), rules)
