"""A generated case: what an admission request carries, or a manifest by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cmpolicy.ir import Operation
from cmpolicy.values import Json, JsonMap


@dataclass(frozen=True, slots=True)
class Case:
    """An object, the old object where there is one, and the operation; `label` says how it was made.

    `object` is null on a deletion and a map else; `old` is null on a creation, and may be null on an update. Parts are
    shared between cases: read them, never write to them.
    """

    object: Json
    old: Json = None
    operation: Operation = Operation.CREATE
    label: str = ""

    @property
    def manifest(self) -> JsonMap:
        """The object that the request is about: on a deletion the old one."""
        about = self.old if self.object is None else self.object
        return about if isinstance(about, Mapping) else {}

    @property
    def has_identity(self) -> bool:
        """It names its apiVersion and its kind, and its metadata is a map with a name: every engine can load it."""
        metadata = self.manifest.get("metadata")
        named = metadata.get("name") if isinstance(metadata, Mapping) else None
        texts = (self.manifest.get("apiVersion"), self.manifest.get("kind"), named)
        return all(isinstance(text, str) and text for text in texts)
