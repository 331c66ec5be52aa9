"""What is said of a change in words, the same in every form of output; none of it is styled or escaped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import ndiff

from cmpolicy import ir
from cmpolicy.cli.console import listed, plural
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
from cmpolicy.diff.review import Review
from cmpolicy.report.text import printable
from cmpolicy.values import Json
from cmpolicy.yaml.writer import dump

SHOWN_WIDTH = 60
NOT_DECIDED = "it is neither proved equivalent nor shown to differ; read the change itself"
NOT_CREATED = "no API server creates such an object, whatever the rule says; other readers may see it"
DISPUTED = "elsewhere this change means something else"


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
    return f"renamed from {change.old_rule}" if change.status is Status.RENAMED else change.status.value


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
    return f"{told}, with the parameters' defaults" if change.at_defaults else told


def place(change: Change) -> ir.Location | None:
    """Where the rule is, or was if it is gone."""
    old, new = change.places
    return new or old


def source_diff(change: Change) -> Iterator[str]:
    """The lines of the condition that are gone and new, each after `- ` or `+ `; none of a rule that comes or goes."""
    before, after = (source.splitlines() for source in change.sources)
    for line in ndiff(before, after) if before and after else ():
        if line.startswith(("- ", "+ ")):
            yield line


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
    return f"{report.old} -> {report.new}"


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


def approved(approval: Approval) -> str:
    """Who approved a change, for how long and why: `by security until 2027-01-31: the edge is small`."""
    until = f" until {approval.expires}" if approval.expires is not None else ""
    return f"by {approval.owner}{until}: {approval.reason}"


def totals(review: Review) -> str:
    """How many changes there are of each meaning, and how many are approved."""
    report, names = review.report, {Meaning.UNDECIDED.value: "undecided"}
    counts = [f"{number} {names.get(meaning, meaning)}" for meaning, number in report.counts.items()]
    approvals = sum(review.approval(change) is not None for change in report.changes)
    counts += [f"{approvals} of them approved"] if approvals else []
    same = f"{plural(report.unchanged, 'rule')} unchanged" if report.unchanged else ""
    missing = f"{plural(len(report.not_compared), 'rule')} not compared" if report.not_compared else ""
    return ", ".join(filter(None, (*counts, same, missing))) or "no rules"
