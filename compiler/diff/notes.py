"""What else of a rule changed, beside which objects it rejects: in words for users."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from cmpolicy import ir
from cmpolicy.diff.meaning import Comparer
from cmpolicy.diff.model import Aspect, Note
from cmpolicy.ir_json import encode_rule
from cmpolicy.ir_json.encode import encode_message
from cmpolicy.values import Json, JsonMap

_PLACES = ("location", "condition_source")
"""What tells where and how a rule is written, and is no metadata of it."""
_EXAMPLES = ("good", "bad")
_LONG = ("description", "helm_values", "fix_manifests")
"""What is only named."""
MOST_SHOWN = 80
MOST_OF_MESSAGE = 400
"""Characters of a message: it is for people, and what changed in it may stand at its end."""


def notes(old: ir.Rule, new: ir.Rule, comparer: Comparer) -> tuple[Note, ...]:
    """Everything that changed beside the meaning, from what matters most on."""
    return (
        *_scope(old, new, comparer),
        *parameter_notes(old.parameters, new.parameters),
        *_message(old, new),
        *_metadata(old, new),
    )


def _scope(old: ir.Rule, new: ir.Rule, comparer: Comparer) -> Iterator[Note]:
    changed = [*_words("kind", old.kinds, new.kinds), *_words("operation", old.operations, new.operations)]
    wider, narrower = comparer.scope(old, new) if changed or not comparer.is_same_match(old, new) else (None, None)
    told = ", ".join(changed) or "its match"
    if wider is not None:
        yield Note(Aspect.SCOPE_WIDER, f"{told}: looks at objects that it passed over")
    if narrower is not None:
        yield Note(Aspect.SCOPE_NARROWER, f"{told}: passes over objects that it looked at")


def _words(what: str, old: Sequence[object], new: Sequence[object]) -> Iterator[str]:
    yield from (f"{what} {each} added" for each in new if each not in old)
    yield from (f"{what} {each} removed" for each in old if each not in new)


def parameter_notes(old: Sequence[ir.Param], new: Sequence[ir.Param]) -> Iterator[Note]:
    """How what users may set changed: broken if a setting that was good no longer is."""
    before, after = {each.name: each for each in old}, {each.name: each for each in new}
    for name, was in before.items():
        now = after.get(name)
        if now is None:
            yield Note(Aspect.PARAMETERS_BROKEN, f"{name} removed")
        elif now.type != was.type:
            yield Note(Aspect.PARAMETERS_BROKEN, f"{name}: {was.type} -> {now.type}")
        elif now.default != was.default:
            yield Note(Aspect.PARAMETERS_RESET, f"{name}: {_short(_json(was))} -> {_short(_json(now))}")
    for name, now in after.items():
        if name not in before:
            yield Note(Aspect.PARAMETERS_EXTENDED, f"{name} added, {now.type}, by default {_short(_json(now))}")


def _json(parameter: ir.Param) -> Json:
    return list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default


def _message(old: ir.Rule, new: ir.Rule) -> Iterator[Note]:
    before, after = encode_message(old.message), encode_message(new.message)
    if before != after:
        yield Note(Aspect.MESSAGE, f"{_readable(old.message)} -> {_readable(new.message)}")


def _readable(message: ir.Message) -> str:
    from cmpolicy.ir_text import value_text

    shown = "".join(part if isinstance(part, str) else f"{{{value_text(part)}}}" for part in message)
    return _short(shown, MOST_OF_MESSAGE)


def _metadata(old: ir.Rule, new: ir.Rule) -> Iterator[Note]:
    before, after = _about(old), _about(new)
    if any(before[name] != after[name] for name in _EXAMPLES):
        yield Note(Aspect.METADATA, "examples")
    for name in sorted(after.keys() - {*_PLACES, *_EXAMPLES}):
        if before[name] != after[name]:
            yield Note(
                Aspect.METADATA, name if name in _LONG else f"{name}: {_short(before[name])} -> {_short(after[name])}"
            )


def _about(rule: ir.Rule) -> JsonMap:
    about = encode_rule(rule)["about"]
    assert isinstance(about, Mapping)
    return about


def _short(value: Json, most: int = MOST_SHOWN) -> str:
    spelled = json.dumps(value, ensure_ascii=False)
    return spelled if len(spelled) <= most else f"{spelled[: most - 1]}…"
