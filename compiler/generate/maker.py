"""Makes cases of one kind for a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cmpolicy import ir
from cmpolicy.evaluate.judge import kind_of, lowered
from cmpolicy.generate.aim import aim
from cmpolicy.generate.atoms import Atom, Path
from cmpolicy.generate.bases import bases
from cmpolicy.generate.case import Case
from cmpolicy.generate.chance import Chance, Stock
from cmpolicy.generate.deciding import Deciding, deciders, shared
from cmpolicy.generate.draft import Draft, draft
from cmpolicy.generate.edits import edits
from cmpolicy.generate.fitting import Fitting
from cmpolicy.generate.matching import neighbours
from cmpolicy.generate.observe import Observer
from cmpolicy.generate.others import as_known, vary
from cmpolicy.generate.possible import constant
from cmpolicy.generate.reads import reads
from cmpolicy.generate.steer import steer
from cmpolicy.generate.workshop import Workshop

TRIES = 30
"""Attempts at one side of an atom before it is given up."""
MOST_BASES = 300
WAYS = 3
"""Ways to make an object that the rule looks at of each base."""
LOOKED_AT = 0.7
"""How often the rule's `when` is made true after an edit: an object that the rule skips shows little."""
REPAIRED = 0.25
"""How often the rule's condition is made true after an edit: most edits make it false."""

VARIED = 0.3
"""How often the known objects of a rule that looks some up are others after an edit."""


class Maker:
    """Makes cases of one kind. What it makes on purpose becomes the base of what it makes at random."""

    def __init__(
        self, rule: ir.Rule, kind: ir.Kind, chance: Chance, stock: Stock, fits: Fitting | None, sought: bool
    ) -> None:
        self.kind = kind
        self.chance = chance
        self.shop = Workshop(lowered(rule, kind), self.chance, fits)
        self.observer = Observer(self.shop.rule)
        self._targets = list(_targets(self.observer.atoms, self.shop.rule, kind))
        self._deciding = Deciding(self.shop.rule, () if sought else deciders(self.shop.rule, kind))
        examples = [example for example in bases(rule, kind) if fits is None or fits.fits((), example.object)]
        needs_old = ir.Operation.CREATE not in rule.operations
        self._pool = [self._base(example, needs_old) for example in examples]
        self._decided_by: dict[Path, Draft] = {}
        self._edits = edits(self.shop, reads(self.shop), stock)
        # A good example and a bad one, where there are both: what passes anyhow shows no one who looks at too much.
        shown = (examples[0], *examples[-2:-1])
        missed = [case for example in shown for case in self._neighbours(example)]
        self._near = [case for case in missed if fits is None or _fits(case, rule, fits)]
        self._stock = stock

    def _base(self, example: ir.Example, needs_old: bool) -> Draft:
        others = as_known(example.others, self.shop.known_kinds)
        return draft(example.object, example.object if needs_old else None, others)

    def _neighbours(self, example: ir.Example) -> list[Case]:
        known = self._base(example, needs_old=False).known
        return [replace(case, others=known) for case in neighbours(example.object, self.kind)]

    def looked_at(self) -> Iterator[Case]:
        """The bases, each edited until the rule looks at it, as often as that may come about in different ways."""
        for _ in range(WAYS):
            for made in list(self._pool):
                self.shop.rest()
                edited = steer(self.shop, self.shop.rule.when, True, made)
                yield _plain(edited, "looked at")
                if self.shop.holds(self.shop.rule.when, edited) and len(self._pool) < MOST_BASES // 2:
                    self._pool.append(edited)

    def on_purpose(self) -> Iterator[Case]:
        """The examples, then for each atom a case where it is true and one where it is false, and one whose verdict
        depends on it, each if none was before.
        """
        for number, made in enumerate(list(self._pool)):
            self.observer.watch(made.object, made.old, made.known)
            yield _plain(made, f"example {number}")
        for atom, wanted in self._targets:
            hit = self._aimed(atom, wanted)
            if hit is not None:
                self._pool.append(hit)
                yield _plain(hit, f"aim {atom.text} = {wanted}")
        for made in self._pool if self._deciding.open else ():
            self._strike(made)
        for atom in list(self._deciding.open):
            hit = self._decided(atom)
            if hit is not None:
                self._pool.append(hit)
                yield _plain(hit, f"decided by {atom.text}")

    def _strike(self, made: Draft) -> None:
        """Note which atoms the draft decides on, and that it does."""
        for atom in self._deciding.strike(made):
            self._decided_by[atom.path] = made

    def _decided(self, atom: Atom) -> Draft | None:
        """A draft on whose verdict the atom decides; None if that was seen before or does not come about.

        It is made of one that something near the atom decides: what is around both is as it has to be there.
        """
        for attempt in range(TRIES):
            if atom not in self._deciding.open:
                return None
            self.shop.rest()
            near = self._nearest(atom) if attempt % 3 else self.chance.pick(self._pool)
            made = aim(self.shop, atom, self.chance.odds(0.5), near)
            self._strike(made)
            if atom not in self._deciding.open:
                return made
        return None

    def _nearest(self, atom: Atom) -> Draft:
        """A draft decided by the atom that shares most of its way with this one."""
        common = {path: shared(path, atom.path) for path in self._decided_by}
        most = max(common.values(), default=0)
        best = [made for path, made in self._decided_by.items() if common[path] == most]
        return self.chance.pick(best or self._pool)

    def _aimed(self, atom: Atom, wanted: bool) -> Draft | None:
        """A draft in which the atom is as wanted; None if that was seen before or does not come about."""
        seen = self.observer.of(atom)
        for _ in range(TRIES):
            if seen.true if wanted else seen.false:
                return None
            self.shop.rest()
            made = aim(self.shop, atom, wanted, self.chance.pick(self._pool))
            self.observer.watch(made.object, made.old, made.known)
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
        if self.shop.known_kinds and self.chance.odds(VARIED):
            made, done = vary(self.shop, made)
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
            return _plain(made, label)
        if roll < 2:
            return Case(None, made.object, ir.Operation.DELETE, f"{label}; deleted", made.known)
        if roll < 5:
            return Case(made.object, made.object, ir.Operation.UPDATE, f"{label}; unchanged", made.known)
        if old is None and (self.shop.reads_old or roll < 13) and roll % 2:
            other = self.chance.pick(self._pool).object
            return Case(made.object, other, ir.Operation.UPDATE, f"{label}; updated", made.known)
        if roll < 13 and self.shop.fitting is None:
            return Case(made.object, old, ir.Operation.UPDATE, label, made.known)
        return _plain(made, label)


def _plain(made: Draft, label: str) -> Case:
    """The draft as a creation, or as an update where it has an old object."""
    operation = ir.Operation.CREATE if made.old is None else ir.Operation.UPDATE
    return Case(made.object, made.old, operation, label, made.known)


def _fits(case: Case, rule: ir.Rule, fits: Fitting) -> bool:
    return kind_of(rule, case.manifest) is not None and case.has_identity and fits.fits((), case.object)


def _targets(found: Iterable[Atom], rule: ir.Rule, kind: ir.Kind) -> Iterator[tuple[Atom, bool]]:
    """Each atom with each side that an object may show."""
    for atom in found:
        always = constant(rule, kind, atom)
        yield from ((atom, side) for side in (True, False) if always is None or always.value is side)
