"""What is said of a change in words, the same in every form of output; none of it is styled or escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import ndiff
from itertools import pairwise

import click
from cmpolicy import ir
from cmpolicy.content import printable
from cmpolicy.diff.approvals import Approval
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
from cmpolicy.diff.report.engines import disagreement_lines, engine_lines
from cmpolicy.diff.report.impact import impact_lines, impact_total
from cmpolicy.diff.report.versions import version_lines
from cmpolicy.diff.review import Review
from cmpolicy.report.wording import listed, plural
from cmpolicy.values import Json
from cmpolicy.yaml.writer import dump

SHOWN_WIDTH = 60
NOT_DECIDED = "it is neither proved equivalent nor shown to differ; read the change itself"
NOT_CREATED = "no API server creates such an object, whatever the rule says; other readers may see it"
DISPUTED = "elsewhere this change means something else"
DEFAULTS = "parameters' defaults"


def is_brief(change: Change) -> bool:
    """What needs no more than a line or two: the rule rejects the same objects, and nobody has to act."""
    return change.meaning is Meaning.EQUIVALENT and change.status is Status.KEPT


def verdict(change: Change) -> str:
    """What became of the rule: `added, tightened`."""
    words = [] if change.status is Status.KEPT else [_status(change)]
    if change.meaning is Meaning.UNDECIDED:
        words.append("no difference found")
    elif change.meaning is not Meaning.EQUIVALENT or change.status is Status.KEPT:
        words.append(change.meaning.value)
    return ", ".join(words)


def _status(change: Change) -> str:
    return f"renamed from {printable(change.old_rule)}" if change.status is Status.RENAMED else change.status.value


def only(change: Change) -> str:
    """What alone changed of a rule that rejects the same objects; else nothing."""
    if not is_brief(change):
        return ""
    aspects = list(dict.fromkeys(note.aspect for note in told_notes(change)))
    if not aspects:
        return "generated text only" if change.has(Aspect.TEXT) else ""
    return f"{listed([aspect.value for aspect in aspects])} only" if len(aspects) == 1 else ""


def headline(change: Change) -> str:
    """The verdict, and what alone changed: `equivalent (message only)`."""
    return f"{verdict(change)} ({only(change)})" if only(change) else verdict(change)


def on_targets(targets: tuple[TargetChange, ...]) -> str:
    """The targets that the change is on."""
    carried = [each.target for each in targets if each.old or each.new]
    if len(carried) == 1:
        return f"on {carried[0]}"
    return f"on {len(carried)} targets" if carried else "on no target"


def evidence(change: Change) -> str:
    """How the meaning is known."""
    match change.evidence:
        case Evidence.SAMPLED:
            told = f"sampled ({change.samples:,} objects)"
        case Evidence.WITNESS if change.meaning is not Meaning.MIXED:
            told = f"witness (the other way: none of {change.samples:,} objects)"
        case found:
            told = found.value
    if change.at_defaults:
        return f"{told}, with the {'values given' if change.at_values else DEFAULTS}"
    return told


def place(change: Change) -> ir.Location | None:
    """Where the rule is, or was if it is gone."""
    old, new = change.places
    return new or old


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a condition that is gone (`-`) or new (`+`), on one line of any terminal; `marks` are the spans that differ."""

    sign: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, bool], ...]:
        """The text cut where it is marked, each part with whether it is."""
        ends = [0, *(end for span in self.marks for end in span), len(self.text)]
        cut = ((self.text[start:end], number % 2 == 1) for number, (start, end) in enumerate(pairwise(ends)))
        return tuple(part for part in cut if part[0])


def source_diff(change: Change) -> tuple[SourceLine, ...]:
    """The lines of the condition that differ; none of a rule that comes or goes."""
    before, after = ([printable(line) for line in source.splitlines()] for source in change.sources)
    return _differing(before, after) if before and after else ()


def message_diff(note: Note) -> tuple[SourceLine, ...]:
    """Both messages of a note that tells of them, below each other; none of another note."""
    before, quote, after = printable(note.text).partition('" -> "')
    return _differing([f'{before}"'], [f'"{after}']) if note.aspect is Aspect.MESSAGE and quote else ()


def _differing(before: list[str], after: list[str]) -> tuple[SourceLine, ...]:
    found: list[SourceLine] = []
    for line in ndiff(before, after):
        match line[0]:
            case "-" | "+":
                found.append(SourceLine(line[0], line[2:]))
            case "?":
                # It stands below the line that it is about, with a sign under each character that differs.
                marks = tuple(each.span() for each in re.finditer(r"\S+", line[2:]))
                found[-1] = replace(found[-1], marks=marks)
            case _:
                pass
    return tuple(_moved_left(found))


def _moved_left(lines: list[SourceLine]) -> Iterator[SourceLine]:
    """The lines without the indentation that all of them have."""
    margin = min((len(line.text) - len(line.text.lstrip()) for line in lines), default=0)
    for line in lines:
        marks = tuple((max(start - margin, 0), end - margin) for start, end in line.marks if end > margin)
        yield replace(line, text=line.text[margin:], marks=marks)


def told_notes(change: Change) -> tuple[Note, ...]:
    """What else changed that users can notice."""
    return tuple(note for note in change.notes if note.aspect is not Aspect.TEXT)


def flip(witness: Witness) -> str:
    """What became of the object: `now rejected, was accepted`."""
    now, before = ("rejected", "accepted") if witness.tightens else ("accepted", "rejected")
    operation = "" if witness.case.operation is ir.Operation.CREATE else f" ({witness.case.operation})"
    return f"now {now}, was {before}{operation}"


def manifests(witness: Witness) -> Iterator[str]:
    """The lines of the objects that show it, as YAML."""
    parts = [
        ("", witness.case.manifest),
        ("# before the update", witness.case.old if witness.case.object is not None else None),
    ]
    parts += [("# and there is", other) for other in witness.case.others]
    for number, (title, value) in enumerate(part for part in parts if part[1] is not None):
        yield from ([] if number == 0 else ["---"])
        yield from ([title] if title else [])
        yield from dump(value).splitlines()


def text_change(change: TextChange) -> str:
    """How a field of an object differs."""
    if not change.path:
        return f"{change.object}: {'added' if change.old is None else 'removed'}"
    return f"{change.object} {change.path}: {_short(change.old)} -> {_short(change.new)}"


def _short(value: Json) -> str:
    return shortened(json.dumps(value, ensure_ascii=False), SHOWN_WIDTH)


def shortened(text: str, width: int) -> str:
    """The text, cut to so many characters."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def sides(report: Report) -> str:
    """What was compared."""
    return printable(f"{report.old} -> {report.new}")


def message(change: Change, review: Review) -> str:
    """All that is said of the change, as lines of plain text."""
    return "\n".join(_message(change, review))


def _message(change: Change, review: Review) -> Iterator[str]:
    yield f"{headline(change)} {on_targets(change.targets)}, {evidence(change)}"
    if gates := review.stopped_by(change):
        yield f"stopped by --fail-on {listed([gate.value for gate in gates])}; fingerprint {change.fingerprint}"
    if (approval := review.approval(change)) is not None:
        yield f"approved {printable(approved(approval))}"
    if change.id in review.report.disputed:
        yield f"targets disagree: {DISPUTED}"
    yield from (f"{note.aspect}: {printable(note.text)}" for note in told_notes(change))
    for witness in change.witnesses:
        yield f"{flip(witness)}:"
        yield from (f"  {line}" for line in manifests(witness))
        yield f"  message: {printable(witness.message)}"
        yield from (f"  {line}" for line in engines(review, change, witness))


def approved(approval: Approval) -> str:
    """Who approved a change, for how long and why: `by security until 2027-01-31: the edge is small`."""
    until = f" until {approval.expires}" if approval.expires is not None else ""
    return f"by {approval.owner}{until}: {approval.reason}"


def engines(review: Review, change: Change, witness: Witness) -> tuple[str, ...]:
    """What engines say of an object, if they were asked."""
    return _plain(engine_lines(review.report, change, witness))


def disagreements(report: Report) -> tuple[str, ...]:
    """The engines that say something else than the reference."""
    return _plain(disagreement_lines(report))


def alarms(review: Review) -> tuple[str, ...]:
    """What is wrong beside single changes: engines that disagree, and versions that are too small."""
    small = (f"version of {each.pack}: {each.new} is declared, which is too small" for each in review.too_small)
    return (*disagreements(review.report), *_plain(small))


def versions(report: Report) -> tuple[str, ...]:
    """How far the version of each pack has to go up."""
    return _plain(version_lines(report))


def impact(report: Report) -> tuple[str, ...]:
    """The objects of the corpus whose verdict differs, as lines."""
    lines = _plain(impact_lines(report.impact))
    return lines[:-1] if lines and not lines[-1] else lines


def _plain(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(printable(click.unstyle(line)) for line in lines)


def stopped(review: Review) -> str:
    """How many changes do not pass, and by what; nothing if all do."""
    gates = listed([gate.value for gate in review.gates])
    return f"{plural(len(review.stopped), 'change')} stopped by --fail-on {gates}" if review.stopped else ""


def totals(review: Review) -> str:
    """How many changes there are of each meaning, and how many are approved."""
    report, names = review.report, {Meaning.UNDECIDED.value: "undecided"}
    # What needs a look is read first.
    ordered = sorted(report.counts.items(), key=lambda count: count[0] == Meaning.EQUIVALENT)
    counts = [f"{number} {names.get(meaning, meaning)}" for meaning, number in ordered]
    approvals = sum(review.approval(change) is not None for change in report.changes)
    counts += [f"{approvals} of them approved"] if approvals else []
    same = f"{plural(report.unchanged, 'rule')} unchanged" if report.unchanged else ""
    missing = f"{plural(len(report.not_compared), 'rule')} not compared" if report.not_compared else ""
    told = ", ".join(filter(None, (*counts, same, missing))) or "no rules"
    return f"{told}{impact_total(report.impact)}"
