"""Look for an object that shows a change: the generator, aimed at the condition that is true of such objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.diff.model import REJECTED, Finding, Witness
from cmpolicy.diff.ready import is_ready, ready
from cmpolicy.diff.slices import Slice, judged
from cmpolicy.evaluate import Verdict, kind_of
from cmpolicy.evaluate.values import is_list
from cmpolicy.generate import objects, shrink
from cmpolicy.generate.case import Case
from cmpolicy.passes import normalize
from cmpolicy.passes.tree import children
from cmpolicy.values import Json

SAMPLES = 1000
"""Realistic objects that are tried for a slice, each as it is and made ready, and then as many of any kind."""
STEPS = 1_500_000
"""Nodes that may be evaluated for a comparison: some seconds."""
LEAST_COST, MOST_COST = 100, 3000
"""Steps that making and judging a case takes at least and at most: of long lists of constants few are ever looked at."""
ROUNDS = (150, 600, 3 * SAMPLES)
"""Cases that are tried of each slice before more are tried of any."""
PATIENCE = 300
"""Cases that are tried in the hope for one that a server takes, once another is found."""
SEED = 1

Shows: TypeAlias = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Versions:
    """The two versions of a rule, as they were loaded; None where there is none."""

    old: ir.Rule | None
    new: ir.Rule | None

    def tightens(self, case: Case) -> bool:
        """Whether the case is accepted by the old version and rejected by the new one."""
        return not _rejects(self.old, case) and _rejects(self.new, case)

    def loosens(self, case: Case) -> bool:
        """Whether the case is rejected by the old version and accepted by the new one."""
        return _rejects(self.old, case) and not _rejects(self.new, case)

    def flips(self, newly: str) -> Shows:
        """What tells the cases that the new version rejects or accepts and the old one does not."""
        return self.tightens if newly == REJECTED else self.loosens

    def widens(self, case: Case) -> bool:
        """Whether only the new version looks at the case."""
        return not _looks(self.old, case) and _looks(self.new, case)

    def narrows(self, case: Case) -> bool:
        """Whether only the old version looks at the case."""
        return _looks(self.old, case) and not _looks(self.new, case)

    @property
    def examples(self) -> tuple[ir.Example, ...]:
        """The examples of both versions, each once."""
        known = (self.old, self.new)
        found = [example for rule in known if rule for example in (*rule.about.good, *rule.about.bad)]
        return tuple({repr((each.object, each.others)): each for each in found}.values())


def _rejects(rule: ir.Rule | None, case: Case) -> bool:
    return judged(rule, case).verdict is Verdict.FAIL


def _looks(rule: ir.Rule | None, case: Case) -> bool:
    return judged(rule, case).verdict is not Verdict.SKIP


@dataclass(slots=True)
class Budget:
    """The steps that a comparison may still take to look for objects: so many nodes of conditions, evaluated on one each.

    Steps and no seconds, so that a comparison says the same on every machine.
    """

    left: int

    def take(self, steps: int) -> bool:
        """Whether so many steps are left; they no longer are."""
        self.left -= steps
        return self.left >= 0


class Hunt:
    """Looks in a slice for an object that shows what is looked for, and of which `condition` is true, a while at a time."""

    def __init__(
        self, versions: Versions, part: Slice, condition: ir.Condition, shows: Shows, samples: int, budget: Budget
    ) -> None:
        aimed = _aimed_at(condition, part, versions)
        self.kind = part.kind
        self.condition = condition
        self.tried = 0
        self.is_cut = False
        self._found: Case | None = None
        self._ready: Case | None = None
        self._since = 0
        self._shows, self._budget = shows, budget
        self._cost = min(MOST_COST, max(LEAST_COST, _work(aimed.when)))
        self._cases = _cases(aimed, part, samples)

    @property
    def ready(self) -> Case | None:
        """The first case found that a server takes."""
        return self._ready

    @property
    def any(self) -> Case | None:
        """The first case found, whether a server takes it or not."""
        return self._ready or self._found

    @property
    def is_over(self) -> bool:
        """A case that a server takes was found, or one that none does and no other for a long time."""
        return self._ready is not None or self._since > PATIENCE

    def go_on(self, amount: int) -> None:
        """Try so many more cases, as far as there are any and the budget lasts."""
        for _ in range(amount):
            if self.is_over or self.is_cut or not self._try_one():
                return

    def _try_one(self) -> bool:
        if not self._budget.take(self._cost):
            self.is_cut = True
            return False
        case = next(self._cases, None)
        if case is None:
            return False
        self.tried += 1
        self._since += self._found is not None
        if self._shows(case):
            self._ready = case if is_ready(case.object, self.kind) else None
            self._found = self._found or case
        return True


def hunt(hunts: Sequence[Hunt]) -> Hunt | None:
    """The hunt that found what a server takes, else one that found any; None if none did.

    All go on for a short while before any does for long: often there is one slice alone where a change shows.
    """
    for amount in ROUNDS:
        for each in hunts:
            each.go_on(amount)
            if each.ready is not None:
                return each
    return next((each for each in hunts if each.any is not None), None)


def search(hunts: Sequence[Hunt], versions: Versions, newly: str) -> Finding:
    """The finding of these hunts, which look for what is newly rejected, or accepted, in a slice each."""
    done = hunt(hunts)
    tried, cut = sum(each.tried for each in hunts), any(each.is_cut for each in hunts)
    if done is None or done.any is None:
        return Finding(samples=tried, cut=cut)
    return Finding(witness=witness_of(done.any, versions, done.kind, newly), samples=tried)


def _work(node: ir.Node) -> int:
    """The nodes that are evaluated at most, where each list of the object has one element."""
    match node:
        case ir.Any(items, _, inner) | ir.All(items, _, inner) | ir.Count(items, _, inner):
            return 1 + _length(items) * _work(inner)
        case _:
            return 1 + sum(map(_work, children(node)))


def _length(items: ir.Items) -> int:
    match items:
        case ir.Elems(ir.Const(tuple(constants))):
            return len(constants)
        case ir.Elems():
            return 1
        case ir.Concat(parts):
            return sum(map(_length, parts))


def _aimed_at(condition: ir.Condition, part: Slice, versions: Versions) -> ir.Rule:
    """A rule that looks at the objects that are looked for: the generator steers towards what a rule looks at."""
    about = ir.About(good=versions.examples)
    rule = ir.Rule("search", (part.kind,), part.operations, condition, ir.FALSE, (), about=about)
    return normalize(rule)


def _cases(rule: ir.Rule, part: Slice, samples: int) -> Iterator[Case]:
    """The examples, then realistic cases, each made ready for a server and as it is, then any; all of the slice.

    Making a generator for a large condition takes seconds, and an example often does.
    """
    shown = (Case(each.object, label="example", others=each.others) for each in rule.about.good)
    examples = (variant for case in shown for variant in _variants(case, part.kind))
    realistic = (
        variant
        for case in objects(rule, SEED, samples, realistic=True, sought=True)
        for variant in _variants(case, part.kind)
    )
    every = chain(examples, realistic, objects(rule, SEED, samples, sought=True))
    return (case for case in every if case.operation in part.operations and _is_of(case, rule))


def _is_of(case: Case, rule: ir.Rule) -> bool:
    return case.has_identity and kind_of(rule, case.manifest) is not None


def _variants(case: Case, kind: ir.Kind) -> Iterator[Case]:
    if isinstance(case.object, Mapping):
        yield replace(case, object=ready(case.object, kind))
    yield case


def witness_of(case: Case, versions: Versions, kind: ir.Kind, newly: str) -> Witness:
    """The witness that a case is of a change in this direction, made as small as it gets."""
    flips = versions.flips(newly)
    valid = is_ready(case.object, kind)
    known = frozenset(_texts(case.object)) | frozenset(_texts(case.old))

    def still(smaller: Case) -> bool:
        if not flips(smaller) or (valid and not is_ready(smaller.object, kind)):
            return False
        return known.issuperset(_texts(smaller.object)) and known.issuperset(_texts(smaller.old))

    small = shrink(case, still)
    rejecting = versions.new if newly == REJECTED else versions.old
    return Witness(newly, small, valid, judged(rejecting, small).message)


def _texts(value: Json) -> Iterator[str]:
    """The texts in a value, those used as keys left out: a witness keeps words that people know."""
    match value:
        case str():
            yield value
        case Mapping():
            for held in value.values():
                yield from _texts(held)
        case _ if is_list(value):
            for held in value:
                yield from _texts(held)
