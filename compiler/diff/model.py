"""What a comparison finds: frozen values that every form of output shows, each in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cmpolicy import ir
from cmpolicy.check import Place
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.generate.case import Case
from cmpolicy.values import Json, JsonMap


class Meaning(StrEnum):
    """What became of the set of objects that a rule rejects. `UNDECIDED` is never shown as equivalent."""

    EQUIVALENT = "equivalent"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    MIXED = "mixed"
    UNDECIDED = "undecided"


class Evidence(StrEnum):
    """How a meaning is known: proved for every object; shown by an object; not refuted by as many samples as there are to
    try; or not at all, as the budget of steps ended before.
    """

    PROVED = "proved"
    WITNESS = "witness"
    SAMPLED = "sampled"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """Which sides have the rule."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    KEPT = "kept"


class Aspect(StrEnum):
    """What else of a rule may change, beside which objects it rejects."""

    SCOPE_WIDER = "scope wider"
    SCOPE_NARROWER = "scope narrower"
    ACTION_RAISED = "action raised"
    ACTION_LOWERED = "action lowered"
    PARAMETERS_BROKEN = "parameter schema broken"
    PARAMETERS_EXTENDED = "parameter schema extended"
    PARAMETERS_RESET = "parameter default changed"
    SUPPORT_GAINED = "target support gained"
    SUPPORT_LOST = "target support lost"
    MESSAGE = "message"
    METADATA = "metadata"
    TEXT = "generated text"


@dataclass(frozen=True, slots=True)
class Note:
    """One aspect that changed, and how, in words for users: `minimum: 3 -> 2`."""

    aspect: Aspect
    text: str


@dataclass(frozen=True, slots=True)
class Witness:
    """An object whose verdict changed. `newly` is what it is now: rejected (tightened) or accepted (loosened).

    `valid` is whether it fits the Kubernetes schema as far as the field index tells; an API server refuses others before
    any policy sees them.
    """

    newly: str
    case: Case
    valid: bool
    message: str

    @property
    def tightens(self) -> bool:
        """Whether it was accepted and is rejected now."""
        return self.newly == REJECTED


REJECTED = "rejected"
ACCEPTED = "accepted"
NO_POLICY = "no policy"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one direction of a change: it is impossible, shown, or neither after so many samples.

    `cut` says that the budget of steps ended before all was tried that would have been.
    """

    proved: bool = False
    witness: Witness | None = None
    samples: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TextChange:
    """A difference in what a target's files say: the object, the path in it, and both values; None is none."""

    object: str
    path: str
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class TargetChange:
    """What a change is on one target: whether each side is carried there, and how the generated text differs."""

    target: str
    old: bool
    new: bool
    gap: str = ""
    text: tuple[TextChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A rule's change, on these targets. `rule` is its new id, `old_rule` the old one; either is "" where there is none.

    `at_defaults` says that it was compared with each parameter set to its default, so other values may tell another
    story; without it, what is said holds of all values. With `at_values` the defaults are those of a values file.
    """

    rule: str
    old_rule: str
    pack: str
    status: Status
    meaning: Meaning
    evidence: Evidence
    samples: int
    tightened: Finding
    loosened: Finding
    notes: tuple[Note, ...]
    targets: tuple[TargetChange, ...]
    at_defaults: bool
    severity: ir.Severity
    places: tuple[ir.Location | None, ir.Location | None]
    sources: tuple[str, str]
    fingerprint: str
    versions: tuple[ir.Rule | None, ir.Rule | None]
    at_values: bool = False

    @property
    def id(self) -> str:
        """The id by which it is shown."""
        return self.rule or self.old_rule

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """The objects that show it, one for each direction."""
        return tuple(each.witness for each in (self.loosened, self.tightened) if each.witness is not None)

    @property
    def is_silent(self) -> bool:
        """Nothing that users can notice changed: at most the text that is generated."""
        same = self.meaning is Meaning.EQUIVALENT and self.status is Status.KEPT
        return same and all(note.aspect is Aspect.TEXT for note in self.notes)

    def has(self, *aspects: Aspect) -> bool:
        """Whether one of these aspects changed."""
        return any(note.aspect in aspects for note in self.notes)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom an object belongs to, and how that is known: the label or annotation that says so, else `namespace`."""

    name: str
    by: str


@dataclass(frozen=True, slots=True)
class Affected:
    """An object of the corpus that a change newly rejects or accepts, and the field that the rejecting version is about.

    `identity` has its apiVersion, kind, namespace and name; `document` counts the objects of its file from 0.
    """

    rule: str
    newly: str
    owner: Owner
    identity: JsonMap
    place: Place
    document: int
    message: str


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change does to the objects of a corpus: how many there are, and those whose verdict differs."""

    objects: int
    affected: tuple[Affected, ...]

    def count(self, newly: str) -> int:
        """The objects that are newly rejected, or accepted, each once however many rules say so."""
        return len({(each.place.file, each.document) for each in self.affected if each.newly == newly})


@dataclass(frozen=True, slots=True)
class Asked:
    """What an engine says of the witness of a rule's change by both versions: `rejected`, `accepted`, or `no policy`.

    `expected` is what the reference says. `trouble` is why there is no answer, and `failed` that the engine was asked and
    is to blame.
    """

    rule: str
    newly: str
    target: str
    engine: str
    old: str = ""
    new: str = ""
    expected: tuple[str, str] = ("", "")
    trouble: str = ""
    failed: bool = False

    @property
    def disagrees(self) -> bool:
        """Whether it says something else than the reference."""
        return not self.trouble and (self.old, self.new) != self.expected


class Bump(StrEnum):
    """How far a version goes up, least first."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class PackVersion:
    """How far a pack's version has to go up, and the changes that ask for as much, in words for users.

    `old` and `new` are what both sides declare, "" for nothing; `least` is the version that is needed, "" if the old one is not
    known. It is not `sure` where a change may turn out to need more.
    """

    pack: str
    bump: Bump
    because: tuple[str, ...]
    sure: bool
    old: str
    new: str
    least: str
    is_too_small: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Two sides compared: their names, every rule that differs, how many do not, and what could not be compared.

    `disputed` are the rules of which targets say different things; each has a change for each. `not_compared` are those
    that a side has and that could not be read there.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Diagnostic, ...] = ()
    disputed: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    impact: Impact | None = None
    asked: tuple[Asked, ...] = ()
    versions: tuple[PackVersion, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many changes have each meaning, in the order of the words."""
        found = [change.meaning for change in self.changes]
        return {meaning.value: found.count(meaning) for meaning in Meaning if meaning in found}
