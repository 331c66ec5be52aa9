"""Judge manifests by rules: what `cmpolicy check` says of each object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from cmpolicy import ir
from cmpolicy.evaluate import NOTHING, Compiled, Judgement, Verdict, blame, compile_rules
from cmpolicy.helm import Answers, values_for
from cmpolicy.values import Json, JsonMap


class Document(Protocol):
    """A manifest and where it came from; `index` counts documents of its file from 0."""

    @property
    def value(self) -> JsonMap: ...

    @property
    def file(self) -> str: ...

    @property
    def index(self) -> int: ...

    def place(self, pointer: str) -> Place:
        """Where the field of a JSON pointer stands, or its nearest parent that does."""
        ...

    def kept(self) -> Document:
        """What results hold of it once it is judged: at least what names it."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """The field that a failure is about: its JSON pointer, whether it is there, its file, line and column from 1, and the
    line's text, empty if it is not known. `otherwise` says what holds in place of a field that is not there."""

    path: str
    exists: bool
    file: str
    line: int
    column: int
    source: str
    otherwise: str = "not there"


@dataclass(frozen=True, slots=True)
class Result:
    """What one rule says of one object; of a failure `place` is there, and `helm` has the values that fix it."""

    rule: ir.Rule
    document: Document
    verdict: Verdict
    message: str = ""
    place: Place | None = None
    helm: JsonMap = field(default_factory=lambda: NOTHING)


Index: TypeAlias = Mapping[tuple[Json, Json], tuple[Sequence[ir.Rule], Compiled]]
"""The rules about a kind, and what judges an object by each of them, by `apiVersion` and `kind`."""


def compile_index(rules: Iterable[ir.Rule]) -> Index:
    """Compile every rule once for each of its kinds."""
    by_kind: dict[tuple[Json, Json], list[tuple[ir.Rule, ir.Kind]]] = defaultdict(list)
    for rule in rules:
        for kind in rule.kinds:
            by_kind[kind.api_version, kind.kind].append((rule, kind))
    return {key: _compile([rule for rule, _ in found], found[0][1]) for key, found in by_kind.items()}


def _compile(rules: Sequence[ir.Rule], kind: ir.Kind) -> tuple[Sequence[ir.Rule], Compiled]:
    return rules, compile_rules(rules, kind)


def judge_document(index: Index, document: Document, objects: JsonMap = NOTHING) -> Sequence[tuple[ir.Rule, Judgement]]:
    """What every rule that looks at the document's kind says of it, in the order of the rules.

    `objects` is the inventory of all objects that are checked.
    """
    key = (document.value.get("apiVersion"), document.value.get("kind"))
    if not all(isinstance(part, str) for part in key) or key not in index:
        return ()
    rules, judge = index[key]
    return tuple(zip(rules, judge(document.value, None, objects), strict=True))


def results(
    document: Document, judged: Iterable[tuple[ir.Rule, Judgement]], objects: JsonMap = NOTHING
) -> Iterator[Result]:
    """The judgements of a document; a failure with its place in it and with what fixes it."""
    answers: Answers = {}
    kept = document.kept()
    for rule, judgement in judged:
        if judgement.verdict is Verdict.FAIL:
            place = document.place(blame(rule, document.value, objects=objects))
            helm = values_for(rule, document.value, answers)
            yield Result(rule, kept, judgement.verdict, judgement.message, place, helm)
        else:
            yield Result(rule, kept, judgement.verdict)
