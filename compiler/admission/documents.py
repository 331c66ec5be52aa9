"""Manifests as an API server would admit them, each with its places in the file that it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cmpolicy import ir
from cmpolicy.admission.admitted import VERSION, admitted, is_modelled
from cmpolicy.check import Document, Place
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.evaluate import inventory
from cmpolicy.evaluate.blame import steps
from cmpolicy.evaluate.values import is_list
from cmpolicy.fields import index
from cmpolicy.flow import flow
from cmpolicy.passes.tree import known_kinds
from cmpolicy.report.wording import listed
from cmpolicy.values import Json, JsonMap


@dataclass(frozen=True, slots=True)
class Admission:
    """What was judged in place of the manifests: the server's version, and the kinds that were judged as written."""

    kubernetes: str
    as_written: tuple[ir.Kind, ...] = ()

    def notes(self) -> tuple[str, ...]:
        """What readers of the verdicts have to know, as sentences without a final period."""
        told = f"objects are judged as an API server of Kubernetes {self.kubernetes} admits them, with its defaults"
        if not self.as_written:
            return (told,)
        kinds = listed([kind.kind for kind in self.as_written])
        return (told, f"of {kinds} it is not known what a server makes of them: they are judged as written")


@dataclass(frozen=True, slots=True)
class AdmittedDocument:
    """A document whose `value` is what a server makes of it; its places are those of the text."""

    given: Document
    value: JsonMap

    @property
    def file(self) -> str:
        """The file of the text."""
        return self.given.file

    @property
    def index(self) -> int:
        """Its number in the file."""
        return self.given.index

    def place(self, pointer: str) -> Place:
        """Where the field stands, or the nearest parent of one that the server adds, with what it sets it to."""
        place = self.given.place(pointer)
        return place if place.exists else replace(place, otherwise=self._otherwise(place, pointer))

    def kept(self) -> AdmittedDocument:
        """Itself: all objects are in memory anyway, since an account may be among them."""
        return self

    def _otherwise(self, place: Place, pointer: str) -> str:
        found = _at(self.value, steps(pointer))
        if found is None or isinstance(found, Mapping):
            return place.otherwise
        return f"not there; the API server sets {flow(found)}"


def _at(value: Json, path: Sequence[str]) -> Json:
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif is_list(value) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def as_admitted(
    inputs: Iterable[Document | Diagnostic], rules: Iterable[ir.Rule]
) -> tuple[list[Document | Diagnostic], Admission]:
    """The inputs, all read, with each object as a server would admit it; and what of them the rules see as it is."""
    read = list(inputs)
    objects = inventory(each.value for each in read if not isinstance(each, Diagnostic))
    made = [each if isinstance(each, Diagnostic) else _admitted(each, objects) for each in read]
    looked_at = {str(kind): kind for rule in rules for kind in (*rule.kinds, *known_kinds(rule)) if not kind.is_local}
    unknown = {name: kind for name, kind in looked_at.items() if name in objects and not is_modelled(kind)}
    return made, Admission(VERSION, tuple(unknown[name] for name in sorted(unknown)))


def _admitted(document: Document, objects: JsonMap) -> Document:
    try:
        kind = index.kind(f"{document.value.get('apiVersion')}/{document.value.get('kind')}")[0]
    except KeyError:
        return document
    return AdmittedDocument(document, admitted(document.value, kind, objects)) if is_modelled(kind) else document
