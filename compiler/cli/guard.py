"""Run a command so that whatever happens ends in a message and a documented exit code, never in a traceback."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import click
from click.shell_completion import shell_complete
from cmpolicy.cli.group import cli
from cmpolicy.diagnostics import CmpolicyError, Diagnostic

FAILED = 2
INTERRUPTED = 128 + 2
PIPE_CLOSED = 128 + 13
TERMINATED = 128 + 15

PROGRAM = "cmpolicy"
COMPLETION = "_CMPOLICY_COMPLETE"
"""The variable by which a shell's completion script asks for candidates."""

DEBUG = "CMPOLICY_DEBUG"


class Terminated(KeyboardInterrupt):
    """SIGTERM, as an exception, so that what is half-written is cleaned up."""


def run(arguments: Sequence[str]) -> int:
    """Run the command line with these arguments and return its exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    _tolerate_narrow_encodings()
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _discard_output()
        return PIPE_CLOSED
    except Terminated:
        return TERMINATED
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing half-written stays", err=True)
        return INTERRUPTED
    except Exception as error:
        return _failed(error)


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


def _failed(error: Exception) -> int:
    from cmpolicy.cli.console import print_diagnostics

    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    print_diagnostics(diagnosed(error))
    if isinstance(error, OSError):
        _discard_output()
    return FAILED


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
    raise Terminated


def _tolerate_narrow_encodings() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _discard_output() -> None:
    """Let nothing more be written to what cannot be written to, not even when Python flushes at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
