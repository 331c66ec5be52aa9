"""The reference evaluator: the IR run directly on manifests. `check` is this; the engines are held to it."""

from cmpolicy.evaluate.blame import blame
from cmpolicy.evaluate.judge import Judgement, Verdict, compile_rule, compile_rules, judge, kind_of

__all__ = ["Judgement", "Verdict", "blame", "compile_rule", "compile_rules", "judge", "kind_of"]
