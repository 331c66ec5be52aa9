"""Show on a terminal that long work goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds after which people want to know."""
INTERVAL = 0.2


def counted(items: Iterable[T], noun: str) -> Iterator[T]:
    """The items; while they take long and stderr is a terminal, a line there counts them, and is wiped at the end."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield from items
        return
    due, shown = time.monotonic() + PATIENCE, False
    try:
        for number, item in enumerate(items, 1):
            yield item
            if time.monotonic() >= due:
                click.echo(f"\r{number} {noun}", err=True, nl=False)
                due, shown = time.monotonic() + INTERVAL, True
    finally:
        if shown:
            click.echo("\r\033[K", err=True, nl=False)
