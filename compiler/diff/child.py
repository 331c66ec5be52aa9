"""Load rules in a process of its own: what a Git revision holds is code, and was perhaps written by somebody else.

The process gets no variable of this one but where programs are and what language is spoken, no input, and the folder of
the extracted files to work in. It tells what it found as JSON. **This keeps secrets out of its environment and its
effects out of this process; it is no sandbox**: the code may do whatever the user may.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cmpolicy import ir
from cmpolicy.content import printable
from cmpolicy.diagnostics import CmpolicyError, Diagnostic, Level
from cmpolicy.ir_json import DecodeError, decode_rule, encode_rule
from cmpolicy.ir_json.read import boolean, each, field, mapping, text, texts, whole
from cmpolicy.load import load_packs
from cmpolicy.process import limit_files, run
from cmpolicy.values import Json

TIMEOUT_SECONDS = 120
MOST_BYTES = 2**26
"""What the process may write to a file, and so say."""
KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT")
"""The variables that the process inherits; the last is what Windows needs to start one."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the process told: the rules, what was wrong with others, the ids of those, and the versions of packs."""

    rules: tuple[ir.Rule, ...]
    problems: tuple[Diagnostic, ...]
    broken: frozenset[str]
    unread: bool
    versions: Mapping[str, str]


def load(packs: Sequence[Path], root: Path) -> Found:
    """The rules of these packs below the root, loaded by another process. Raises `CmpolicyError` if that fails."""
    command = [sys.executable, "-I", "-m", "cmpolicy.diff.child", *(str(pack) for pack in packs)]
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    ended = run(command, root, environment, TIMEOUT_SECONDS)
    if ended is None:
        remedy = "a rule that waits for something has no place in a pack"
        problem = Diagnostic("diff", f"the rules of the revision did not load within {TIMEOUT_SECONDS} s", help=remedy)
        raise CmpolicyError(problem)
    try:
        return _read(json.loads(ended.out))
    except (ValueError, RecursionError, DecodeError) as error:
        reason = f"their process {ended.how}"
        if said := ended.errors.decode(errors="replace").strip().splitlines():
            reason = f"{reason}, and said last: {printable(said[-1])}"
        raise CmpolicyError(Diagnostic("diff", f"the rules of the revision do not load: {reason}")) from error


def _read(raw: Json) -> Found:
    problems = tuple(_problem(one) for one in each(raw, "problems"))
    rules: list[ir.Rule] = []
    for one in each(raw, "rules"):
        try:
            rules.append(decode_rule(one))
        except DecodeError as error:
            problems = (*problems, Diagnostic("diff", f"a rule of the revision: {error}"))
    declared = mapping(field(raw, "versions"))
    versions = {pack: text(declared, pack) for pack in declared}
    return Found(tuple(rules), problems, frozenset(texts(raw, "broken")), boolean(raw, "unread"), versions)


def _problem(raw: Json) -> Diagnostic:
    names = ("line", "column", "end_column")
    numbers = {name: whole(raw, name) for name in names}
    level = Level.WARNING if text(raw, "level") == Level.WARNING else Level.ERROR
    return Diagnostic(
        text(raw, "code"), text(raw, "message"), text(raw, "file"), **numbers, help=text(raw, "help"), level=level
    )


def main(packs: Sequence[str]) -> None:
    """Print what the packs hold. What the rules themselves print goes to the standard error stream."""
    limit_files(MOST_BYTES)
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    root = Path.cwd()

    def below(file: str) -> str:
        path = Path(file)
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else file

    loaded = load_packs([Path(pack) for pack in packs])
    document = {
        "rules": [encode_rule(rule, below) for rule in loaded.rules],
        "problems": [{**asdict(problem), "file": below(problem.file)} for problem in loaded.diagnostics],
        "broken": sorted(loaded.broken),
        "unread": loaded.unread,
        "versions": loaded.versions,
    }
    json.dump(document, told)
    told.close()


if __name__ == "__main__":
    main(sys.argv[1:])
