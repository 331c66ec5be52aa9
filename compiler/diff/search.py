"""Look for an object that shows a change: the generator, aimed at the condition that is true of such objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
"""Realistic objects that are tried for a slice, and then as many of any kind, before a search is given up."""
LARGE = 400
"""Nodes that are evaluated of a condition above which fewer are tried, in proportion: each takes the longer."""
FEWEST = 200
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


def search(versions: Versions, part: Slice, condition: ir.Condition, newly: str, samples: int = SAMPLES) -> Finding:
    """The finding for one direction in a slice: `condition` is true of the objects that are looked for."""
    flips = versions.tightens if newly == REJECTED else versions.loosens
    case, tried = find(versions, part, condition, flips, samples)
    if case is None:
        return Finding(samples=tried)
    return Finding(witness=_witness(case, flips, versions, part.kind, newly), samples=tried)


def find(
    versions: Versions, part: Slice, condition: ir.Condition, shows: Shows, samples: int
) -> tuple[Case | None, int]:
    """A case that shows what is looked for, None if none does, and how many were tried.

    It is the first that a server takes, or the first of any if none of the next `PATIENCE` is one.
    """
    aimed = _aimed_at(condition, part, versions)
    size = _work(aimed.when)
    amount = samples if size <= LARGE else max(FEWEST, samples * LARGE // size)
    found, since, tried = None, 0, 0
    for case in _cases(aimed, part, amount):
        tried += 1
        since += found is not None
        if since > PATIENCE:
            break
        if shows(case):
            if is_ready(case.object, part.kind):
                return case, tried
            found = found or case
    return found, tried


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


def _witness(case: Case, flips: Shows, versions: Versions, kind: ir.Kind, newly: str) -> Witness:
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
