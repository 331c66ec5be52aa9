"""How far a change moves the version of a pack, by Semantic Versioning. `docs/diff.md` has the table, and the reasons.

A version promises both to those whose objects are judged and to those who rely on the verdicts: what was accepted is
accepted, and what was rejected is rejected, until the major number changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.diff.model import Aspect, Bump, Change, Meaning, PackVersion, Status

Step: TypeAlias = tuple[Bump, str]
"""How far a change moves a version, and what it is that does, in words that follow the rule's id."""

_BUMPS = list(Bump)
_ASPECTS: Mapping[Aspect, Step] = {
    Aspect.PARAMETERS_BROKEN: (Bump.MAJOR, "does not take every setting that it took"),
    Aspect.SUPPORT_LOST: (Bump.MAJOR, "is no longer carried by a target"),
    Aspect.ACTION_RAISED: (Bump.MAJOR, "is enforced now"),
    Aspect.PARAMETERS_EXTENDED: (Bump.MINOR, "has a new parameter"),
    Aspect.PARAMETERS_RESET: (Bump.MINOR, "has another default"),
    Aspect.SUPPORT_GAINED: (Bump.MINOR, "is carried by another target"),
    Aspect.ACTION_LOWERED: (Bump.MAJOR, "is no longer enforced"),
    Aspect.SCOPE_WIDER: (Bump.MINOR, "looks at more"),
    Aspect.SCOPE_NARROWER: (Bump.MINOR, "looks at less"),
    Aspect.MESSAGE: (Bump.PATCH, "has another message"),
    Aspect.METADATA: (Bump.PATCH, "is described otherwise"),
    Aspect.TEXT: (Bump.PATCH, "becomes other text"),
}


def needed_versions(
    changes: Iterable[Change], old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[PackVersion, ...]:
    """The packs whose version has to go up, or that declare too small a one; by what each side declares."""
    steps: dict[str, list[tuple[str, Step]]] = defaultdict(list)
    unsure: set[str] = set()
    for change in changes:
        for pack, step in _steps(change):
            steps[pack].append((change.id, step))
        if _may_need_more(change):
            unsure.add(change.pack)
    packs = sorted(steps.keys() | (old.keys() & new.keys()))
    found = (_version(pack, steps[pack], pack not in unsure, old.get(pack, ""), new.get(pack, "")) for pack in packs)
    return tuple(each for each in found if each.bump is not Bump.NONE or each.is_too_small)


def _version(pack: str, steps: Sequence[tuple[str, Step]], sure: bool, old: str, new: str) -> PackVersion:
    bump = max((step for _, (step, _) in steps), key=_BUMPS.index, default=Bump.NONE)
    because = tuple(dict.fromkeys(f"{rule} {why}" for rule, (step, why) in steps if step is bump))
    least = bumped(old, bump) if old else ""
    return PackVersion(
        pack, bump, because, sure, old, new, least, bool(old and new) and _numbers(new) < _numbers(least)
    )


def _steps(change: Change) -> Iterator[tuple[str, Step]]:
    """What the change asks of the pack that the rule is in, and of the one that it was in."""
    yield from ((change.pack, step) for step in _of_rule(change))
    old, new = change.versions
    if old is not None and new is not None and old.about.pack != new.about.pack:
        yield old.about.pack, (Bump.MAJOR, f"is in `{new.about.pack}` now")
        yield new.about.pack, (Bump.MINOR, f"comes from `{old.about.pack}`")


def _of_rule(change: Change) -> Iterator[Step]:
    match change.status:
        case Status.ADDED:
            asked_for = not any(ir.DEFAULT_PROFILE in rule.about.profiles for rule in change.versions if rule)
            yield (Bump.MINOR, "is new, in profiles that are asked for") if asked_for else (Bump.MAJOR, "is new")
            return
        case Status.REMOVED:
            yield Bump.MAJOR, "is gone"
            return
        case Status.RENAMED:
            yield Bump.MAJOR, f"was `{change.old_rule}`"
        case Status.KEPT:
            pass
    yield from _of_meaning(change)
    yield from _of_about(change)
    yield from (_ASPECTS[note.aspect] for note in change.notes)


def _of_meaning(change: Change) -> Iterator[Step]:
    match change.meaning:
        case Meaning.TIGHTENED | Meaning.MIXED:
            yield Bump.MAJOR, "rejects more"
        case Meaning.LOOSENED:
            yield Bump.MAJOR, "rejects less"
        case Meaning.UNDECIDED:
            yield Bump.PATCH, "is written otherwise"
        case Meaning.EQUIVALENT:
            pass


def _of_about(change: Change) -> Iterator[Step]:
    old, new = change.versions
    if old is None or new is None:
        return
    was, now = (ir.DEFAULT_PROFILE in rule.about.profiles for rule in (old, new))
    if now and not was:
        yield Bump.MAJOR, "is in the default profile now"
    if was and not now:
        yield Bump.MAJOR, "is no longer in the default profile"
    if old.about.severity is not new.about.severity:
        yield Bump.MINOR, "has another severity"


def _may_need_more(change: Change) -> bool:
    """Whether it may turn out that a verdict changes."""
    return change.meaning is Meaning.UNDECIDED


def bumped(version: str, bump: Bump) -> str:
    """The least version after this one that is so much greater. Below 1.0.0 the minor number is the major one."""
    major, minor, patch = _numbers(version)
    if major == 0:
        bump = {Bump.MAJOR: Bump.MINOR, Bump.MINOR: Bump.PATCH}.get(bump, bump)
    match bump:
        case Bump.MAJOR:
            return f"{major + 1}.0.0"
        case Bump.MINOR:
            return f"{major}.{minor + 1}.0"
        case Bump.PATCH:
            return f"{major}.{minor}.{patch + 1}"
        case Bump.NONE:
            return version


def _numbers(version: str) -> tuple[int, int, int]:
    """The numbers of a version, for those that a bundle of unknown origin declares as well: what is no number is 0."""
    numbers = [int(part) if part.isdecimal() else 0 for part in (*version.split("."), "", "", "")]
    return numbers[0], numbers[1], numbers[2]
