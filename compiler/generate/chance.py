"""Chance that is the same on every Python: of `Random`, only seeding by text and `random()` are fixed for good."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

ItemT = TypeVar("ItemT")


class Chance:
    """Choices that follow from the seed alone."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed).random

    def below(self, limit: int) -> int:
        """An int from 0 to limit - 1."""
        return int(self._random() * limit)

    def odds(self, share: float) -> bool:
        """True this often."""
        return self._random() < share

    def pick(self, items: Sequence[ItemT]) -> ItemT:
        """One of the items."""
        return items[int(self._random() * len(items))]

    def shuffled(self, items: Sequence[ItemT]) -> list[ItemT]:
        """The items in another order."""
        mixed = list(items)
        for index in range(len(mixed) - 1, 0, -1):
            other = self.below(index + 1)
            mixed[index], mixed[other] = mixed[other], mixed[index]
        return mixed


class Stock:
    """Things to choose from, by name: of each name every one has its turn before any comes again."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._left: dict[str, list[int]] = {}

    def draw(self, name: str, items: Sequence[ItemT]) -> ItemT:
        """The next of the items, which are the same for the same name."""
        left = self._left.get(name)
        if not left:
            left = self._left[name] = self._chance.shuffled(range(len(items)))
        return items[left.pop()]
