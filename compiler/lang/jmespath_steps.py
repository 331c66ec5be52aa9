"""Values that an expression names: JMESPath has no names for them, so they are handed on from pipe to pipe in a map.

As variables of Kyverno's context they would be held until the request ends, with those of every other policy, and all
together may have no more than 2 MiB: an object would be counted again for each policy that reads it.

Until its place is known a name stands behind a mark that is in no other text, as all else is ASCII.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cmpolicy.lang.jmespath_syntax import CURRENT, Binds, Jmes, call, in_turn, map_of

_MARK = "§"
_NAME = re.compile(rf"{_MARK}(\w+)(?=(\W?))")
_PATH = re.compile(r"[\w.]+")


def named(name: str) -> Jmes:
    """What has this name: a step, or what is in the context."""
    return Jmes(f"{_MARK}{name}")


def is_name(value: Jmes) -> bool:
    """Whether the value has a name already."""
    return _NAME.fullmatch(value.text) is not None


def handed_on(then: Jmes, steps: Mapping[str, Jmes], sources: Mapping[str, Jmes]) -> Jmes:
    """The expression after the steps that it names more than once; others stand in the place of their name.

    A step may name those before it. `sources` are in Kyverno's context, of which an expression sees nothing after a pipe:
    those that are named there are handed on with the first steps.
    """
    then, kept = _without_single(then, steps)
    if not kept:
        return _with(then, sources)
    first, *others = _stages(kept)
    later = _names(then, *(step for stage in others for step in stage.values()))
    given = {name: source for name, source in sources.items() if name in later}
    start = map_of({**given, **{name: _with(step, sources) for name, step in first.items()}})
    stages = (start, *(call("merge", CURRENT, map_of(stage)) for stage in others), then)
    return _unmarked(in_turn(*stages))


def _without_single(then: Jmes, steps: Mapping[str, Jmes]) -> tuple[Jmes, Mapping[str, Jmes]]:
    """The expression, and the steps that are needed for it and named more than once, with the others in their places."""
    times = _names(then)
    for name, step in reversed([*steps.items()]):
        if name in times:
            times += _names(step)
    kept: dict[str, Jmes] = {}
    single: dict[str, Jmes] = {}
    for name, step in steps.items():
        (single if times[name] == 1 else kept)[name] = _with(step, single)
    return _with(then, single), {name: step for name, step in kept.items() if name in times}


def _stages(steps: Mapping[str, Jmes]) -> Iterator[dict[str, Jmes]]:
    """The steps in lots, each as early as what it names allows."""
    places: dict[str, int] = {}
    for name, step in steps.items():
        places[name] = max((places[each] + 1 for each in _names(step) if each in places), default=0)
    for place in range(max(places.values()) + 1):
        yield {name: step for name, step in steps.items() if places[name] == place}


def _names(*expressions: Jmes) -> Counter[str]:
    """How often each name is in them."""
    return Counter(found[1] for each in expressions for found in _NAME.finditer(each.text))


def _with(expression: Jmes, values: Mapping[str, Jmes]) -> Jmes:
    """The expression with these values in the places of their names."""

    def placed(found: re.Match[str]) -> str:
        value = values.get(found[1])
        return found[0] if value is None else _operand(value, found[2])

    return replace(expression, text=_NAME.sub(placed, expression.text))


def _operand(value: Jmes, after: str) -> str:
    """The value before what comes after it; keys and indexes of a projection would be asked of each element."""
    is_asked = after in (".", "[") and not _PATH.fullmatch(value.text)
    return f"({value.text})" if is_asked or value.binds < Binds.PROJECTION else value.text


def _unmarked(expression: Jmes) -> Jmes:
    return replace(expression, text=_NAME.sub(r"\1", expression.text))
