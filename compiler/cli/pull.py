"""`cmpolicy pull`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from cmpolicy.bundle.compare import left_over
from cmpolicy.bundle.owned import check_ours, check_owned
from cmpolicy.bundle.record import FILE, RULES_FILE
from cmpolicy.bundle.write import write_bundle
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.hints import following
from cmpolicy.cli.options import PATH, output_option, targets_option
from cmpolicy.cli.stores import WHERE, access_options, reference_argument
from cmpolicy.cli.verifying import NOT_VERIFIED, bare_option, diagnostics, who, who_options
from cmpolicy.content import printable
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.built import Built, beside_earlier, only
from cmpolicy.oci.opened import Access, opened, version_of
from cmpolicy.oci.pulled import choice, pull
from cmpolicy.oci.reference import parse
from cmpolicy.oci.store import Store
from cmpolicy.report.wording import listed, plural
from cmpolicy.targets import TARGETS

if TYPE_CHECKING:
    from cmpolicy.oci.verified import Verified
    from cmpolicy.sign.trusted import Trusted

SCHEMA = "cmpolicy.pull/v1"

HELP = f"""\
Write a published bundle to a folder, as `cmpolicy build` wrote it.

{WHERE}

Every file is held to its digest, and to what the bundle says of it. OUT must be new, empty, or hold a bundle; the folders of
the pulled targets are replaced as a whole, others are left alone. If anything is wrong, nothing changes.

\b
Examples:
  cmpolicy pull oci://registry.example/acme/policies:1.4.0
  cmpolicy pull oci://registry.example/acme/policies@sha256:5b1c... --target kyverno --out policies-1.4
  cmpolicy pull oci-layout:policies.tar
  cmpolicy pull oci://registry.example/acme/policies:1.4.0 --key cosign.pub

With --key, or --identity and --issuer, the bundle is verified before, as `cmpolicy verify` does: if it is not, the exit code
is 1, and nothing is written.
"""


@click.command(help=HELP, short_help="Write a published bundle to a folder")
@reference_argument()
@targets_option
@click.option("--out", type=PATH, default="dist", show_default=True, metavar="DIR", help="Output folder.")
@who_options
@bare_option
@access_options
@output_option
def command(
    reference: str,
    targets: tuple[str, ...],
    out: Path,
    key: Path | None,
    identity: str | None,
    issuer: str | None,
    trust: Path | None,
    bare: bool,
    plain: bool,
    timeout: float,
    output: str,
) -> int:
    """Run `cmpolicy pull`."""
    place, names = parse(reference), sorted(set(targets))
    signer = who(key, identity, issuer, trust)
    if bare and signer is None:
        problem = "`--without-provenance` is for `--key` or `--identity`, and neither is given"
        raise CmpolicyError(Diagnostic("usage", problem))
    check_ours(out)
    with opened(place, Access(plain, timeout)) as store:
        version = version_of(place, store)
        found = _verified(store, version, signer, bare) if signer is not None else pull(store, version, names)
    if not isinstance(found, tuple):
        return _refused(found, output)
    digest, built = found[0], only(found[1], choice(found[1], names))
    folders = built.folders()
    check_owned(out, folders)
    removed = len(left_over(out, folders))
    record, rules = beside_earlier(built, out)
    write_bundle(out, folders, {FILE: record, RULES_FILE: rules})
    click.echo(_json(digest, built, out) if output == "json" else _text(digest, built, out, removed))
    return 0


def _verified(store: Store, version: str, signer: Trusted, bare: bool) -> tuple[str, Built] | Verified:
    """The digest and the bundle, or what failed."""
    from cmpolicy.oci.verified import verify

    found = verify(store, version, signer, provenance=not bare)
    return found.good or found


def _refused(found: Verified, output: str) -> int:
    from cmpolicy.report.json import render_problems

    problems = diagnostics(found)
    print_diagnostics(problems)
    if output == "json":
        click.echo(render_problems(problems))
    return NOT_VERIFIED


def _text(digest: str, built: Built, out: Path, removed: int) -> str:
    names = built.targets
    where = out / names[0] if len(names) == 1 else out
    lines = [
        f"Pulled {plural(len(_rules(built)), 'rule')} for {listed(names)}: {where}",
        f"  {digest}",
        f"  revision {printable(built.record.builds[names[0]].revision or 'not told')}",
        *([f"  removed {plural(removed, 'file')} of another bundle"] if removed else []),
    ]
    return "\n".join([*lines, *following({name: out / name for name in names if name in TARGETS})])


def _rules(built: Built) -> set[str]:
    return {rule for target in built.targets for rule in built.record.carried(target)}


def _json(digest: str, built: Built, out: Path) -> str:
    document = {
        "schema": SCHEMA,
        "digest": digest,
        "out": str(out),
        "targets": list(built.targets),
        "files": len(built.files),
    }
    return json.dumps(document, indent=2)
