"""Rules built by hand, without the DSL: between them they use every node of the IR. Each has good and bad manifests."""

from __future__ import annotations

from cmpolicy import ir

from tests.sample_rules.lookups import BUDGETED, CLASSED, ROOM
from tests.sample_rules.objects import BUDGET, ENDPOINT, LABEL, OWNER, PORTS, RENEWAL, ROLLOUT, SETTINGS
from tests.sample_rules.parts import (
    CONFIG_MAP,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    NAMESPACE,
    PDB,
    POD,
    WRITES,
    container,
    eq,
    examples,
    manifest,
    obj,
    path,
    pod,
    var,
    workload,
)
from tests.sample_rules.pods import FLAGS, MEMORY, MOUNTS, PRIORITY, REPLICAS, TOLERATIONS

__all__ = [
    "BUDGET",
    "BUDGETED",
    "CLASSED",
    "CONFIG_MAP",
    "CRON_JOB",
    "DAEMON_SET",
    "DEPLOYMENT",
    "FLAGS",
    "LABEL",
    "LOOKUPS",
    "MEMORY",
    "NAMESPACE",
    "OWNER",
    "PDB",
    "POD",
    "PORTS",
    "PRIORITY",
    "REPLICAS",
    "ROOM",
    "RULES",
    "SETTINGS",
    "WRITES",
    "container",
    "eq",
    "examples",
    "manifest",
    "obj",
    "path",
    "pod",
    "var",
    "workload",
]

RULES: tuple[ir.Rule, ...] = (
    REPLICAS,
    PRIORITY,
    MEMORY,
    MOUNTS,
    TOLERATIONS,
    FLAGS,
    BUDGET,
    SETTINGS,
    PORTS,
    OWNER,
    ROLLOUT,
    ENDPOINT,
    RENEWAL,
)
"""The sample rules that look up nothing. `OWNER` reads `Old`, which targets without admission requests cannot carry."""

LOOKUPS: tuple[ir.Rule, ...] = (BUDGETED, CLASSED, ROOM)
"""Sample rules that look up other objects."""
