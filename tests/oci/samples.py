"""A small bundle, written by hand: it changes only when what is published of a bundle does."""

from __future__ import annotations

from pathlib import Path

from cmpolicy.bundle.record import FILE, RULES_FILE, Build, Record, entries, sha256
from cmpolicy.bundle.write import write_bundle
from cmpolicy.oci.built import Built, read_built
from cmpolicy.oci.model import blob
from cmpolicy.pipeline import Folder
from cmpolicy.targets.protocol import File

BLOB = blob(b"content" * 1000, "text/plain")
REVISION = "0123456789abcdef0123456789abcdef01234567"


def files(target: str, *folders: str) -> tuple[File, ...]:
    policies = [
        File(f"{folder}/{name}.yaml", f"kind: {folder}\nmetadata: {{name: {name}}}\n", name)
        for folder in folders
        for name in ("sample-one", "sample-two")
    ]
    kustomization = File("kustomization.yaml", "resources:\n" + "".join(f"  - {each.path}\n" for each in policies))
    test = File("tests/sample-one/good-1.yaml", f"made for {target}: é\n", "sample-one")
    return tuple(sorted((*policies, kustomization, test), key=lambda each: each.path))


FOLDERS = (
    Folder("datree", (File("policies.yaml", "apiVersion: v1\n"),)),
    Folder("gatekeeper", files("gatekeeper", "templates", "constraints")),
    Folder("kyverno", files("kyverno", "policies")),
    Folder("kyverno-cel", files("kyverno-cel", "policies")),
    Folder("vap", files("vap", "policies")),
)
RULES = '{"schema":"cmpolicy.rules/v1","targets":{},"rules":{}}\n'


def sample(folder: Path, folders: tuple[Folder, ...] = FOLDERS) -> Built:
    """Write the bundle and read it."""
    build = Build("1.2.3", REVISION, False, {"sample-one": {"minimum": 2}})
    listed = tuple(sorted(entries(folders), key=lambda each: each.path))
    record = Record({each.target: build for each in folders}, listed, sha256(RULES.encode()))
    write_bundle(folder, folders, {FILE: record.text(), RULES_FILE: RULES})
    return read_built(folder)
