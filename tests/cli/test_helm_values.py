"""`cmpolicy check --helm-values`, as people and scripts see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Result, Run
from tests.policies.values_cases import PAGE, tree

PACK = ("--pack", "cert_manager_values")
UNSEEN = "`helm template ... | cmpolicy check -`"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without packs of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(cmpolicy: Run, text: str, *arguments: str) -> Result:
    Path("values.yaml").write_text(text)
    pack = () if "--pack" in arguments else PACK
    return cmpolicy("check", *pack, "--helm-values", "values.yaml", *arguments)


def lines(text: str) -> str:
    return " ".join(text.split())


def test_a_finding_is_shown_with_its_line_and_what_fixes_it(cmpolicy: Run, folder: Path) -> None:
    result = checked(cmpolicy, "replicaCount: 2\nwebhook:\n  replicaCount: 1\n", "--rule", "cmv-webhook-replicas")
    assert result.code == 1
    assert result.out.splitlines()[:6] == [
        "Helm values values.yaml",
        "  critical  cmv-webhook-replicas  the webhook runs 1 replica(s); run at least 3",
        "            values.yaml:3  replicaCount: 1",
        "",
        "1 object, 1 rule: 1 finding (1 critical) in 1 object",
        "Fix with Helm values:",
    ]
    assert "  webhook.replicaCount: 3" in result.out


def test_what_no_file_says_is_what_the_chart_sets(cmpolicy: Run, folder: Path) -> None:
    result = checked(cmpolicy, "webhook:\n  timeoutSeconds: 10\n", "--rule", "cmv-webhook-replicas")
    assert "values.yaml:1  webhook.replicaCount (not there; the chart sets 1)" in result.out


def test_text_and_json_say_what_values_cannot_show(cmpolicy: Run, folder: Path) -> None:
    text = lines(checked(cmpolicy, "replicaCount: 2\n", "--rule", "cmv-controller-replicas").out)
    assert (
        "no findings Note: Helm values are judged before the chart is rendered, over what cert-manager v1.21.1" in text
    )
    assert UNSEEN in text
    found = json.loads(checked(cmpolicy, "replicaCount: 2\n", "--output", "json").out)
    assert [UNSEEN in note for note in found["notes"]] == [True]
    assert {result["object"]["kind"] for result in found["results"]} == {"CertManagerValues"}
    assert {result["object"]["name"] for result in found["results"]} == {"values.yaml"}


def test_a_check_of_manifests_has_no_such_note(cmpolicy: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n")
    assert "Note" not in cmpolicy("check", "a.yaml").out
    assert json.loads(cmpolicy("check", "a.yaml", "--output", "json").out)["notes"] == []


def test_only_the_rules_for_what_is_given_count(cmpolicy: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n")
    (folder / "v.yaml").write_text("replicaCount: 2\n")

    def rules(*arguments: str) -> int:
        count: int = json.loads(cmpolicy("check", "--output", "json", *arguments).out)["summary"]["rules"]
        return count

    of_manifests, of_values = rules("a.yaml"), rules("--helm-values", "v.yaml")
    assert (of_values, rules("--helm-values", "v.yaml", "--profile", "best-practice")) == (15, 16)
    assert rules("a.yaml", "--helm-values", "v.yaml") == of_manifests + of_values


def test_the_values_of_the_page_have_no_finding(cmpolicy: Run, folder: Path) -> None:
    result = checked(cmpolicy, yaml.safe_dump(tree(PAGE)), "--profile", "default", "--profile", "best-practice")
    assert (result.code, "1 object, 17 rules: no findings" in result.out) == (0, True)


def test_octal_modes_are_read_as_helm_reads_them(cmpolicy: Run, folder: Path) -> None:
    text = yaml.safe_dump(tree(PAGE)).replace("defaultMode: 292", "defaultMode: 0444")
    assert "0444" in text
    assert checked(cmpolicy, text).code == 0


def test_later_files_go_over_earlier_ones_and_findings_name_the_file(cmpolicy: Run, folder: Path) -> None:
    (folder / "base.yaml").write_text("replicaCount: 2\nwebhook:\n  replicaCount: 3\n")
    (folder / "prod.yaml").write_text("cainjector: {enabled: false}\nwebhook:\n  replicaCount: 1\n")
    names = ("--rule", "cmv-webhook-replicas", "--rule", "cmv-controller-replicas", "--rule", "cmv-cainjector-replicas")
    both = cmpolicy("check", *PACK, "--helm-values", "base.yaml", "--helm-values", "prod.yaml", *names)
    assert "Helm values base.yaml + prod.yaml" in both.out
    assert "prod.yaml:3  replicaCount: 1" in both.out
    assert "1 object, 3 rules: 1 finding" in both.out
    turned = cmpolicy("check", *PACK, "--helm-values", "prod.yaml", "--helm-values", "base.yaml", *names)
    assert (turned.code, "no findings" in turned.out) == (0, True)


def test_standard_input_is_read(cmpolicy: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"replicaCount: 1\n")))
    result = cmpolicy("check", *PACK, "--helm-values", "-", "--rule", "cmv-controller-replicas")
    assert result.code == 1
    assert "-:1  replicaCount: 1" in result.out


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        pytest.param("webhook:\n\treplicaCount: 3\n", "2:1", "indent with blanks, not tabs", id="tab"),
        pytest.param("replicaCount: 2\nreplicaCount: 3\n", "2:1", "`replicaCount` is given twice", id="twice"),
        pytest.param("- replicaCount: 2\n", "1:1", "Helm values are a map", id="list"),
        pytest.param("replicaCount\n", "1:1", "Helm values are a map", id="text"),
        pytest.param("a: [\n", "2:1", "error[syntax]", id="open"),
        pytest.param("replicaCount: 2\n---\nreplicaCount: 3\n", "3:1", "a second document", id="two documents"),
        pytest.param("webhook:\n  replicas: 3\n", "2:3", "did you mean `webhook.replicaCount`?", id="unknown"),
        pytest.param(
            "podDisruptionBudget:\n  x: 1\n",
            "2:3",
            "there is `enabled`, `maxUnavailable`, `minAvailable`, `unhealthyPodEvictionPolicy`",
            id="nothing like it",
        ),
        pytest.param("metadata: {}\n", "1:1", "has no value `metadata`: Helm would refuse it", id="of an object"),
        pytest.param("cert-manager:\n  replicaCount: 2\n", "1:1", "values of a chart around it?", id="around it"),
        pytest.param('replicaCount: "2"\n', "1:1", "`replicaCount` is text where a whole number belongs", id="type"),
        pytest.param("webhook: 3\n", "1:1", "`webhook` is a number where a map belongs", id="no map"),
        pytest.param("apiVersion: v1\nkind: Pod\n", "2:1", "this is a manifest", id="manifest"),
    ],
)
def test_broken_values_are_an_error_at_their_place(
    cmpolicy: Run, folder: Path, text: str, place: str, problem: str
) -> None:
    result = checked(cmpolicy, text)
    assert result.code == 2
    assert f"--> values.yaml:{place}\n" in result.err
    assert problem in result.err


def test_what_nothing_reads_is_a_warning(cmpolicy: Run, folder: Path) -> None:
    text = "global:\n  priorityClassname: system-cluster-critical\n"
    result = checked(cmpolicy, text, "--rule", "cmv-priority-class")
    assert result.code == 1
    assert "warning[values]" in result.err
    assert "values.yaml:2:3" in result.err
    assert "did you mean `global.priorityClassName`?" in result.err


def test_what_is_inside_a_free_map_or_a_list_is_not_the_charts(cmpolicy: Run, folder: Path) -> None:
    text = "podLabels: {team: shop}\nnodeSelector: {a: b}\nextraObjects: [{kind: ConfigMap}]\nreplicaCount: 2\n"
    result = checked(cmpolicy, text, "--rule", "cmv-controller-replicas")
    assert (result.code, result.err) == (0, "")


@pytest.mark.parametrize("text", ["", "# nothing is set\n", "{}\n"])
def test_no_values_are_those_of_the_chart(cmpolicy: Run, folder: Path, text: str) -> None:
    result = checked(cmpolicy, text)
    assert result.code == 1
    assert "1 object, 15 rules: 8 findings" in result.out


def test_null_takes_what_the_chart_sets_away(cmpolicy: Run, folder: Path) -> None:
    text = "serviceAccount: {create: null, automountServiceAccountToken: null}\nreplicaCount: null\n"
    result = checked(cmpolicy, text, "--rule", "cmv-controller-replicas", "--rule", "cmv-sa-automount-disabled")
    assert "the controller runs 1 replica(s)" in result.out
    assert result.err == ""


def test_a_file_that_cannot_be_read_leaves_nothing_to_judge(cmpolicy: Run, folder: Path) -> None:
    Path("values.yaml").write_text("replicaCount: 1\n")
    result = cmpolicy("check", *PACK, "--helm-values", "values.yaml", "--helm-values", "none.yaml")
    assert result.code == 2
    assert "cannot be read" in result.err
    assert "0 objects" in result.out


def test_packs_without_rules_on_values_are_told(cmpolicy: Run, folder: Path) -> None:
    result = checked(cmpolicy, "a: 1\n", "--pack", "cert_manager")
    assert result.code == 2
    assert "no rule here is about Helm values" in result.err


def test_something_must_be_named(cmpolicy: Run, folder: Path) -> None:
    result = cmpolicy("check")
    assert result.code == 2
    assert "name a PATH, or a file of Helm values with --helm-values" in result.err


def test_a_build_leaves_them_out_and_says_so(cmpolicy: Run, folder: Path) -> None:
    result = cmpolicy("build", *PACK, "--target", "kyverno")
    assert result.code == 0
    assert "Built no rule" in result.out
    assert "left out: 15 rules on Helm values" in result.out
    assert "cmv-" not in (folder / "dist" / "bundle.json").read_text()


def test_list_and_explain_know_them(cmpolicy: Run, folder: Path) -> None:
    assert "cert_manager_values   17 rules" in cmpolicy("list").out
    explained = lines(cmpolicy("explain", *PACK, "cmv-pdb-exists").out)
    assert "Objects Helm values of cert-manager v1.21.1" in explained
    assert UNSEEN in explained
    assert "gatekeeper never: CertManagerValues is no object of a cluster" in explained


def test_no_target_shows_them_as_policies(cmpolicy: Run, folder: Path) -> None:
    result = cmpolicy("explain", *PACK, "cmv-pdb-exists", "--target", "vap")
    assert result.code == 2
    assert "vap does not carry `cmv-pdb-exists`" in result.err
