"""The account of an agreement run: what was asked of whom, as lines for people and as JSON for the docs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cmpolicy.evaluate import Verdict
from cmpolicy.values import JsonMap

from tests.engines.volume import Tally

COLUMN = 11


@dataclass(frozen=True, slots=True)
class Account:
    """Every tally of a run, and how its cases came about."""

    seed: int
    tallies: tuple[Tally, ...]

    @property
    def asked(self) -> int:
        return sum(tally.asked for tally in self.tallies)

    @property
    def disputed(self) -> int:
        return sum(len(tally.disputed) for tally in self.tallies)

    @property
    def ways(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tally.way.name for tally in self.tallies))


def by_way(account: Account) -> Iterator[str]:
    """A line for each way to ask: rules, verdicts, and how many of them were pass, fail and skip."""
    yield f"{'':24}{'rules':>8}{'verdicts':>10}{'pass':>9}{'fail':>9}{'skip':>9}{'disputed':>10}"
    for way in account.ways:
        own = [tally for tally in account.tallies if tally.way.name == way]
        counts = "".join(f"{agreed(own, verdict):9,}" for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.SKIP))
        asked, disputed = sum(tally.asked for tally in own), sum(len(tally.disputed) for tally in own)
        yield f"{way:24}{len(own):8}{asked:10,}{counts}{disputed:10,}"
    yield f"{'in all':24}{'':8}{account.asked:10,}{'':27}{account.disputed:10,}"


def by_rule(account: Account) -> Iterator[str]:
    """A line for each rule: the verdicts that each way gave."""
    yield f"{'':40}{''.join(f'{_short(way):>{COLUMN}}' for way in account.ways)}"
    for rule, counts in _counts(account.tallies).items():
        cells = (f"{counts[way]:,}" if way in counts else "-" for way in account.ways)
        yield f"{rule:40}{''.join(f'{cell:>{COLUMN}}' for cell in cells)}"


def as_json(account: Account) -> JsonMap:
    """`{seed, verdicts, disagreements, ways: {way: {rules, verdicts, pass, fail, skip}}, rules: {rule: {way: verdicts}}}`"""
    return {
        "seed": account.seed,
        "verdicts": account.asked,
        "disagreements": account.disputed,
        "ways": {way: _of_way([tally for tally in account.tallies if tally.way.name == way]) for way in account.ways},
        "rules": {rule: dict(counts) for rule, counts in _counts(account.tallies).items()},
    }


def agreed(tallies: Iterable[Tally], verdict: Verdict) -> int:
    """How many verdicts of this kind agreed."""
    return sum(tally.agreed.get(verdict, 0) for tally in tallies)


def _of_way(tallies: Sequence[Tally]) -> JsonMap:
    verdicts = {verdict.value: agreed(tallies, verdict) for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.SKIP)}
    return {"rules": len(tallies), "verdicts": sum(tally.asked for tally in tallies), **verdicts}


def _counts(tallies: Iterable[Tally]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for tally in tallies:
        counts.setdefault(tally.rule.id, {})[tally.way.name] = tally.asked
    return counts


def _short(way: str) -> str:
    return way.replace("background", "bg").replace("gatekeeper", "gk").replace("kyverno", "kyv")
