"""What makes a comparison fail: thresholds, and the exit code."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import assert_never

from cmpolicy.diagnostics import Level
from cmpolicy.diff.model import Aspect, Change, Evidence, Meaning, Report, Status

NOTHING_TO_REPORT, THRESHOLD, UNREADABLE, DISPUTED = 0, 1, 2, 3


class Gate(StrEnum):
    """A threshold, by the word of `--fail-on`."""

    LOOSENED = "loosened"
    TIGHTENED = "tightened"
    BREAKING = "breaking"
    UNKNOWN = "unknown"
    VERSION = "version"
    ANY = "any"
    NOTHING = "nothing"


_LOOSENING = (Aspect.ACTION_LOWERED, Aspect.SUPPORT_LOST, Aspect.SCOPE_NARROWER)
_TIGHTENING = (Aspect.ACTION_RAISED, Aspect.SUPPORT_GAINED)
_BREAKING = (Aspect.PARAMETERS_BROKEN, Aspect.ACTION_RAISED, Aspect.SUPPORT_LOST)


def reaches(change: Change, gate: Gate) -> bool:
    """Whether the change is what the gate stops."""
    match gate:
        case Gate.LOOSENED:
            return change.meaning in (Meaning.LOOSENED, Meaning.MIXED) or change.has(*_LOOSENING)
        case Gate.TIGHTENED:
            return _tightens(change) or change.has(*_TIGHTENING)
        case Gate.BREAKING:
            gone = change.status in (Status.REMOVED, Status.RENAMED)
            return _tightens(change) or gone or change.has(*_BREAKING)
        case Gate.UNKNOWN:
            # A direction that was only looked into by samples may hide what the other gates stop.
            return change.evidence in (Evidence.SAMPLED, Evidence.UNKNOWN) or _is_half_known(change)
        case Gate.VERSION:
            # It is about a pack, and not about one change.
            return False
        case Gate.ANY:
            return not change.is_silent
        case Gate.NOTHING:
            return False
        case _:
            assert_never(gate)


def _tightens(change: Change) -> bool:
    return change.meaning in (Meaning.TIGHTENED, Meaning.MIXED)


def _is_half_known(change: Change) -> bool:
    return change.evidence is Evidence.WITNESS and change.meaning is not Meaning.MIXED


def exit_code(report: Report, gates: Iterable[Gate], approved: Collection[str] = ()) -> int:
    """2 if a side could not be read whole, else 3 if targets or engines say different things, else 1 if a gate
    stops something.

    `approved` are the fingerprints of changes that no gate stops.
    """
    if any(problem.level is Level.ERROR for problem in report.problems):
        return UNREADABLE
    if report.disputed or any(each.disagrees for each in report.asked):
        return DISPUTED
    asked = [change for change in report.changes if change.fingerprint not in approved]
    chosen = list(gates)
    stopped = any(reaches(change, gate) for gate in chosen for change in asked)
    if any(gate in (Gate.VERSION, Gate.ANY) for gate in chosen):
        stopped = stopped or any(each.is_too_small for each in report.versions)
    return THRESHOLD if stopped else NOTHING_TO_REPORT
