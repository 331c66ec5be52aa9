"""What a change does to a corpus, for people and as JSON: by owner, then by rule, then by object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import click
from cmpolicy.content import printable
from cmpolicy.diff.impact import BY_NAMESPACE
from cmpolicy.diff.model import ACCEPTED, REJECTED, Affected, Impact, Owner
from cmpolicy.paths import display_path
from cmpolicy.report.wording import plural
from cmpolicy.values import JsonMap

MOST_SHOWN = 20
"""Objects that are listed for an owner and a rule; JSON has them all."""
_COLORS = {REJECTED: "yellow", ACCEPTED: "red"}


def impact_lines(impact: Impact | None) -> Iterator[str]:
    """The objects that are newly rejected, then those that are newly accepted."""
    for newly in (REJECTED, ACCEPTED):
        affected = [each for each in impact.affected if each.newly == newly] if impact is not None else []
        if affected:
            yield click.style(f"now {newly} in the corpus:", fg=_COLORS[newly])
            yield from (f"  {line}" for line in _by_owner(affected))
            yield ""


def _by_owner(affected: Iterable[Affected]) -> Iterator[str]:
    for (name, by), of_owner in groupby(
        sorted(affected, key=_order), key=lambda each: (each.owner.name, each.owner.by)
    ):
        yield click.style(_owner(Owner(name, by)), bold=True)
        for rule, group in groupby(of_owner, key=lambda each: each.rule):
            found = list(group)
            yield f"  {rule}  {click.style(plural(len(found), 'object'), dim=True)}"
            yield from (f"    {_object(each)}" for each in found[:MOST_SHOWN])
            if len(found) > MOST_SHOWN:
                yield f"    and {len(found) - MOST_SHOWN} more; `--output json` lists all"


def _order(each: Affected) -> tuple[str, str, str, str, int]:
    return each.owner.name, each.owner.by, each.rule, each.place.file, each.document


def _owner(owner: Owner) -> str:
    if owner.by == BY_NAMESPACE:
        return f"namespace {printable(owner.name)}" if owner.name else "without a namespace"
    return f"{printable(owner.name)} ({owner.by})"


def _object(each: Affected) -> str:
    spot = click.style(f"{display_path(each.place.file)}:{each.place.line}", dim=True)
    name = "/".join(str(each.identity[key]) for key in ("namespace", "name") if each.identity[key])
    told = printable(f"{each.identity['kind']} {name}: {each.message}")
    return f"{spot}  {told}"


def impact_total(impact: Impact | None) -> str:
    """What the last line says of the corpus."""
    if impact is None:
        return ""
    rejected, accepted = impact.count(REJECTED), impact.count(ACCEPTED)
    return f"; of {plural(impact.objects, 'object')} {rejected} newly rejected, {accepted} newly accepted"


def impact_counts(impact: Impact | None) -> Mapping[str, int]:
    """The counts of the summary."""
    if impact is None:
        return {}
    counts = {f"newly_{newly}": impact.count(newly) for newly in (REJECTED, ACCEPTED)}
    return {"objects": impact.objects, **counts}


def impact_json(impact: Impact | None) -> JsonMap | None:
    """Every object whose verdict differs; null where no corpus was given."""
    if impact is None:
        return None
    return {"objects": impact.objects, "affected": [_json(each) for each in sorted(impact.affected, key=_order)]}


def _json(each: Affected) -> JsonMap:
    return {
        "rule": each.rule,
        "newly": each.newly,
        "owner": {"name": each.owner.name, "by": each.owner.by},
        "object": each.identity,
        "file": each.place.file,
        "document": each.document,
        "line": each.place.line,
        "column": each.place.column,
        "path": each.place.path,
        "message": each.message,
    }
