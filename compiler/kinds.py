"""The types of Kubernetes objects, as rules see them: `from cmpolicy.kinds import Deployment`.

The classes come from the field index when they are asked for; `kinds.pyi` shows them to editors and type checkers.
"""

from __future__ import annotations

from cmpolicy.dsl.types import named_class
from cmpolicy.fields import index

# A wrong name is reported where the author imports it, so no frame of this module may stand in between.
__getattr__ = named_class


def __dir__() -> list[str]:
    return sorted(index.load().types)
