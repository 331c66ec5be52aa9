"""What every form of report needs: the results of a run, counted and grouped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cmpolicy import ir
from cmpolicy.admission.documents import Admission
from cmpolicy.check import Document, Result
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.evaluate import Verdict
from cmpolicy.fix.merge import keys_of, merge
from cmpolicy.fix.plan import settings
from cmpolicy.values import Json, JsonMap


@dataclass(frozen=True, slots=True)
class Report:
    """A run: how many objects and rules, how many results have each verdict, and what was wrong with the input.

    `results` are in the order of the input; those of passes and skips may be left out.
    """

    objects: int
    rules: int
    counts: Mapping[Verdict, int]
    results: tuple[Result, ...]
    problems: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    """What the verdicts do not say, as sentences without a final period."""
    context: str = ""
    """The context of the live cluster that the objects are of, empty for manifests."""
    admission: Admission | None = None
    """That objects were judged as an API server would admit them; None if as written."""

    @property
    def failures(self) -> tuple[Result, ...]:
        """The results that are failures."""
        return tuple(result for result in self.results if result.verdict is Verdict.FAIL)


def by_object(results: Iterable[Result]) -> list[tuple[Document, list[Result]]]:
    """Results by object, in the order of the input; those of one object by severity, then rule."""
    groups = [(document, list(group)) for document, group in groupby(results, key=lambda result: result.document)]
    return [(document, sorted(group, key=_importance)) for document, group in groups]


def owner(document: Document) -> JsonMap | None:
    """Kind and name of the controller that made the object and will make it again, None if nothing says so."""
    metadata = document.value.get("metadata")
    listed = metadata.get("ownerReferences") if isinstance(metadata, Mapping) else None
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping) and each.get("controller") is True:
            return {key: name if isinstance(name := each.get(key), str) else "" for key in ("kind", "name")}
    return None


def _importance(result: Result) -> tuple[int, str]:
    return list(ir.Severity).index(result.rule.about.severity), result.rule.id


def helm_values(failures: Iterable[Result]) -> Mapping[str, Json]:
    """The Helm values that fix the failures, by dotted key in order of key."""
    wanted = settings(failures)
    values = merge(wanted).values
    return {key: _at(values, keys_of(key)) for key in sorted({setting.key for setting in wanted})}


def _at(values: Json, keys: Sequence[str]) -> Json:
    """What is set there; nothing where another rule's value left no room."""
    for key in keys:
        values = values.get(key) if isinstance(values, Mapping) else None
    return values
