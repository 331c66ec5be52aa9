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
                Misfit((*POD, "containers", "0", "image"), "a list", "a single value"),
                Misfit((*POD, "containers", "1"), "a number", "a map"),
            ],
            id="inside_a_list",
        ),
        pytest.param(
            {**deployment({}), "metadata": {"labels": {"a": {"b": "c"}}}},
            [Misfit(("metadata", "labels", "a"), "a map", "a single value")],
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
        pytest.param(deployment({"replicas": "3"}), id="another_single_value"),
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
