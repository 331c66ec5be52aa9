"""A comparison with what is asked of it: which changes must not pass, and which of those somebody approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cmpolicy.diff.approvals import Approval
from cmpolicy.diff.gates import Gate, exit_code, reaches
from cmpolicy.diff.model import Change, Meaning, PackVersion, Report


class Weight(StrEnum):
    """How much a change matters to who has to merge it."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Review:
    """What every form of output shows. `approvals` are those in force, by the fingerprint of what they approve."""

    report: Report
    gates: tuple[Gate, ...] = ()
    approvals: Mapping[str, Approval] = field(default_factory=dict)

    def approval(self, change: Change) -> Approval | None:
        """Who approved the change."""
        return self.approvals.get(change.fingerprint)

    def stopped_by(self, change: Change) -> tuple[Gate, ...]:
        """The gates that the change does not pass; none if it is approved."""
        if self.approval(change) is not None:
            return ()
        return tuple(gate for gate in self.gates if reaches(change, gate))

    def weight(self, change: Change) -> Weight:
        """An error if a gate stops it, a warning if nobody knows what it means, else a notice."""
        if self.stopped_by(change):
            return Weight.ERROR
        unknown = change.meaning is Meaning.UNDECIDED and self.approval(change) is None
        return Weight.WARNING if unknown else Weight.NOTICE

    @property
    def stopped(self) -> tuple[Change, ...]:
        """The changes that some gate stops."""
        return tuple(change for change in self.report.changes if self.stopped_by(change))

    @property
    def too_small(self) -> tuple[PackVersion, ...]:
        """The declared versions that a gate stops, as the changes ask for more."""
        asked = any(gate in (Gate.VERSION, Gate.ANY) for gate in self.gates)
        return tuple(each for each in self.report.versions if each.is_too_small) if asked else ()

    @property
    def exit_code(self) -> int:
        """How the command ends."""
        return exit_code(self.report, self.gates, frozenset(self.approvals))
