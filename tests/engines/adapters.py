"""The engines' command lines, and how a verdict is read from each without being fooled.

Everything an engine prints that is not a verdict is trouble, but for Kyverno's notice that ClusterPolicy is deprecated.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from cmpolicy.evaluate import Verdict, kind_of
from cmpolicy.fields.index import custom_kinds
from cmpolicy.generate.others import identity
from cmpolicy.ir import Kind, Rule
from cmpolicy.passes.tree import known_kinds
from cmpolicy.targets.kyverno.crds import definition
from cmpolicy.targets.kyverno.suite import bystander, context, listed, looks_up_custom
from cmpolicy.values import JsonMap

from tests.engines.questions import Answer, Question, metadata, rounds, with_metadata
from tests.engines.runners import WAYS, LoadRefused, Request, Runner, RunnerTrouble

TIMEOUT_SECONDS = 600
DEPRECATED = re.compile(r"Warning: \S+: kyverno\.io/v1 ClusterPolicy is deprecated and will be removed .*")
CEL_ERROR = re.compile(r"expression '.*' resulted in error: ", re.DOTALL)
REGO_ERROR = re.compile(r"\S*:\d+: \w+_error: ")
UNMATCHED = Answer(Verdict.SKIP)
UNREPORTED = Answer(Verdict.PASS)

Answers: TypeAlias = dict[tuple[str, str], Answer]
"""An answer by rule id and uid."""


class EngineTrouble(Exception):
    """An engine printed something unexpected, or ended in a way that its verdicts do not explain."""


class Engine(Protocol):
    """A command line that judges the files of a target."""

    @property
    def name(self) -> str: ...

    @property
    def target(self) -> str: ...

    @property
    def tells_passes(self) -> bool:
        """Whether it tells an object that passed from one that it did not look at."""

    @property
    def carries_values(self) -> bool:
        """Whether its messages carry values of the object."""

    def can_ask(self, rule: Rule) -> bool:
        """Whether it can be asked about the rule at all. Its policy is loaded either way."""

    def accepts(self, question: Question) -> bool:
        """Whether it can be given the object at all."""

    def seen(self, question: Question) -> JsonMap:
        """The object as the engine judges it, after its own edits."""

    def known(self, question: Question) -> tuple[JsonMap, ...]:
        """The objects that the engine knows when it judges this one."""

    def ask(self, bundle: Path, asked: Sequence[Question]) -> list[Answer]:
        """An answer to each question by the files below `bundle`, the folder that holds the targets' folders."""


@dataclass(frozen=True, slots=True)
class Kyverno:
    """`kyverno apply`. It compiles every policy that it is given again for every object: a process for each rule.

    With `together`, one process gets the whole folder, which shows that the policies leave each other alone.

    It answers the calls of a ClusterPolicy by the objects that it is given to judge, and panics where a policy calls for a
    kind of which it was given none: `looked_up` are those that policies of the folder call for.
    """

    name: str
    target: str
    binary: Path
    together: bool = False
    looked_up: tuple[Kind, ...] = ()
    tells_passes: bool = True
    carries_values: bool = True

    def can_ask(self, rule: Rule) -> bool:
        """It finds no objects of CRDs for CEL, whatever it is given: such a rule is an error of the policy there."""
        return self._calls or not looks_up_custom(rule)

    def accepts(self, question: Question) -> bool:
        """It takes a kind that ends in `List` for a list of objects, and panics if it is none."""
        return not str(question.manifest["kind"]).endswith("List")

    def seen(self, question: Question) -> JsonMap:
        """It fills in the namespace `default`, and an empty map for null under the names of some maps."""
        kind = kind_of(question.rule, question.manifest)
        manifest: JsonMap = _null_maps_filled(question.manifest)
        if kind is None or not kind.namespaced or metadata(manifest).get("namespace"):
            return manifest
        return with_metadata(manifest, namespace="default")

    @property
    def _calls(self) -> bool:
        return self.target == "kyverno"

    def known(self, question: Question) -> tuple[JsonMap, ...]:
        if not self._calls:
            return listed(question.rule, question.others)
        seen, kinds = self.seen(question), known_kinds(question.rule)
        others = [_null_maps_filled(other) for other in question.others if identity(other) != identity(seen)]
        return (*_with_bystanders([*others, seen], kinds),)

    def ask(self, bundle: Path, asked: Sequence[Question]) -> list[Answer]:
        policies = bundle / self.target / "policies"
        lots = _lots(asked, self._lot)
        answers = _gathered(
            lambda lot: self.apply(policies if self.together else policies / f"{lot[0].rule.id}.yaml", lot), lots
        )
        return [answers.get((question.rule.id, question.uid), UNMATCHED) for question in asked]

    def _lot(self, question: Question) -> str:
        if self.together:
            return ""
        alone = question.uid if self._calls and known_kinds(question.rule) else ""
        return f"{question.rule.id} {json.dumps(question.others)} {alone}"

    def apply(self, policies: Path, asked: Sequence[Question]) -> Answers:
        """What the policies, a file or a folder of them, say of the objects; no two of these may share an identity."""
        with tempfile.TemporaryDirectory() as scratch:
            resources = write_objects(Path(scratch), asked, self._others(asked))
            flags = [f"--resource={resources}", "--policy-report", "--output-format=json"]
            if known_kinds(asked[0].rule) and not self._calls:
                others = Path(scratch, "context.yaml")
                others.write_text(json.dumps(context(asked[0].rule, asked[0].others)), encoding="utf-8")
                flags.append(f"--context-file={others}")
            result = run([self.binary, "apply", policies, *flags, *self._definitions(asked, scratch)], scratch)
        lines = result.stdout.split("\n")
        reports = [line for line in lines if line.startswith("{")]
        chatter = [line for line in lines if not _is_expected_line(line)]
        if chatter or result.stderr or result.returncode not in (0, 1) or len(reports) > 1:
            raise EngineTrouble(f"{self.name} on `{policies}` ended with {result.returncode}:\n{_both(result)}")
        rows = json.loads(reports[0])["results"] if reports else []
        return _once((row["policy"], row["resources"][0]["uid"], _kyverno_answer(row)) for row in rows)

    def _definitions(self, asked: Sequence[Question], scratch: str) -> list[str]:
        """The kinds that are not Kubernetes' own, which it has to be told of to judge them by VAP."""
        kinds = {kind for question in asked for kind in custom_kinds() if _is_of(question.manifest, kind)}
        if self.target != "vap" or not kinds:
            return []
        file = Path(scratch, "crds.yaml")
        file.write_text("\n---\n".join(json.dumps(definition(kind)) for kind in kinds), encoding="utf-8")
        return [f"--crd-paths={file}"]

    def _others(self, asked: Sequence[Question]) -> list[JsonMap]:
        """What is known beside the objects that are asked about; what is said of these is looked at by no one."""
        if not self._calls:
            return []
        known = self.known(asked[0]) if known_kinds(asked[0].rule) else ()
        own = identity(self.seen(asked[0]))
        others = [other for other in _with_bystanders(known, self.looked_up) if identity(other) != own]
        return [with_metadata(other, uid="known") for other in others]

    def loaded(self, policies: Path, question: Question) -> int:
        """How many policies of a folder are loaded by its own count, which it only gives without a report."""
        with tempfile.TemporaryDirectory() as scratch:
            resource = write_objects(Path(scratch), [question], self._others([question]))
            flags: list[str | Path] = ["--resource", resource, *self._definitions([question], scratch)]
            result = run([self.binary, "apply", policies, *flags], scratch)
        count = re.search(r"^Applying (\d+) policy rule\(s\) to \d+ resource\(s\)", result.stdout, re.MULTILINE)
        if count is None or "Skipped" in result.stdout or "Invalid" in result.stdout or result.stderr:
            raise EngineTrouble(f"{self.name} on `{policies}` ended with {result.returncode}:\n{_both(result)}")
        return int(count[1])


@dataclass(frozen=True, slots=True)
class Gator:
    """`gator test`, which reports violations alone. It puts every object to every constraint: a process for each rule.

    It knows every object that it is given: a process for each question to a rule that looks others up. With `together`,
    one process gets the whole folder.
    """

    name: str
    binary: Path
    cel: bool
    together: bool = False
    target: str = "gatekeeper"
    tells_passes: bool = False
    carries_values: bool = True

    def can_ask(self, rule: Rule) -> bool:
        return True

    def accepts(self, question: Question) -> bool:
        """It keeps namespaces for their labels, as the type that the API server would insist on."""
        manifest = question.manifest
        return manifest["kind"] != "Namespace" or _is_string_map(metadata(manifest).get("labels"))

    def seen(self, question: Question) -> JsonMap:
        return question.manifest

    def known(self, question: Question) -> tuple[JsonMap, ...]:
        """The others and the object itself, which is at no place that a rule looks for it without a namespace."""
        own = [other for other in question.others if identity(other) != identity(question.manifest)]
        kind = kind_of(question.rule, question.manifest)
        placed = metadata(question.manifest).get("namespace") or (kind is not None and not kind.namespaced)
        return (*own, question.manifest) if placed else tuple(own)

    def _lot(self, question: Question) -> str:
        if self.together:
            return ""
        return f"{question.rule.id} {question.uid if known_kinds(question.rule) else ''}"

    def ask(self, bundle: Path, asked: Sequence[Question]) -> list[Answer]:
        folder = bundle / self.target
        lots = _lots(asked, self._lot)
        answers = _gathered(
            lambda lot: self._test(folder, "" if self.together else f"{lot[0].rule.id}.yaml", lot), lots
        )
        return [answers.get((question.rule.id, question.uid), UNREPORTED) for question in asked]

    def _test(self, folder: Path, file: str, asked: Sequence[Question]) -> Answers:
        with tempfile.TemporaryDirectory() as scratch:
            objects = write_objects(Path(scratch), asked, self._others(asked))
            files = [folder / "templates" / file, folder / "constraints" / file, objects]
            flags = ["--output", "json", f"--enable-k8s-native-validation={str(self.cel).lower()}"]
            result = run([self.binary, "test", *flags, *(f"--filename={file}" for file in files)], scratch)
        if result.stderr or result.returncode not in (0, 1) or not result.stdout:
            raise EngineTrouble(f"{self.name} ended with {result.returncode}:\n{_both(result)}")
        rows = json.loads(result.stdout) or []
        return _once(
            (row["constraint"]["metadata"]["name"], row["violatingObject"]["metadata"]["uid"], _failure(row["msg"]))
            for row in rows
        )

    def _others(self, asked: Sequence[Question]) -> list[JsonMap]:
        """What is known beside the objects that are asked about; what is said of these is looked at by no one."""
        if not known_kinds(asked[0].rule):
            return []
        others = [other for other in self.known(asked[0]) if other is not asked[0].manifest]
        return [with_metadata(other, uid="known") for other in others]


@dataclass(frozen=True, slots=True)
class Datree:
    """The program in `datree/`: Datree's own libraries, loading `policies.yaml` as Datree does."""

    name: str
    binary: Path
    target: str = "datree"
    tells_passes: bool = False
    carries_values: bool = False

    def can_ask(self, rule: Rule) -> bool:
        return True

    def accepts(self, question: Question) -> bool:
        return True

    def seen(self, question: Question) -> JsonMap:
        return question.manifest

    def known(self, question: Question) -> tuple[JsonMap, ...]:
        return ()

    def ask(self, bundle: Path, asked: Sequence[Question]) -> list[Answer]:
        try:
            with Runner(WAYS["datree"], self.binary) as runner:
                runner.load(bundle)
                return runner.ask([Request(question.rule.id, question.manifest) for question in asked])
        except (RunnerTrouble, LoadRefused) as trouble:
            raise EngineTrouble(str(trouble)) from trouble


def _with_bystanders(objects: Iterable[JsonMap], kinds: Iterable[Kind]) -> list[JsonMap]:
    """The objects, and one of each kind of which there is none."""
    given = list(objects)
    there = {(each["apiVersion"], each["kind"]) for each in given}
    return [*given, *(bystander(kind) for kind in kinds if (kind.api_version, kind.kind) not in there)]


def write_objects(folder: Path, asked: Iterable[Question], others: Sequence[JsonMap] = ()) -> Path:
    """The objects as one stream of documents, each once. They are JSON, which every engine's YAML reader reads alike."""
    objects = {question.uid: question.manifest for question in asked}
    path = folder / "objects.yaml"
    documents = (f"{json.dumps(manifest, ensure_ascii=False)}\n" for manifest in (*others, *objects.values()))
    path.write_text("---\n".join(documents))
    return path


def run(command: Sequence[str | Path], home: str | Path) -> subprocess.CompletedProcess[str]:
    """The finished process, which saw neither the user's settings nor a cluster."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "NO_COLOR": "1"}
    return subprocess.run(
        [str(part) for part in command],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )


def _lots(asked: Sequence[Question], lot_of: Callable[[Question], str]) -> list[list[Question]]:
    """What may go into one process: questions of one lot, without two objects of one identity."""
    groups: dict[str, list[Question]] = {}
    for question in asked:
        groups.setdefault(lot_of(question), []).append(question)
    return [lot for group in groups.values() for lot in rounds(group)]


def _gathered(ask: Callable[[list[Question]], Answers], lots: Sequence[list[Question]]) -> Answers:
    """The answers of every lot, as many at a time as there are processors."""
    answers: Answers = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(ask, lots):
            answers |= found
    return answers


def _both(result: subprocess.CompletedProcess[str]) -> str:
    return f"{result.stdout[:3000]}\n{result.stderr[:3000]}"


def _is_expected_line(line: str) -> bool:
    return not line or line.startswith("{") or DEPRECATED.fullmatch(line) is not None


def _once(rows: Iterable[tuple[str, str, Answer]]) -> Answers:
    """The answers by rule and uid; two for one pair are an error, whatever they say."""
    answers: Answers = {}
    for rule, uid, answer in rows:
        twice = (rule, uid) in answers
        answers[rule, uid] = Answer(Verdict.ERROR, f"reported twice: {answer.message}") if twice else answer
    return answers


def _kyverno_answer(row: Mapping[str, Any]) -> Answer:
    match row["result"]:
        case "pass":
            return Answer(Verdict.PASS)
        case "fail":
            return _failure(row["message"])
        case other:
            return Answer(Verdict.ERROR, f"{other}: {row.get('message')}")


def _failure(message: str) -> Answer:
    """A violation; an engine that could not evaluate a condition reports one as well, with its own error for a message."""
    broken = CEL_ERROR.match(message) or REGO_ERROR.match(message)
    return Answer(Verdict.ERROR if broken else Verdict.FAIL, message)


def _is_string_map(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and all(isinstance(entry, str) for entry in value.values()))


MAP_FIELDS = frozenset({"annotations", "labels", "matchLabels", "nodeSelector", "data", "stringData"})


def _is_of(manifest: JsonMap, kind: Kind) -> bool:
    return (manifest["apiVersion"], manifest["kind"]) == (kind.api_version, kind.kind)


def _null_maps_filled(value: Any) -> Any:
    """`{labels: null}  ->  {labels: {}}`, in maps and in maps that stand in a list."""
    if not isinstance(value, Mapping):
        return value
    return {key: _filled(key, entry) for key, entry in value.items()}


def _filled(key: str, value: Any) -> Any:
    if value is None:
        return {} if key in MAP_FIELDS else None
    return [_null_maps_filled(item) for item in value] if isinstance(value, list | tuple) else _null_maps_filled(value)
