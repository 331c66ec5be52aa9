"""What is made ready, a server takes; `tests/cluster/test_defaulting.py` asks one about every example."""

from __future__ import annotations

from cmpolicy.diff.ready import is_ready, ready
from cmpolicy.fields import index
from cmpolicy.generate.edit import at
from cmpolicy.values import Json, JsonMap

CONTROLLER = index.kind("ReplicationController")[0]
LABELS = ("spec", "template", "metadata", "labels")


def controller(**spec: Json) -> JsonMap:
    return {"apiVersion": "v1", "kind": "ReplicationController", "metadata": {"name": "a"}, "spec": spec}


def test_pods_of_a_replication_controller_have_labels_for_it_to_select() -> None:
    made = ready(controller(), CONTROLLER)
    assert at(made, LABELS) == {"app": "app"}
    assert at(made, ("spec", "selector")) is None
    assert is_ready(made, CONTROLLER)
    assert not is_ready(controller(template={"spec": {"containers": [{"name": "a", "image": "a"}]}}), CONTROLLER)


def test_they_are_those_that_it_selects() -> None:
    assert at(ready(controller(selector={"a": "b"}), CONTROLLER), LABELS) == {"a": "b"}
    own: JsonMap = {"metadata": {"labels": {"c": "d"}}}
    assert at(ready(controller(template=own), CONTROLLER), LABELS) == {"c": "d"}
