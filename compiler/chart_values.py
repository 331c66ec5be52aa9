"""Helm values in files, before a chart is rendered: what `check --helm-values` judges.

They are merged as Helm merges them: maps key by key, anything else as a whole, a later file over an earlier one and all of
them over what the chart sets itself; null takes a value of the chart away. The result is judged as an object of the kind
that stands for the chart's values. What the chart would refuse is a diagnostic, and is judged all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cmpolicy import ir
from cmpolicy.check import Place
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.evaluate.blame import pointer, reaches, steps
from cmpolicy.fields import index
from cmpolicy.fields.charts import OBJECT_FIELDS, Chart, chart
from cmpolicy.fields.index import ObjectType
from cmpolicy.flow import flow
from cmpolicy.manifests import read_file
from cmpolicy.shapes import misfits
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.chunks import Chunk
from cmpolicy.yaml.places import position, source
from cmpolicy.yaml.reader import Document, read_text


@dataclass(frozen=True, slots=True)
class Given:
    """What one file says, and its text."""

    values: JsonMap
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class ChartValues:
    """The values of some files over those of a chart, as an object of the chart's kind. Later files go before earlier ones."""

    value: JsonMap
    given: tuple[Given, ...]
    index: int = 0

    @property
    def file(self) -> str:
        """The file that has the last word."""
        return self.given[-1].chunk.file

    def place(self, pointer: str) -> Place:
        """Where the field of a JSON pointer stands: in the last file that has it, or else that has most of the way to it."""
        path = steps(pointer)
        nearest = max(reversed(self.given), key=lambda each: _depth(each.values, path))
        line, column = position(nearest.chunk, pointer)
        there = reaches(nearest.values, path)
        text = source(nearest.chunk, line)
        return Place(pointer, there, nearest.chunk.file, line, column, text, self._otherwise(path))

    def kept(self) -> ChartValues:
        """Itself."""
        return self

    def _otherwise(self, path: Sequence[str]) -> str:
        """What holds where no file says anything."""
        found: Json = self.value
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        if found is None or isinstance(found, Mapping):
            return "not there"
        return f"not there; the chart sets {flow(found)}"


def _depth(value: Json, path: Sequence[str]) -> int:
    """How many steps of the path are there."""
    return next(length for length in range(len(path), -1, -1) if reaches(value, tuple(path[:length])))


def read_chart_values(files: Sequence[Path], rules: Iterable[ir.Rule]) -> Iterator[ChartValues | Diagnostic]:
    """The values in these files over those of each chart that the rules are about; nothing is judged if one cannot be read."""
    kinds = dict.fromkeys(kind for rule in rules for kind in rule.kinds if kind.is_local)
    if files and not kinds:
        remedy = "choose a pack that has some: `--pack cert_manager_values`"
        yield Diagnostic("values", "no rule here is about Helm values", str(files[0]), help=remedy)
        return
    read = [each for file in files for each in _read(str(file))]
    yield from (each for each in read if isinstance(each, Diagnostic))
    given = tuple(each for each in read if isinstance(each, Given))
    if files and len(given) == len(files):
        for kind in kinds:
            yield from (problem for each in given for problem in _refused(each, kind))
            yield ChartValues(_as_object(given, kind), given)


def _read(file: str) -> Iterator[Given | Diagnostic]:
    """What a file says; a file of comments alone says nothing, which is no mistake."""
    text = read_file(file)
    if isinstance(text, Diagnostic):
        yield text
        return
    found = list(read_text(text, file))
    documents = [each for each in found if isinstance(each, Document)]
    yield from (each for each in found if isinstance(each, Diagnostic))
    yield from (replace(warning, level=Level.ERROR) for each in documents for warning in each.warnings)
    match documents:
        case [] if not found:
            yield Given({}, Chunk(file, text))
        case [Document(Mapping() as values, chunk)]:
            yield Given(values, chunk)
        case [document]:
            yield _at(document.chunk, (), "Helm values are a map", "write `key: value` on each line")
        case [_, second, *_]:
            yield _at(second.chunk, (), "a second document, which Helm does not read", "put all values in one document")


def _refused(given: Given, kind: ir.Kind) -> Iterator[Diagnostic]:
    """What the chart, or an API server after it, would refuse."""
    about = chart(kind)
    if isinstance(given.values.get("kind"), str) and "apiVersion" in given.values:
        remedy = f"give its PATH without `--helm-values`, or the values of {about.name}"
        yield _at(given.chunk, ("kind",), "this is a manifest and no file of Helm values", remedy)
        return
    yield from _unknown(given, given.values, ObjectType(kind.kind), (), about)
    wrong = misfits({**given.values, "apiVersion": kind.api_version, "kind": kind.kind, "metadata": {}})
    for each in wrong:
        message = f"`{'.'.join(each.steps)}` is {each.found} where {each.expected} belongs"
        remedy = "; ".join(filter(None, ("the chart or an API server would refuse it", each.remedy)))
        yield _at(given.chunk, each.steps, message, remedy)


def _unknown(
    given: Given, values: JsonMap, type_: ObjectType, path: tuple[str, ...], about: Chart
) -> Iterator[Diagnostic]:
    """The keys that the chart does not have: an error where it would refuse them, else a warning, since nothing reads them."""
    known = {name: field.type for name, field in index.fields(type_.name).items() if path or name not in OBJECT_FIELDS}
    level = Level.WARNING if type_.name in about.open_types else Level.ERROR
    for key, value in values.items():
        inner = known.get(key)
        if inner is None:
            does = "nothing reads it" if level is Level.WARNING else "Helm would refuse it"
            message = f"{about} has no value `{'.'.join((*path, key))}`: {does}"
            yield replace(_at(given.chunk, (*path, key), message, _meant(key, path, known, about)), level=level)
        elif isinstance(inner, ObjectType) and inner.name in about.types and isinstance(value, Mapping):
            yield from _unknown(given, value, inner, (*path, key), about)


def _meant(key: str, path: tuple[str, ...], known: Iterable[str], about: Chart) -> str:
    """What somebody who wrote this key most likely wants to know."""
    if key == about.name and not path:
        return f"values of a chart around it? Give what stands below `{key}:` as a file of its own"
    close = index.suggest(key, known)
    if close:
        return f"did you mean `{'.'.join((*path, close))}`?"
    names = sorted(known)
    return f"there is {', '.join(f'`{each}`' for each in names)}" if len(names) <= _MOST_NAMES else ""


_MOST_NAMES = 12


def _as_object(given: Sequence[Given], kind: ir.Kind) -> JsonMap:
    """The values as an object, named by the files; the fields that make it one are none of a chart's."""
    merged: JsonMap = {}
    for each in given:
        merged = _over(each.values, merged)
    name = " + ".join(Path(each.chunk.file).name for each in given)
    whole = _without_null(_over(merged, chart(kind).defaults))
    return {**whole, "apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": name}}


def _over(values: JsonMap, below: JsonMap) -> JsonMap:
    """The one map over the other, as Helm merges them."""
    merged = dict(below)
    for key, value in values.items():
        under = merged.get(key)
        merged[key] = _over(value, under) if isinstance(value, Mapping) and isinstance(under, Mapping) else value
    return merged


def _without_null(values: JsonMap) -> JsonMap:
    """Null takes away what the chart sets; lists are passed on as they are."""
    return {
        key: _without_null(value) if isinstance(value, Mapping) else value
        for key, value in values.items()
        if value is not None
    }


def _at(chunk: Chunk, path: tuple[str, ...], message: str, remedy: str) -> Diagnostic:
    line, column = position(chunk, pointer(path))
    return Diagnostic("values", message, chunk.file, line, column, help=remedy)
