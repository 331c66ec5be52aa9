"""The rules of a shop."""

from cmpolicy.dsl import Pack

PACK = Pack(prefix="shop", title="Shop", category="Best practices")
