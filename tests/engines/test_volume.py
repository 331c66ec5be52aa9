"""Every rule, every way to ask an engine, objects by the thousand: the same verdict and the same message.

`--volume N` asks for N verdicts. The counts are printed, and written to `build/agreement.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cmpolicy.evaluate import Verdict
from cmpolicy.generate import objects
from cmpolicy.ir import Rule

from tests.engines import report, volume
from tests.engines.bundles import Bundle
from tests.engines.report import Account
from tests.engines.runners import WAYS, Runner

SEED = 20261125
WRITTEN = Path(__file__).parents[2] / "build" / "agreement.json"


@pytest.fixture(scope="module")
def runners(binary: Callable[[str], Path], bundle: Bundle) -> Iterator[dict[str, Runner]]:
    """A runner for every way to ask, with the bundle loaded."""
    with ExitStack() as stack:
        running = {name: stack.enter_context(Runner(way, binary(way.binary))) for name, way in WAYS.items()}
        for runner in running.values():
            assert sorted(runner.load(bundle.folder)) == sorted(rule.id for rule in bundle.carried[runner.way.target])
        yield running


@pytest.fixture(scope="module")
def account(
    rules: tuple[Rule, ...], bundle: Bundle, runners: dict[str, Runner], pytestconfig: pytest.Config
) -> Account:
    """The run. Its progress goes to the terminal, past pytest's capture."""
    amount = volume.amount_for(rules, bundle, WAYS.values(), pytestconfig.getoption("--volume"))
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    tallies: list[volume.Tally] = []
    for number, rule in enumerate(rules, 1):
        asked = [runner for runner in runners.values() if rule.id in volume.carried(bundle, runner.way)]
        # Rules on Helm values are carried by no target.
        tallies += volume.tallies(rule, list(objects(rule, SEED, amount)), asked) if asked else []
        if capture is not None and number % 10 == 0:
            with capture.global_and_fixture_disabled():
                print(
                    f"\nvolume: {number} of {len(rules)} rules, {sum(t.asked for t in tallies):,} verdicts", flush=True
                )
    return Account(SEED, tuple(tallies))


def test_every_verdict_and_message_is_the_references(
    account: Account, bundle: Bundle, runners: dict[str, Runner], tell: Callable[[str], None]
) -> None:
    for line in (*report.by_way(account), "", *report.by_rule(account)):
        tell(line)
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps(report.as_json(account), indent=1) + "\n", encoding="utf-8")
    disputed = [tally for tally in account.tallies if tally.disputed]
    shown = [
        volume.smallest(tally.rule, runners[tally.way.name], tally.disputed[0])
        for tally in disputed[: volume.MOST_SHRUNK]
    ]
    found = [f"{tally.way.name} {tally.rule.id}: {len(tally.disputed)}" for tally in disputed]
    assert not disputed, "\n".join((*found, volume.explained(shown, bundle.folder)))


def test_as_many_verdicts_were_asked_for_as_wanted(account: Account, pytestconfig: pytest.Config) -> None:
    assert account.asked >= pytestconfig.getoption("--volume")


def test_every_pair_that_the_matrix_calls_exact_passed_and_failed(account: Account, bundle: Bundle) -> None:
    """Zero cases, or cases that all end alike, would show nothing."""
    seen = {
        (tally.way.name, tally.rule.id)
        for tally in account.tallies
        if tally.agreed.get(Verdict.PASS, 0) and tally.agreed.get(Verdict.FAIL, 0)
    }
    exact = {(way.name, rule) for way in WAYS.values() for rule in volume.carried(bundle, way)}
    assert exact - seen == set()
