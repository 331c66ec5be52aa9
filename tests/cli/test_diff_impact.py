"""`cmpolicy diff --corpus`: which objects that are there change their verdict, and whose they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.values import Json
from cmpolicy.yaml.writer import dump
from jsonschema import Draft202012Validator

from tests.cli.conftest import FINE, Run, write_rule

HIGHER = FINE.replace(">= minimum", "> minimum")
OTHERWISE = "deployment.spec.paused.is_true() | (deployment.spec.replicas == 3)"
SCHEMA = Path(__file__).parents[2] / "docs/diff.schema.json"


def deployment(replicas: int, namespace: str = "", **metadata: Any) -> dict[str, Any]:
    placed = {"namespace": namespace} if namespace else {}
    named = {"name": "app", **placed, **metadata}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": named, "spec": {"replicas": replicas}}


def corpus(folder: Path, *objects: Json, name: str = "all.yaml") -> None:
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / name).write_text("---\n".join(dump(each) for each in objects))


def impact(cmpolicy: Run, *arguments: str) -> dict[str, Any]:
    document = json.loads(cmpolicy("diff", "--output", "json", "--corpus", "corpus", *arguments).out)
    errors = Draft202012Validator(json.loads(SCHEMA.read_text())).iter_errors(document)
    assert [error.message for error in errors] == []
    found: dict[str, Any] = document["impact"]
    return {**found, "summary": document["summary"]}


def owners(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["owner"]["name"], each["owner"]["by"]) for each in found["affected"]]


def test_objects_that_change_their_verdict_are_listed_by_owner_and_rule(cmpolicy: Run, repository: Path) -> None:
    corpus(repository, deployment(2, "shop", labels={"team": "cart"}), deployment(3, "shop"), deployment(1))
    write_rule(repository, "first", HIGHER)
    result = cmpolicy("diff", "--corpus", "corpus", "main")
    assert result.code == 1
    assert (
        "now rejected in the corpus:\n"
        "  cart (team)\n"
        "    my-first  1 object\n"
        "      corpus/all.yaml:9  Deployment shop/app: too few replicas\n"
    ) in result.out
    assert result.out.endswith("1 tightened, 1 rule unchanged; of 3 objects 1 newly rejected, 0 newly accepted\n")


def test_both_directions_are_counted_and_each_object_once(cmpolicy: Run, repository: Path) -> None:
    corpus(repository, deployment(2), deployment(3), {**deployment(1), "spec": {"replicas": 1, "paused": True}})
    for name in ("first", "second"):
        write_rule(repository, name, OTHERWISE)
    found = impact(cmpolicy, "main")
    assert [(each["newly"], each["rule"], each["document"]) for each in found["affected"]] == [
        ("rejected", "my-first", 0),
        ("accepted", "my-first", 2),
        ("rejected", "my-second", 0),
        ("accepted", "my-second", 2),
    ]
    assert found["summary"] == {
        "mixed": 2, "unchanged": 0, "objects": 3, "newly_rejected": 1, "newly_accepted": 1
    }  # fmt: skip


def test_rules_that_come_and_go_have_an_impact_and_equivalent_ones_none(cmpolicy: Run, repository: Path) -> None:
    corpus(repository, deployment(1))
    (repository / "policies/my_pack/second.py").unlink()
    write_rule(repository, "third", "deployment.spec.replicas >= 2")
    write_rule(repository, "first", f"~(~({FINE}))")
    affected = impact(cmpolicy, "main")["affected"]
    assert {(each["rule"], each["newly"]) for each in affected} == {("my-second", "accepted"), ("my-third", "rejected")}


@pytest.mark.parametrize(
    ("objects", "arguments", "owner"),
    [
        ([deployment(2, "shop", labels={"team": "a", "owner": "b"})], [], ("a", "team")),
        ([deployment(2, "shop", annotations={"owner": "b"})], [], ("b", "owner")),
        ([deployment(2, "shop", labels={"app.kubernetes.io/part-of": "p"})], [], ("p", "app.kubernetes.io/part-of")),
        ([deployment(2, "shop", labels={"helm.sh/chart": "c-1"})], [], ("c-1", "helm.sh/chart")),
        ([deployment(2, "shop", labels={"team": ""})], [], ("shop", "namespace")),
        ([deployment(2)], [], ("", "namespace")),
        ([deployment(2, "shop", labels={"team": "a", "x/y": "z"})], ["--owner-key", "x/y"], ("z", "x/y")),
        (
            [
                deployment(2, "shop", labels={"helm.sh/chart": "c-1"}),
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"team": "n"}}},
            ],
            [],
            ("n", "team"),
        ),
    ],
)
def test_an_owner_is_a_team_else_an_application_else_a_namespace(
    objects: Sequence[Json], arguments: Sequence[str], owner: tuple[str, str], cmpolicy: Run, repository: Path
) -> None:
    corpus(repository, *objects)
    write_rule(repository, "first", HIGHER)
    assert owners(impact(cmpolicy, *arguments, "main")) == [owner]


def test_a_list_is_its_items(cmpolicy: Run, repository: Path) -> None:
    corpus(repository, {"apiVersion": "v1", "kind": "List", "items": [deployment(2, "a"), deployment(2, "b")]})
    write_rule(repository, "first", HIGHER)
    assert owners(impact(cmpolicy, "main")) == [("a", "namespace"), ("b", "namespace")]


BUDGETS = 'known(PodDisruptionBudget, namespace=deployment.metadata.namespace).any(lambda budget: budget.metadata.name == "b")'


def test_what_a_rule_looks_up_is_the_whole_corpus(cmpolicy: Run, repository: Path) -> None:
    file = write_rule(repository, "first", f"({FINE}) | {BUDGETS}")
    text = file.read_text().replace("import Condition, match", "import Condition, known, match")
    file.write_text(text.replace("import Deployment", "import Deployment, PodDisruptionBudget"))
    budget: Json = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "b", "namespace": "with"},
    }
    corpus(repository, deployment(1, "with"), deployment(1, "without"))
    corpus(repository, budget, name="other.yaml")
    assert owners(impact(cmpolicy, "main")) == [("with", "namespace")]


def test_what_cannot_be_read_hides_nothing(cmpolicy: Run, repository: Path) -> None:
    corpus(repository, deployment(2))
    (repository / "corpus/broken.yaml").write_text("a: [\n")
    (repository / "corpus/binary.yaml").write_bytes(b"\0")
    (repository / "corpus/values.yaml").write_text("replicas: 1\n")
    write_rule(repository, "first", HIGHER)
    result = cmpolicy("diff", "--corpus", "corpus", "--corpus", "absent.yaml", "main")
    assert result.code == 2
    assert "--> corpus/broken.yaml:2" in result.err
    assert "corpus/binary.yaml" in result.err
    assert "absent.yaml" in result.err
    assert "no manifest: it has no `apiVersion` and no `kind`; skipped" in result.err
    assert "of 1 object 1 newly rejected, 0 newly accepted" in result.out


def test_a_long_list_is_cut_for_people_and_whole_in_json(cmpolicy: Run, repository: Path) -> None:
    corpus(repository, *(deployment(2, "shop", labels={"n": f"{number}"}) for number in range(25)))
    write_rule(repository, "first", HIGHER)
    out = cmpolicy("diff", "--corpus", "corpus", "main").out
    assert "my-first  25 objects" in out
    assert "and 5 more; `--output json` lists all" in out
    assert len(impact(cmpolicy, "main")["affected"]) == 25


def test_without_a_corpus_there_is_no_impact(cmpolicy: Run, repository: Path) -> None:
    document = json.loads(cmpolicy("diff", "--output", "json", "main").out)
    assert (document["impact"], document["summary"]) == (None, {"unchanged": 2})
