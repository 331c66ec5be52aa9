"""What the engines are asked: does this object pass this rule?

An engine reports on objects by identity, so every object asked about carries a `metadata.uid` of its own, which no
rule reads. Where two objects share kind, namespace and name, one is renamed if the reference's verdict stays the same;
the reference then judges the renamed object, so its message carries the new name too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cmpolicy.evaluate import Judgement, Verdict, judge, kind_of
from cmpolicy.ir import Rule
from cmpolicy.values import Json, JsonMap

Identity: TypeAlias = tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An object put to a rule; `label` says where the object comes from, such as `bad[2]`."""

    rule: Rule
    label: str
    manifest: JsonMap = field(repr=False)

    @property
    def uid(self) -> str:
        return str(metadata(self.manifest)["uid"])

    @property
    def identity(self) -> Identity:
        own = metadata(self.manifest)
        kind = self.manifest.get("apiVersion"), self.manifest.get("kind")
        return *kind, own.get("namespace") or "default", own.get("name")

    def __str__(self) -> str:
        return f"{self.rule.id} {self.label}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says. SKIP: it did not look at the object. ERROR: it could not tell, and never equals pass or fail."""

    verdict: Verdict
    message: str = ""


def examples(rules: Iterable[Rule]) -> list[Question]:
    """Every good and bad example of every rule."""
    return questions(
        (rule, f"{side}[{index}]", example.object)
        for rule in rules
        for side, given in (("good", rule.about.good), ("bad", rule.about.bad))
        for index, example in enumerate(given)
    )


def questions(objects: Iterable[tuple[Rule, str, JsonMap]]) -> list[Question]:
    """One question per object, each with a uid, and with an identity of its own where that leaves the verdict alone."""
    taken: set[Identity] = set()
    asked = []
    for number, (rule, label, manifest) in enumerate(objects):
        question = Question(rule, label, with_metadata(manifest, uid=f"q-{number}"))
        if question.identity in taken:
            question = _renamed(question, number)
        taken.add(question.identity)
        asked.append(question)
    return asked


def everything(rules: Iterable[Rule], asked: Sequence[Question]) -> list[Question]:
    """Every object of the questions put to every rule."""
    return [Question(rule, str(question), question.manifest) for rule in rules for question in asked]


def rounds(asked: Sequence[Question]) -> list[list[Question]]:
    """The questions in as few lots as it takes for no lot to hold two objects of one identity."""
    lots: list[tuple[dict[Identity, str], list[Question]]] = []
    for question in asked:
        fitting = (lot for lot in lots if lot[0].get(question.identity, question.uid) == question.uid)
        uids, lot = next(fitting, ({}, []))
        if not lot:
            lots.append((uids, lot))
        uids[question.identity] = question.uid
        lot.append(question)
    return [lot for _, lot in lots]


def reference(question: Question, manifest: JsonMap | None = None) -> Judgement:
    """The reference's word on the object as the engine sees it. An object that a rule's `when` passes over is allowed."""
    seen = question.manifest if manifest is None else manifest
    judgement = judge(question.rule, seen)
    matched = kind_of(question.rule, seen) is not None
    return Judgement(Verdict.PASS) if matched and judgement.verdict is Verdict.SKIP else judgement


def _renamed(question: Question, number: int) -> Question:
    """The question under another name, if there is one that leaves the verdict alone."""
    old = metadata(question.manifest).get("name")
    manifests = (with_metadata(question.manifest, name=name) for name in (f"{old}-{number}", f"{number}-{old}"))
    renamed = (Question(question.rule, question.label, manifest) for manifest in manifests)
    verdict = reference(question).verdict
    return next((each for each in renamed if reference(each).verdict is verdict), question)


def metadata(manifest: JsonMap) -> JsonMap:
    """The object's metadata; empty if it is no map."""
    found = manifest.get("metadata")
    return found if isinstance(found, Mapping) else {}


def with_metadata(manifest: JsonMap, **entries: Json) -> JsonMap:
    """The object with these entries in its metadata."""
    return {**manifest, "metadata": {**metadata(manifest), **entries}}
