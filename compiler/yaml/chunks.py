"""A file's text cut into documents as Kubernetes clients cut it, before any of it is parsed.

They read with `YAMLReader` of k8s.io/apimachinery (pkg/util/yaml/decoder.go): every line that starts with `---` ends a
document, wherever it stands, and only blanks or a comment may follow the dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cmpolicy.diagnostics import Diagnostic, Level

_SEPARATOR = re.compile(r"^---([^\n]*)\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """The text of one document, and the line and column of the file, counted from 1, at which it starts."""

    file: str
    text: str
    line: int = 1
    column: int = 1

    def at(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the file of a place in the chunk, where both count from 0."""
        return self.line + line, column + (self.column if line == 0 else 1)

    def problem(
        self, code: str, message: str, place: tuple[int, int], remedy: str = "", level: Level = Level.ERROR
    ) -> Diagnostic:
        """A diagnostic at a place in the chunk."""
        line, column = self.at(*place)
        return Diagnostic(code, message, self.file, line, column, help=remedy, level=level)


def split(text: str, file: str) -> Iterator[Chunk | Diagnostic]:
    """The documents of a YAML file, blank ones too, and a diagnostic for each line that only looks like a separator."""
    start, line = 0, 1
    for found in _SEPARATOR.finditer(text):
        after = found[1].strip()
        if found.start() == start and (not after or after.startswith("#")):
            continue  # with nothing before it, it belongs to the document that it opens
        yield Chunk(file, text[start : found.start()], line)
        line += text.count("\n", start, found.start())
        if after and not after.startswith("#"):
            message = f"only a comment may follow `---` on its line, not `{after[:40]}`"
            yield Diagnostic("separator", message, file, line, 4, help="put the document on the next line")
        start, line = found.end(), line + found[0].count("\n")
    yield Chunk(file, text[start:], line)
