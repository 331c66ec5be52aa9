"""A comparison as workflow commands of GitHub Actions: an annotation on the lines of each rule that changed.

Every line that is printed is a command, and what stands in one cannot start another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cmpolicy.cli.console import listed, plural
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.diff.lines import changed_lines
from cmpolicy.diff.model import Change, Meaning
from cmpolicy.diff.places import Places
from cmpolicy.diff.report import words
from cmpolicy.diff.review import Review
from cmpolicy.report.text import printable

ERROR, WARNING, NOTICE = "error", "warning", "notice"
MOST_CHARACTERS = 16_000
"""What is said in one annotation: GitHub drops those that are far longer."""
_ORDER = (ERROR, WARNING, NOTICE)


def render(review: Review, places: Places) -> str:
    """The commands, errors first: GitHub shows only the first ten of each level of a step."""
    commands = [_problem(each, places) for each in review.report.problems]
    commands += [_change(each, review, places) for each in review.report.changes if not each.is_silent]
    commands.sort(key=lambda command: _ORDER.index(command[0]))
    return "\n".join([*(text for _, text in commands), _command(NOTICE, {"title": "cmpolicy diff"}, _total(review))])


def level(change: Change, review: Review) -> str:
    """`error` if a gate stops it, `warning` if nobody knows what it means, else `notice`."""
    if review.stopped_by(change):
        return ERROR
    return WARNING if change.meaning is Meaning.UNDECIDED and review.approval(change) is None else NOTICE


def _change(change: Change, review: Review, places: Places) -> tuple[str, str]:
    found = changed_lines(change, places.read)
    where: dict[str, str] = {}
    if found is not None:
        where = {"file": places.from_root(found.file), "line": str(found.start), "endLine": str(found.end)}
    title = f"{change.id}: {words.headline(change)}"
    return level(change, review), _command(level(change, review), {**where, "title": title}, _message(change, review))


def _message(change: Change, review: Review) -> str:
    return words.shortened("\n".join(_said(change, review)), MOST_CHARACTERS)


def _said(change: Change, review: Review) -> Iterator[str]:
    yield f"{words.headline(change)} {words.on_targets(change.targets)}, {words.evidence(change)}"
    if gates := review.stopped_by(change):
        yield f"stopped by --fail-on {listed([gate.value for gate in gates])}; fingerprint {change.fingerprint}"
    if (approval := review.approval(change)) is not None:
        yield f"approved {printable(words.approved(approval))}"
    if change.id in review.report.disputed:
        yield f"targets disagree: {words.DISPUTED}"
    yield from (f"{note.aspect}: {printable(note.text)}" for note in words.told_notes(change))
    for witness in change.witnesses:
        yield f"{words.flip(witness)}:"
        yield from (f"  {line}" for line in words.manifests(witness))
        yield f"  message: {printable(witness.message)}"


def _problem(problem: Diagnostic, places: Places) -> tuple[str, str]:
    kind = ERROR if problem.level is Level.ERROR else WARNING
    where = {"file": places.from_root(problem.file)} if problem.file else {}
    where |= {"line": str(problem.line)} if problem.line else {}
    said = ": ".join(filter(None, (problem.message, problem.help)))
    return kind, _command(kind, {**where, "title": f"cmpolicy diff: {problem.code}"}, said)


def _total(review: Review) -> str:
    stopped = len(review.stopped)
    told = f"{words.sides(review.report)}: {words.totals(review)}"
    return f"{told}; {plural(stopped, 'change')} stopped" if stopped else told


def _command(name: str, properties: Mapping[str, str], message: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(message)}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(printable(value)).replace(":", "%3A").replace(",", "%2C")
