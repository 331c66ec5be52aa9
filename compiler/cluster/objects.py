"""An object of a live cluster, as something to judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cmpolicy.check import Place
from cmpolicy.evaluate.blame import reaches, steps
from cmpolicy.flow import flow
from cmpolicy.values import Json, JsonMap

SECRET = "Secret"
NAMING = ("namespace", "name", "generateName", "ownerReferences")


@dataclass(frozen=True, slots=True)
class LiveObject:
    """An object of a cluster. It stands in no file."""

    value: JsonMap

    @property
    def file(self) -> str:
        """None: empty."""
        return ""

    @property
    def index(self) -> int:
        """In no file it is the only one."""
        return 0

    def place(self, pointer: str) -> Place:
        """The field of a JSON pointer, with its value if that is a single one that may be shown."""
        path = steps(pointer)
        return Place(pointer, reaches(self.value, path), "", 0, 0, self._shown(path))

    def kept(self) -> LiveObject:
        """What names it and its owners: the object itself would stay in memory with every finding."""
        metadata = self.value.get("metadata")
        named = {key: metadata[key] for key in NAMING if key in metadata} if isinstance(metadata, Mapping) else {}
        naming = {key: self.value[key] for key in ("apiVersion", "kind")}
        return LiveObject({**naming, "metadata": named})

    def _shown(self, path: tuple[str, ...]) -> str:
        """Nothing of a Secret: who may read what is printed may not be who may read those."""
        found: Json = None if self.value.get("kind") == SECRET else self.value
        for step in path:
            match found:
                case Mapping():
                    found = found.get(step)
                case list() if step.isdecimal() and int(step) < len(found):
                    found = found[int(step)]
                case _:
                    return ""
        return "" if found is None or isinstance(found, Mapping | list) else flow(found)
