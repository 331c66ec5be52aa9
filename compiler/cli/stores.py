"""What the commands on registries and layouts share: their options, and how they tell what was moved."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from cmpolicy.cli.options import TEXT
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.opened import TIMEOUT_SECONDS

if TYPE_CHECKING:
    from cmpolicy.oci.attached import Attached
    from cmpolicy.oci.transfer import Moved
    from cmpolicy.values import JsonMap

P = ParamSpec("P")
R = TypeVar("R")

WHERE = """\
REFERENCE is `oci://HOST/REPOSITORY:TAG`, or `oci-layout:PATH:TAG` for an image layout on disk: a folder, or one file where
PATH ends in `.tar`. `@sha256:...` names a digest.\
"""

_EPOCH = re.compile(r"[0-9]{1,12}")


def reference_argument(name: str = "reference") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A reference, as text."""
    return click.argument(name, type=TEXT, metavar=name.upper())


def access_options(command: Callable[P, R]) -> Callable[P, R]:
    """`--plain-http` and `--timeout`."""
    plain = click.option(
        "--plain-http", "plain", is_flag=True, help="Ask the registry over http. [default: only one on this machine]"
    )
    timeout = click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True, max=86_400),
        default=TIMEOUT_SECONDS,
        show_default=True,
        callback=_seconds,
        metavar="SECONDS",
        help="Give up after this time, whatever the registry does.",
    )
    return plain(timeout(command))


def _seconds(context: click.Context, parameter: click.Parameter, value: float) -> float:
    """The number, unless it is none: `nan` is in no range and refused by none."""
    if value != value:
        raise click.BadParameter(f"`{value}` is no number of seconds", context, parameter)
    return value


def created(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`created` by `SOURCE_DATE_EPOCH`; nothing without it: no two publications would be the same."""
    asked = environment.get("SOURCE_DATE_EPOCH")
    if not asked:
        return {}
    if not _EPOCH.fullmatch(asked) or int(asked) > MOST_EPOCH:
        problem = f"`SOURCE_DATE_EPOCH` is `{asked}`, and not the seconds since 1970"
        raise CmpolicyError(Diagnostic("publish", problem, help="`git log -1 --format=%ct` prints those of a commit"))
    return {"created": datetime.fromtimestamp(int(asked), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


MOST_EPOCH = 253_402_300_799
"""The last second of the year 9999."""


def moved_lines(moved: tuple[Moved, ...]) -> Iterator[str]:
    """A line for each artifact: what it is, its digest, and what happened."""
    width = max(len(each.name) for each in moved)
    for each in moved:
        line = f"{each.name or 'bundle':<{max(width, 6)}}  {each.digest[:19]}…  {size_text(each.size):>8}  {_happened(each)}"
        yield "; ".join(filter(None, (line, _attached(each))))


NOTHING_UPLOADED = "Everything was there already; nothing was uploaded."


def _attached(moved: Moved) -> str:
    """`signed, provenance attached`."""
    new = {each.kind for each in moved.attached if not each.there}
    signed = {each.kind for each in moved.attached if each.kind.endswith("signature")}
    words = ["signed" if signed & new else "signed already" if signed else ""]
    for kind in sorted({each.kind for each in moved.attached} - signed):
        words.append(f"{kind} {'attached' if kind in new else 'attached already'}")
    return ", ".join(filter(None, words))


def _happened(moved: Moved) -> str:
    if moved.there:
        return "already there"
    uploaded = f"{moved.uploaded} of {moved.blobs} blobs uploaded"
    return f"{uploaded}; the tag was {moved.replaced[:19]}…" if moved.replaced else uploaded


def moved_json(moved: tuple[Moved, ...]) -> list[JsonMap]:
    """The same for scripts."""
    return [
        {
            "name": each.name,
            "digest": each.digest,
            "status": "there" if each.there else "pushed",
            "replaced": each.replaced,
            "blobs": each.blobs,
            "uploaded": each.uploaded,
            "size": each.size,
            "attached": attached_json(each.attached),
        }
        for each in moved
    ]


def attached_json(attached: Sequence[Attached]) -> list[JsonMap]:
    """What is attached, for scripts."""
    return [
        {"kind": each.kind, "digest": each.digest, "status": "there" if each.there else "pushed"} for each in attached
    ]


def size_text(size: int) -> str:
    """`512 B`, `1.5 KiB`, `2.0 MiB`."""
    if size < 2**10:
        return f"{size} B"
    return f"{size / 2**10:.1f} KiB" if size < 2**20 else f"{size / 2**20:.1f} MiB"
