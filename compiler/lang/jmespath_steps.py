"""Values that an expression names: JMESPath has no names for them, so they are handed on from pipe to pipe in a map.

As variables of Kyverno's context they would be held until the request ends, with those of every other policy, and all
together may have no more than 2 MiB: an object would be counted again for each policy that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from cmpolicy.lang.jmespath_syntax import CURRENT, Jmes, call, in_turn, map_of

_NAME = re.compile(r"(?<![.\w\"])[A-Za-z_]\w*")
"""What may name a step; text in a literal may look so too, and then a step is computed in vain."""


def handed_on(then: Jmes, steps: Mapping[str, Jmes], context: Collection[str]) -> Jmes:
    """The expression after the steps that it names, and those that they name.

    A step may name those before it. Of the names in `context`, which are variables there, an expression sees nothing after
    a pipe, so they are handed on with the first steps.
    """
    needed = _needed(then, steps)
    if not needed:
        return then
    texts = [then, *needed.values()]
    given = {name: Jmes(name) for name in context if any(name in _names(text) for text in texts)}
    first, *others = _stages({**given, **needed})
    return in_turn(map_of(first), *(call("merge", CURRENT, map_of(stage)) for stage in others), then)


def _needed(then: Jmes, steps: Mapping[str, Jmes]) -> dict[str, Jmes]:
    """The steps that are named, in their order."""
    wanted = _names(then)
    needed: dict[str, Jmes] = {}
    for name, step in reversed([*steps.items()]):
        if name in wanted:
            needed[name] = step
            wanted |= _names(step)
    return dict(reversed([*needed.items()]))


def _stages(needed: Mapping[str, Jmes]) -> Iterator[dict[str, Jmes]]:
    """The steps in lots, each as early as what it names allows."""
    places: dict[str, int] = {}
    for name, step in needed.items():
        places[name] = max((places[each] + 1 for each in _names(step) & places.keys()), default=0)
    for place in range(max(places.values()) + 1):
        yield {name: step for name, step in needed.items() if places[name] == place}


def _names(expression: Jmes) -> set[str]:
    return set(_NAME.findall(expression.text))
