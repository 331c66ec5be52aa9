"""`cmpolicy publish`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from cmpolicy.cli.hints import command_line
from cmpolicy.cli.options import PATH, TEXT, output_option, targets_option
from cmpolicy.cli.password import old_password
from cmpolicy.cli.progress import counted
from cmpolicy.cli.stores import (
    NOTHING_UPLOADED,
    WHERE,
    access_options,
    created,
    moved_json,
    moved_lines,
    reference_argument,
)
from cmpolicy.cli.verifying import trust_option
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.artifacts import Artifact, Labels, artifacts_of
from cmpolicy.oci.built import Built, only, read_built
from cmpolicy.oci.files import in_folder
from cmpolicy.oci.opened import Access, opened
from cmpolicy.oci.reference import Reference, need_nested, need_tag, parse, repository_of
from cmpolicy.oci.signing import Format, Signer, sign_all
from cmpolicy.oci.store import Store
from cmpolicy.oci.transfer import Moved, publish
from cmpolicy.sign.statement import Statement

SCHEMA = "cmpolicy.publish/v1"

HELP = f"""\
Publish a bundle that `cmpolicy build` wrote to an OCI registry, or to an image layout on disk.

{WHERE}

The bundle itself stands at REFERENCE; each target in REPOSITORY/TARGET with the same tag, as its engine's own tools read
it; and in REPOSITORY/gitops/TARGET for Argo CD and Flux. The same bundle has the same digests wherever it is published,
and what is there already is not uploaded.

\b
Examples:
  cmpolicy publish oci://registry.example/acme/policies:1.4.0
  cmpolicy publish oci://localhost:5000/policies:1.4.0 --target kyverno
  cmpolicy publish oci-layout:policies.tar:1.4.0           for an air gap
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) cmpolicy publish ...
  cmpolicy publish oci://registry.example/acme/policies:1.4.0 --sign-key cosign.key

With --sign-key every manifest is signed, and the bundle's provenance attached. The password of the key is asked for, or taken
from COSIGN_PASSWORD. `cmpolicy keys generate` makes keys. With --keyless it is signed by who the identity token of this
environment says, as in a job of GitHub Actions with the permission `id-token: write`, or the one in SIGSTORE_ID_TOKEN. Name
and signature are published in Sigstore's log, which everybody may read.

Credentials are those of `docker login` and `podman login`. Proxies and certificates are those of the environment.
"""


@click.command(help=HELP, short_help="Publish a bundle to an OCI registry or an image layout")
@reference_argument()
@click.option(
    "--from", "folder", type=PATH, default="dist", show_default=True, metavar="DIR", help="The folder of the bundle."
)
@targets_option
@click.option("--source", type=TEXT, metavar="URL", help="Where the sources are: an annotation.")
@click.option(
    "--licenses", type=TEXT, metavar="SPDX", help="Under which licences, as an SPDX expression: an annotation."
)
@click.option("--version", type=TEXT, metavar="VERSION", help="The version: an annotation. [default: the tag]")
@click.option(
    "--annotation",
    "annotations",
    type=TEXT,
    multiple=True,
    metavar="WORD=TEXT",
    help="Another annotation org.opencontainers.image.WORD, such as `vendor=Acme`; may be repeated.",
)
@click.option(
    "--flux-media-types", "flux", is_flag=True, help="Give gitops/TARGET the media types of `flux push artifact`."
)
@click.option(
    "--sign-key",
    "sign_key",
    type=PATH,
    metavar="FILE",
    help="Sign with this private key, and attach the provenance of the bundle.",
)
@click.option(
    "--keyless",
    is_flag=True,
    help="Sign with the identity token of this environment instead, through Sigstore.",
)
@trust_option
@click.option(
    "--signature-format",
    "signature_format",
    type=click.Choice([each.value for each in Format]),
    default=Format.BOTH.value,
    show_default=True,
    help="Sigstore bundles, the signatures of cosign before them, or both.",
)
@click.option(
    "--builder",
    type=TEXT,
    metavar="URI",
    help="Who builds, as the provenance says. [default: urn:cmpolicy:builder:local]",
)
@access_options
@output_option
def command(
    reference: str,
    folder: Path,
    targets: tuple[str, ...],
    source: str | None,
    licenses: str | None,
    version: str | None,
    annotations: tuple[str, ...],
    flux: bool,
    sign_key: Path | None,
    keyless: bool,
    trust: Path | None,
    signature_format: str,
    builder: str | None,
    plain: bool,
    timeout: float,
    output: str,
) -> int:
    """Run `cmpolicy publish`."""
    place = parse(reference)
    tag = need_tag(place)
    need_nested(place)
    built = read_built(folder)
    _check_targets(built, targets)
    named = {"source": source, "licenses": licenses, "version": version or tag}
    words = {**_annotations(annotations), **{word: text for word, text in named.items() if text}, **created()}
    chosen = only(built, sorted(set(targets)) or built.targets)
    # Whoever has not the password, or no token, learns it before anything is published.
    signer = _signer(sign_key, keyless, trust, Format(signature_format), place)
    # What is packed is kept in files: in memory there is what is being uploaded, and not all of the bundle.
    with TemporaryDirectory(prefix="cmpolicy-") as scratch:
        artifacts = artifacts_of(chosen, Labels(words, flux), in_folder(Path(scratch)))
        with opened(place, Access(plain, timeout), write=True) as store:
            moved = publish(store, artifacts, tag, partial(counted, noun="blobs"))
            if signer is not None:
                moved = _sign(store, artifacts, moved, signer, _provenance(artifacts, chosen, builder, source))
    click.echo(_json(place, moved) if output == "json" else _text(place, moved))
    return 0


def _check_targets(built: Built, names: Sequence[str]) -> None:
    """Raise `CmpolicyError` for a target that the bundle has not."""
    if missing := [name for name in names if name not in built.targets]:
        # What it imports takes as long as publishing a hundred blobs.
        from cmpolicy.selection import unknown

        raise CmpolicyError(*(unknown("target", name, built.targets) for name in missing))


def _signer(path: Path | None, keyless: bool, trust: Path | None, form: Format, place: Reference) -> Signer | None:
    """Who signs, if somebody does. Raises `CmpolicyError` if it is not clear who, or they cannot."""
    if keyless and path is not None:
        raise _usage("`--keyless` and `--sign-key` exclude each other")
    if trust is not None and not keyless:
        raise _usage("`--trust-config` is for `--keyless`, which is not given")
    if keyless:
        return _keyless(trust, form, place)
    if path is None:
        return None
    from cmpolicy.sign.files import load_private

    return Signer(load_private(path, old_password), form, repository_of(place))


def _keyless(trust: Path | None, form: Format, place: Reference) -> Signer:
    if form is Format.LEGACY:
        raise _usage("`--keyless` signs in the format of bundles only")
    from cmpolicy.sign.keyless import keyless_signer

    return Signer(keyless_signer(trust), Format.BUNDLE, repository_of(place))


def _usage(problem: str) -> CmpolicyError:
    return CmpolicyError(Diagnostic("usage", problem))


def _provenance(artifacts: Sequence[Artifact], built: Built, builder: str | None, source: str | None) -> Statement:
    from cmpolicy.sign.provenance import LOCAL, Origin, provenance

    return provenance(artifacts[-1].digest, built.record, built.files, Origin(builder or LOCAL, source or ""))


def _sign(
    store: Store, artifacts: Sequence[Artifact], moved: tuple[Moved, ...], signer: Signer, provenance: Statement
) -> tuple[Moved, ...]:
    attached = sign_all(store, artifacts, provenance, signer)
    return tuple(replace(each, attached=attached[each.name]) for each in moved)


def _annotations(given: Sequence[str]) -> Mapping[str, str]:
    found = {}
    for each in given:
        word, equals, text = each.partition("=")
        if not equals or not word.replace(".", "").replace("-", "").isalnum():
            problem = Diagnostic("usage", f"`{each}` is no annotation", help="write `--annotation vendor=Acme`")
            raise CmpolicyError(problem)
        found[word] = text
    return found


def _text(place: Reference, moved: tuple[Moved, ...]) -> str:
    last = moved[-1]
    said = NOTHING_UPLOADED if all(each.nothing_new for each in moved) else ""
    pinned = f"{str(place).removesuffix(f':{place.tag}')}@{last.digest}"
    return "\n".join(
        [*moved_lines(moved), *([said] if said else []), f"Next: {command_line('cmpolicy', 'pull', pinned)}"]
    )


def _json(place: Reference, moved: tuple[Moved, ...]) -> str:
    document = {"schema": SCHEMA, "reference": str(place), "digest": moved[-1].digest, "artifacts": moved_json(moved)}
    return json.dumps(document, indent=2)
