"""Read a file that is given on the command line whole, or not at all: what is odd in it is an error, as nobody else reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cmpolicy.diagnostics import CmpolicyError, Diagnostic, Level
from cmpolicy.yaml.reader import Document, read_text


def text_of(path: Path, code: str) -> str:
    """The text of a file. Raises `CmpolicyError` with this code if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CmpolicyError(Diagnostic(code, f"cannot read `{path}`: {reason}")) from error
    except UnicodeDecodeError as error:
        raise CmpolicyError(Diagnostic(code, "the file is not UTF-8 text", str(path))) from error


def documents_of(file: str, text: str) -> list[Document]:
    """The documents of a text. Raises `CmpolicyError` with everything that is wrong or odd."""
    found = list(read_text(text, file))
    problems = [each for each in found if isinstance(each, Diagnostic)]
    documents = [each for each in found if isinstance(each, Document)]
    problems += [warning for each in documents for warning in each.warnings]
    if problems:
        raise CmpolicyError(*(replace(problem, level=Level.ERROR) for problem in problems))
    return documents
