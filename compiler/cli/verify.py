"""`cmpolicy verify`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.options import PATH, output_option
from cmpolicy.cli.stores import WHERE, access_options, reference_argument
from cmpolicy.cli.verifying import NOT_VERIFIED, bare_option, diagnostics
from cmpolicy.content import shown
from cmpolicy.oci.opened import Access, opened, version_of
from cmpolicy.oci.reference import Reference, parse
from cmpolicy.report.wording import plural

if TYPE_CHECKING:
    from cmpolicy.oci.verified import Verified
    from cmpolicy.sign.provenance import Traced
    from cmpolicy.values import JsonMap

SCHEMA = "cmpolicy.verify/v1"
SHOWN_HINT, SHOWN_COMMIT = 8, 12

HELP = f"""\
Verify who signed a published bundle, and that everything published with it is as it was signed.

{WHERE}

The key must have signed the bundle, as `cmpolicy publish --sign-key` and `cosign sign --key` do. Its provenance must tell of
the very objects that are in it, and every target's manifest must be the one that the bundle locks.

\b
Examples:
  cmpolicy verify oci://registry.example/acme/policies:1.4.0 --key cosign.pub
  cmpolicy verify oci-layout:policies.tar --key cosign.pub          behind an air gap
  cmpolicy verify oci://... --key cosign.pub --without-provenance   signed by cosign alone

Exit codes: 0 verified; 1 not verified, and stderr says why; 2 it could not be read.
"""


@click.command(help=HELP, short_help="Verify the signature, provenance and digests of a published bundle")
@reference_argument()
@click.option("--key", type=PATH, required=True, metavar="FILE", help="The public key, such as cosign.pub.")
@bare_option
@access_options
@output_option
def command(reference: str, key: Path, bare: bool, plain: bool, timeout: float, output: str) -> int:
    """Run `cmpolicy verify`."""
    from cmpolicy.oci.verified import verify
    from cmpolicy.sign.files import load_public

    place, public = parse(reference), load_public(key)
    with opened(place, Access(plain, timeout)) as store:
        found = verify(store, version_of(place, store), public, provenance=not bare)
    print_diagnostics(diagnostics(found))
    if output == "json":
        click.echo(_json(place, found, public.hint))
    elif found.good is not None:
        click.echo(" · ".join(_text(found, public.hint)))
    return NOT_VERIFIED if found.good is None else 0


def _text(found: Verified, hint: str) -> Iterator[str]:
    yield f"signature ok (P-256, key {hint[:SHOWN_HINT]}…)"
    if found.traced is not None:
        yield f"provenance: {_traced(found.traced)}"
    # The bundle's own is the one that is signed.
    number = 1 + sum(each.what == "digest" for each in found.checks)
    yield f"digests ok ({number} of {number})"


def _traced(traced: Traced) -> str:
    commits = ", ".join(_commit(each) for each in traced.commits) or "not told"
    lines = f"{traced.untraced} of {plural(traced.objects, 'object')} without a line"
    every = "each object traced to its line" if not traced.untraced else lines
    return f"commit {commits}, {plural(traced.rules, 'rule')}, {every}"


def _commit(commit: str) -> str:
    head, dash, rest = shown(commit).partition("-")
    return f"{head[:SHOWN_COMMIT]}{dash}{rest}"


def _json(place: Reference, found: Verified, hint: str) -> str:
    traced = found.traced
    document: JsonMap = {
        "schema": SCHEMA,
        "reference": str(place),
        "digest": found.digest,
        "key": hint,
        "verified": found.good is not None,
        "checks": [
            {"check": each.what, "artifact": each.artifact, "ok": not each.problem, "problem": each.problem or None}
            for each in found.checks
        ],
        "provenance": None
        if traced is None
        else {
            "builder": traced.builder,
            "commits": list(traced.commits),
            "rules": traced.rules,
            "objects": traced.objects,
            "untraced": traced.untraced,
        },
    }
    return json.dumps(document, indent=2)
