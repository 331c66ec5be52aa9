"""A comparison as workflow commands of GitHub Actions: an annotation on the lines of each rule that changed.

Every line that is printed is a command, and what stands in one cannot start another.
"""

from __future__ import annotations

from collections.abc import Mapping

from cmpolicy.content import printable
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.diff.lines import changed_lines
from cmpolicy.diff.model import Change
from cmpolicy.diff.places import Places
from cmpolicy.diff.report import words
from cmpolicy.diff.review import Review, Weight
from cmpolicy.report.wording import plural

MOST_CHARACTERS = 16_000
"""What is said in one annotation: GitHub drops those that are far longer."""
_ORDER = tuple(Weight)
_TITLE = {"title": "cmpolicy diff"}


def render(review: Review, places: Places) -> str:
    """The commands, errors first: GitHub shows only the first ten of each level of a step."""
    commands = [_problem(each, places) for each in review.report.problems]
    commands += [_change(each, review, places) for each in review.report.changes if not each.is_silent]
    commands += [(Weight.ERROR, _command(Weight.ERROR, _TITLE, each)) for each in words.alarms(review)]
    commands.sort(key=lambda command: _ORDER.index(command[0]))
    return "\n".join([*(text for _, text in commands), _command(Weight.NOTICE, _TITLE, _total(review))])


def _change(change: Change, review: Review, places: Places) -> tuple[Weight, str]:
    found = changed_lines(change, places.read)
    where: dict[str, str] = {}
    if found is not None:
        where = {"file": places.from_root(found.file), "line": str(found.start), "endLine": str(found.end)}
    title = f"{change.id}: {words.headline(change)}"
    return review.weight(change), _command(
        review.weight(change),
        {**where, "title": title},
        words.shortened(words.message(change, review), MOST_CHARACTERS),
    )


def _problem(problem: Diagnostic, places: Places) -> tuple[Weight, str]:
    kind = Weight.ERROR if problem.level is Level.ERROR else Weight.WARNING
    where = {"file": places.from_root(problem.file)} if problem.file else {}
    where |= {"line": str(problem.line)} if problem.line else {}
    said = ": ".join(filter(None, (problem.message, problem.help)))
    return kind, _command(kind, {**where, "title": f"cmpolicy diff: {problem.code}"}, said)


def _total(review: Review) -> str:
    stopped = len(review.stopped)
    told = f"{words.sides(review.report)}: {words.totals(review)}"
    told = f"{told}; {plural(stopped, 'change')} stopped" if stopped else told
    lines = (told, *words.versions(review.report), *words.impact(review.report))
    return words.shortened("\n".join(lines), MOST_CHARACTERS)


def _command(name: Weight, properties: Mapping[str, str], message: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(message)}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(printable(value)).replace(":", "%3A").replace(",", "%2C")
