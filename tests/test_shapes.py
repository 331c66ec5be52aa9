"""Values of a shape that no API server takes are named, whatever the rules say of the object."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.manifests import Manifest, read_paths
from cmpolicy.shapes import Misfit, misfits
from cmpolicy.values import Json, JsonMap


def deployment(spec: Json) -> JsonMap:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "spec": spec}


def pod_spec(spec: Json) -> JsonMap:
    return deployment({"template": {"spec": spec}})


POD = ("spec", "template", "spec")
LIMITS = (*POD, "containers", "0", "resources", "limits")


def limits(cpu: Json) -> JsonMap:
    return pod_spec({"containers": [{"resources": {"limits": {"cpu": cpu}}}]})


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        pytest.param(deployment("s"), [Misfit(("spec",), "text", "a map")], id="text_for_a_map"),
        pytest.param(deployment([]), [Misfit(("spec",), "a list", "a map")], id="list_for_a_map"),
        pytest.param(
            pod_spec({"containers": {}}), [Misfit((*POD, "containers"), "a map", "a list")], id="map_for_a_list"
        ),
        pytest.param(
            pod_spec({"containers": [{"image": ["x"]}, 1]}),
            [
                Misfit((*POD, "containers", "0", "image"), "a list", "a string"),
                Misfit((*POD, "containers", "1"), "a number", "a map"),
            ],
            id="inside_a_list",
        ),
        pytest.param(
            deployment({"replicas": "3"}),
            [Misfit(("spec", "replicas"), "text", "a whole number", "leave out the quotes")],
            id="number_in_quotes",
        ),
        pytest.param(
            deployment({"replicas": "three"}), [Misfit(("spec", "replicas"), "text", "a whole number")], id="word"
        ),
        pytest.param(
            deployment({"replicas": 1.5}), [Misfit(("spec", "replicas"), "a fraction", "a whole number")], id="fraction"
        ),
        pytest.param(
            deployment({"replicas": True}), [Misfit(("spec", "replicas"), "a boolean", "a whole number")], id="truth"
        ),
        pytest.param(
            deployment({"paused": "true"}),
            [Misfit(("spec", "paused"), "text", "true or false", "leave out the quotes")],
            id="truth_in_quotes",
        ),
        pytest.param(
            {**deployment({}), "metadata": {"annotations": {"a": 1, "b": True, "c": "1"}}},
            [
                Misfit(("metadata", "annotations", "a"), "a number", "a string", "put it in quotes"),
                Misfit(("metadata", "annotations", "b"), "a boolean", "a string", "put it in quotes"),
            ],
            id="text_without_quotes",
        ),
        pytest.param(
            deployment({"strategy": {"rollingUpdate": {"maxSurge": False}}}),
            [Misfit(("spec", "strategy", "rollingUpdate", "maxSurge"), "a boolean", "a whole number or a string")],
            id="truth_for_an_int_or_string",
        ),
        *(
            pytest.param(limits(cpu), [Misfit((*LIMITS, "cpu"), found, "a quantity")], id=f"no_quantity_{cpu}")
            for cpu, found in (
                ("1gi", "text that is no quantity"),
                ("", "text that is no quantity"),
                (True, "a boolean"),
                ([], "a list"),
            )
        ),
        pytest.param(
            {**deployment({}), "metadata": {"labels": {"a": {"b": "c"}}}},
            [Misfit(("metadata", "labels", "a"), "a map", "a string")],
            id="inside_a_map",
        ),
    ],
)
def test_what_has_the_wrong_shape_is_named(manifest: JsonMap, expected: list[Misfit]) -> None:
    assert list(misfits(manifest)) == expected


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param(deployment(None), id="null"),
        pytest.param(deployment({"replicas": 3.0}), id="whole_number_with_a_point"),
        pytest.param(deployment({"strategy": {"rollingUpdate": {"maxSurge": "25%"}}}), id="int_or_string_as_text"),
        pytest.param(deployment({"strategy": {"rollingUpdate": {"maxSurge": 1}}}), id="int_or_string_as_number"),
        *(pytest.param(limits(cpu), id=f"quantity_{cpu}") for cpu in ("100m", 1, 0.5, "1e3", " 1 ", "1Gi")),
        pytest.param(deployment({"unknown": {"a": []}}), id="unknown_field"),
        pytest.param(pod_spec({"containers": [None]}), id="null_element"),
        pytest.param({"apiVersion": "x.io/v1", "kind": "Deployment", "spec": "s"}, id="kind_of_another_group"),
        pytest.param({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}, id="map_of_text"),
    ],
)
def test_what_may_be_is_not_reported(manifest: JsonMap) -> None:
    assert misfits(manifest) == ()


def test_a_misshapen_manifest_is_an_error_with_its_place_and_judged_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("apiVersion: apps/v1\nkind: Deployment\nspec: hello\n", encoding="utf-8")
    manifest, problem = read_paths([str(file)])
    assert isinstance(manifest, Manifest)
    assert isinstance(problem, Diagnostic)
    assert (problem.code, problem.line, problem.column, problem.level) == ("shape", 3, 1, Level.ERROR)
    assert problem.message == "`spec` is text where a map belongs"
