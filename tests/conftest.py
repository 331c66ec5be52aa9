"""What all tests share: options, and lines that are shown at the end of the run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

TOLD = "told"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("cmpolicy")
    group.addoption("--manifests", type=Path, metavar="DIR", help="also test on the real manifests in this folder")
    group.addoption("--update-golden", action="store_true", help="write the golden files anew instead of comparing")
    group.addoption(
        "--engines",
        choices=("auto", "require"),
        default="require" if os.environ.get("CI") == "true" else "auto",
        help="skip tests whose engine is not built, or fail them; `require` is the default where CI=true",
    )
    group.addoption(
        "--volume",
        type=int,
        default=int(os.environ.get("CMPOLICY_VOLUME", "200000")),
        metavar="N",
        help="verdicts of generated objects to ask the engines for ($CMPOLICY_VOLUME)",
    )
    group.addoption(
        "--random-rules",
        type=int,
        default=int(os.environ.get("CMPOLICY_RANDOM_RULES", "2000")),
        metavar="N",
        help="random rules to put to every engine ($CMPOLICY_RANDOM_RULES)",
    )
    group.addoption(
        "--mutants",
        type=int,
        default=1,
        metavar="N",
        help="mutants of each rule whose change `diff` must classify; 1 is of some rules, 0 all mutants, which takes hours",
    )


@pytest.fixture(scope="session")
def manifests_folder(pytestconfig: pytest.Config) -> Path:
    """The folder of real manifests. The repository has none: without `--manifests` their tests are skipped."""
    folder: Path | None = pytestconfig.getoption("--manifests")
    if folder is None:
        pytest.skip("no real manifests: name their folder with --manifests DIR")
    return folder


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Show a line at the end of the run. It comes with the test's report, also from another process."""

    def show(line: str) -> None:
        request.node.user_properties.append((TOLD, line))

    return show


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests told, and why some were skipped."""
    reports = [each for name, found in terminalreporter.stats.items() if name for each in found]
    told = [line for each in reports for name, line in getattr(each, "user_properties", ()) if name == TOLD]
    skipped = [
        f"skipped: {each.longrepr[2].removeprefix('Skipped: ')}" for each in terminalreporter.stats.get("skipped", ())
    ]
    if lines := [*dict.fromkeys((*told, *skipped))]:
        terminalreporter.section("told")
        terminalreporter.write("\n".join((*lines, "")))
