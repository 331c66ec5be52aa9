"""The order of tests, and which go together: a cluster is started once for all that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Test = TypeVar("Test")


def by_group(tests: Sequence[Test], group_of: Callable[[Test], str], first: Sequence[str]) -> list[Test]:
    """The tests by their group: these first, then others in the order that they are met in, and in the end those of none.

    Within a group they keep their order. Of processes that share the tests none ends long before the others if what is
    long comes first.
    """
    met = dict.fromkeys((*first, *(group for test in tests if (group := group_of(test))), ""))
    order = {group: place for place, group in enumerate(met)}
    return sorted(tests, key=lambda test: order[group_of(test)])
