"""What the generator makes for every rule, made once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cmpolicy.generate import Case, objects
from cmpolicy.ir import Rule
from cmpolicy.load import built_in_packs, load_packs

from tests.generate.rules import RULES as OWN_RULES
from tests.sample_rules import RULES as SAMPLE_RULES

SEED = 4
AMOUNT = 800
LINES = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(LINES, []):
        terminalreporter.section("generated cases")
        terminalreporter.write("\n".join((*lines, "")))


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Show a line at the end of the run."""
    return pytestconfig.stash.setdefault(LINES, []).append


@pytest.fixture(scope="session")
def rules() -> tuple[Rule, ...]:
    """The samples, the rules of the packs, and some that have what these lack."""
    loaded = load_packs(built_in_packs())
    assert not loaded.diagnostics
    return (*OWN_RULES, *SAMPLE_RULES, *loaded.rules)


@pytest.fixture(scope="session")
def made(rules: tuple[Rule, ...]) -> list[tuple[Rule, list[Case]]]:
    """Cases for each rule."""
    return [(rule, list(objects(rule, SEED, AMOUNT))) for rule in rules]
