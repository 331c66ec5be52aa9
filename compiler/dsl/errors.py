"""Author mistakes found while a rule is traced, with the place in the author's own file."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from types import FrameType

from cmpolicy.diagnostics import Diagnostic

_PACKAGE = str(Path(__file__).parent.parent)
_PACKS = str(Path(_PACKAGE) / "policies")


class AuthorError(Exception):
    """A mistake in a rule: carries its diagnostic. Raised while tracing, caught by the loader."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def author_error(code: str, message: str, remedy: str = "", *, width: int = 0) -> AuthorError:
    """An error at the author's innermost expression; `width` narrows the caret to that many last columns."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is None:
        return AuthorError(Diagnostic(code, message, help=remedy))
    line, column, end_column = position(frame)
    if width and end_column - width > column:
        column = end_column - width
    return AuthorError(Diagnostic(code, message, frame.f_code.co_filename, line, column, end_column, remedy))


def _is_ours(file: str) -> bool:
    """Whether the code is cmpolicy's, or was made by Python for a dataclass of it."""
    return file == "<string>" or (file.startswith(_PACKAGE) and not file.startswith(_PACKS))


def position(frame: FrameType) -> tuple[int, int, int]:
    """Line, column and exclusive end column, from 1, of what a frame is executing."""
    return instruction_position(frame, frame.f_lasti)


def instruction_position(frame: FrameType, instruction: int) -> tuple[int, int, int]:
    """Line, column and exclusive end column, from 1, of the instruction at this offset of the frame's code."""
    where = next(islice(frame.f_code.co_positions(), instruction // 2, None), (None, None, None, None))
    line, end_line, column, end_column = where
    if line is None or column is None or end_column is None:
        return frame.f_lineno, 1, 2
    text = _source_line(frame.f_code.co_filename, line)
    start = _characters(text, column)
    return line, start + 1, (_characters(text, end_column) if line == end_line else len(text)) + 1


def _source_line(file: str, line: int) -> bytes:
    try:
        return Path(file).read_bytes().splitlines()[line - 1]
    except (OSError, IndexError):
        return b""


def _characters(line: bytes, offset: int) -> int:
    return len(line[:offset].decode(errors="replace")) if line else offset
