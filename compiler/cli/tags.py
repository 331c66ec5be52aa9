"""`cmpolicy tags`."""

from __future__ import annotations

import json

import click
from cmpolicy.cli.options import output_option
from cmpolicy.cli.stores import WHERE, access_options, reference_argument
from cmpolicy.oci.opened import Access, opened
from cmpolicy.oci.reference import parse

SCHEMA = "cmpolicy.tags/v1"

HELP = f"""\
List the tags of a repository, or of the bundles in an image layout.

{WHERE} A tag is not needed.

\b
Examples:
  cmpolicy tags oci://registry.example/acme/policies
  cmpolicy tags oci-layout:policies.tar
"""


@click.command(help=HELP, short_help="List the tags of published bundles")
@reference_argument()
@access_options
@output_option
def command(reference: str, plain: bool, timeout: float, output: str) -> int:
    """Run `cmpolicy tags`."""
    with opened(parse(reference), Access(plain, timeout)) as store:
        found = store.tags()
    if output == "json":
        click.echo(json.dumps({"schema": SCHEMA, "tags": list(found)}, indent=2))
    else:
        click.echo("\n".join(found) or "no tags")
    return 0
