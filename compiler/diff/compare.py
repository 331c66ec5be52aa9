"""Two sides against each other: their rules paired, and of each pair what its change means on each target."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cmpolicy import ir
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.diff.emitted import text_changes
from cmpolicy.diff.meaning import Comparer, Means
from cmpolicy.diff.model import Aspect, Change, Meaning, Note, Report, Status, TargetChange
from cmpolicy.diff.notes import notes
from cmpolicy.diff.sides import Side
from cmpolicy.diff.versions import needed_versions
from cmpolicy.ir_json import encode_rule
from cmpolicy.passes import normalize
from cmpolicy.selection import unknown
from cmpolicy.targets.protocol import Target
from cmpolicy.values import Json

FINGERPRINT_DIGITS = 12
_NEITHER = ir.About()
_ON_TARGETS = (Aspect.ACTION_RAISED, Aspect.ACTION_LOWERED, Aspect.SUPPORT_GAINED, Aspect.SUPPORT_LOST)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of a rule; None where a side has none."""

    old: ir.Rule | None
    new: ir.Rule | None

    @property
    def status(self) -> Status:
        """Which sides have it."""
        if self.old is None or self.new is None:
            return Status.ADDED if self.old is None else Status.REMOVED
        return Status.KEPT if self.old.id == self.new.id else Status.RENAMED

    @property
    def newest(self) -> ir.Rule:
        """The version that is there, the new one if both are."""
        found = self.new or self.old
        assert found is not None
        return found


def compare_sides(
    old: Side, new: Side, targets: Sequence[Target], wanted: Sequence[str] = (), comparer: Comparer | None = None
) -> Report:
    """What changed from one side to the other on these targets; of rules that are wanted, if any are named.

    Raises `CmpolicyError` if no target is on both sides.
    """
    comparer = comparer or Comparer()
    shared = [target for target in targets if old.has(target.name) and new.has(target.name)]
    if not shared:
        problem = Diagnostic("diff", f"`{old.name}` and `{new.name}` have no target in common")
        raise CmpolicyError(problem)
    grouped = _by_pair(old, new, shared, comparer)
    _check_known(wanted, old, new, {_id(rule) for pair, _ in grouped for rule in (pair.old, pair.new)} - {""})
    kept = [(pair, names) for pair, names in grouped if not wanted or {_id(pair.old), _id(pair.new)} & {*wanted}]
    changes = [change for pair, names in kept if (change := _change(pair, names, (old, new), comparer)) is not None]
    ordered = sorted(changes, key=lambda change: (change.id, change.targets[0].target))
    problems = (*old.problems, *new.problems)
    broken = tuple(sorted(old.broken | new.broken))
    report = Report(old.name, new.name, tuple(ordered), len(kept) - len(changes), problems, _disputed(ordered), broken)
    return replace(report, versions=needed_versions(ordered, old.versions, new.versions))


def _check_known(wanted: Sequence[str], old: Side, new: Side, known: Collection[str]) -> None:
    """Raise `CmpolicyError` for a rule that neither side has: to find no change of it would be no answer."""
    missing = [name for name in wanted if name not in known and old.lacks(name) and new.lacks(name)]
    if missing:
        raise CmpolicyError(
            *old.problems, *new.problems, *(unknown("rule", name, known, listing="cmpolicy diff") for name in missing)
        )


def _id(rule: ir.Rule | None) -> str:
    return "" if rule is None else rule.id


def _by_pair(old: Side, new: Side, targets: Sequence[Target], comparer: Comparer) -> list[tuple[Pair, list[Target]]]:
    """Each different pair of versions once, with the targets that have it. Sides share rules between their targets."""
    found: dict[tuple[int, int], tuple[Pair, list[Target]]] = {}
    for target in targets:
        for pair in _pairs(old, new, target.name, comparer):
            found.setdefault((id(pair.old), id(pair.new)), (pair, []))[1].append(target)
    return list(found.values())


def _pairs(old: Side, new: Side, target: str, comparer: Comparer) -> Iterator[Pair]:
    before, after = old.of(target), new.of(target)
    gone = {name: rule for name, rule in before.items() if name not in after and new.lacks(name)}
    come = {name: rule for name, rule in after.items() if name not in before and old.lacks(name)}
    yield from (Pair(before[name], after[name]) for name in sorted(before.keys() & after.keys()))
    for pair in _renamed(gone, come, comparer):
        assert pair.old is not None
        assert pair.new is not None
        del gone[pair.old.id], come[pair.new.id]
        yield pair
    yield from (Pair(rule, None) for rule in gone.values())
    yield from (Pair(None, rule) for rule in come.values())


def _renamed(gone: Mapping[str, ir.Rule], come: Mapping[str, ir.Rule], comparer: Comparer) -> list[Pair]:
    """The rules that say the same under another id."""
    by_meaning: dict[object, list[ir.Rule]] = defaultdict(list)
    for name in sorted(gone):
        by_meaning[comparer.identity(gone[name])].append(gone[name])
    pairs: list[Pair] = []
    for name in sorted(come):
        if same := by_meaning.get(comparer.identity(come[name])):
            pairs.append(Pair(same.pop(0), come[name]))
    return pairs


def _change(pair: Pair, targets: Sequence[Target], sides: tuple[Side, Side], comparer: Comparer) -> Change | None:
    """The change; None if nothing of the rule changed, not even the text that is generated."""
    on_targets = tuple(_on_target(pair, target) for target in targets)
    support = tuple(_support(pair, on_targets))
    action = tuple(_action(targets, sides)) if pair.status in (Status.KEPT, Status.RENAMED) else ()
    if _is_untouched(pair) and not support and not action:
        return None
    means = comparer.compare(pair.old, pair.new)
    others = notes(pair.old, pair.new, comparer) if pair.old and pair.new else ()
    on_targets = tuple(
        replace(each, text=text_changes(pair.old, pair.new, target))
        for each, target in zip(on_targets, targets, strict=True)
    )
    text = tuple(_text(on_targets)) if pair.old and pair.new else ()
    change = _made(pair, means, (*others, *action, *support, *text), on_targets)
    return None if change.is_silent and not change.notes else change


def _is_untouched(pair: Pair) -> bool:
    if pair.old is None or pair.new is None:
        return False
    return encode_rule(pair.old) == encode_rule(pair.new)


def _on_target(pair: Pair, target: Target) -> TargetChange:
    gaps = [target.gap(normalize(rule)) if rule else None for rule in (pair.old, pair.new)]
    reason = next((gap.reason for gap in reversed(gaps) if gap is not None), "")
    old, new = (rule is not None and gap is None for rule, gap in zip((pair.old, pair.new), gaps, strict=True))
    return TargetChange(target.name, old, new, reason)


def _support(pair: Pair, targets: Iterable[TargetChange]) -> Iterator[Note]:
    for each in targets if pair.old and pair.new else ():
        if each.old and not each.new:
            yield Note(Aspect.SUPPORT_LOST, f"{each.target}: {each.gap}")
        elif each.new and not each.old:
            yield Note(Aspect.SUPPORT_GAINED, each.target)


def _action(targets: Sequence[Target], sides: tuple[Side, Side]) -> Iterator[Note]:
    old, new = (side.enforce or {} for side in sides)
    for target in targets:
        was, now = old.get(target.name), new.get(target.name)
        if was is not None and now is not None and was is not now:
            aspect = Aspect.ACTION_RAISED if now else Aspect.ACTION_LOWERED
            yield Note(aspect, f"{target.name}: {'audit -> enforce' if now else 'enforce -> audit'}")


def _text(targets: Iterable[TargetChange]) -> Iterator[Note]:
    differ = [each.target for each in targets if each.text]
    if differ:
        yield Note(Aspect.TEXT, ", ".join(differ))


def _made(pair: Pair, means: Means, told: tuple[Note, ...], targets: tuple[TargetChange, ...]) -> Change:
    old, new = (rule.about if rule else _NEITHER for rule in (pair.old, pair.new))
    return Change(
        rule=_id(pair.new),
        old_rule=_id(pair.old),
        pack=pair.newest.about.pack,
        status=pair.status,
        meaning=means.meaning,
        evidence=means.evidence,
        samples=means.samples,
        tightened=means.tightened,
        loosened=means.loosened,
        notes=told,
        targets=targets,
        at_defaults=means.at_defaults,
        severity=pair.newest.about.severity,
        places=(old.location, new.location),
        sources=(old.condition_source, new.condition_source),
        fingerprint=_fingerprint(pair, told),
        versions=(pair.old, pair.new),
    )


def _fingerprint(pair: Pair, told: Sequence[Note]) -> str:
    """Twelve digits that stay as long as both versions say what they say, wherever and with whatever else.

    The first is a letter: YAML would read some of the others as numbers.
    """
    kinds = sorted({_kind(note) for note in told if note.aspect is not Aspect.TEXT})
    spelled = json.dumps([_said(pair.old), _said(pair.new), kinds], sort_keys=True)
    digits = hashlib.sha256(spelled.encode()).hexdigest()
    return f"{'abcdef'[int(digits[0], 16) % 6]}{digits[1:FINGERPRINT_DIGITS]}"


def _said(rule: ir.Rule | None) -> Json:
    """What a version says of objects and to users: not how it is written, nor what it tells about itself."""
    if rule is None:
        return None
    parameters = tuple(replace(each, description="") for each in rule.parameters)
    return {**encode_rule(normalize(replace(rule, parameters=parameters))), "about": None}


def _kind(note: Note) -> str:
    """What of a change beside the two versions is approved with it: on a target, what happens there."""
    on_target = note.aspect in _ON_TARGETS
    return f"{note.aspect} {note.text.partition(':')[0]}" if on_target else note.aspect.value


def _disputed(changes: Sequence[Change]) -> tuple[str, ...]:
    """The rules whose change means one thing on a target and another on another."""
    meanings: dict[str, set[Meaning]] = defaultdict(set)
    for change in changes:
        meanings[change.id].add(change.meaning)
    return tuple(sorted(name for name, found in meanings.items() if len(found) > 1))
