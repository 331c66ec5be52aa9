"""`publish` beside `oras push` of the same files, to registries on this machine that hold nothing yet."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import BenchmarkError, Command, Cost, Measured, run
from benchmarks.tables import Figure, Goal, Table
from benchmarks.workshop import CMPOLICY, Workshop
from tests.engines.build import ENGINES, build
from tests.engines.registries.places import Starter

RULE_COUNT = 200
REGISTRIES = ("go-containerregistry", "distribution")
OURS, THEIRS, SIGNED = "cmpolicy publish", "oras push", "cmpolicy publish --sign-key"
TAG = "1.0"
MIB = 2**20


def publishing(workshop: Workshop) -> Iterator[Table]:
    """A table for each registry. All commands of a round get a registry of their own, for blobs are found again."""
    content = _content(workshop)
    for name in REGISTRIES:
        print(f"  {name}", flush=True)
        yield _table(name, content, _measured(workshop, name))


@dataclass(frozen=True, slots=True)
class Content:
    """What is published: the numbers of manifests and blobs, and the bytes of all blobs and of the largest."""

    manifests: int
    blobs: int
    size: int
    largest: int


def _table(name: str, content: Content, found: Mapping[str, Measured]) -> Table:
    theirs = found[THEIRS]
    rows: list[tuple[Figure, ...]] = [
        (each, cost.wall, cost.cpu, cost.peak, _times(found[each], theirs), found[each].ratio(theirs))
        for each, measured in found.items()
        for cost in [measured.typical]
    ]
    columns = ("command", "wall s", "CPU s", "peak MiB", "times oras, wall", "times oras, CPU")
    shown = f"{content.manifests} manifests, {content.blobs} blobs of {content.size / MIB:.1f} MiB"
    return Table(
        f"{RULE_COUNT} rules for every target to {name}: {shown}, the largest {content.largest / MIB:.1f} MiB",
        columns,
        rows,
        {"seconds of `cmpolicy publish`": Goal(found[OURS].typical.wall, 2)},
        ["oras is started once for each manifest, one after the other, and asks for every blob first"],
    )


def _times(own: Measured, other: Measured) -> float:
    """The ratio of what the clock says, the median over rounds."""
    return median(one.wall / two.wall for one, two in zip(own.costs, other.costs, strict=True))


def _measured(workshop: Workshop, registry: str) -> Mapping[str, Measured]:
    """Every command once for warming up, and then in turn."""
    names = (OURS, THEIRS, SIGNED)
    rounds = [{name: _once(workshop, registry, name) for name in names} for _ in range(workshop.rounds + 1)]
    return {name: Measured(tuple(costs[name] for costs in rounds[1:])) for name in names}


def _once(workshop: Workshop, registry: str, name: str) -> Cost:
    folder = workshop.fresh("registry")
    with Starter(_program, folder).start(registry) as started:
        return run(_command(workshop, name, started.host), workshop.folder)[0]


def _program(name: str) -> Path:
    if name not in ENGINES:
        raise BenchmarkError(f"`tests/engines/build.py` builds no `{name}`")
    return build(ENGINES[name])


def _command(workshop: Workshop, name: str, host: str) -> Command:
    if name == THEIRS:
        return ["sh", _script(workshop), _program("oras"), host]
    publish: Command = [*CMPOLICY, "publish", f"oci://{host}/bench:{TAG}", "--from", workshop.many(RULE_COUNT)]
    if name == OURS:
        return publish
    return ["env", "COSIGN_PASSWORD=x", *publish, "--sign-key", _key(workshop)]


def _key(workshop: Workshop) -> Path:
    path = workshop.folder / "bench.key"
    if not path.exists():
        run(["env", "COSIGN_PASSWORD=x", *CMPOLICY, "keys", "generate", "--out", "bench"], workshop.folder)
    return path


def _layout(workshop: Workshop) -> Path:
    """What is published, as a layout on disk."""
    layout = workshop.folder / "layout"
    if not layout.exists():
        bundle = workshop.many(RULE_COUNT)
        run([*CMPOLICY, "publish", f"oci-layout:{layout}:{TAG}", "--from", bundle], workshop.folder)
    return layout


def _manifests(layout: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The name and the manifest of everything in a layout."""
    for entry in json.loads((layout / "index.json").read_bytes())["manifests"]:
        manifest = json.loads(_blob(layout, entry["digest"]).read_bytes())
        yield entry["annotations"]["org.opencontainers.image.ref.name"], manifest


def _blob(layout: Path, digest: str) -> Path:
    return layout / "blobs" / digest.replace(":", "/")


def _content(workshop: Workshop) -> Content:
    manifests = list(_manifests(_layout(workshop)))
    blobs = {
        (name, each["digest"]): each["size"]
        for name, manifest in manifests
        for each in (manifest["config"], *manifest["layers"])
    }
    return Content(len(manifests), len(blobs), sum(blobs.values()), max(blobs.values()))


def _script(workshop: Workshop) -> Path:
    """A script that pushes the same files by `oras`, one manifest after the other: `sh SCRIPT ORAS HOST`."""
    script = workshop.folder / "push.sh"
    if not script.exists():
        pushes = [_push(workshop, *each) for each in _manifests(_layout(workshop))]
        script.write_text("\n".join(["set -e", *pushes, ""]))
    return script


def _push(workshop: Workshop, name: str, manifest: Mapping[str, Any]) -> str:
    folder = workshop.folder / "files" / name
    words = []
    for number, layer in enumerate(manifest["layers"]):
        path = folder / layer.get("annotations", {}).get("org.opencontainers.image.title", f"{number}.tar.gz")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_blob(_layout(workshop), layer["digest"]).read_bytes())
        words.append(f"{path.relative_to(folder)}:{layer['mediaType']}")
    place, kind = f'"$2/bench/{name}:{TAG}"', manifest["artifactType"]
    return f'cd {shlex.quote(str(folder))}; "$1" push --plain-http --artifact-type {kind} {place} {shlex.join(words)}'
