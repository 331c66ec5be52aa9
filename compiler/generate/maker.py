"""Makes cases of one kind for a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cmpolicy import ir
from cmpolicy.evaluate.judge import kind_of, lowered
from cmpolicy.generate.aim import aim
from cmpolicy.generate.atoms import Atom
from cmpolicy.generate.bases import bases
from cmpolicy.generate.case import Case
from cmpolicy.generate.chance import Chance, Stock
from cmpolicy.generate.draft import Draft, draft
from cmpolicy.generate.edits import edits
from cmpolicy.generate.fitting import Fitting
from cmpolicy.generate.matching import neighbours
from cmpolicy.generate.observe import Observer
from cmpolicy.generate.possible import constant
from cmpolicy.generate.reads import reads
from cmpolicy.generate.steer import steer
from cmpolicy.generate.workshop import Workshop

TRIES = 30
"""Attempts at one side of an atom before it is given up."""
MOST_BASES = 300
LOOKED_AT = 0.7
"""How often the rule's `when` is made true after an edit: an object that the rule skips shows little."""
REPAIRED = 0.25
"""How often the rule's condition is made true after an edit: most edits make it false."""


class Maker:
    """Makes cases of one kind. What it makes on purpose becomes the base of what it makes at random."""

    def __init__(self, rule: ir.Rule, kind: ir.Kind, chance: Chance, stock: Stock, fits: Fitting | None) -> None:
        self.kind = kind
        self.chance = chance
        self.shop = Workshop(lowered(rule, kind), self.chance, fits)
        self.observer = Observer(self.shop.rule)
        self._targets = list(_targets(self.observer.atoms, self.shop.rule, kind))
        examples = [example for example in bases(rule, kind) if fits is None or fits.fits((), example)]
        needs_old = ir.Operation.CREATE not in rule.operations
        self._pool = [draft(example, example if needs_old else None) for example in examples]
        self._edits = edits(self.shop, reads(self.shop), stock)
        self._near = [case for case in neighbours(examples[0], kind) if fits is None or _fits(case, rule, fits)]
        self._stock = stock

    def on_purpose(self) -> Iterator[Case]:
        """The examples, then for each atom a case where it is true and one where it is false, if none was before."""
        for number, made in enumerate(list(self._pool)):
            self.observer.watch(made.object, made.old)
            yield _plain(made, f"example {number}")
        for atom, wanted in self._targets:
            hit = self._aimed(atom, wanted)
            if hit is not None:
                self._pool.append(hit)
                yield _plain(hit, f"aim {atom.text} = {wanted}")

    def _aimed(self, atom: Atom, wanted: bool) -> Draft | None:
        """A draft in which the atom is as wanted; None if that was seen before or does not come about."""
        seen = self.observer.of(atom)
        for _ in range(TRIES):
            if seen.true if wanted else seen.false:
                return None
            self.shop.rest()
            made = aim(self.shop, atom, wanted, self.chance.pick(self._pool))
            self.observer.watch(made.object, made.old)
            if seen.true if wanted else seen.false:
                return made
        return None

    def at_random(self) -> Case:
        """A case that is like the others but for some edits."""
        self.shop.rest()
        roll = self.chance.below(100)
        if roll < 8:
            return self._stock.draw(f"near {self.kind}", self._near)
        made, label = self.chance.pick(self._pool), "edit"
        if roll < 35 and self._targets:
            atom, wanted = self.chance.pick(self._targets)
            made, label = aim(self.shop, atom, wanted, made), f"aim {atom.text} = {wanted}"
            if len(self._pool) < MOST_BASES:
                self._pool.append(made)
            if roll < 20:
                return self._case(made, label)
        for _ in range(1 + self.chance.below(2) if self._edits.weighted else 0):
            made, done = self._edits.edit(made)
            label = f"{label}; {done}"
        if self.chance.odds(LOOKED_AT):
            made = steer(self.shop, self.shop.rule.when, True, made)
        if self.chance.odds(REPAIRED):
            made = steer(self.shop, self.shop.rule.condition, True, made)
        return self._case(made, label)

    def _case(self, made: Draft, label: str) -> Case:
        """The draft as a creation, or as an update where it has an old object; sometimes as another operation."""
        old, roll = made.old, self.chance.below(100)
        if old is None and not self.shop.reads_old and roll >= 15:
            return Case(made.object, label=label)
        if roll < 2:
            return Case(None, made.object, ir.Operation.DELETE, f"{label}; deleted")
        if roll < 5:
            return Case(made.object, made.object, ir.Operation.UPDATE, f"{label}; unchanged")
        if old is None and (self.shop.reads_old or roll < 13) and roll % 2:
            other = self.chance.pick(self._pool).object
            return Case(made.object, other, ir.Operation.UPDATE, f"{label}; updated")
        if roll < 13 and self.shop.fitting is None:
            return Case(made.object, old, ir.Operation.UPDATE, label)
        return _plain(made, label)


def _plain(made: Draft, label: str) -> Case:
    """The draft as a creation, or as an update where it has an old object."""
    operation = ir.Operation.CREATE if made.old is None else ir.Operation.UPDATE
    return Case(made.object, made.old, operation, label)


def _fits(case: Case, rule: ir.Rule, fits: Fitting) -> bool:
    return kind_of(rule, case.manifest) is not None and case.has_identity and fits.fits((), case.object)


def _targets(found: Iterable[Atom], rule: ir.Rule, kind: ir.Kind) -> Iterator[tuple[Atom, bool]]:
    """Each atom with each side that an object may show."""
    for atom in found:
        always = constant(rule, kind, atom)
        yield from ((atom, side) for side in (True, False) if always is None or always.value is side)
