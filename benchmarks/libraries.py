"""Emitted policies beside those of the engines' own libraries that give the same advice in the same language.

The libraries' policies are about Pods, so ours are built for Pods alone. The libraries are read from folders that the user names, clones of `open-policy-agent/gatekeeper-library` and of
`kyverno/policies`; nothing of them is kept here.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean
from typing import Any

import yaml
from cmpolicy.values import JsonMap

from benchmarks.tables import Figure, Goal, Table
from benchmarks.verdicts import costs_in_turn
from benchmarks.workshop import Workshop

_SECURITY, _GENERAL = "library/pod-security-policy", "library/general"
GATEKEEPER: Mapping[str, tuple[str, str]] = {
    "bench-no-privilege-escalation": (
        f"{_SECURITY}/allow-privilege-escalation",
        "psp-allow-privilege-escalation-container",
    ),
    "bench-not-privileged": (f"{_SECURITY}/privileged-containers", "psp-privileged-container"),
    "bench-read-only-root": (f"{_SECURITY}/read-only-root-filesystem", "psp-readonlyrootfilesystem"),
    "bench-drops-all-capabilities": (f"{_SECURITY}/capabilities", "psp-capabilities-restricted"),
    "bench-host-pid": (f"{_SECURITY}/host-namespaces", "psp-host-namespace"),
    "bench-host-network": (f"{_SECURITY}/host-network-ports", "block_host_network"),
    "bench-no-host-path": (f"{_SECURITY}/host-filesystem", "no-host-paths"),
    "bench-seccomp-profile": (f"{_SECURITY}/seccompv2", "psp-seccomp-restricted"),
    "bench-team-label": (f"{_GENERAL}/requiredlabels", "verify-label-key-only"),
}
"""For each rule the policy that both of Gatekeeper's languages have: its folder, and the sample with its constraint."""

GATEKEEPER_REGO: Mapping[str, tuple[str, str]] = {
    "bench-run-as-non-root": (f"{_SECURITY}/users", "psp-pods-allowed-user-ranges"),
    "bench-image-registry": (f"{_GENERAL}/allowedrepos", "repo-must-be-openpolicyagent"),
    "bench-image-tag": (f"{_GENERAL}/disallowedtags", "container-image-must-not-have-latest-tag"),
    "bench-memory-limit": (f"{_GENERAL}/containerlimits", "container-ignore-cpu-limits"),
    "bench-memory-request": (f"{_GENERAL}/containerrequests", "container-must-have-requests"),
    "bench-liveness-probe": (f"{_GENERAL}/requiredprobes", "must-have-probes"),
    "bench-automount-disabled": (f"{_GENERAL}/automount-serviceaccount-token", "automount-serviceaccount-token"),
}
"""Those that Gatekeeper's library has in Rego alone."""

PARAMETERS: Mapping[str, JsonMap] = {
    "bench-team-label": {"labels": [{"key": "example.com/team"}]},
    "bench-image-registry": {"repos": ["registry.example.com/"]},
    "bench-run-as-non-root": {"runAsUser": {"rule": "MustRunAsNonRoot"}},
    "bench-memory-limit": {"memory": "4Gi"},
}
"""What the constraint says instead of the sample's, so that most Pods pass as they pass the rule."""

KYVERNO: Mapping[str, str] = {
    "bench-no-privilege-escalation": "pod-security{}/restricted/disallow-privilege-escalation",
    "bench-not-privileged": "pod-security{}/baseline/disallow-privileged-containers",
    "bench-drops-all-capabilities": "pod-security{}/restricted/disallow-capabilities-strict",
    "bench-adds-no-capability": "pod-security{}/baseline/disallow-capabilities",
    "bench-host-pid": "pod-security{}/baseline/disallow-host-namespaces",
    "bench-no-host-path": "pod-security{}/baseline/disallow-host-path",
    "bench-host-ports": "pod-security{}/baseline/disallow-host-ports",
    "bench-run-as-non-root": "pod-security{}/restricted/require-run-as-nonroot",
    "bench-seccomp-profile": "pod-security{}/restricted/restrict-seccomp-strict",
    "bench-read-only-root": "best-practices{}/require-ro-rootfs",
    "bench-memory-limit": "best-practices{}/require-pod-requests-limits",
    "bench-image-registry": "best-practices{}/restrict-image-registries",
    "bench-liveness-probe": "best-practices{}/require-probes",
    "bench-team-label": "best-practices{}/require-labels",
}
"""For each rule the folder of Kyverno's policy; what tells its language goes into the hole."""

GATEKEEPER_POLICIES = {"gatekeeper-cel": GATEKEEPER, "gatekeeper-rego": {**GATEKEEPER, **GATEKEEPER_REGO}}
PARTNERS: Mapping[str, tuple[str, ...]] = {
    **{name: tuple(pairs) for name, pairs in GATEKEEPER_POLICIES.items()},
    "kyverno": tuple(KYVERNO),
    "kyverno-cel": tuple(KYVERNO),
}
"""The rules that have a partner in the library, by the way to ask."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library's policies as the runners load them, and which of them stands beside which of our rules."""

    folder: Path
    by_rule: Mapping[str, str]


def against_libraries(workshop: Workshop) -> Iterator[Table]:
    """A table for each way to ask for which a library was named."""
    for name in PARTNERS:
        found = library(workshop, name)
        if found is not None:
            yield _beside(name, workshop, found)


def library(workshop: Workshop, name: str) -> Library | None:
    """The library's policies that are asked in this way; None if the user named no clone of it."""
    gatekeeper, kyverno = workshop.gatekeeper_library, workshop.kyverno_policies
    match name:
        case "gatekeeper-cel" | "gatekeeper-rego" if gatekeeper is not None:
            return _gatekeeper(workshop, name.removeprefix("gatekeeper-"), gatekeeper, GATEKEEPER_POLICIES[name])
        case "kyverno" | "kyverno-cel" if kyverno is not None:
            return _kyverno(workshop, name, kyverno, "" if name == "kyverno" else "-vpol")
        case _:
            return None


def _beside(name: str, workshop: Workshop, library: Library) -> Table:
    costs = costs_in_turn(name, workshop.pods_only(), library.folder, library.by_rule)
    rows: list[tuple[Figure, ...]] = [
        (rule, own, library.by_rule[rule], theirs, ratio) for rule, (own, theirs, ratio) in costs.items()
    ]
    ratio = geometric_mean(ratio for _, _, ratio in costs.values())
    columns = ("rule", "µs", "policy of the library", "its µs", "ratio")
    return Table(f"{name}, beside the library", columns, rows, {"mean ratio (geometric)": Goal(ratio, 1)})


def _gatekeeper(workshop: Workshop, language: str, library: Path, pairs: Mapping[str, tuple[str, str]]) -> Library:
    """Each policy's template and the constraint of its sample, which is named after our rule."""
    base = workshop.folder / f"library-gatekeeper-{language}"
    for part in ("templates", "constraints"):
        (base / "gatekeeper" / part).mkdir(parents=True, exist_ok=True)
    for rule, (policy, sample) in pairs.items():
        shutil.copy(library / policy / "template.yaml", base / "gatekeeper" / "templates" / f"{rule}.yaml")
        constraint = _document(library / policy / "samples" / sample / "constraint.yaml")
        constraint["metadata"]["name"] = rule
        constraint["spec"]["match"] = {"kinds": [{"apiGroups": [""], "kinds": ["Pod"]}]}
        if rule in PARAMETERS:
            constraint["spec"]["parameters"] = PARAMETERS[rule]
        (base / "gatekeeper" / "constraints" / f"{rule}.yaml").write_text(json.dumps(constraint))
    return Library(base, {rule: rule for rule in pairs})


def _kyverno(workshop: Workshop, target: str, library: Path, suffix: str) -> Library:
    base = workshop.folder / f"library-{target}"
    policies = base / target / "policies"
    policies.mkdir(parents=True, exist_ok=True)
    names = {}
    for rule, pattern in KYVERNO.items():
        folder = library / pattern.format(suffix)
        shutil.copy(folder / f"{folder.name}.yaml", policies)
        names[rule] = str(_document(policies / f"{folder.name}.yaml")["metadata"]["name"])
    return Library(base, names)


def _document(path: Path) -> dict[str, Any]:
    """The one object in a file."""
    found: dict[str, Any] = yaml.load(path.read_text(), yaml.CSafeLoader)
    return found
