"""What is published of a bundle: a manifest for each target in the shape that its engine's tools read, and the bundle.

The same files and options give the same digests on every machine. The bundle comes last: it lists the digests of the
others (`lock.json`), so whoever trusts it trusts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cmpolicy.bundle.record import FILE, RULES_FILE, Build
from cmpolicy.content import digest_of
from cmpolicy.oci.archive import gzip_stored, pack
from cmpolicy.oci.built import Built
from cmpolicy.oci.files import Hold, Named, in_memory
from cmpolicy.oci.lock import LOCK_FILE, Locked, lock_text
from cmpolicy.oci.model import MANIFEST, NOTHING, TITLE, Blob, Held, Manifest, blob
from cmpolicy.oci.pages import rules_page
from cmpolicy.pipeline import KUSTOMIZATION, TESTS
from cmpolicy.targets.shapes import YAML, shape_of

BUNDLE = "application/vnd.cmpolicy.bundle.v1"
TARGET = "application/vnd.cmpolicy.target.v1"
GITOPS = "application/vnd.cmpolicy.gitops.v1"

RECORD_LAYER = "application/vnd.cmpolicy.record.v1+json"
RULES_LAYER = "application/vnd.cmpolicy.rules.v1+json"
LOCK_LAYER = "application/vnd.cmpolicy.lock.v1+json"
POLICIES_LAYER = "application/vnd.cmpolicy.policies.v1.tar+gzip"
TESTS_LAYER = "application/vnd.cmpolicy.tests.v1.tar+gzip"
PAGE_LAYER = "text/markdown"
TAR_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
FLUX_CONFIG = "application/vnd.cncf.flux.config.v1+json"
FLUX_LAYER = "application/vnd.cncf.flux.content.v1.tar+gzip"

ABOUT = "org.opencontainers.image."
PAGE_FILE = "rules.md"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A manifest and the blobs that it lists; the name is the repository below the bundle's, empty for the bundle."""

    name: str
    manifest: Manifest
    blobs: tuple[Held, ...]

    @property
    def digest(self) -> str:
        """The digest of its manifest."""
        return digest_of(self.manifest.text())


@dataclass(frozen=True, slots=True)
class Labels:
    """What people say of a release: annotations by the last word of `org.opencontainers.image.`, and Flux's types or not."""

    annotations: Mapping[str, str] = field(default_factory=dict)
    flux: bool = False


@dataclass(frozen=True, slots=True)
class _Target:
    """What is published of a target: its policy files, the same packed, and its tests packed if it has any."""

    name: str
    build: Build
    files: Mapping[str, bytes]
    packed: Held
    tests: Held | None


def artifacts_of(built: Built, labels: Labels, hold: Hold = in_memory) -> tuple[Artifact, ...]:
    """Everything to publish, in this order. `hold` keeps what was packed until it is read."""
    targets = [_target(built, name, hold) for name in built.targets]
    parts = [part for target in targets for part in _parts(target, labels)]
    return (*parts, _bundle(built, targets, parts, labels))


def names_of(target: str) -> tuple[str, str]:
    """How what may be published of a target is called: what its engine's tools read, and what GitOps tools do."""
    return target, f"gitops/{target}"


def _target(built: Built, name: str, hold: Hold) -> _Target:
    files = built.of(name)
    policies = Named(files, {path: path for path in files if not path.startswith(TESTS)})
    tests = Named(files, {path: path for path in files if path.startswith(TESTS)})
    packed = _packed(policies, POLICIES_LAYER, hold)
    return _Target(
        name, built.record.builds[name], policies, packed, _packed(tests, TESTS_LAYER, hold) if tests else None
    )


def _packed(files: Mapping[str, bytes], media_type: str, hold: Hold) -> Held:
    content = gzip_stored(pack(files))
    return Held(blob(content, media_type).descriptor, hold(content))


def _parts(target: _Target, labels: Labels) -> Iterator[Artifact]:
    name, builds = target.name, [target.build]
    yield _native(name, target.files, _about(labels, builds, f"{name}: policies, one layer each"))
    if KUSTOMIZATION in target.files:
        about = _about(labels, builds, f"{name}: policies and a kustomization")
        yield _gitops(name, target.packed, about, labels.flux)


def _native(target: str, files: Mapping[str, bytes], about: Mapping[str, str]) -> Artifact:
    shape = shape_of(target)
    # Tools that take every file would take the kustomization for an object.
    paths = sorted((path for path in files if path != KUSTOMIZATION), key=shape.order)
    layers = [
        _held(files, path, shape.policy, {TITLE: path, **shape.annotations_of(path)})
        if shape.is_policy(path)
        else _held(files, path, YAML, {TITLE: path})
        for path in paths
    ]
    return _artifact(target, _own(NOTHING).called(shape.config), layers, TARGET, about)


def _held(files: Mapping[str, bytes], path: str, media_type: str, annotations: Mapping[str, str]) -> Held:
    return Held(blob(files[path], media_type, annotations).descriptor, lambda: files[path])


def _own(made: Blob) -> Held:
    return Held(made.descriptor, in_memory(made.content))


def _gitops(target: str, packed: Held, about: Mapping[str, str], flux: bool) -> Artifact:
    layer = packed.called(FLUX_LAYER if flux else TAR_LAYER)
    config = _own(NOTHING).called(FLUX_CONFIG if flux else NOTHING.descriptor.media_type)
    return _artifact(names_of(target)[1], config, [layer], GITOPS, about)


def _bundle(built: Built, targets: Sequence[_Target], parts: Sequence[Artifact], labels: Labels) -> Artifact:
    lock = lock_text([_locked(part) for part in parts])
    own = [
        blob(built.record_text, RECORD_LAYER, {TITLE: FILE}),
        blob(built.rules_text, RULES_LAYER, {TITLE: RULES_FILE}),
        blob(lock, LOCK_LAYER, {TITLE: LOCK_FILE}),
        blob(rules_page(built.book).encode(), PAGE_LAYER, {TITLE: PAGE_FILE}),
    ]
    layers = [*map(_own, own), *(layer for target in targets for layer in _folder(target))]
    about = _about(
        labels, list(built.record.builds.values()), "cmpolicy bundle: rules as data, policies and their tests"
    )
    return _artifact("", _own(NOTHING), layers, BUNDLE, about)


def _folder(target: _Target) -> Iterator[Held]:
    yield target.packed.called(POLICIES_LAYER, {TITLE: f"{target.name}.tar.gz"})
    if target.tests is not None:
        yield target.tests.called(TESTS_LAYER, {TITLE: f"{target.name}-tests.tar.gz"})


def _locked(part: Artifact) -> Locked:
    content = part.manifest.text()
    return Locked(part.name, MANIFEST, digest_of(content), len(content), part.manifest.kind)


def _artifact(
    name: str, config: Held, layers: Sequence[Held], artifact_type: str, about: Mapping[str, str]
) -> Artifact:
    held = layers or [_own(NOTHING)]
    manifest = Manifest(config.descriptor, tuple(each.descriptor for each in held), artifact_type, about)
    blobs = {each.descriptor.digest: each for each in (config, *held)}
    return Artifact(name, manifest, tuple(blobs.values()))


def _about(labels: Labels, builds: Sequence[Build], description: str) -> dict[str, str]:
    revisions = {build.revision for build in builds}
    revision = next(iter(revisions)) if len(revisions) == 1 else None
    about = {"description": description, **({"revision": revision} if revision else {}), **labels.annotations}
    return {f"{ABOUT}{key}": value for key, value in about.items()}
