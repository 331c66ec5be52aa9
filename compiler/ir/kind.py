"""What kinds of objects there are."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL_GROUP = "cmpolicy.dev"
"""The API group of what cmpolicy alone judges."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A Kubernetes kind: API group ("" is core), version, kind name, plural resource name, and scope."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool

    @property
    def api_version(self) -> str:
        """`apps/v1`, or `v1` for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def is_local(self) -> bool:
        """Whether no cluster has it, such as the values of a chart: cmpolicy makes such objects of files."""
        return self.group == LOCAL_GROUP

    def __str__(self) -> str:
        return f"{self.api_version}/{self.kind}"
