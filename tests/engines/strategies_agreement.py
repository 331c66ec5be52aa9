"""Rules that were just made, put to every runner at once: compiled, loaded, and asked about objects made for them."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cmpolicy.evaluate import Judgement, Verdict, kind_of
from cmpolicy.generate import Case, objects, shrink
from cmpolicy.ir import Operation, Rule
from cmpolicy.ir_text import rule_text
from cmpolicy.values import Json

from tests.engines import volume
from tests.engines.bundles import Bundle, write_bundle
from tests.engines.questions import Answer, metadata
from tests.engines.runners import WAYS, Runner, Way

SEED = 20261125


@dataclass(frozen=True, slots=True)
class Asked:
    """A case put to a rule, and the reference's word on it."""

    rule: Rule
    case: Case
    word: Judgement

    def fits(self, way: Way) -> bool:
        """Whether the way can be asked, and judges by the rule."""
        return volume.askable(way, self.rule, self.case) and volume.is_judged(way, self.rule)

    def agrees(self, way: Way, answer: Answer) -> bool:
        """Whether the way says what it tells of the reference's word."""
        told = volume.told(way, self.rule, self.case, self.word)
        return volume.agrees(way, self.rule, told, answer)


@dataclass(slots=True)
class Counts:
    """What agreed so far: rules by way, verdicts by way, and rules that passed some objects and failed others."""

    rules: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, Verdict]] = field(default_factory=Counter)
    made: int = 0
    decided: int = 0

    def lines(self) -> Iterator[str]:
        """A line for each way, and one for all."""
        for way, rules in sorted(self.rules.items()):
            numbers = {verdict: self.verdicts[way, verdict] for verdict in Verdict}
            shown = ", ".join(f"{number:,} {verdict}" for verdict, number in numbers.items() if number)
            yield f"  {way}: {rules:,} rules, {sum(numbers.values()):,} verdicts ({shown})"
        yield f"  {self.made:,} rules in all, of which {self.decided:,} passed some objects and failed others"


@contextmanager
def running(binary: Callable[[str], Path]) -> Iterator[tuple[Runner, ...]]:
    """A runner for every way to ask."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(Runner(way, binary(way.binary))) for way in WAYS.values())


@dataclass(slots=True)
class Asker:
    """Puts rules to the runners, each `amount` objects. A refused load is an error."""

    runners: tuple[Runner, ...]
    amount: int
    counts: Counts = field(default_factory=Counts)

    def check(self, rules: Sequence[Rule]) -> None:
        """Fail with the smallest case if some way does not say what the reference says of every object."""
        asked = [each for rule in rules for each in self._cases(rule)]
        folder = Path(tempfile.mkdtemp(prefix="cmpolicy-"))
        try:
            targets = dict.fromkeys(runner.way.target for runner in self.runners)
            bundle = write_bundle(folder, [_without_examples(rule) for rule in rules], targets)
            with ThreadPoolExecutor(len(self.runners)) as pool:
                answered = list(pool.map(lambda runner: _ask(bundle, asked, runner), self.runners))
            for runner, answers in zip(self.runners, answered, strict=True):
                for each, answer in answers:
                    assert each.agrees(runner.way, answer), _explained(each, runner, folder)
                self._count(runner.way, [each for each, _ in answers])
        finally:
            shutil.rmtree(folder)
        self.counts.made += len(rules)
        verdicts = {(each.rule.id, each.word.verdict) for each in asked}
        self.counts.decided += sum({(r.id, Verdict.PASS), (r.id, Verdict.FAIL)} <= verdicts for r in rules)

    def _cases(self, rule: Rule) -> Iterator[Asked]:
        """Examples first."""
        examples = [
            Case(each.object, label="example", others=each.others) for each in (*rule.about.good, *rule.about.bad)
        ]
        # The same cases wherever the rule stands in a list, so that a list that fails gets shorter.
        made = objects(replace(rule, id="random"), SEED, self.amount - len(examples))
        for case in map(_as_updated, (*examples, *made)):
            if _is_asked(rule, case):
                yield Asked(rule, case, volume.expected(rule, case))

    def _count(self, way: Way, agreed: Sequence[Asked]) -> None:
        self.counts.rules[way.name] += len({each.rule.id for each in agreed})
        self.counts.verdicts.update((way.name, each.word.verdict) for each in agreed)


def _without_examples(rule: Rule) -> Rule:
    """The rule without what makes native test suites: they are not asked about here."""
    return replace(rule, about=replace(rule.about, good=(), bad=()))


def _is_asked(rule: Rule, case: Case) -> bool:
    """Whether it creates an object of the rule's kinds, or updates one: matching is the volume's affair."""
    if volume.says_it_is_in_one(case.manifest):
        return False
    updates = case.operation is Operation.UPDATE and _identity(case.old) == _identity(case.object)
    return (updates or case.operation is Operation.CREATE) and kind_of(rule, case.manifest) is not None


def _identity(manifest: Json) -> list[Json]:
    """What an update leaves as it is."""
    found = manifest if isinstance(manifest, Mapping) else {}
    own = metadata(found)
    return [found.get("apiVersion"), found.get("kind"), own.get("namespace"), own.get("name")]


def _as_updated(case: Case) -> Case:
    """The case, its old object under the identity of the new one."""
    if not isinstance(case.old, Mapping) or case.object is None:
        return case
    kept = {key: value for key, value in metadata(case.old).items() if key not in ("namespace", "name")}
    own = {key: value for key, value in metadata(case.manifest).items() if key in ("namespace", "name")}
    kind = {key: case.manifest.get(key) for key in ("apiVersion", "kind")}
    return replace(case, old={**case.old, **kind, "metadata": {**kept, **own}})


def _ask(bundle: Bundle, asked: Sequence[Asked], runner: Runner) -> list[tuple[Asked, Answer]]:
    """Load the bundle, and ask about the cases of the rules that the runner's target carries: it has a folder if it has any."""
    carried = {rule.id for rule in bundle.carried[runner.way.target]}
    if not carried:
        return []
    loaded = runner.load(bundle.folder)
    assert set(loaded) == carried, f"{runner.way.name} loaded {loaded}, not {sorted(carried)}"
    fitting = [each for each in asked if each.rule.id in carried and each.fits(runner.way)]
    answers = runner.ask([volume.request(each.rule, each.case) for each in fitting])
    return list(zip(fitting, answers, strict=True))


def _explained(asked: Asked, runner: Runner, folder: Path) -> str:
    """The smallest case that is disputed, what was loaded, and the rule."""

    def disputed(case: Case) -> volume.Disagreement | None:
        other = replace(asked, case=case, word=volume.expected(asked.rule, case))
        if not (_is_asked(asked.rule, case) and other.fits(runner.way)):
            return None
        (answer,) = runner.ask([volume.request(asked.rule, case)])
        if other.agrees(runner.way, answer):
            return None
        return volume.Disagreement(asked.rule, runner.way, case, other.word, answer)

    found = disputed(shrink(asked.case, lambda case: disputed(case) is not None))
    shown = volume.explained([found], folder) if found else f"{runner.way.name} does not say the same twice"
    return f"{shown}\n{rule_text(asked.rule)}"
