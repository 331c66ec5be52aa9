"""Values of several rules become one tree, and nothing that does not fit is dropped in silence."""

from __future__ import annotations

import pytest
from cmpolicy.fix.merge import Conflict, Setting, dotted, keys_of, merge
from cmpolicy.fix.overlay import overlay
from cmpolicy.values import Json, JsonMap


def merged(*given: tuple[str, Json, str]) -> JsonMap:
    found = merge(Setting(*each) for each in given)
    assert found.conflicts == ()
    return found.values


def conflicts(*given: tuple[str, Json, str]) -> tuple[JsonMap, list[tuple[str, Json, Json, str]]]:
    found = merge(Setting(*each) for each in given)
    return found.values, [(each.key, each.kept, each.refused, each.rule) for each in found.conflicts]


def test_dotted_keys_become_nested_ones_in_order() -> None:
    found = merged(("webhook.replicaCount", 3, "r"), ("a", 1, "r"), ("webhook.a.b", None, "r"))
    assert found == {"a": 1, "webhook": {"a": {"b": None}, "replicaCount": 3}}
    assert [*found] == ["a", "webhook"]


def test_a_dot_may_belong_to_a_key() -> None:
    key = r"nodeSelector.kubernetes\.io/os"
    assert merged((key, "linux", "r")) == {"nodeSelector": {"kubernetes.io/os": "linux"}}
    assert dotted(keys_of(key)) == key


@pytest.mark.parametrize(
    ("key", "one", "other", "both"),
    [
        ("extraArgs", ["--a=1"], ["--b"], ["--a=1", "--b"]),
        ("extraArgs", ["--a=1"], ["--a=1", "--b"], ["--a=1", "--b"]),
        ("volumes", [{"name": "a"}], [{"name": "b"}], [{"name": "a"}, {"name": "b"}]),
        ("volumeMounts", [{"mountPath": "/a", "name": "v"}], [{"mountPath": "/b", "name": "v"}], None),
        ("tolerations", [{"key": "a"}], [{"key": "a"}], [{"key": "a"}]),
        ("networkPolicy.egress", [{"ports": [{"port": 53}]}], [{"ports": [{"port": 443}]}], None),
        ("nodeSelector", {"a": "1"}, {"b": "2"}, {"a": "1", "b": "2"}),
        ("strategy", {}, {"type": "Recreate"}, {"type": "Recreate"}),
        ("strategy", {"type": "Recreate"}, {}, {"type": "Recreate"}),
        ("list", [], ["a"], ["a"]),
    ],
)
def test_values_of_two_rules_stand_together(key: str, one: Json, other: Json, both: Json) -> None:
    if both is None:
        assert isinstance(one, list)
        assert isinstance(other, list)
        both = [*one, *other]
    found: Json = merged((key, one, "r"), (key, other, "s"))
    for step in key.split("."):
        assert isinstance(found, dict)
        found = found[step]
    assert found == both


def test_every_rule_that_asks_is_named() -> None:
    found = merge([Setting("volumes", [{"name": "a"}], "r"), Setting("volumes", [{"name": "a"}], "s")])
    assert found.leaves[("volumes",)].rules == ("r", "s")


@pytest.mark.parametrize(
    ("key", "kept", "refused"),
    [
        ("replicaCount", 2, 3),
        ("enabled", True, 1),
        ("enabled", False, "false"),
        ("tolerations", [], {"key": "a"}),
        ("name", "a", ["a"]),
    ],
)
def test_what_contradicts_is_told_and_the_first_is_kept(key: str, kept: Json, refused: Json) -> None:
    values, found = conflicts((key, kept, "r"), (key, refused, "s"))
    assert values == {key: kept}
    assert [(each[1], each[3]) for each in found] == [(kept, "s")]


def test_of_a_list_the_item_that_contradicts_is_told_and_the_others_are_added() -> None:
    values, found = conflicts(("extraArgs", ["--v=2", "--a=1"], "r"), ("extraArgs", ["--a=2", "--b"], "s"))
    assert values == {"extraArgs": ["--v=2", "--a=1", "--b"]}
    assert found == [("extraArgs", "--a=1", "--a=2", "s")]


def test_a_value_and_a_map_of_values_cannot_share_a_key() -> None:
    values, found = conflicts(("a.b", 1, "r"), ("a", 2, "s"), ("a.b.c", 3, "t"))
    assert values == {"a": {"b": 1}}
    assert found == [("a", 1, 2, "s"), ("a.b.c", 1, 3, "t")]


def test_a_conflict_names_all_who_asked_for_what_is_kept() -> None:
    settings = [Setting("n", 1, "r"), Setting("n", 1, "s"), Setting("n", 2, "t")]
    assert merge(settings).conflicts == (Conflict("n", 1, ("r", "s"), 2, "t"),)


def test_values_go_over_those_that_somebody_has() -> None:
    mine: JsonMap = {
        "replicaCount": 1,
        "image": {"tag": "v1"},
        "extraArgs": ["--v=4", "--a=1"],
        "volumes": [{"name": "tmp"}],
    }
    new: JsonMap = {
        "replicaCount": 2,
        "image": {"digest": "x"},
        "extraArgs": ["--a=2"],
        "volumes": [{"name": "token"}],
    }
    assert overlay(mine, new) == {
        "replicaCount": 2,
        "image": {"tag": "v1", "digest": "x"},
        "extraArgs": ["--v=4", "--a=2"],
        "volumes": [{"name": "tmp"}, {"name": "token"}],
    }
