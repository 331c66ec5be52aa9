"""The objects that `diff` shows change their verdict on every engine, as it says they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cmpolicy import ir
from cmpolicy.diff.meaning import Comparer
from cmpolicy.diff.model import Witness
from cmpolicy.evaluate import Verdict
from cmpolicy.passes.tree import known_kinds

from tests.diff.mutations import mutants
from tests.engines.adapters import Engine
from tests.engines.agreement import compare
from tests.engines.bundles import write_bundle
from tests.engines.questions import Question, questions, reference
from tests.policies.packs import cert_manager

EVERY = 5
"""Of the rules of the pack every so many is changed, each in another way."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Two versions of a rule, and an object on which they differ."""

    versions: tuple[ir.Rule, ir.Rule]
    witness: Witness


@cache
def changes() -> tuple[Shown, ...]:
    """Pairs of versions, and an object on which they differ."""
    return tuple(_changes())


def _changes() -> Iterator[Shown]:
    rules = [rule for rule in cert_manager().rules if not known_kinds(rule)][::EVERY]
    for number, rule in enumerate(rules):
        # A command line asks of every object as if it were created, so the operations stay.
        found = [each for each in mutants(rule) if each.rule.operations == rule.operations]
        new = found[number * 5 % len(found)].rule
        means = Comparer().compare(rule, new)
        for finding in (means.tightened, means.loosened):
            if finding.witness is not None and finding.witness.valid and finding.witness.case.old is None:
                yield Shown((rule, new), finding.witness)


def test_every_engine_changes_its_verdict_on_what_is_shown(
    engine: Engine, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    shown = changes()
    for side in (0, 1):
        versions = list({each.versions[side].id: each.versions[side] for each in shown}.values())
        bundle = write_bundle(tmp_path / str(side), versions, [engine.target])
        carried = {rule.id for rule in bundle.carried[engine.target]}
        asked = questions(
            (each.versions[side], each.witness.newly, _example(each.witness))
            for each in shown
            if each.versions[side].id in carried
        )
        assert len(asked) > len(cert_manager().rules) / EVERY / 2
        assert all(_is_denied(question) is _was_to_be_denied(question, side) for question in asked)
        outcome = compare(engine, bundle.folder, asked)
        assert not outcome.disagreements, str(outcome)
        tell(
            f"{engine.name}: {outcome.denied} of {len(asked)} witnesses are denied by the {('old', 'new')[side]} version"
        )


def _example(witness: Witness) -> ir.Example:
    return ir.Example(witness.case.manifest, witness.case.others)


def _is_denied(question: Question) -> bool:
    return reference(question).verdict is Verdict.FAIL


def _was_to_be_denied(question: Question, side: int) -> bool:
    return (question.label == "rejected") is (side == 1)
