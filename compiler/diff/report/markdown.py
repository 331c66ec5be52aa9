"""A comparison as a comment on a pull request: a marker, a table, and a folded section for each rule.

Whatever comes from rules stands in code, where Markdown obeys nothing and GitHub makes no mention, link or reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from cmpolicy.content import printable
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.diff.model import Change, Meaning, TargetChange, Witness
from cmpolicy.diff.report import words
from cmpolicy.diff.review import Review
from cmpolicy.report.wording import plural

MARKER = "<!-- cmpolicy-diff -->"
"""The first line of every comment, by which the comment of an earlier push is found."""
MOST_CHARACTERS = 65_000
"""GitHub takes comments of up to 65,536 characters; the rest is for who adds a line."""
_FOR_TABLE = MOST_CHARACTERS // 2
_FOR_END = 2_000
_FOR_IMPACT = 10_000
_LONGEST_CELL = 300
_LONGEST_NAME = 100
_LONGEST_LIST = 800
_MOST_PROBLEMS = 5
_PLAIN = re.compile(r"[\w./:+-]+( [\w./:+-]+)*\Z", re.ASCII)
_OBEYED = re.compile(r"[^\w ./,;=()\"'-]", re.ASCII)


def render(review: Review, *, text: bool) -> str:
    """The comment; `text` adds every difference of the generated text."""
    changes = sorted(review.report.changes, key=lambda change: _rank(change, review))
    head = "\n".join([*_head(review), "", *_table(changes, review), *_impact(review)])
    room = MOST_CHARACTERS - len(head) - _FOR_END
    sections, left_out = _fitting(changes, review, room, text=text)
    return "\n\n".join([head, *sections, *_end(left_out)])


def _rank(change: Change, review: Review) -> tuple[bool, bool]:
    """What has to be looked at stands first; else the order stays."""
    return not review.stopped_by(change), words.is_brief(change)


def code(value: str) -> str:
    """The text as code on one line, whatever characters it has."""
    shown = printable(value)
    return f"`{shown}`" if _PLAIN.match(shown) else f"<code>{_entities(shown)}</code>"


def _entities(value: str) -> str:
    return _OBEYED.sub(lambda found: f"&#{ord(found[0])};" if found[0].isascii() else found[0], value)


def fenced(language: str, lines: Iterable[str]) -> Iterator[str]:
    """A block of code whose fence is longer than any row of backticks in it."""
    held = list(lines)
    rows = (len(row) for line in held for row in re.findall("`+", line))
    fence = "`" * max(3, 1 + max(rows, default=0))
    yield f"{fence}{language}"
    yield from held
    yield fence


def _head(review: Review) -> Iterator[str]:
    report = review.report
    yield MARKER
    yield f"### What this change of rules means: {_totals(review)}"
    yield ""
    yield f"{code(report.old)} → {code(report.new)}"
    if stopped := len(review.stopped):
        gates = ", ".join(code(gate.value) for gate in review.gates)
        yield ""
        yield f"**{plural(stopped, 'change')} stopped** by `--fail-on` {gates}."
    if report.not_compared:
        named = _named(report.not_compared)
        yield ""
        yield f"**Not compared**, as a side cannot be read: {named}."
    if report.disputed:
        yield ""
        yield f"**Targets disagree** on {_named(report.disputed)}."
    for alarm in words.alarms(review)[:_MOST_PROBLEMS]:
        yield from ("", f"**{code(words.shortened(alarm, _LONGEST_CELL))}**")
    for version in words.versions(report)[:_MOST_PROBLEMS]:
        yield from ("", code(words.shortened(version, _LONGEST_CELL)))
    yield from _problems(report.problems)


def _impact(review: Review) -> Iterator[str]:
    """The objects of the corpus, as many lines as have a place."""
    lines = words.impact(review.report)
    ends = accumulate(len(line) + 1 for line in lines)
    shown = [line for line, end in zip(lines, ends, strict=True) if end <= _FOR_IMPACT]
    if lines:
        yield from ("", "<details><summary>The corpus</summary>", "")
        yield from fenced("text", [*shown, *(["…"] if len(shown) < len(lines) else [])])
        yield from ("", "</details>")


def _problems(problems: Sequence[Diagnostic]) -> Iterator[str]:
    yield from [""] if problems else []
    for each in problems[:_MOST_PROBLEMS]:
        said = ": ".join(filter(None, (each.place, each.message, each.help)))
        yield f"- {each.level}: {code(words.shortened(said, _LONGEST_CELL))}"
    if (more := len(problems) - _MOST_PROBLEMS) > 0:
        yield f"- and {more} more"


def _totals(review: Review) -> str:
    return words.totals(review) if review.report.changes or review.report.not_compared else "nothing"


def _named(names: Sequence[str]) -> str:
    """The names that fit into a line, and how many more there are."""
    shown = [code(words.shortened(name, _LONGEST_NAME)) for name in names]
    ends = accumulate(len(name) + 2 for name in shown)
    fitting = [name for name, end in zip(shown, ends, strict=True) if end <= _LONGEST_LIST]
    more = len(names) - len(fitting)
    return ", ".join([*fitting, f"{more} more"] if more else fitting)


def _table(changes: Sequence[Change], review: Review) -> Iterator[str]:
    if not changes:
        return
    yield "| rule | what changed | how it is known | targets | |"
    yield "|---|---|---|---|---|"
    rows = [_row(change, review) for change in changes]
    ends = accumulate(len(row) + 1 for row in rows)
    shown = [row for row, end in zip(rows, ends, strict=True) if end <= _FOR_TABLE]
    yield from shown
    if more := len(rows) - len(shown):
        yield f"| and {more} more | | | | |"


def _row(change: Change, review: Review) -> str:
    what = _entities(words.headline(change))
    loud = what if words.is_brief(change) else f"**{what}**"
    aspects = "" if words.only(change) else ", ".join(dict.fromkeys(note.aspect for note in words.told_notes(change)))
    told = "<br>".join(filter(None, (loud, aspects)))
    on = words.on_targets(change.targets).removeprefix("on ")
    return f"| {code(words.shortened(change.id, _LONGEST_NAME))} | {told} | {words.evidence(change)} | {on} | {_fate(change, review)} |"


def _fate(change: Change, review: Review) -> str:
    if (approval := review.approval(change)) is not None:
        return f"approved {code(words.shortened(words.approved(approval), _LONGEST_CELL))}"
    gates = ", ".join(code(gate.value) for gate in review.stopped_by(change))
    return f"**stopped** by {gates}" if gates else ""


def _fitting(
    changes: Sequence[Change], review: Review, room: int, *, text: bool
) -> tuple[list[str], list[tuple[str, str]]]:
    """The sections that fit, each whole or else without its objects, and what is left out of which rule."""
    sections: list[str] = []
    left_out: list[tuple[str, str]] = []
    for change in changes:
        whole, short = ("\n".join(_section(change, review, brief, text=text)) for brief in (False, True))
        found = next((each for each in (whole, short) if len(each) + 2 <= room), None)
        if found is not None:
            sections.append(found)
            room -= len(found) + 2
        if found is not whole:
            left_out.append((change.id, "all" if found is None else "objects"))
    return sections, left_out


def _end(left_out: Sequence[tuple[str, str]]) -> Iterator[str]:
    for what, told in {"objects": "The objects of", "all": "The sections of"}.items():
        if names := [name for name, each in left_out if each == what]:
            yield f"{told} {_named(names)} are left out, as a comment is no longer than {MOST_CHARACTERS:,} characters."
    if left_out:
        yield "`cmpolicy diff --output html` shows everything."


def _section(change: Change, review: Review, brief: bool, *, text: bool) -> Iterator[str]:
    what = _entities(words.headline(change))
    yield f"<details><summary><code>{_entities(change.id)}</code>: {what}, {words.evidence(change)}</summary>"
    yield ""
    if (place := words.place(change)) is not None:
        yield f"{code(f'{place.file}:{place.line}')}"
        yield ""
    if difference := [f"{line.sign} {line.text}" for line in words.source_diff(change)]:
        yield from (*fenced("diff", difference), "")
    yield from _notes(change, review)
    for witness in () if brief else change.witnesses:
        yield from (*_witness(witness), "")
        if engines := words.engines(review, change, witness):
            yield from (*fenced("text", engines), "")
    yield from _targets(change.targets)
    if text and not brief:
        yield from _every_text(change)
    yield ""
    if not change.is_silent:
        yield from (f"fingerprint: {code(change.fingerprint)}", "")
    yield "</details>"


def _notes(change: Change, review: Review) -> Iterator[str]:
    told = [f"- {note.aspect}: {code(note.text)}" for note in words.told_notes(change)]
    if change.id in review.report.disputed:
        told.append(f"- **targets disagree**: {words.DISPUTED}")
    if change.meaning is Meaning.UNDECIDED:
        told.append(f"- {words.NOT_DECIDED}")
    if (approval := review.approval(change)) is not None:
        told.append(f"- **approved** {code(words.approved(approval))}")
    yield from (*told, *([""] if told else []))


def _witness(witness: Witness) -> Iterator[str]:
    yield f"**{words.flip(witness)}:**"
    yield ""
    if not witness.valid:
        yield from (words.NOT_CREATED, "")
    yield from fenced("yaml", words.manifests(witness))
    yield ""
    yield f"message: {code(witness.message)}"


def _targets(targets: Sequence[TargetChange]) -> Iterator[str]:
    yield "| target | before | after | generated text |"
    yield "|---|---|---|---|"
    for each in targets:
        before, after = (_carried(each, carried) for carried in (each.old, each.new))
        yield f"| {code(each.target)} | {before} | {after} | {'differs' if each.text else 'same'} |"


def _carried(change: TargetChange, carried: bool) -> str:
    if carried:
        return "carried"
    return f"gap: {code(words.shortened(change.gap, _LONGEST_CELL))}" if change.gap else "none"


def _every_text(change: Change) -> Iterator[str]:
    lines = [
        printable(f"{target.target}  {words.text_change(each)}") for target in change.targets for each in target.text
    ]
    if lines:
        yield from ("", *fenced("text", lines))
