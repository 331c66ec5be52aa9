"""Whether an engine says what the reference says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cmpolicy.evaluate import Judgement, Verdict
from cmpolicy.ir import Rule
from cmpolicy.values import JsonMap

from tests.engines.adapters import Engine
from tests.engines.questions import Answer, Question, reference

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A question that an engine answers otherwise than the reference, and the object as the engine sees it."""

    question: Question
    manifest: JsonMap
    expected: Judgement
    answer: Answer

    def __str__(self) -> str:
        return (
            f"{self.question}: expected {self.expected.verdict} `{self.expected.message}`, "
            f"got {self.answer.verdict} `{self.answer.message}` on {json.dumps(self.manifest, ensure_ascii=False)}"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answers of one run that are not disputed, by verdict, and those that are."""

    allowed: int
    denied: int
    disagreements: tuple[Disagreement, ...]

    def __str__(self) -> str:
        shown = "\n".join(map(str, self.disagreements[:SHOWN]))
        return f"{len(self.disagreements)} disagreements, {self.allowed + self.denied} agreements\n{shown}"


def compare(engine: Engine, bundle: Path, asked: Sequence[Question]) -> Outcome:
    """Ask the engine and the reference, which judges each object as the engine sees it."""
    agreed, disputed = [], []
    for question, answer in zip(asked, engine.ask(bundle, asked), strict=True):
        seen = engine.seen(question)
        expected = reference(question, seen)
        if _agrees(engine, question.rule, expected, answer):
            agreed.append(answer.verdict)
        else:
            disputed.append(Disagreement(question, seen, expected, answer))
    denied = agreed.count(Verdict.FAIL)
    return Outcome(len(agreed) - denied, denied, tuple(disputed))


def _agrees(engine: Engine, rule: Rule, expected: Judgement, answer: Answer) -> bool:
    match expected.verdict:
        case Verdict.FAIL:
            return answer.verdict is Verdict.FAIL and _says(engine, rule, expected.message, answer.message)
        case Verdict.SKIP if not engine.tells_passes:
            return answer.verdict is Verdict.PASS
        case verdict:
            return answer.verdict is verdict


def _says(engine: Engine, rule: Rule, expected: str, message: str) -> bool:
    """The very message, unless the engine cannot carry the values in it; then any text will do but none."""
    constant = all(isinstance(part, str) for part in rule.message)
    return message == expected if engine.carries_values or constant else message != ""
