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
from cmpolicy.oci.lock import LOCK_FILE, Locked, lock_text
from cmpolicy.oci.model import MANIFEST, NOTHING, TITLE, Blob, Manifest, blob
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
    blobs: tuple[Blob, ...]

    @property
    def digest(self) -> str:
        """The digest of its manifest."""
        return digest_of(self.manifest.text())


@dataclass(frozen=True, slots=True)
class Labels:
    """What people say of a release: annotations by the last word of `org.opencontainers.image.`, and Flux's types or not."""

    annotations: Mapping[str, str] = field(default_factory=dict)
    flux: bool = False


def artifacts_of(built: Built, labels: Labels) -> tuple[Artifact, ...]:
    """Everything to publish, in this order."""
    parts = [part for target in built.targets for part in _target(built, target, labels)]
    return (*parts, _bundle(built, parts, labels))


def names_of(target: str) -> tuple[str, str]:
    """How what may be published of a target is called: what its engine's tools read, and what GitOps tools do."""
    return target, f"gitops/{target}"


def _target(built: Built, target: str, labels: Labels) -> Iterator[Artifact]:
    files, build = _policies(built, target), built.record.builds[target]
    yield _native(target, files, _about(labels, [build], f"{target}: policies, one layer each"))
    if KUSTOMIZATION in files:
        yield _gitops(target, files, _about(labels, [build], f"{target}: policies and a kustomization"), labels.flux)


def _policies(built: Built, target: str) -> dict[str, bytes]:
    return {path: text for path, text in built.of(target).items() if not path.startswith(TESTS)}


def _native(target: str, files: Mapping[str, bytes], about: Mapping[str, str]) -> Artifact:
    shape = shape_of(target)
    # Tools that take every file would take the kustomization for an object.
    paths = sorted((path for path in files if path != KUSTOMIZATION), key=shape.order)
    layers = [
        blob(files[path], shape.policy, {TITLE: path, **shape.annotations_of(path)})
        if shape.is_policy(path)
        else blob(files[path], YAML, {TITLE: path})
        for path in paths
    ]
    return _artifact(target, blob(NOTHING.content, shape.config), layers, TARGET, about)


def _gitops(target: str, files: Mapping[str, bytes], about: Mapping[str, str], flux: bool) -> Artifact:
    layer = blob(gzip_stored(pack(files)), FLUX_LAYER if flux else TAR_LAYER)
    config = blob(NOTHING.content, FLUX_CONFIG) if flux else NOTHING
    return _artifact(names_of(target)[1], config, [layer], GITOPS, about)


def _bundle(built: Built, parts: Sequence[Artifact], labels: Labels) -> Artifact:
    lock = lock_text([_locked(part) for part in parts])
    layers = [
        blob(built.record_text, RECORD_LAYER, {TITLE: FILE}),
        blob(built.rules_text, RULES_LAYER, {TITLE: RULES_FILE}),
        blob(lock, LOCK_LAYER, {TITLE: LOCK_FILE}),
        blob(rules_page(built.book).encode(), PAGE_LAYER, {TITLE: PAGE_FILE}),
        *(layer for target in built.targets for layer in _folder(built, target)),
    ]
    about = _about(
        labels, list(built.record.builds.values()), "cmpolicy bundle: rules as data, policies and their tests"
    )
    return _artifact("", NOTHING, layers, BUNDLE, about)


def _folder(built: Built, target: str) -> Iterator[Blob]:
    policies = _policies(built, target)
    tests = {path: text for path, text in built.of(target).items() if path not in policies}
    yield blob(gzip_stored(pack(policies)), POLICIES_LAYER, {TITLE: f"{target}.tar.gz"})
    if tests:
        yield blob(gzip_stored(pack(tests)), TESTS_LAYER, {TITLE: f"{target}-tests.tar.gz"})


def _locked(part: Artifact) -> Locked:
    content = part.manifest.text()
    return Locked(part.name, MANIFEST, digest_of(content), len(content), part.manifest.kind)


def _artifact(
    name: str, config: Blob, layers: Sequence[Blob], artifact_type: str, about: Mapping[str, str]
) -> Artifact:
    held = layers or [NOTHING]
    manifest = Manifest(config.descriptor, tuple(each.descriptor for each in held), artifact_type, about)
    blobs = {each.descriptor.digest: each for each in (config, *held)}
    return Artifact(name, manifest, tuple(blobs.values()))


def _about(labels: Labels, builds: Sequence[Build], description: str) -> dict[str, str]:
    revisions = {build.revision for build in builds}
    revision = next(iter(revisions)) if len(revisions) == 1 else None
    about = {"description": description, **({"revision": revision} if revision else {}), **labels.annotations}
    return {f"{ABOUT}{key}": value for key, value in about.items()}
