"""Objects made for a rule: what agreement between engines is tried on, and what `diff` looks for witnesses among."""

from cmpolicy.generate.case import Case
from cmpolicy.generate.coverage import Coverage, coverage, table
from cmpolicy.generate.objects import objects
from cmpolicy.generate.shrink import shrink

__all__ = ["Case", "Coverage", "coverage", "objects", "shrink", "table"]
