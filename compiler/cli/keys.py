"""`cmpolicy keys`."""

from __future__ import annotations

from pathlib import Path

import click
from cmpolicy.cli.group import SuggestingGroup
from cmpolicy.cli.options import PATH

HELP = """\
Make the keys that sign what is published.

\b
Example:
  cmpolicy keys generate
"""

GENERATE_HELP = """\
Make a key pair for signatures: ECDSA on P-256, in the files of `cosign generate-key-pair`.

NAME.key is private and encrypted with a password, which is asked for or taken from COSIGN_PASSWORD. NAME.pub is what
others verify with. No file is ever replaced.

\b
Examples:
  cmpolicy keys generate
  COSIGN_PASSWORD=... cmpolicy keys generate --out keys/release
"""


@click.group(cls=SuggestingGroup, help=HELP)
def command() -> None:
    """Run `cmpolicy keys`."""


@command.command("generate", help=GENERATE_HELP, short_help="Make a key pair")
@click.option("--out", type=PATH, default="cosign", show_default=True, metavar="NAME", help="The files without ending.")
def generate_command(out: Path) -> int:
    """Run `cmpolicy keys generate`."""
    from cmpolicy.cli.password import new_password
    from cmpolicy.sign.files import paths_of, write_pair
    from cmpolicy.sign.keys import generate

    paths_of(out)
    key = generate()
    private, public = write_pair(out, key, new_password())
    click.echo(f"Wrote {private}, which signs: keep it and its password secret")
    click.echo(f"      {public}, which verifies: give it to everybody")
    click.echo(f"The signatures name the key {key.public.hint}")
    return 0
