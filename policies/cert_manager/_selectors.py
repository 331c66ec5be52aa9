"""Label selectors that stand for cert-manager's pods."""

from __future__ import annotations

from cmpolicy.dsl import Condition
from cmpolicy.kinds import LabelSelector

from ._components import labels_of

_SHORT_NAMES = ["cert-manager", "webhook", "cainjector", "startupapicheck"]


def is_empty(selector: LabelSelector) -> Condition:
    """It asks for nothing, whether it is there or not."""
    return selector.matchLabels.is_empty() & selector.matchExpressions.is_empty()


def may_select_components(selector: LabelSelector) -> Condition:
    """It selects every pod of its namespace, or a component by the labels of its pods."""
    by_app = selector.matchLabels["app"].is_in(_SHORT_NAMES)
    return is_empty(selector) | labels_of(selector.matchLabels) | by_app
