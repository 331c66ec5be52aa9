"""What the user's own engines say of the objects that show a change: each is judged by both versions' policies.

An engine that says nothing of an object may have passed it over, or not have loaded the policy. So where it rejects
nothing, it has to reject the rule's own example of a failure, or it has not judged.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.content import printable
from cmpolicy.diagnostics import CmpolicyError, Diagnostic, Level
from cmpolicy.diff.model import ACCEPTED, NO_POLICY, REJECTED, Asked, Change, Report, Witness
from cmpolicy.diff.slices import judged
from cmpolicy.evaluate import Verdict, kind_of
from cmpolicy.generate.case import Case
from cmpolicy.passes.tree import known_kinds
from cmpolicy.pipeline import package
from cmpolicy.process import run
from cmpolicy.selection import unknown
from cmpolicy.targets import load_target
from cmpolicy.targets.command_lines import ENGINES, CommandLine, EngineTrouble, Question, command_lines
from cmpolicy.targets.protocol import Options
from cmpolicy.values import JsonMap

TIMEOUT_SECONDS = 120
MOST_SHOWN = 200
"""Characters that are shown of what an engine says when it fails."""
EVERY = "all"
UID = "c0ffee00-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Engine:
    """A way to ask an engine, and the program to ask."""

    line: CommandLine
    program: Path


def find_engines(wanted: Sequence[str]) -> tuple[tuple[Engine, ...], tuple[Diagnostic, ...]]:
    """The engines of these names, `NAME=PATH` being the program itself, and a warning for each of `all` that is not there.

    Raises `CmpolicyError` for an unknown name, and for a program that is asked for and not there.
    """
    named = dict(each.partition("=")[::2] for each in wanted if each != EVERY)
    if wrong := [unknown("engine", name, [*ENGINES, EVERY]) for name in named if name not in ENGINES]:
        raise CmpolicyError(*wrong)
    found = {name: _program(name, path) for name, path in named.items()}
    absent = []
    for name in ENGINES if EVERY in wanted else ():
        program = found.get(name) or _on_path(name)
        if program is None:
            absent.append(_absent(name, Level.WARNING))
        else:
            found[name] = program
    if not found:
        raise CmpolicyError(*(replace(each, level=Level.ERROR) for each in absent))
    return tuple(Engine(line, found[name]) for name in sorted(found) for line in command_lines(name)), tuple(absent)


def _program(name: str, path: str) -> Path:
    found = shutil.which(path) if path else _on_path(name)
    if found is None and path:
        raise CmpolicyError(Diagnostic("engine", f"`{path}` is no program that can be run", help="name the file"))
    if found is None:
        raise CmpolicyError(_absent(name, Level.ERROR))
    return Path(found).absolute()


def _on_path(name: str) -> Path | None:
    found = next(filter(None, map(shutil.which, ENGINES[name].programs)), None)
    return None if found is None else Path(found)


def _absent(name: str, level: Level) -> Diagnostic:
    remedy = f"install it, or name it: `--engine {name}=PATH`"
    return Diagnostic("engine", f"there is no `{name}` on the PATH to ask", help=remedy, level=level)


Progress: TypeAlias = Callable[[Iterable[Asked]], Iterable[Asked]]
"""Is given answers as they come, and passes them on."""


def with_engines(report: Report, engines: Sequence[Engine], shown: Progress) -> Report:
    """The report with what the engines say of every witness. One that fails to judge is a problem of the report."""
    with TemporaryDirectory(prefix="cmpolicy-engines-") as made:
        # Where the system's folder for temporary files is a link, engines may refuse what is below it.
        scratch = Path(made).resolve()
        inquiries = list(_inquiries(report.changes, engines, scratch))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            asked = tuple(shown(pool.map(_asked, inquiries)))
    return replace(report, asked=asked, problems=(*report.problems, *_failures(asked)))


def _failures(asked: Sequence[Asked]) -> Iterator[Diagnostic]:
    """A problem for each way in which an engine failed, however often it did."""
    failed = [each for each in asked if each.failed]
    for engine, trouble in dict.fromkeys((each.engine, each.trouble) for each in failed):
        where = [
            f"`{each.rule}` on {each.target}" for each in failed if (each.engine, each.trouble) == (engine, trouble)
        ]
        others = f" and {len(where) - 1} more" if len(where) > 1 else ""
        yield Diagnostic("engine", f"{engine} did not judge {where[0]}{others}: {trouble}")


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """A witness, the versions that the target carries, and an engine that judges by them, in a folder of its own."""

    change: Change
    witness: Witness
    target: str
    versions: tuple[ir.Rule | None, ir.Rule | None]
    engine: Engine
    folder: Path


def _inquiries(changes: Iterable[Change], engines: Sequence[Engine], scratch: Path) -> Iterator[_Inquiry]:
    numbers = count()
    for change in changes:
        old, new = change.versions
        for each, witness, engine in product(change.targets, change.witnesses, engines):
            if each.target in engine.line.targets and (each.old or each.new):
                versions = (old if each.old else None, new if each.new else None)
                yield _Inquiry(change, witness, each.target, versions, engine, scratch / str(next(numbers)))


def _asked(inquiry: _Inquiry) -> Asked:
    change, witness, line = inquiry.change, inquiry.witness, inquiry.engine.line
    told = Asked(change.id, witness.newly, inquiry.target, line.name)
    if reason := _unaskable(inquiry):
        return replace(told, trouble=reason)
    kind = next(kind for rule in inquiry.versions if rule and (kind := kind_of(rule, witness.case.manifest)))
    manifest = _with_uid(line.seen(witness.case.manifest, kind))
    try:
        old, new = (_verdict(inquiry, side, manifest, kind) for side in (0, 1))
    except EngineTrouble as trouble:
        return replace(told, trouble=_shortened(printable(str(trouble))), failed=True)
    reference = [_by_reference(rule, manifest) for rule in inquiry.versions]
    return replace(told, old=old, new=new, expected=(reference[0], reference[1]))


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def _unaskable(inquiry: _Inquiry) -> str:
    """Why no command line can be asked, in words for users; nothing if one can."""
    case = inquiry.witness.case
    if not inquiry.witness.valid:
        return "no API server creates the object"
    if case.operation is not ir.Operation.CREATE or case.old is not None:
        return "a command line is only asked about objects that are created"
    if case.others or any(known_kinds(rule) for rule in inquiry.versions if rule):
        return "the rule looks up other objects"
    return ""


def _with_uid(manifest: JsonMap) -> JsonMap:
    metadata = manifest["metadata"]
    assert isinstance(metadata, Mapping)
    return {**manifest, "metadata": {**metadata, "uid": UID}}


def _by_reference(rule: ir.Rule | None, manifest: JsonMap) -> str:
    if rule is None:
        return NO_POLICY
    return REJECTED if judged(rule, Case(manifest)).verdict is Verdict.FAIL else ACCEPTED


def _verdict(inquiry: _Inquiry, side: int, manifest: JsonMap, kind: ir.Kind) -> str:
    """What the engine says of the object by the version of a side. Raises `EngineTrouble` if it does not judge."""
    rule = inquiry.versions[side]
    if rule is None:
        return NO_POLICY
    folder = inquiry.folder / str(side)
    for file in package([rule], load_target(inquiry.target), Options()).files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    question = Question(rule.id, inquiry.target, folder, manifest, kind, folder / "object")
    if _rejects(inquiry.engine, question):
        return REJECTED
    _need_control(inquiry.engine, rule, question)
    return ACCEPTED


def _need_control(engine: Engine, rule: ir.Rule, question: Question) -> None:
    """Raise `EngineTrouble` unless it rejects an example of a failure: what it is silent about, it may not have judged."""
    for example in rule.about.bad:
        kind = kind_of(rule, example.object)
        if kind is None or example.others:
            continue
        manifest = _with_uid(engine.line.seen(example.object, kind))
        control = replace(question, manifest=manifest, kind=kind, scratch=question.folder / "control")
        if _by_reference(rule, manifest) == REJECTED and not _rejects(engine, control):
            raise EngineTrouble(
                "it does not reject the rule's own example of a failure either, so it has not judged by it"
            )
        return


def _rejects(engine: Engine, question: Question) -> bool:
    question.scratch.mkdir(parents=True)
    command = [str(engine.program), *engine.line.arguments(question)]
    # It sees neither the user's settings nor a cluster.
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(question.scratch), "NO_COLOR": "1"}
    try:
        ended = run(command, question.scratch, environment, TIMEOUT_SECONDS)
    except OSError as error:
        raise EngineTrouble(f"it does not start: {(error.strerror or str(error)).lower()}") from error
    if ended is None:
        raise EngineTrouble(f"it gave no answer within {TIMEOUT_SECONDS} s")
    return engine.line.rejects(question, ended)
