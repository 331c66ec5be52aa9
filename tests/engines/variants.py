"""Generated objects that a command line can be given: manifests by themselves, of the kinds that the rule looks at."""

from __future__ import annotations

from itertools import islice

from cmpolicy.evaluate import kind_of
from cmpolicy.generate import Case, objects
from cmpolicy.ir import Operation, Rule
from cmpolicy.values import JsonMap

SEED = 20260922
MOST_LEFT_OUT = 10
"""Of so many cases at least one can be given: updates, deletions and near misses of the match cannot."""


def variants(rule: Rule, amount: int) -> list[JsonMap]:
    """So many different objects for the rule, the same ones every time."""
    cases = objects(rule, SEED, MOST_LEFT_OUT * amount)
    return list(islice((case.manifest for case in cases if _is_creation(rule, case)), amount))


def _is_creation(rule: Rule, case: Case) -> bool:
    alone = case.operation is Operation.CREATE and case.old is None
    return alone and case.has_identity and kind_of(rule, case.manifest) is not None
