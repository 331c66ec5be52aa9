"""Agreement at volume: generated objects by the thousand, put to every rule on every way to ask an engine.

The reference judges each case once; each way is then asked about those that it can be asked about. What disagrees is
shrunk to the smallest case that still does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cmpolicy.evaluate import Judgement, Verdict, judge, kind_of
from cmpolicy.evaluate.known import inventory
from cmpolicy.generate import Case, shrink
from cmpolicy.ir import Operation, Rule
from cmpolicy.targets.admission import is_admission_only
from cmpolicy.targets.kyverno.access import is_scanned
from cmpolicy.values import Json, JsonMap

from tests.engines.bundles import Bundle
from tests.engines.questions import Answer, metadata
from tests.engines.runners import Request, Runner, Way

ASKABLE = 0.91
"""How many of the generated cases there are at least, on average, to ask."""
MOST_SHRUNK = 5


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The smallest case found on which a way to ask does not say what the reference says."""

    rule: Rule
    way: Way
    case: Case
    expected: Judgement
    answer: Answer

    def __str__(self) -> str:
        asked = request(self.rule, self.case)
        lines = f"{asked.known_line() if asked.others else ''}{asked.line()}".strip()
        return (
            f"{self.way.name} on {self.case.label}: expected {self.expected.verdict} `{self.expected.message}`, "
            f"got {self.answer.verdict} `{self.answer.message}` on\n{lines}"
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many verdicts of one rule on one way agreed, by verdict, and the cases that disagreed as they were made."""

    rule: Rule
    way: Way
    agreed: Mapping[Verdict, int]
    disputed: tuple[Case, ...]

    @property
    def asked(self) -> int:
        return sum(self.agreed.values()) + len(self.disputed)


def expected(rule: Rule, case: Case) -> Judgement:
    """The reference's word. An object that a rule's `when` passes over is allowed: the engines have looked at it."""
    if case.operation not in rule.operations or kind_of(rule, case.manifest) is None:
        return Judgement(Verdict.SKIP)
    judgement = judge(rule, case.manifest, case.old, inventory(case.others))
    return Judgement(Verdict.PASS) if judgement.verdict is Verdict.SKIP else judgement


def told(way: Way, rule: Rule, case: Case, word: Judgement) -> Judgement:
    """What a way that tells the reference's word tells of it: a pass, where it looks at more than the rule is about."""
    is_silent = not way.tells_skips or (way.matches_kinds_only and _is_of_some_version(rule, case.manifest))
    return Judgement(Verdict.PASS) if word.verdict is Verdict.SKIP and is_silent else word


def _is_of_some_version(rule: Rule, manifest: JsonMap) -> bool:
    group = str(manifest["apiVersion"]).rpartition("/")[0]
    return any((kind.group, kind.kind) == (group, manifest["kind"]) for kind in rule.kinds)


def askable(way: Way, rule: Rule, case: Case) -> bool:
    """Whether there is such a question: a creation alone has no old object, a manifest or a scan no operation."""
    creates = case.operation is Operation.CREATE
    is_request = creates is (case.old is None) and (way.request or creates)
    if (
        not case.has_identity
        or says_it_is_in_one(case.manifest)
        or (way.types_namespaces and any(map(_is_odd_namespace, case.others)))
    ):
        return False
    return is_request and not (way.stored and _is_misspelled(rule, case.manifest))


def says_it_is_in_one(manifest: JsonMap) -> bool:
    """Whether it is a Namespace in a namespace, which no cluster has: Kyverno takes that away before a policy sees it."""
    return (manifest.get("apiVersion"), manifest.get("kind")) == ("v1", "Namespace") and "namespace" in metadata(
        manifest
    )


def _is_odd_namespace(other: JsonMap) -> bool:
    """Whether it is a Namespace with more than a name and texts for labels and annotations: those are surely well typed."""
    if (other["apiVersion"], other["kind"]) != ("v1", "Namespace"):
        return False
    own = metadata(other)
    texts = all(_is_text_map(own[key]) for key in ("labels", "annotations") if key in own)
    return not (
        texts and {*own} <= {"name", "labels", "annotations"} and {*other} <= {"apiVersion", "kind", "metadata"}
    )


def _is_text_map(value: Json) -> bool:
    return isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values())


def _is_misspelled(rule: Rule, manifest: JsonMap) -> bool:
    """Whether the kind is one of the rule's but for its case: a URL of an API server leads to none such."""
    name = str(manifest["kind"])
    return any(kind.kind != name and kind.kind.lower() == name.lower() for kind in rule.kinds)


def agrees(way: Way, rule: Rule, word: Judgement, answer: Answer) -> bool:
    """The same verdict, and for a failure the same message; any text but none where the way cannot carry values."""
    if word.verdict is not Verdict.FAIL:
        return answer.verdict is word.verdict
    constant = all(isinstance(part, str) for part in rule.message)
    says = answer.message == word.message if way.carries_values or constant else answer.message != ""
    return answer.verdict is Verdict.FAIL and says


def amount_for(rules: Sequence[Rule], bundle: Bundle, ways: Iterable[Way], verdicts: int) -> int:
    """How many cases per rule it takes for so many verdicts in all."""
    pairs = sum(rule.id in carried(bundle, way) for rule in rules for way in ways)
    return math.ceil(verdicts / ASKABLE / pairs)


def carried(bundle: Bundle, way: Way) -> frozenset[str]:
    """The ids of the rules that the matrix calls exact on the way's target; if the way judges by them."""
    rules = bundle.carried[way.target]
    return frozenset(rule.id for rule in rules if is_judged(way, rule))


def is_judged(way: Way, rule: Rule) -> bool:
    """Whether the way judges by the rule: a scan knows no request, and Kyverno's looks at no Secrets."""
    if way.request:
        return True
    return is_scanned(rule) if way.target in ("kyverno", "kyverno-cel") else not is_admission_only(rule)


def tallies(rule: Rule, cases: Sequence[Case], runners: Sequence[Runner]) -> list[Tally]:
    """Ask every runner about the cases of one rule, at the same time."""
    words = [expected(rule, case) for case in cases]
    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(lambda runner: _tally(rule, cases, words, runner), runners))


def _tally(rule: Rule, cases: Sequence[Case], words: Sequence[Judgement], runner: Runner) -> Tally:
    way, agreed, disputed = runner.way, Counter[Verdict](), []
    numbers = [number for number, case in enumerate(cases) if askable(way, rule, case)]
    for number, answer in zip(numbers, runner.ask([request(rule, cases[n]) for n in numbers]), strict=True):
        word = told(way, rule, cases[number], words[number])
        if agrees(way, rule, word, answer):
            agreed[word.verdict] += 1
        else:
            disputed.append(cases[number])
    return Tally(rule, way, agreed, tuple(disputed))


def request(rule: Rule, case: Case) -> Request:
    """What the runner is asked."""
    return Request(rule.id, case.object, case.old, case.operation, others=case.others)


def smallest(rule: Rule, runner: Runner, case: Case) -> Disagreement:
    """The disputed case, made as small as it gets while the runner still disagrees."""

    def still(other: Case) -> bool:
        return askable(runner.way, rule, other) and not _asked(rule, runner, other)[2]

    case = shrink(case, still)
    word, answer, _ = _asked(rule, runner, case)
    return Disagreement(rule, runner.way, case, word, answer)


def _asked(rule: Rule, runner: Runner, case: Case) -> tuple[Judgement, Answer, bool]:
    (answer,) = runner.ask([request(rule, case)])
    word = told(runner.way, rule, case, expected(rule, case))
    return word, answer, agrees(runner.way, rule, word, answer)


def explained(disagreements: Iterable[Disagreement], bundle: Path) -> str:
    """The disagreements, each with the text that was loaded."""
    return "\n\n".join(f"{each}\n{_text(each, bundle)}" for each in disagreements)


def _text(disagreement: Disagreement, bundle: Path) -> str:
    folder = bundle / disagreement.way.target
    files = sorted(path for path in folder.rglob(f"{disagreement.rule.id}.yaml") if "tests" not in path.parts)
    return "\n".join(f"# {path.relative_to(bundle)}\n{path.read_text(encoding='utf-8')}" for path in files)
