"""`cmpolicy inspect`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import click
from cmpolicy.cli.options import output_option
from cmpolicy.cli.stores import WHERE, access_options, reference_argument, size_text
from cmpolicy.content import shown
from cmpolicy.oci.artifacts import ABOUT
from cmpolicy.oci.attached import Attached, attached_to
from cmpolicy.oci.built import Built
from cmpolicy.oci.opened import Access, opened, version_of
from cmpolicy.oci.pulled import Published, read_about, read_bundle
from cmpolicy.oci.reference import parse
from cmpolicy.oci.store import Store
from cmpolicy.oci.transfer import in_parallel
from cmpolicy.report.wording import plural
from cmpolicy.values import JsonMap

SCHEMA = "cmpolicy.inspect/v1"

HELP = f"""\
Show what a published bundle holds, without writing anything.

{WHERE}

\b
Examples:
  cmpolicy inspect oci://registry.example/acme/policies:1.4.0
  cmpolicy inspect --output json oci://... | jq -r .digest
"""


@click.command(help=HELP, short_help="Show what a published bundle holds")
@reference_argument()
@access_options
@output_option
def command(reference: str, plain: bool, timeout: float, output: str) -> int:
    """Run `cmpolicy inspect`."""
    place = parse(reference)
    with opened(place, Access(plain, timeout)) as store:
        published = read_bundle(store, version_of(place, store))
        built = read_about(store, published)
        attached = _attached(store, published)
    text = _json(published, built, attached) if output == "json" else "\n".join(_text(published, built, attached))
    click.echo(text)
    return 0


def _attached(store: Store, published: Published) -> Mapping[str, tuple[Attached, ...]]:
    """What is attached to the bundle, whose name is empty, and to each artifact that it locks."""
    names = [("", published.digest), *((each.name, each.digest) for each in published.lock)]
    found = in_parallel(lambda each: tuple(attached_to(store, *each)), names, store.stop)
    return {name: attached for (name, _), attached in zip(names, found, strict=True)}


def _text(published: Published, built: Built, attached: Mapping[str, tuple[Attached, ...]]) -> Iterator[str]:
    yield f"{published.digest}  {size_text(sum(layer.size for layer in published.manifest.layers))}"
    for key, text in sorted(published.manifest.annotations.items()):
        yield f"  {shown(key.removeprefix(ABOUT))}: {shown(text)}"
    for target in built.targets:
        build = built.record.builds[target]
        action = "enforce" if build.enforce else "audit"
        rules = plural(len(built.record.carried(target)), "rule")
        yield f"  {target}: {rules}, {action}, by cmpolicy {shown(build.cmpolicy)}"
    yield "Published with it"
    width = max((len(each.name) for each in published.lock), default=0)
    for each in published.lock:
        yield "  ".join(filter(None, (f"  {each.name:<{width}}", each.digest, _kinds(attached[each.name]))))
    yield f"Attached, and not verified here: {_kinds(attached['']) or 'nothing'}"


def _kinds(attached: tuple[Attached, ...]) -> str:
    return ", ".join(sorted(shown(each.kind) for each in attached))


def _json(published: Published, built: Built, attached: Mapping[str, tuple[Attached, ...]]) -> str:
    document: JsonMap = {
        "schema": SCHEMA,
        "digest": published.digest,
        "annotations": dict(sorted(published.manifest.annotations.items())),
        "targets": {target: built.record.builds[target].document() for target in built.targets},
        "rules": {target: list(built.book.targets.get(target, ())) for target in built.targets},
        "artifacts": [{"name": each.name, **each.descriptor.document()} for each in published.lock],
        "attached": [
            {"artifact": name, "kind": each.kind, "digest": each.digest or None}
            for name, found in attached.items()
            for each in found
        ],
        "layers": [layer.document() for layer in published.manifest.layers],
    }
    return json.dumps(document, indent=2)
