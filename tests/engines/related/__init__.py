"""Rules in the DSL that look other objects up, as authors write them; engines are asked about them like any other."""

from __future__ import annotations

from cmpolicy.dsl import Pack

PACK = Pack(prefix="related", title="Relations between objects", category="Relations")
