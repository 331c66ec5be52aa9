"""The approvals file: a list of who accepts which change, and why.

Each entry is a map of `fingerprint`, `owner`, `reason` and perhaps `expires`, the last day on which it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cmpolicy.diagnostics import CmpolicyError, Diagnostic, Level
from cmpolicy.diff.model import Report
from cmpolicy.evaluate.values import is_list
from cmpolicy.fields.index import suggest
from cmpolicy.report.wording import listed
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.chunks import Chunk
from cmpolicy.yaml.faultless import documents_of, text_of
from cmpolicy.yaml.places import position
from cmpolicy.yaml.reader import Document

NEEDED = ("fingerprint", "owner", "reason")
EXPIRES = "expires"
SHAPE = "write a list of `- fingerprint: …`, and below it `owner: …` and `reason: …`"
_FINGERPRINT = re.compile(r"[0-9a-f]{12}\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_EXPECTED: Mapping[str, str] = {
    "fingerprint": "give the twelve digits that `cmpolicy diff` shows for the change, in quotes",
    "owner": "name who answers for it",
    "reason": "say why the change is right",
    EXPIRES: "give the last day on which it holds, such as `2027-01-31`",
}


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's word for a change. `expires` is the last day on which it holds; None is forever."""

    fingerprint: str
    owner: str
    reason: str
    expires: date | None = None
    file: str = ""
    line: int = 0
    column: int = 0

    def problem(self, message: str, remedy: str) -> Diagnostic:
        """A warning about this entry."""
        return Diagnostic("approvals", message, self.file, self.line, self.column, help=remedy, level=Level.WARNING)


def in_force(approvals: Iterable[Approval], today: date) -> Mapping[str, Approval]:
    """Those that have not expired, by fingerprint."""
    return {each.fingerprint: each for each in approvals if each.expires is None or each.expires >= today}


def warnings(approvals: Iterable[Approval], report: Report, today: date, *, whole: bool) -> Iterator[Diagnostic]:
    """The entries that approve nothing: expired, or of a change that is not there, if `whole` says that all were looked for."""
    changes = {change.fingerprint: change.id for change in report.changes}
    for each in approvals:
        rule = changes.get(each.fingerprint)
        if rule is None and whole:
            yield each.problem(f"there is no change `{each.fingerprint}` that it could approve", "remove the entry")
        elif rule is not None and each.expires is not None and each.expires < today:
            yield each.problem(f"the approval of `{rule}` expired on {each.expires}", "renew it, or undo the change")


def read_approvals(path: Path) -> tuple[Approval, ...]:
    """The entries of a file. Raises `CmpolicyError` if it is unreadable or any entry is wrong."""
    return parse_approvals(str(path), text_of(path, "approvals"))


def parse_approvals(file: str, text: str) -> tuple[Approval, ...]:
    """The entries of a file's text. Raises `CmpolicyError` with everything that is wrong."""
    match documents_of(file, text):
        case []:
            return ()
        case [Document(value, chunk)] if is_list(value):
            return _entries(value, chunk)
        case _:
            raise CmpolicyError(Diagnostic("approvals", "the file is not one list of approvals", file, 1, help=SHAPE))


def _entries(values: Sequence[Json], chunk: Chunk) -> tuple[Approval, ...]:
    entries: list[Approval] = []
    problems: list[Diagnostic] = []
    for number, value in enumerate(values):
        wrong = list(_wrong(value, number, chunk))
        problems += wrong
        if not wrong and isinstance(value, Mapping):
            entries.append(_entry(value, number, chunk))
    problems += _repeated(entries)
    if problems:
        raise CmpolicyError(*problems)
    return tuple(entries)


def _entry(value: JsonMap, number: int, chunk: Chunk) -> Approval:
    fingerprint, owner, reason = (str(value[name]).strip() for name in NEEDED)
    expires = value.get(EXPIRES)
    line, column = position(chunk, f"/{number}")
    day = None if expires is None else date.fromisoformat(str(expires))
    return Approval(fingerprint, owner, reason, day, chunk.file, line, column)


def _wrong(value: Json, number: int, chunk: Chunk) -> Iterator[Diagnostic]:
    if not isinstance(value, Mapping):
        yield _at(chunk, "an approval is a map", SHAPE, number)
        return
    known = (*NEEDED, EXPIRES)
    for name in value:
        if name not in known:
            close = suggest(name, known)
            remedy = (
                f"did you mean `{close}`?" if close else f"an approval has {listed([f'`{each}`' for each in known])}"
            )
            yield _at(chunk, f"an approval has no `{name}`", remedy, number, name)
    for name in NEEDED:
        if value.get(name) is None:
            yield _at(chunk, f"the approval has no `{name}`", _EXPECTED[name], number)
    for name in known:
        given = value.get(name)
        if given is not None and not isinstance(given, str):
            yield _at(chunk, f"the {_NAMES[name]} is no text", "put it in quotes", number, name)
        elif given is not None and not _is_good(name, given):
            yield _at(chunk, f"this is no {_NAMES[name]}", _EXPECTED[name], number, name)


_NAMES: Mapping[str, str] = {
    "fingerprint": "fingerprint",
    "owner": "owner",
    "reason": "reason",
    EXPIRES: "day",
}


def _is_good(name: str, value: str) -> bool:
    match name:
        case "fingerprint":
            return _FINGERPRINT.match(value) is not None
        case "expires":
            return _DAY.match(value) is not None and _is_day(value)
        case _:
            return bool(value.strip())


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _repeated(entries: Iterable[Approval]) -> Iterator[Diagnostic]:
    first: dict[str, Approval] = {}
    for each in entries:
        other = first.setdefault(each.fingerprint, each)
        if other is not each:
            message = f"`{each.fingerprint}` is approved in line {other.line} already"
            yield replace(each.problem(message, "remove one of the two"), level=Level.ERROR)


def _at(chunk: Chunk, message: str, remedy: str, number: int, name: str = "") -> Diagnostic:
    key = name.replace("~", "~0").replace("/", "~1")
    line, column = position(chunk, f"/{number}/{key}" if key else f"/{number}")
    return Diagnostic("approvals", message, chunk.file, line, column, help=remedy)
