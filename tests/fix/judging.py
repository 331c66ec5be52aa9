"""Judge manifests and plan what fixes them, as the command does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cmpolicy import ir
from cmpolicy.check import Document, Result, compile_index, judge_document, results
from cmpolicy.evaluate import Verdict, inventory
from cmpolicy.manifests import Manifest
from cmpolicy.values import JsonMap
from cmpolicy.yaml.reader import Document as Read
from cmpolicy.yaml.reader import read_text
from cmpolicy.yaml.writer import dump_all


def documents(manifests: Iterable[JsonMap]) -> list[Document]:
    """The manifests as if they had been read from a file."""
    read = [each for each in read_text(dump_all(manifests), "test.yaml") if isinstance(each, Read)]
    return [
        Manifest(each.value, "test.yaml", n, each.chunk) for n, each in enumerate(read) if isinstance(each.value, dict)
    ]


def findings(rules: Sequence[ir.Rule], manifests: Sequence[JsonMap]) -> list[Result]:
    """What the rules find."""
    index, known = compile_index(rules), inventory(manifests)
    judged = ((each, judge_document(index, each, known)) for each in documents(manifests))
    found = (each for document, of_document in judged for each in results(document, of_document, known))
    return [each for each in found if each.verdict is Verdict.FAIL]


def about(found: Iterable[Result]) -> set[tuple[str, str, str]]:
    """Rule, kind and name of each finding."""
    return {(each.rule.id, *_names(each.document.value)) for each in found}


def _names(manifest: JsonMap) -> tuple[str, str]:
    metadata = manifest["metadata"]
    assert isinstance(metadata, dict)
    return str(manifest["kind"]), str(metadata["name"])
