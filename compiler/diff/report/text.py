"""A comparison for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click
from cmpolicy.content import printable
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.model import Change, Meaning, Report, Status, Witness
from cmpolicy.diff.report import words
from cmpolicy.diff.report.engines import disagreement_lines, engine_lines
from cmpolicy.diff.report.impact import impact_lines
from cmpolicy.diff.report.versions import version_lines
from cmpolicy.diff.review import Review

_COLORS: Mapping[Meaning, str] = {
    Meaning.EQUIVALENT: "green",
    Meaning.TIGHTENED: "yellow",
    Meaning.LOOSENED: "red",
    Meaning.MIXED: "magenta",
    Meaning.UNDECIDED: "cyan",
}
_LOUD = (Meaning.TIGHTENED, Meaning.LOOSENED, Meaning.MIXED)


def render(review: Review, *, text: bool) -> str:
    """The whole comparison; `text` shows every difference of the generated text."""
    report = review.report
    width = max((len(printable(change.id)) for change in report.changes), default=0)
    loud = [change for change in report.changes if not words.is_brief(change)]
    lines = [line for change in loud for line in (*_change(change, width, review, text), "")]
    brief = [
        line for change in report.changes if words.is_brief(change) for line in _brief(change, width, review, text)
    ]
    parts = [
        *lines,
        *brief,
        *([""] if brief else []),
        *impact_lines(report.impact),
        *disagreement_lines(report),
        *_missing(report),
        *version_lines(report),
        _totals(review),
    ]
    return "\n".join(parts)


def _brief(change: Change, width: int, review: Review, text: bool) -> Iterator[str]:
    yield f"{click.style(f'{printable(change.id):<{width}}', bold=True)}  {_headline(change)}"
    yield from (f"  {line}" for line in _notes(change))
    yield from (f"  {line}" for line in (_every_text(change) if text else ()))
    yield from (f"  {line}" for line in _approval(change, review))


def _missing(report: Report) -> list[str]:
    if not report.not_compared:
        return []
    return [
        f"not compared, as a side cannot be read (see the errors): {', '.join(map(printable, report.not_compared))}"
    ]


def _change(change: Change, width: int, review: Review, text: bool) -> Iterator[str]:
    yield f"{click.style(f'{printable(change.id):<{width}}', bold=True)}  {_headline(change)}"
    yield from (f"  {line}" for line in _source(change))
    yield from (f"  {line}" for line in _notes(change))
    if change.id in review.report.disputed:
        yield f"  {click.style('targets disagree', fg='red')}: {words.DISPUTED}"
    for witness in change.witnesses:
        yield from (f"  {line}" for line in _witness(witness))
        yield from (f"    {line}" for line in engine_lines(review.report, change, witness))
    yield from (f"  {line}" for line in _open(change))
    yield from (f"  {line}" for line in (_every_text(change) if text else ()))
    yield from (f"  {line}" for line in _approval(change, review))


def _headline(change: Change) -> str:
    return "   ".join((_verdict(change), words.on_targets(change.targets), words.evidence(change)))


def _verdict(change: Change) -> str:
    told, only = words.verdict(change), words.only(change)
    if change.meaning in _LOUD:
        told = told.removesuffix(change.meaning.value) + change.meaning.value.upper()
    styled = click.style(told, fg=_COLORS[change.meaning], bold=True)
    return f"{styled} ({only})" if only else styled


def _source(change: Change) -> Iterator[str]:
    if (place := words.place(change)) is not None:
        yield click.style(printable(f"{place.file}:{place.line}"), dim=True)
    yield from map(_line, words.source_diff(change) if change.status in (Status.KEPT, Status.RENAMED) else ())


def _line(line: words.SourceLine) -> str:
    color = "red" if line.sign == "-" else "green"
    shown = "".join(click.style(part, fg=color, bold=True) if marked else part for part, marked in line.parts)
    return f"{click.style(line.sign, fg=color)} {shown}"


def _notes(change: Change) -> Iterator[str]:
    for note in words.told_notes(change):
        difference = words.message_diff(note)
        yield f"{note.aspect}:" if difference else f"{note.aspect}: {printable(note.text)}"
        yield from map(_line, difference)


def _witness(witness: Witness) -> Iterator[str]:
    now, comma, before = words.flip(witness).partition(",")
    yield f"{click.style(now, fg='yellow' if witness.tightens else 'red')}{comma}{before}:"
    if not witness.valid:
        yield click.style(f"  {words.NOT_CREATED}", dim=True)
    yield from (f"  {line}" for line in words.manifests(witness))
    yield click.style(f"  message: {printable(witness.message)}", dim=True)


def _open(change: Change) -> Iterator[str]:
    if change.meaning is Meaning.UNDECIDED:
        yield click.style(words.NOT_DECIDED, dim=True)


def _every_text(change: Change) -> Iterator[str]:
    for target in change.targets:
        for each in target.text:
            yield f"{target.target}  {printable(words.text_change(each))}"


def _approval(change: Change, review: Review) -> Iterator[str]:
    """Who approved it, or by what it can be approved."""
    if (approval := review.approval(change)) is not None:
        yield f"{click.style('approved', fg='green')} {printable(words.approved(approval))}"
    elif not change.is_silent:
        yield click.style(f"fingerprint: {change.fingerprint}", dim=True)


def _totals(review: Review) -> str:
    told = f"{words.sides(review.report)}: {words.totals(review)}"
    stopped = "" if review.gates == (Gate.ANY,) else words.stopped(review)
    return f"{told}\n{click.style(stopped, fg='red')}" if stopped else told
