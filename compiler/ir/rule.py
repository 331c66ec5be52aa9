"""The rule around the nodes: what it looks at, what must hold, what its message shows, and what people read about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from cmpolicy.ir.kind import Kind
from cmpolicy.ir.nodes import TRUE, Condition, Param, Value
from cmpolicy.values import Json, JsonMap


class Severity(StrEnum):
    """How much a failure matters, most first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Operation(StrEnum):
    """An admission operation."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


DEFAULT_PROFILE = "default"
"""The profile whose rules are used where no other is asked for."""

Message: TypeAlias = tuple[str | Value, ...]
"""Constant parts and values, shown one after the other, without white space (Go's `unicode.IsSpace`) at the ends.

A value is shown as text: a str as it is with each line feed made a space, `true` or `false`, an integral num of
magnitude at most 2^53 in digits, any other num of magnitude in [0.0001, 1000000) in shortest decimal form, and as
nothing if it is anything else (null, a list, a map, another num). Of a text over 200 code points the first 200 show.
"""


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A text that shows values of the object, as a message does; `source` is how the author wrote it."""

    message: Message
    source: str


Template: TypeAlias = "Json | Param | Shown | Sequence[Template] | Mapping[str, Template]"
"""JSON in which some values are what a parameter of the rule is set to, and some texts show values of the object."""


@dataclass(frozen=True, slots=True, eq=False)
class HelmValue:
    """What fixes a failure of the objects for which `when` is true.

    It equals itself alone, so that its condition can be compiled once.
    """

    value: Template
    when: Condition = TRUE


@dataclass(frozen=True, slots=True, eq=False)
class FixManifest:
    """A manifest that, once it is there, fixes a failure of the objects for which `when` is true."""

    manifest: Template
    when: Condition = TRUE


@dataclass(frozen=True, slots=True)
class Example:
    """An object that a rule passes or fails, and the other objects that are known then."""

    object: JsonMap
    others: tuple[JsonMap, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What people read about a rule; nothing of it changes a verdict."""

    title: str = ""
    """One sentence without a final period: what holds where the rule passes."""
    description: str = ""
    """Why it matters: one or more paragraphs."""
    severity: Severity = Severity.MEDIUM
    pack: str = ""
    category: str = ""
    """The heading that catalogues file the rule under, such as `High availability`."""
    remedy: str = ""
    """What to do, in a sentence; may be empty if `helm_values` says it."""
    helm_values: Mapping[str, HelmValue] = field(default_factory=dict)
    """Dotted Helm value to what fixes a failure. Read it through `cmpolicy.helm`."""
    fix_manifests: tuple[FixManifest, ...] = ()
    """What fixes a failure that no value of a chart does. Read it through `cmpolicy.helm`."""
    controls: tuple[str, ...] = ()
    """Controls of other catalogues that ask for the same, such as `CIS 5.1.6`."""
    sources: tuple[str, ...] = ()
    docs: str = ""
    """A link to read more."""
    profiles: tuple[str, ...] = (DEFAULT_PROFILE,)
    """The sets of rules that it belongs to; a rule outside `default` is one that not everybody wants."""
    manifest_only: bool = False
    """The rule only makes sense on the manifest as written: the API server fills in what it reads."""
    good: tuple[Example, ...] = ()
    bad: tuple[Example, ...] = ()
    condition_source: str = ""
    """The author's own text of the condition."""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: which objects it looks at and what must hold of them.

    An object whose kind is not in `kinds` or for which `when` is false is skipped. Else it passes if `condition` is
    true and fails with `message` if not. `parameters` lists every parameter in order of declaration.
    """

    id: str
    kinds: tuple[Kind, ...]
    operations: tuple[Operation, ...]
    when: Condition
    condition: Condition
    message: Message
    parameters: tuple[Param, ...] = ()
    about: About = field(default_factory=lambda: About())

    @property
    def is_local(self) -> bool:
        """Whether it is about what no cluster has; see `Kind.is_local`."""
        return any(kind.is_local for kind in self.kinds)

    def with_conditions(self, when: Condition, condition: Condition) -> Rule:
        """The same rule with other conditions."""
        return replace(self, when=when, condition=condition)
