"""What engines say of a witness, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
from cmpolicy.diff.model import Asked, Change, Report, Witness
from cmpolicy.values import JsonMap


def engine_lines(report: Report, change: Change, witness: Witness) -> Iterator[str]:
    """A line for each target and engine that was asked about the witness."""
    targets = {each.target for each in change.targets}
    asked = [each for each in report.asked if (each.rule, each.newly) == (change.id, witness.newly)]
    yield from _lines([each for each in asked if each.target in targets])


def _lines(asked: Iterable[Asked]) -> Iterator[str]:
    rows = list(asked)
    target = max((len(each.target) for each in rows), default=0)
    engine = max((len(each.engine) for each in rows), default=0)
    yield from (f"{each.target:<{target}}  {each.engine:<{engine}}  {_told(each)}" for each in rows)


def _told(each: Asked) -> str:
    if each.trouble:
        return click.style(f"not asked: {each.trouble}" if not each.failed else each.trouble, dim=not each.failed)
    said = f"was {each.old}, now {each.new}"
    if not each.disagrees:
        return click.style(said, fg="green")
    was, now = each.expected
    return f"{click.style(said, fg='red', bold=True)}: the reference says was {was}, now {now}"


def disagreement_lines(report: Report) -> Iterator[str]:
    """The alarm, if an engine says something else than the reference."""
    if found := [each for each in report.asked if each.disagrees]:
        names = ", ".join(dict.fromkeys(f"{each.engine} on {each.target}" for each in found))
        yield click.style(f"ENGINES DISAGREE with the reference: {names}", fg="red", bold=True)
        yield "  the object and both policies show it; please report it, or look whether the engine is of another version"


def engines_json(report: Report) -> list[JsonMap]:
    """An element for each witness, target and engine."""
    return [_json(each) for each in report.asked]


def _json(each: Asked) -> JsonMap:
    return {
        "rule": each.rule,
        "newly": each.newly,
        "target": each.target,
        "engine": each.engine,
        "old": each.old or None,
        "new": each.new or None,
        "expected_old": each.expected[0] or None,
        "expected_new": each.expected[1] or None,
        "agrees": None if each.trouble else not each.disagrees,
        "trouble": each.trouble or None,
    }
