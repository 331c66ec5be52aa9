"""Comparisons made by hand: small ones, and such as somebody would make who wants to break what shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cmpolicy import ir
from cmpolicy.diff.approvals import Approval
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.model import (
    ACCEPTED,
    REJECTED,
    Aspect,
    Change,
    Evidence,
    Finding,
    Meaning,
    Note,
    Report,
    Status,
    TargetChange,
    TextChange,
    Witness,
)
from cmpolicy.diff.review import Review
from cmpolicy.generate.case import Case
from cmpolicy.values import JsonMap

HOSTILE = (
    "a | b\\| ``` ~~~ </code></details></pre></script><script>alert(1)</script><img src=x onerror=alert(1)> @everyone @a/b "
    "#1 [x](http://e.example) ![y](z) **b** __i__ &amp; %0A::error::x ##[error]x $x$ ]]> <!-- --> \r\n::error::y\n\n| t |\n# h\x1b[31m\x00\x0b\u2028"
)
"""What Markdown, HTML, XML, a terminal and GitHub would obey, were it not escaped."""

OBJECT: JsonMap = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"hostNetwork": True}}
PLACE = ir.Location("policies/pack/one.py", 12, 1)


def witness(newly: str = REJECTED, message: str = "it is bad", value: JsonMap = OBJECT) -> Witness:
    """An object that shows a change."""
    return Witness(newly, Case(value), valid=True, message=message)


def change(name: str = "my-one", **parts: Any) -> Change:
    """A tightened rule, with other parts if they are given."""
    made = Change(
        rule=name,
        old_rule=name,
        pack="my_pack",
        status=Status.KEPT,
        meaning=Meaning.TIGHTENED,
        evidence=Evidence.PROVED,
        samples=0,
        tightened=Finding(witness=witness()),
        loosened=Finding(proved=True),
        notes=(),
        targets=(TargetChange("vap", True, True, text=(TextChange("X a", "spec/a", 1, 2),)),),
        at_defaults=False,
        severity=ir.Severity.HIGH,
        places=(PLACE, PLACE),
        sources=("pod.a\n& pod.b", "pod.a\n& pod.c"),
        fingerprint="abcdef012345",
        versions=(None, None),
    )
    return replace(made, **parts)


def hostile() -> Change:
    """A change all of whose texts are hostile."""
    value: JsonMap = {**OBJECT, HOSTILE: [HOSTILE], "metadata": {"name": HOSTILE, "annotations": {"a": "x\n`````\n"}}}
    return change(
        HOSTILE,
        old_rule="my-old",
        pack=HOSTILE,
        status=Status.RENAMED,
        meaning=Meaning.MIXED,
        tightened=Finding(witness=witness(REJECTED, HOSTILE, value)),
        loosened=Finding(witness=witness(ACCEPTED, HOSTILE, value)),
        notes=(Note(Aspect.MESSAGE, HOSTILE), Note(Aspect.SUPPORT_LOST, f"vap: {HOSTILE}")),
        targets=(
            TargetChange("vap", True, False, HOSTILE, (TextChange(HOSTILE, HOSTILE, HOSTILE, {HOSTILE: HOSTILE}),)),
            TargetChange("kyverno", True, True),
        ),
        places=(None, ir.Location(f"a,b:{HOSTILE}.py", 3, 1)),
        sources=(f"old\n{HOSTILE}", f"new\n{HOSTILE}\nmore"),
        fingerprint="bbbbbb012345",
    )


def review(*changes: Change, gates: tuple[Gate, ...] = (Gate.ANY,), **parts: Any) -> Review:
    """A review of these changes; of the sample if none is given."""
    report = Report("main", "working tree", changes or (change(),), 3)
    return Review(replace(report, **parts), gates)


def approved(asked: Review, owner: str = "@acme/security", reason: str = "why not") -> Review:
    """The same with every change approved."""
    entries = {each.fingerprint: Approval(each.fingerprint, owner, reason) for each in asked.report.changes}
    return replace(asked, approvals=entries)
