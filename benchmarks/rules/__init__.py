"""Thirty rules about any Pod or Deployment, for the benchmarks."""

from cmpolicy.dsl import Pack

PACK = Pack(prefix="bench", title="Rules of the benchmarks", category="Benchmarks")
