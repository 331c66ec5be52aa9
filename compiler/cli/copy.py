"""`cmpolicy copy`."""

from __future__ import annotations

import json
from functools import partial

import click
from cmpolicy.cli.options import output_option
from cmpolicy.cli.progress import counted
from cmpolicy.cli.stores import NOTHING_UPLOADED, WHERE, access_options, moved_json, moved_lines, reference_argument
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.opened import Access, opened, version_of
from cmpolicy.oci.reference import Reference, Remote, need_nested, need_tag, parse, with_tag
from cmpolicy.oci.transfer import copy
from cmpolicy.report.wording import listed

SCHEMA = "cmpolicy.copy/v1"

HELP = f"""\
Copy a published bundle, with everything that was published with it, byte for byte: digests stay.

{WHERE} Both SOURCE and TO are such references; TO takes the tag of SOURCE if it names none.

\b
Examples:
  cmpolicy copy oci://registry.example/acme/policies:1.4.0 oci-layout:policies.tar     out of one network
  cmpolicy copy oci-layout:policies.tar oci://registry.internal/policies               into another
  cmpolicy copy oci://registry.example/acme/policies:1.4.0 oci://registry.example/acme/policies:stable
"""


@click.command(help=HELP, short_help="Copy a published bundle between registries and image layouts")
@reference_argument("source")
@reference_argument("to")
@access_options
@output_option
def command(source: str, to: str, plain: bool, timeout: float, output: str) -> int:
    """Run `cmpolicy copy`."""
    first, second, access = parse(source), parse(to), Access(plain, timeout)
    if plain:
        _check_plain(first, second)
    need_nested(second)
    with opened(first, access) as found:
        version = version_of(first, found)
        second = _tagged(second, first.tag or (version if first.digest is None else None))
        tag = need_tag(second)
        with opened(second, access, write=True) as store:
            moved = copy(found, version, store, tag, partial(counted, noun="blobs"))
    if output == "json":
        document = {"schema": SCHEMA, "reference": str(second), "digest": moved[-1].digest}
        click.echo(json.dumps({**document, "artifacts": moved_json(moved)}, indent=2))
    else:
        said = [NOTHING_UPLOADED] if all(each.nothing_new for each in moved) else []
        click.echo("\n".join([*moved_lines(moved), *said]))
    return 0


def _check_plain(*places: Reference) -> None:
    """Raise `CmpolicyError` if it is not clear which registry may be asked over http."""
    hosts = {place.host for place in places if isinstance(place, Remote) and not place.is_loopback}
    if len(hosts) > 1:
        problem = f"`--plain-http` would be for both {listed([f'`{host}`' for host in sorted(hosts)])}"
        raise CmpolicyError(Diagnostic("usage", problem, help="copy to an image layout first, and from there"))


def _tagged(place: Reference, tag: str | None) -> Reference:
    return with_tag(place, tag) if tag is not None and place.tag is None and place.digest is None else place
