"""Each way's cluster is started once, whichever tests ask for it."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.cluster.conftest import way_of
from tests.cluster.live import WAYS
from tests.cluster.order import by_way


def test_tests_of_one_way_are_together_and_in_their_order() -> None:
    tests = ["a", "b/vap", "b/kyverno", "c", "d/vap", "d/vap-warn", "d/kyverno"]
    sorted_tests = by_way(tests, lambda test: test.partition("/")[2], tuple(WAYS))
    assert sorted_tests == ["a", "c", "b/vap", "d/vap", "d/vap-warn", "b/kyverno", "d/kyverno"]


def test_no_cluster_is_started_twice_in_this_session(request: pytest.FixtureRequest) -> None:
    ways = [way for way, _ in groupby(filter(None, map(way_of, request.session.items)))]
    assert ways == [way for way in WAYS if way in ways]
