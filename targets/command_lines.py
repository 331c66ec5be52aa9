"""The engines' own command lines, as users have them: how each is asked about an object, and how its answer is read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from cmpolicy.ir import Kind
from cmpolicy.process import Ended
from cmpolicy.values import JsonMap


class EngineTrouble(Exception):
    """An engine did not judge; the message says why, in words for users."""


@dataclass(frozen=True, slots=True)
class Question:
    """An object, which has a uid, and the policy that judges it: a rule's id, and the target's folder that holds it.

    `scratch` is an empty folder for what the command line needs beside them.
    """

    rule: str
    target: str
    folder: Path
    manifest: JsonMap
    kind: Kind
    scratch: Path

    @property
    def uid(self) -> str:
        """The object's uid, by which an answer names it."""
        metadata = self.manifest["metadata"]
        assert isinstance(metadata, Mapping)
        return str(metadata["uid"])

    def written(self) -> Path:
        """The object in a file of the scratch folder. It is JSON, which every reader of YAML reads alike."""
        path = self.scratch / "object.yaml"
        path.write_text(json.dumps(self.manifest), encoding="utf-8")
        return path


class CommandLine(Protocol):
    """A way to ask an engine. What it says of one object by one policy is a failure of it, or not."""

    @property
    def name(self) -> str: ...

    @property
    def targets(self) -> Sequence[str]:
        """The targets whose policies it judges by."""
        ...

    def seen(self, manifest: JsonMap, kind: Kind) -> JsonMap:
        """The object as the engine judges it, after its own edits."""
        ...

    def arguments(self, question: Question) -> Sequence[str]:
        """What follows the program's name."""
        ...

    def rejects(self, question: Question, ended: Ended) -> bool:
        """Whether it reports a failure of the object. Raises `EngineTrouble` if it reports that it could not judge."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """An engine in the table: the module that holds its `COMMAND_LINES`, and the names that its program goes by."""

    module: str
    programs: tuple[str, ...]


ENGINES: Mapping[str, Entry] = {
    "gator": Entry("cmpolicy.targets.gatekeeper.command_line", ("gator",)),
    "kyverno": Entry("cmpolicy.targets.kyverno.command_line", ("kyverno", "kubectl-kyverno")),
}


def command_lines(engine: str) -> Sequence[CommandLine]:
    """The ways to ask the engine of this name. Raises `KeyError` for an unknown one."""
    found: Sequence[CommandLine] = import_module(ENGINES[engine].module).COMMAND_LINES
    return found


_BROKEN = re.compile(r"compilation error: |expression '.*' resulted in error: |\S*:\d+: \w+_error: ", re.DOTALL)


def need_judged(message: str) -> None:
    """Raise `EngineTrouble` for the message of a failure that is none: engines report one where they could not evaluate."""
    if _BROKEN.match(message):
        raise EngineTrouble(f"it could not evaluate the rule: {message}")


def trouble(ended: Ended) -> EngineTrouble:
    """What to raise where a program ended in a way that no verdict explains."""
    said = (ended.errors.strip() or ended.out.strip()).decode(errors="replace").splitlines()
    return EngineTrouble(f"it {ended.how}{f': {said[-1].strip()}' if said else ''}")
