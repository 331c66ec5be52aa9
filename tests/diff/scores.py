"""What `diff` says of a mutant against brute force: thousands of objects that were not made for the difference."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cmpolicy import ir
from cmpolicy.diff.meaning import Comparer, Means
from cmpolicy.diff.model import Meaning, Witness
from cmpolicy.diff.slices import judged
from cmpolicy.evaluate import Verdict
from cmpolicy.generate import Case, objects
from cmpolicy.values import JsonMap

from tests.diff.mutations import Mutant

OTHER_SEED = 7
"""Not the one that `diff` searches with: the objects that judge it are others than those it found."""
REALISTIC, ANY = 200, 300
"""Objects made for each version."""
SOON = 2.0
"""Seconds of processor time within which nearly every comparison is to be done; written down and never asserted."""


@dataclass(frozen=True, slots=True)
class Score:
    """A mutant, what `diff` said and in how many seconds, and which directions brute force saw."""

    rule: ir.Rule
    mutant: Mutant
    means: Means
    seconds: float
    tightens: bool
    loosens: bool

    @property
    def is_wrong(self) -> bool:
        """It said that something is impossible which there is an object of."""
        return (self.tightens and self.means.tightened.proved) or (self.loosens and self.means.loosened.proved)

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return tuple(
            found for each in (self.means.tightened, self.means.loosened) if (found := each.witness) is not None
        )

    @property
    def shown(self) -> bool:
        return bool(self.witnesses)

    @property
    def differs(self) -> bool:
        return self.tightens or self.loosens or self.shown

    @property
    def is_undecided(self) -> bool:
        return self.means.meaning is Meaning.UNDECIDED

    @property
    def missed(self) -> int:
        """The directions that brute force saw and of which there is no witness."""
        tightened, loosened = self.means.tightened.witness, self.means.loosened.witness
        return (self.tightens and tightened is None) + (self.loosens and loosened is None)

    def __str__(self) -> str:
        seen = f"tightens {self.tightens}, loosens {self.loosens}"
        return f"{self.rule.id}: {self.mutant.kind}: {self.means.meaning} {self.means.evidence}; brute force: {seen}"


def classified(rule: ir.Rule, mutant: Mutant) -> Score:
    """The score of a mutant of the rule."""
    started = time.process_time()
    means = Comparer().compare(rule, mutant.rule)
    seconds = time.process_time() - started
    made = _made_for(_Same(rule))
    verdicts = [(was, _rejects(mutant.rule, case)) for case, was in made]
    verdicts += [(_rejects(rule, case), _rejects(mutant.rule, case)) for case in _cases(mutant.rule, sought=True)]
    tightens, loosens = (False, True) in verdicts, (True, False) in verdicts
    return Score(rule, mutant, means, seconds, tightens, loosens)


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    rule: ir.Rule

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.rule is other.rule

    def __hash__(self) -> int:
        return id(self.rule)


@lru_cache(maxsize=2)
def _made_for(rule: _Same) -> tuple[tuple[Case, bool], ...]:
    """Objects for the rule, and whether it rejects each."""
    return tuple((case, _rejects(rule.rule, case)) for case in _cases(rule.rule, sought=False))


def _cases(rule: ir.Rule, *, sought: bool) -> Iterator[Case]:
    """Objects for the rule; those made to show what decides on its verdict take minutes for some, so mutants go without."""
    yield from objects(rule, OTHER_SEED, REALISTIC, realistic=True, sought=sought)
    yield from objects(rule, OTHER_SEED, ANY, sought=sought)


def _rejects(rule: ir.Rule, case: Case) -> bool:
    return judged(rule, case).verdict is Verdict.FAIL


COLUMNS = ("mutants", "differ", "shown", "undecided", "wrong", "witnesses", "valid", "soon")


def table(found: Sequence[Score]) -> str:
    """The counts of each operator, as lines for people."""
    lines = ["", f"{'mutation':20}{''.join(f'{name:>11}' for name in COLUMNS)}"]
    rows = {**by_operator(found), "in all": counts(found)}
    lines += [f"{name:20}{''.join(f'{row[column]:11,}' for column in COLUMNS)}" for name, row in rows.items()]
    return "\n".join(lines)


def by_operator(found: Sequence[Score]) -> dict[str, dict[str, int]]:
    """The counts of each operator."""
    kinds = sorted(Counter(score.mutant.kind for score in found))
    return {kind: counts([score for score in found if score.mutant.kind == kind]) for kind in kinds}


def counts(found: Sequence[Score]) -> dict[str, int]:
    """How many mutants, and of how many it is so; of witnesses, how many and how many a server would take."""
    witnesses = [witness for score in found for witness in score.witnesses]
    return {
        "mutants": len(found),
        "differ": sum(score.differs for score in found),
        "shown": sum(score.shown for score in found),
        "undecided": sum(score.is_undecided for score in found),
        "wrong": sum(score.is_wrong for score in found),
        "witnesses": len(witnesses),
        "valid": sum(witness.valid for witness in witnesses),
        "soon": sum(score.seconds <= SOON for score in found),
    }


SHARES = (0.5, 0.9, 0.95, 0.99, 1.0)


def as_json(found: Sequence[Score], per_rule: int) -> JsonMap:
    """`{per_rule, rules, seconds: {share: seconds}, in_all: {column: count}, operators: {operator: {column: count}}}`"""
    return {
        "per_rule": per_rule,
        "rules": len({score.rule.id for score in found}),
        "seconds": {f"{share:.0%}": _within(share, (score.seconds for score in found)) for share in SHARES},
        "in_all": dict(counts(found)),
        "operators": {kind: dict(row) for kind, row in by_operator(found).items()},
    }


def _within(share: float, seconds: Iterable[float]) -> float:
    """The seconds within which this share of the comparisons was done."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)
