"""What a change of one rule means: whether it can tighten and whether it can loosen, by proof or by an object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.diff import smt
from cmpolicy.diff.between import Between
from cmpolicy.diff.canonical import Canonical
from cmpolicy.diff.formula import Formula, Pool
from cmpolicy.diff.model import ACCEPTED, REJECTED, Evidence, Finding, Meaning
from cmpolicy.diff.prove import Prover
from cmpolicy.diff.search import SAMPLES, STEPS, Budget, Hunt, Shows, Versions, hunt, search
from cmpolicy.diff.slices import Slice, slices
from cmpolicy.generate.case import Case

IMPOSSIBLE = Finding(proved=True)


@dataclass(frozen=True, slots=True)
class Means:
    """A meaning and its evidence, both directions, and whether it was only compared at the parameters' defaults."""

    meaning: Meaning
    evidence: Evidence
    tightened: Finding
    loosened: Finding
    at_defaults: bool

    @property
    def samples(self) -> int:
        """The objects that were tried in directions that are neither shown nor impossible."""
        return sum(each.samples for each in (self.tightened, self.loosened) if not each.proved and not each.witness)


class Comparer:
    """Compares versions of rules, each direction in so many steps. What it learns of one rule serves the next."""

    def __init__(self, samples: int = SAMPLES, steps: int = STEPS) -> None:
        self.pool = Pool()
        self.samples = samples
        self.steps = steps
        self._canonical = Canonical(self.pool)
        self._prover = Prover(self.pool)
        self._between = Between(self._canonical)

    def compare(self, old: ir.Rule | None, new: ir.Rule | None) -> Means:
        """What became of the rule; without one version it is added or removed."""
        if self.is_same(old, new):
            return Means(Meaning.EQUIVALENT, Evidence.PROVED, IMPOSSIBLE, IMPOSSIBLE, at_defaults=False)
        versions, parts = Versions(old, new), slices(old, new)
        tightened = self._direction(versions, parts, REJECTED)
        loosened = self._direction(versions, parts, ACCEPTED)
        meaning, evidence = told(tightened, loosened)
        parameters = any(rule.parameters for rule in (old, new) if rule)
        return Means(meaning, evidence, tightened, loosened, at_defaults=parameters)

    def is_same(self, old: ir.Rule | None, new: ir.Rule | None) -> bool:
        """Whether both are the same after normalization, whatever their parameters are set to."""
        return old is not None and new is not None and self.identity(old) == self.identity(new)

    def is_same_match(self, old: ir.Rule, new: ir.Rule) -> bool:
        """Whether both look at the same objects of the kinds and operations that they share."""
        return self._canonical.condition(old.when) == self._canonical.condition(new.when)

    def identity(self, rule: ir.Rule) -> tuple[frozenset[ir.Kind], frozenset[ir.Operation], Formula, Formula, object]:
        """What is equal for two rules only if they say the same of every object, with every setting of their parameters."""
        when, condition = self._canonical.condition(rule.when), self._canonical.condition(rule.condition)
        defaults = tuple(sorted((each.name, each.type.value, repr(each.default)) for each in rule.parameters))
        return frozenset(rule.kinds), frozenset(rule.operations), when, self.pool.some((-when, condition)), defaults

    def scope(self, old: ir.Rule, new: ir.Rule) -> tuple[Case | None, Case | None]:
        """An object that the rule newly looks at, and one that it no longer looks at; None where none was found."""
        versions, parts = Versions(old, new), slices(old, new)
        between = self._between.of
        return (
            self._case(parts, lambda part: between(*reversed(part.looked_at)), versions, versions.widens),
            self._case(parts, lambda part: between(*part.looked_at), versions, versions.narrows),
        )

    def _case(
        self, parts: Sequence[Slice], condition: Callable[[Slice], ir.Condition], versions: Versions, shows: Shows
    ) -> Case | None:
        done = hunt(self._hunts(parts, condition, versions, shows))
        return None if done is None else done.any

    def _direction(self, versions: Versions, parts: Sequence[Slice], newly: str) -> Finding:
        """The finding over all slices: the first witness that a server takes, else any, else how much was tried."""

        def flips(part: Slice) -> ir.Condition:
            was, now = part.accepted
            return self._between.of(was, now) if newly == REJECTED else self._between.of(now, was)

        hunts = self._hunts(parts, flips, versions, versions.flips(newly))
        found = search(hunts, versions, newly) if hunts else IMPOSSIBLE
        if found.proved or found.witness is not None:
            return found
        return IMPOSSIBLE if all(self._refuted_by_solver(each.condition) for each in hunts) else found

    def _hunts(
        self, parts: Sequence[Slice], condition: Callable[[Slice], ir.Condition], versions: Versions, shows: Shows
    ) -> list[Hunt]:
        """A hunt for each slice in which it is not proved that the condition is true of no object."""
        budget = Budget(self.steps)
        made = [(part, condition(part)) for part in parts]
        return [
            Hunt(versions, part, each, shows, self.samples, budget) for part, each in made if not self._impossible(each)
        ]

    def _refuted_by_solver(self, condition: ir.Condition) -> bool:
        """Whether the solver proves that the condition is true of no object. It is asked last, as it takes longest."""
        return smt.refuted(self.pool, self._canonical.condition(condition))

    def _impossible(self, condition: ir.Condition) -> bool:
        return self._prover.refuted(self._canonical.condition(condition))


def told(tightened: Finding, loosened: Finding) -> tuple[Meaning, Evidence]:
    """What is said of a change of which this was found out, and how it is known."""
    tightens, loosens = tightened.witness is not None, loosened.witness is not None
    if tightened.proved and loosened.proved:
        return Meaning.EQUIVALENT, Evidence.PROVED
    if tightens and loosens:
        return Meaning.MIXED, Evidence.WITNESS
    if not tightens and not loosens:
        tried = all(each.samples and not each.cut for each in (tightened, loosened) if not each.proved)
        return Meaning.UNDECIDED, Evidence.SAMPLED if tried else Evidence.UNKNOWN
    only, other = (Meaning.TIGHTENED, loosened) if tightens else (Meaning.LOOSENED, tightened)
    return only, Evidence.PROVED if other.proved else Evidence.WITNESS
