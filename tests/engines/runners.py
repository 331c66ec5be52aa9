"""The runners: programs of ours on the engines' own packages, which load a bundle once and judge objects by the thousand.

A runner reads JSON lines and answers each with one, in order:

    {"load": "/path/to/dist/<target>"}                              {"loaded": ["<policy>", ...]}  or  {"error": "..."}
    {"known": [{...}, ...]}                                         {"known": 2}
    {"rule": "<policy>", "object": {...}, "old": null, "operation": "CREATE", "subresource": ""}
                                                                    {"verdict": "pass", "message": ""}

A load replaces what was loaded, and takes the files as the engine's command line does; one that fails leaves nothing.
The known objects are those in the cluster, for policies that look other objects up: they replace the earlier ones and
stay until others come, also through a load. There are none at the start. Each has an apiVersion, a kind and a name, and
no two have the same identity.
An answer's verdict is pass, fail, skip (the policy does not look at the object) or error, which never equals another.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import IO, Any, Self

from cmpolicy.evaluate import Verdict
from cmpolicy.ir import Operation
from cmpolicy.values import Json, JsonMap

from tests.engines.questions import Answer


class RunnerTrouble(Exception):
    """A runner ended, or said something that is no answer."""


class LoadRefused(Exception):
    """The engine does not take the files; the message is its own."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask an engine: its runner's binary and options, the target whose files it loads, and what it can tell."""

    name: str
    binary: str
    target: str
    options: tuple[str, ...] = ()
    request: bool = True
    """It judges an admission request, so it can be asked about an update, and knows the old object."""
    stored: bool = True
    """Its objects come from an API server: a kind is spelled as the server has it."""
    tells_skips: bool = True
    """It tells an object that passed from one that the policy does not look at."""
    carries_values: bool = True
    """Its messages carry values of the object."""
    types_namespaces: bool = False
    """It keeps the known namespaces by the type that an API server insists on, for what its constraints match."""
    matches_kinds_only: bool = False
    """It looks at every version of a kind and at every operation: its templates pass over what a rule is not about."""


WAYS = {
    way.name: way
    for way in (
        Way("kyverno", "kyverno-runner", "kyverno", ("--policy=cluster",)),
        Way("kyverno-background", "kyverno-runner", "kyverno", ("--policy=cluster", "--background"), request=False),
        Way("kyverno-cel", "kyverno-runner", "kyverno-cel", ("--policy=validating",)),
        Way(
            "kyverno-cel-background",
            "kyverno-runner",
            "kyverno-cel",
            ("--policy=validating", "--background"),
            request=False,
        ),
        Way(
            "gatekeeper-cel",
            "gatekeeper-runner",
            "gatekeeper",
            ("--cel",),
            types_namespaces=True,
            matches_kinds_only=True,
        ),
        Way(
            "gatekeeper-rego",
            "gatekeeper-runner",
            "gatekeeper",
            ("--rego",),
            types_namespaces=True,
            matches_kinds_only=True,
        ),
        Way("vap", "vap-runner", "vap"),
        Way("datree", "datree", "datree", request=False, stored=False, tells_skips=False, carries_values=False),
    )
}
"""Every way that a verdict is asked for."""
NOTHING_KNOWN = '{"known": []}\n'


@dataclass(frozen=True, slots=True)
class Request:
    """A rule by its policy's name, and an object put to it; `old` on an update or a deletion; `others` are known."""

    rule: str
    object: Json
    old: Json = None
    operation: Operation = Operation.CREATE
    subresource: str = ""
    others: tuple[JsonMap, ...] = ()

    def line(self) -> str:
        asked = {"rule": self.rule, "object": self.object, "old": self.old}
        return json.dumps({**asked, "operation": self.operation, "subresource": self.subresource}) + "\n"

    def known_line(self) -> str:
        return json.dumps({"known": self.others}) + "\n" if self.others else NOTHING_KNOWN


class Runner:
    """A running program. It ends with the `with` block."""

    def __init__(self, way: Way, binary: Path) -> None:
        self.way = way
        self._known = NOTHING_KNOWN
        self._home = tempfile.TemporaryDirectory()
        self._errors = Path(self._home.name, "stderr")
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [str(binary), *way.options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=self._home.name,
                env={"PATH": "/usr/bin:/bin", "HOME": self._home.name},
                text=True,
                encoding="utf-8",
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # What was not written to a program that had ended is lost here, and was told by whoever read its answers.
                with suppress(BrokenPipeError):
                    pipe.close()
        self._home.cleanup()

    def load(self, bundle: Path) -> list[str]:
        """The names of the policies in the target's folder below `bundle`; raises LoadRefused."""
        (answer,) = self._tell([json.dumps({"load": str(bundle / self.way.target)}) + "\n"])
        if "error" in answer:
            raise LoadRefused(answer["error"])
        loaded: list[str] = answer["loaded"]
        return loaded

    def ask(self, requests: Sequence[Request]) -> list[Answer]:
        """An answer to each request. Those with the same known objects are put together, so that these are told once."""
        lots: dict[str, list[int]] = {}
        for number, request in enumerate(requests):
            lots.setdefault(request.known_line(), []).append(number)
        found: dict[int, Answer] = {}
        for known, numbers in lots.items():
            self._know(known)
            answers = self._tell([requests[number].line() for number in numbers])
            found |= {number: _answer(answer) for number, answer in zip(numbers, answers, strict=True)}
        return [found[number] for number in range(len(requests))]

    def _know(self, line: str) -> None:
        if line != self._known:
            (answer,) = self._tell([line])
            assert "known" in answer, f"{self.way.name} answered {answer}"
            self._known = line

    def _tell(self, lines: Sequence[str]) -> list[dict[str, Any]]:
        """Write the lines while reading as many answers: neither pipe may fill up."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        writer = Thread(target=_write, args=(stdin, lines), daemon=True)
        writer.start()
        answers = [self._answer(stdout) for _ in lines]
        writer.join()
        return answers

    def _answer(self, stdout: IO[str]) -> dict[str, Any]:
        line = stdout.readline()
        try:
            answer: dict[str, Any] = json.loads(line)
        except json.JSONDecodeError:
            said = self._errors.read_text(encoding="utf-8", errors="replace")[-3000:]
            raise RunnerTrouble(f"{self.way.name} answered `{line.strip()}`\n{said}") from None
        return answer


def _answer(answer: dict[str, Any]) -> Answer:
    return Answer(Verdict(answer["verdict"]), answer.get("message", ""))


def _write(stdin: IO[str], lines: Iterable[str]) -> None:
    try:
        for line in lines:
            stdin.write(line)
        stdin.flush()
    except (BrokenPipeError, ValueError):
        """It has ended; whoever reads its answers says so."""
