"""Run a command so that whatever happens ends in a message and a documented exit code, never in a traceback."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from types import FrameType
from typing import NoReturn, TextIO

import click
from click.shell_completion import shell_complete
from cmpolicy.cli.group import cli
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.signals import TERMINATIONS

FAILED = 2
INTERRUPTED = 128 + 2
PIPE_CLOSED = 128 + 13

PROGRAM = "cmpolicy"
COMPLETION = "_CMPOLICY_COMPLETE"
"""The variable by which a shell's completion script asks for candidates."""

DEBUG = "CMPOLICY_DEBUG"


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP, its number, as an exception, so that what is half-written is cleaned up."""


def run(arguments: Sequence[str]) -> int:
    """Run the command line with these arguments and return its exit code."""
    for number in TERMINATIONS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under `nohup`
            signal.signal(number, _terminate)
    _tolerate_narrow_encodings()
    try:
        return _run(arguments)
    except BrokenPipeError:
        _discard(sys.stdout, sys.stderr)
        return PIPE_CLOSED
    except OSError:
        # What could not be written to is the stream that would tell it.
        _discard(sys.stdout, sys.stderr)
        return FAILED


def _run(arguments: Sequence[str]) -> int:
    try:
        _need_stdout()
        code = _invoke(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        raise
    except Terminated as ended:
        return 128 + int(ended.args[0])
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing half-written stays", err=True)
        return INTERRUPTED
    except Exception as error:
        return _failed(error, arguments)


def _need_stdout() -> None:
    """Refuse to work where nobody could see the result: the next file that is opened would take the stream's number."""
    if sys.stdout is None:
        remedy = "send what is not wanted to `/dev/null`"
        raise CmpolicyError(Diagnostic("file", "standard output is closed", help=remedy))


def _invoke(arguments: Sequence[str]) -> int:
    if instruction := os.environ.get(COMPLETION):
        return shell_complete(cli, {}, PROGRAM, COMPLETION, instruction)
    try:
        with cli.make_context(PROGRAM, list(arguments), color=_color()) as context:
            result = cli.invoke(context)
            return result if isinstance(result, int) else 0
    except click.exceptions.Exit as ending:
        return ending.exit_code


def _color() -> bool | None:
    """No colors if `NO_COLOR` asks for none; else click looks whether a terminal reads them."""
    return False if os.environ.get("NO_COLOR") else None


def _failed(error: Exception, arguments: Sequence[str]) -> int:
    from cmpolicy.cli.console import print_diagnostics

    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    problems = diagnosed(error)
    print_diagnostics(problems)
    if isinstance(error, OSError) and not error.filename:
        _discard(sys.stdout)
    elif _wants_json(arguments):
        click.echo(_json(problems, arguments))
    return FAILED


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether JSON is asked for, also by a command line that click could not read."""
    return "--output=json" in arguments or ("--output", "json") in pairwise(arguments)


def _json(problems: tuple[Diagnostic, ...], arguments: Sequence[str]) -> str:
    from cmpolicy.report.findings import Report
    from cmpolicy.report.json import render, render_problems

    if arguments[0] == "check":
        return render(Report(objects=0, rules=0, counts={}, results=(), problems=problems), everything=False)
    return render_problems(problems)


def diagnosed(error: Exception) -> tuple[Diagnostic, ...]:
    """What to tell the user about an exception that ended a command."""
    match error:
        case CmpolicyError():
            return error.diagnostics
        case click.ClickException():
            return (Diagnostic("usage", _lower(error.format_message()), help=_usage(error)),)
        case OSError():
            reason = (error.strerror or str(error)).lower()
            return (Diagnostic("file", f"`{error.filename}`: {reason}" if error.filename else reason),)
        case _:
            message = f"cmpolicy has a bug: {type(error).__name__}: {error}".splitlines()[0]
            remedy = f"please report it, with what {DEBUG}=1 in the environment prints"
            return (Diagnostic("bug", message, help=remedy),)


def _usage(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"`{context.command_path if context else PROGRAM} --help` shows what it takes"


def _lower(message: str) -> str:
    return " ".join((message[:1].lower() + message[1:]).split()).rstrip(".")


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise Terminated(number)


def _tolerate_narrow_encodings() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _discard(*streams: TextIO | None) -> None:
    """Let nothing more be written to what cannot be written to, not even when Python flushes at its end."""
    for stream in streams:
        if stream is not None:
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
