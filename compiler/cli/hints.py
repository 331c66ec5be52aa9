"""Commands that are suggested: whole, so that they can be pasted, with the options that were given."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from click.core import ParameterSource
from cmpolicy.targets import TARGETS


def command_line(*words: str | Path) -> str:
    """The words as a shell reads them."""
    return shlex.join(map(str, words))


def following(folders: Mapping[str, Path], *others: str) -> list[str]:
    """The lines that say what to do next: the commands for each target's folder, then the others."""
    commands = [
        each.format(folder=command_line(path)) for name, path in folders.items() for each in TARGETS[name].usage
    ]
    return [f"{'Next:' if number == 0 else '     '} {each}" for number, each in enumerate((*commands, *others))]


def again(context: click.Context, *, without: str) -> str:
    """The running command as it was given, without one of its options."""
    names = [parameter.name for parameter in context.command.params if parameter.name != without]
    return command_line(*context.command_path.split(), *given(context, *filter(None, names)))


def given(context: click.Context, *names: str) -> list[str]:
    """The words of the command line that gave these parameters, in the order of the command's help."""
    chosen = [parameter for parameter in context.command.params if parameter.name in names]
    return [word for parameter in chosen if _is_given(context, parameter) for word in _words(context, parameter)]


def _is_given(context: click.Context, parameter: click.Parameter) -> bool:
    source = context.get_parameter_source(parameter.name) if parameter.name else None
    return source is ParameterSource.COMMANDLINE


def _words(context: click.Context, parameter: click.Parameter) -> Iterator[str]:
    value = context.params[parameter.name or ""]
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(parameter, click.Option):
            yield parameter.opts[0]
        if each is not True:
            yield str(each)
