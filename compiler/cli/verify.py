"""`cmpolicy verify`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.options import output_option
from cmpolicy.cli.stores import WHERE, access_options, reference_argument
from cmpolicy.cli.verifying import NOT_VERIFIED, bare_option, diagnostics, who, who_options
from cmpolicy.content import printable, shown
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.opened import Access, opened, version_of
from cmpolicy.oci.reference import Reference, parse
from cmpolicy.report.wording import plural
from cmpolicy.sign.identity import Identity

if TYPE_CHECKING:
    from cmpolicy.oci.verified import Verified
    from cmpolicy.sign.provenance import Traced
    from cmpolicy.sign.trusted import Trusted
    from cmpolicy.values import JsonMap

SCHEMA = "cmpolicy.verify/v1"
SHOWN_HINT, SHOWN_COMMIT = 8, 12

HELP = f"""\
Verify who signed a published bundle, and that everything published with it is as it was signed.

{WHERE}

The key must have signed the bundle, as `cmpolicy publish --sign-key` and `cosign sign --key` do, or the identity, as
`cmpolicy publish --keyless` does. Its provenance must tell of the very objects that are in it, and every target's manifest
must be the one that the bundle locks.

\b
Examples:
  cmpolicy verify oci://registry.example/acme/policies:1.4.0 --key cosign.pub
  cmpolicy verify oci-layout:policies.tar --key cosign.pub          behind an air gap
  cmpolicy verify oci://... --key cosign.pub --without-provenance   signed by cosign alone
  cmpolicy verify oci://... --identity me@example.com --issuer https://accounts.example.com

Exit codes: 0 verified; 1 not verified, and stderr says why; 2 it could not be read.
"""


@click.command(help=HELP, short_help="Verify the signature, provenance and digests of a published bundle")
@reference_argument()
@who_options
@bare_option
@access_options
@output_option
def command(
    reference: str,
    key: Path | None,
    identity: str | None,
    issuer: str | None,
    trust: Path | None,
    bare: bool,
    plain: bool,
    timeout: float,
    output: str,
) -> int:
    """Run `cmpolicy verify`."""
    from cmpolicy.oci.verified import verify

    place, signer = parse(reference), who(key, identity, issuer, trust)
    if signer is None:
        problem = Diagnostic(
            "usage", "it is not told who must have signed", help="`--key`, or `--identity` and `--issuer`"
        )
        raise CmpolicyError(problem)
    with opened(place, Access(plain, timeout)) as store:
        found = verify(store, version_of(place, store), signer, provenance=not bare)
    print_diagnostics(diagnostics(found))
    if output == "json":
        click.echo(_json(place, found, signer))
    elif found.good is not None:
        click.echo(" · ".join(_text(found, signer)))
    return NOT_VERIFIED if found.good is None else 0


def _text(found: Verified, signer: Trusted) -> Iterator[str]:
    yield f"signature ok ({_signer(signer)})"
    if found.traced is not None:
        yield f"provenance: {_traced(found.traced)}"
    # The bundle's own is the one that is signed.
    number = 1 + sum(each.what == "digest" for each in found.checks)
    yield f"digests ok ({number} of {number})"


def _signer(signer: Trusted) -> str:
    if isinstance(signer, Identity):
        return f"{printable(signer.name)}, by {printable(signer.issuer)}"
    return f"P-256, key {signer.hint[:SHOWN_HINT]}…"


def _traced(traced: Traced) -> str:
    commits = ", ".join(_commit(each) for each in traced.commits) or "not told"
    lines = f"{traced.untraced} of {plural(traced.objects, 'object')} without a line"
    every = "each object traced to its line" if not traced.untraced else lines
    return f"commit {commits}, {plural(traced.rules, 'rule')}, {every}"


def _commit(commit: str) -> str:
    head, dash, rest = shown(commit).partition("-")
    return f"{head[:SHOWN_COMMIT]}{dash}{rest}"


def _json(place: Reference, found: Verified, signer: Trusted) -> str:
    traced, named = found.traced, signer if isinstance(signer, Identity) else None
    document: JsonMap = {
        "schema": SCHEMA,
        "reference": str(place),
        "digest": found.digest,
        "key": None if isinstance(signer, Identity) else signer.hint,
        "identity": None if named is None else {"name": named.name, "issuer": named.issuer},
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
