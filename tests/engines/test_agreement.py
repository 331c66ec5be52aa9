"""The engines and the reference agree on every rule's examples, and on every other rule's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy.ir import Kind, Rule
from cmpolicy.passes.tree import known_kinds

from tests.engines.adapters import Engine, Gator, Kyverno
from tests.engines.agreement import compare
from tests.engines.bundles import Bundle, askable, example_count
from tests.engines.questions import everything, examples

KYVERNO_TARGETS = ("kyverno", "kyverno-cel", "vap")
KYVERNO_SHARE = 5


def test_examples_get_the_verdict_and_the_message_of_the_reference(
    engine: Engine, bundle: Bundle, tell: Callable[[str], None]
) -> None:
    rules, left_out = askable(bundle.carried[engine.target], engine.can_ask)
    asked = examples(rules)
    outcome = compare(engine, bundle.folder, asked)
    assert not outcome.disagreements, str(outcome)
    assert (outcome.allowed, outcome.denied) == example_count(rules) != (0, 0)
    tell(f"{engine.name}: {len(asked)} examples of {len(rules)} rules agree{left_out}")


@pytest.mark.parametrize("target", KYVERNO_TARGETS)
def test_kyverno_loads_every_policy_of_the_folder(target: str, bundle: Bundle, binary: Callable[[str], Path]) -> None:
    carried = bundle.carried[target]
    engine = Kyverno(target, target, binary("kyverno"), looked_up=_looked_up(carried))
    assert engine.loaded(bundle.folder / target / "policies", examples(carried)[0]) == len(carried)


def test_rules_judge_each_others_examples_as_the_reference_does(
    engine: Engine, bundle: Bundle, tell: Callable[[str], None]
) -> None:
    """All policies at once: none keeps another from its objects, none acts on kinds that it does not name.

    Rules that look others up are there too, but not asked: what is known would be another thing for each question.
    """
    carried = [rule for rule in bundle.carried[engine.target] if not known_kinds(rule)]
    asked = examples(carried)
    if isinstance(engine, Kyverno):
        asked = [question for question in asked if question.label == "bad[0]"][::KYVERNO_SHARE]
        engine = replace(engine, looked_up=_looked_up(bundle.carried[engine.target]))
    if isinstance(engine, Kyverno | Gator):
        engine = replace(engine, together=True)
    outcome = compare(engine, bundle.folder, everything(carried, asked))
    assert not outcome.disagreements, str(outcome)
    assert outcome.allowed > 0
    assert outcome.denied > 0
    tell(f"{engine.name}: {outcome.allowed + outcome.denied} verdicts on each other's examples agree")


def _looked_up(rules: Iterable[Rule]) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(kind for rule in rules for kind in known_kinds(rule)))
