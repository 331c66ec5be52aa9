"""The reference evaluator: the IR run directly on manifests. `check` is this; the engines are held to it."""

from cmpolicy.evaluate.blame import blame
from cmpolicy.evaluate.judge import Compiled, Judgement, Verdict, compile_rules, judge, judge_example, kind_of
from cmpolicy.evaluate.known import NOTHING, inventory

__all__ = [
    "NOTHING",
    "Compiled",
    "Judgement",
    "Verdict",
    "blame",
    "compile_rules",
    "inventory",
    "judge",
    "judge_example",
    "kind_of",
]
