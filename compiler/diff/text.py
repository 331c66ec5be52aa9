"""A comparison for people at a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import ndiff

import click
from cmpolicy import ir
from cmpolicy.cli.console import listed, plural
from cmpolicy.diff.model import (
    Aspect,
    Change,
    Evidence,
    Meaning,
    Note,
    Report,
    Status,
    TargetChange,
    TextChange,
    Witness,
)
from cmpolicy.report.text import printable
from cmpolicy.values import Json
from cmpolicy.yaml.writer import dump

_COLORS: Mapping[Meaning, str] = {
    Meaning.EQUIVALENT: "green",
    Meaning.TIGHTENED: "yellow",
    Meaning.LOOSENED: "red",
    Meaning.MIXED: "magenta",
    Meaning.UNDECIDED: "cyan",
}
SHOWN_WIDTH = 60


def render(report: Report, *, text: bool) -> str:
    """The whole report; `text` shows every difference of the generated text."""
    width = max((len(change.id) for change in report.changes), default=0)
    loud = [change for change in report.changes if not _is_brief(change)]
    lines = [line for change in loud for line in (*_change(change, width, report, text), "")]
    brief = [line for change in report.changes if _is_brief(change) for line in _brief(change, width, text)]
    return "\n".join([*lines, *brief, *([""] if brief else []), *_missing(report), _totals(report)])


def _is_brief(change: Change) -> bool:
    """What needs no more than a line or two: the rule rejects the same objects, and nobody has to act."""
    return change.meaning is Meaning.EQUIVALENT and change.status is Status.KEPT


def _brief(change: Change, width: int, text: bool) -> Iterator[str]:
    yield f"{click.style(f'{change.id:<{width}}', bold=True)}  {_headline(change)}"
    yield from (f"  {_note(note)}" for note in change.notes if note.aspect is not Aspect.TEXT)
    yield from (f"  {line}" for line in (_every_text(change) if text else ()))


def _missing(report: Report) -> list[str]:
    if not report.not_compared:
        return []
    return [f"not compared, as a side cannot be read (see the errors): {', '.join(report.not_compared)}"]


def _change(change: Change, width: int, report: Report, text: bool) -> Iterator[str]:
    yield f"{click.style(f'{change.id:<{width}}', bold=True)}  {_headline(change)}"
    yield from (f"  {line}" for line in _source(change))
    yield from (f"  {_note(note)}" for note in change.notes if note.aspect is not Aspect.TEXT)
    if change.id in report.disputed:
        yield f"  {click.style('targets disagree', fg='red')}: elsewhere this change means something else"
    for witness in change.witnesses:
        yield from (f"  {line}" for line in _witness(witness))
    yield from (f"  {line}" for line in _open(change))
    yield from (f"  {line}" for line in (_every_text(change) if text else ()))


def _headline(change: Change) -> str:
    on = _targets(change.targets)
    return "   ".join(filter(None, (_verdict(change), on, _evidence(change))))


def _verdict(change: Change) -> str:
    words = [] if change.status is Status.KEPT else [_status(change)]
    if change.meaning is Meaning.UNDECIDED:
        words.append("no difference found")
    elif change.meaning is not Meaning.EQUIVALENT:
        words.append(change.meaning.value.upper())
    else:
        words.append("equivalent" if change.status is Status.KEPT else "")
    styled = click.style(", ".join(filter(None, words)), fg=_COLORS[change.meaning], bold=True)
    only = _only(change)
    return f"{styled} ({only})" if only else styled


def _status(change: Change) -> str:
    return f"renamed from {change.old_rule}" if change.status is Status.RENAMED else change.status.value


def _only(change: Change) -> str:
    """What alone changed of a rule that rejects the same objects."""
    if change.meaning is not Meaning.EQUIVALENT or change.status is not Status.KEPT:
        return ""
    aspects = list(dict.fromkeys(note.aspect for note in change.notes if note.aspect is not Aspect.TEXT))
    if not aspects:
        return "generated text only" if change.has(Aspect.TEXT) else ""
    return f"{listed([aspect.value for aspect in aspects])} only" if len(aspects) == 1 else ""


def _targets(targets: tuple[TargetChange, ...]) -> str:
    carried = [each.target for each in targets if each.old or each.new]
    if len(carried) == 1:
        return f"on {carried[0]}"
    return f"on {len(carried)} targets" if carried else "on no target"


def _evidence(change: Change) -> str:
    match change.evidence:
        case Evidence.SAMPLED:
            told = f"sampled ({change.samples:,} objects)"
        case Evidence.WITNESS if change.meaning is not Meaning.MIXED:
            told = f"witness (the other way: none of {change.samples:,} objects)"
        case evidence:
            told = evidence.value
    return f"{told}, with the parameters' defaults" if change.at_defaults else told


def _source(change: Change) -> Iterator[str]:
    old, new = change.places
    place = new or old
    where = "" if place is None else click.style(f"{place.file}:{place.line}", dim=True)
    if change.status is not Status.KEPT and change.status is not Status.RENAMED:
        if where:
            yield where
        return
    yield from filter(None, (where,))
    before, after = (source.splitlines() for source in change.sources)
    for line in ndiff(before, after) if before and after else ():
        if line.startswith(("- ", "+ ")):
            yield f"{click.style(line[0], fg='red' if line[0] == '-' else 'green')} {printable(line[2:])}"


def _note(note: Note) -> str:
    return f"{note.aspect.value}: {printable(note.text)}"


def _witness(witness: Witness) -> Iterator[str]:
    now, before = ("rejected", "accepted") if witness.tightens else ("accepted", "rejected")
    operation = "" if witness.case.operation is ir.Operation.CREATE else f" ({witness.case.operation})"
    yield f"{click.style(f'now {now}', fg='yellow' if witness.tightens else 'red')}, was {before}{operation}:"
    if not witness.valid:
        yield click.style(
            "  no API server creates such an object, whatever the rule says; other readers may see it", dim=True
        )
    parts = [
        ("", witness.case.manifest),
        ("# before the update", witness.case.old if witness.case.object is not None else None),
    ]
    parts += [("# and there is", other) for other in witness.case.others]
    for number, (title, value) in enumerate(part for part in parts if part[1] is not None):
        yield from ([] if number == 0 else ["  ---"])
        yield from ([f"  {title}"] if title else [])
        yield from (f"  {line}" for line in dump(value).splitlines())
    yield click.style(f"  message: {printable(witness.message)}", dim=True)


def _open(change: Change) -> Iterator[str]:
    if change.meaning is Meaning.UNDECIDED:
        yield click.style("it is neither proved equivalent nor shown to differ; read the change itself", dim=True)


def _every_text(change: Change) -> Iterator[str]:
    for target in change.targets:
        for each in target.text:
            yield f"{target.target}  {_text_change(each)}"


def _text_change(change: TextChange) -> str:
    if not change.path:
        return f"{change.object}: {'added' if change.old is None else 'removed'}"
    return f"{change.object} {change.path}: {_short(change.old)} -> {_short(change.new)}"


def _short(value: Json) -> str:
    spelled = json.dumps(value, ensure_ascii=False)
    return spelled if len(spelled) <= SHOWN_WIDTH else f"{spelled[: SHOWN_WIDTH - 1]}…"


def _totals(report: Report) -> str:
    names = {Meaning.UNDECIDED.value: "undecided"}
    counts = [f"{number} {names.get(meaning, meaning)}" for meaning, number in report.counts.items()]
    same = f"{plural(report.unchanged, 'rule')} unchanged" if report.unchanged else ""
    missing = f"{plural(len(report.not_compared), 'rule')} not compared" if report.not_compared else ""
    told = ", ".join(filter(None, (*counts, same, missing))) or "no rules"
    return f"{report.old} -> {report.new}: {told}"
