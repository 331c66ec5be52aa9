"""YAML and JSON as Kubernetes clients read them. Nothing raises: what is wrong is a diagnostic, the rest is still read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecodeError

from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.values import Json
from cmpolicy.yaml.chunks import Chunk, split
from cmpolicy.yaml.events import DocumentReader, Found, Position, RefusedAtError
from cmpolicy.yaml.json_text import looks_like_json, read_stream
from cmpolicy.yaml.scalars import RefusedError
from yaml import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

UNREAD = "unread"
TEMPLATE = "this looks like a template; render it first, as with `helm template`"
_STARTS_A_JSON_MAP = re.compile(r'\s*\{\s*["}]')
_REMEDIES = {
    "mapping values are not allowed": "quote a value that holds `: `, or check the indentation",
    "tab character": "indent with blanks",
    "cannot start any token": "quote a value that starts with a special character; indent with blanks, not tabs",
    "while scanning a quoted scalar": "close the quotes that open here",
    "did not find expected key": "check the indentation",
    "could not find expected ':'": "put `: ` between key and value, or check the indentation",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document that holds something: its value, its text, and what to warn of."""

    value: Json
    chunk: Chunk
    warnings: tuple[Diagnostic, ...] = ()


def read_text(text: str, file: str) -> Iterator[Document | Diagnostic]:
    """The documents of a file, and an error for each that cannot be read. Empty documents do not count."""
    reader = DocumentReader()
    for each in split(text.removeprefix("\ufeff"), file):
        if isinstance(each, Diagnostic):
            yield each
        else:
            yield from _read_json(each, reader) if looks_like_json(each.text) else _read_yaml(each, reader)


def _read_yaml(chunk: Chunk, reader: DocumentReader) -> Iterator[Document | Diagnostic]:
    try:
        found = reader.read(chunk.text)
    except RefusedAtError as error:
        yield _refusal(chunk, error.refused, error.position)
    except YAMLError as error:
        yield _syntax_error(chunk, error)
    else:
        if found.value is not None:
            yield Document(found.value, chunk, tuple(_warnings(found, chunk)))


def _read_json(chunk: Chunk, reader: DocumentReader) -> Iterator[Document | Diagnostic]:
    """Text that starts as JSON: a stream of JSON documents, or else YAML in flow style."""
    documents: list[Document | Diagnostic] = []
    try:
        for value, duplicates, start, end in read_stream(chunk.text):
            part = _part(chunk, start, end)
            documents.append(Document(value, part, tuple(_duplicate(part, key, (0, 0)) for key in duplicates)))
    except RefusedError as refused:
        documents.append(_refusal(chunk, refused, (0, 0)))
    except JSONDecodeError as error:
        as_yaml = list(_read_yaml(chunk, reader))
        if _STARTS_A_JSON_MAP.match(chunk.text) and not all(map(_is_whole, as_yaml)):
            message = f"{error.msg[:1].lower()}{error.msg[1:]}"
            documents.append(chunk.problem("syntax", message, (error.lineno - 1, error.colno - 1)))
        else:
            documents = as_yaml
    yield from documents


def _is_whole(read: Document | Diagnostic) -> bool:
    return isinstance(read, Document) and not any(warning.code == UNREAD for warning in read.warnings)


def _part(chunk: Chunk, start: int, end: int) -> Chunk:
    line = chunk.text.count("\n", 0, start)
    column = start - chunk.text.rfind("\n", 0, start) - 1
    return Chunk(chunk.file, chunk.text[start:end], *chunk.at(line, column))


def _warnings(found: Found, chunk: Chunk) -> Iterator[Diagnostic]:
    for key, position in found.duplicates:
        yield _duplicate(chunk, key, position)
    if found.unread is not None:
        message = "what follows the `...` line is not read, Kubernetes clients stop there"
        yield chunk.problem(UNREAD, message, found.unread, "separate documents by `---`", Level.WARNING)


def _duplicate(chunk: Chunk, key: str, position: Position) -> Diagnostic:
    message = f"the key `{key}` is given twice; the last value holds, and strict clients refuse it"
    return chunk.problem("duplicate-key", message, position, "remove one of them", Level.WARNING)


def _refusal(chunk: Chunk, refused: RefusedError, position: Position) -> Diagnostic:
    remedy = TEMPLATE if refused.code == "key" and "{{" in chunk.text else refused.remedy
    return chunk.problem(refused.code, refused.message, position, remedy)


def _syntax_error(chunk: Chunk, error: YAMLError) -> Diagnostic:
    match error:
        case ReaderError():
            before = chunk.text.encode()[: error.position].decode(errors="ignore")
            position = (before.count("\n"), len(before) - before.rfind("\n") - 1)
            return chunk.problem("character", error.reason, position, "remove the control character")
        case MarkedYAMLError(problem_mark=mark) if mark is not None:
            return _marked_error(chunk, error)
        case _:
            return chunk.problem("syntax", str(error), (0, 0))


def _marked_error(chunk: Chunk, error: MarkedYAMLError) -> Diagnostic:
    """At what is wrong; an end that came too soon is reported where that began which it should have closed."""
    problem, context = error.problem or "", error.context or ""
    mark = error.context_mark if "end of stream" in problem and error.context_mark else error.problem_mark
    assert mark is not None
    remedy = next((remedy for part, remedy in _REMEDIES.items() if part in problem or part in context), "")
    message = " ".join(filter(None, (context, problem)))
    return chunk.problem("syntax", message, (mark.line, mark.column), TEMPLATE if "{{" in chunk.text else remedy)
