"""Each cluster is started once, whichever tests ask for it, also where processes share them."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.cluster.conftest import group_of
from tests.cluster.live import WAYS
from tests.cluster.order import by_group


def test_tests_of_one_group_are_together_and_in_their_order() -> None:
    tests = ["a", "b/vap", "b/kyverno", "c", "d/audit", "d/vap", "d/vap-warn", "d/kyverno"]
    ordered = by_group(tests, lambda test: test.partition("/")[2], tuple(WAYS))
    assert ordered == ["b/vap", "d/vap", "b/kyverno", "d/kyverno", "d/vap-warn", "d/audit", "a", "c"]


def test_no_cluster_is_started_twice_in_this_session(request: pytest.FixtureRequest) -> None:
    groups = [group for group, _ in groupby(map(group_of, request.session.items))]
    assert len(groups) == len(set(groups))


def test_what_a_cluster_is_started_for_goes_to_one_process(request: pytest.FixtureRequest) -> None:
    marked = {item.nodeid: [mark.args for mark in item.iter_markers("xdist_group")] for item in request.session.items}
    assert marked == {item.nodeid: [(group,)] if (group := group_of(item)) else [] for item in request.session.items}
