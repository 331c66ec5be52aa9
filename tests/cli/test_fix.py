"""`cmpolicy fix`, as people and scripts see it."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Run, write_rule

APP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: shop}
spec: {replicas: 1}
"""
FIX = 'helm_values={"app.replicas": 3, "app.args": [text_of("--in={namespace}")]}, '
QUOTA = '{"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": text_of("{name}-quota")}, "spec": {"hard": {"pods": value_of("minimum")}}}'


@pytest.fixture
def manifests(workspace: Path) -> Path:
    """A failing Deployment, and a rule `my-first` that says how to fix it, beside `my-second` that says nothing."""
    (workspace / "app.yaml").write_text(APP)
    offer(workspace, "first", FIX)
    return workspace


def offer(workspace: Path, name: str, offered: str) -> None:
    """Write a rule that offers a remedy."""
    file = write_rule(workspace, name)
    text = file.read_text().replace("match=match", offered + "match=match")
    file.write_text(text.replace("import Condition, match, rule", "import Condition, match, rule, text_of, value_of"))


def test_the_values_are_printed_under_the_rules_that_ask_for_them(cmpolicy: Run, manifests: Path) -> None:
    result = cmpolicy("fix", "app.yaml", "--rule", "my-first")
    assert result.out.splitlines() == [
        "# Helm values by cmpolicy fix; above each, the rules that ask for it.",
        "# Helm replaces a list as a whole: `--base FILE` merges these into the values that you have.",
        "# my-first",
        "app:",
        "  args:",
        '    - "--in=shop"',
        "  replicas: 3",
    ]
    assert result.err.splitlines() == ["1 of 1 finding fixed by these values"]
    assert result.code == 0


def test_what_no_value_fixes_is_listed_with_its_remedy(cmpolicy: Run, manifests: Path) -> None:
    offer(manifests, "second", 'remedy="Scale it up", ')
    result = cmpolicy("fix", "app.yaml")
    assert result.code == 1
    assert yaml.safe_load(result.out) == {"app": {"args": ["--in=shop"], "replicas": 3}}
    assert result.err.splitlines() == [
        "1 of 2 findings fixed by these values",
        "1 to be fixed by hand:",
        "  my-second",
        "    Deployment shop/app: too few replicas",
        "    Fix: Scale it up",
    ]


def test_manifests_follow_the_object_and_the_parameters(cmpolicy: Run, manifests: Path) -> None:
    offer(manifests, "second", f"fix_manifests=[{QUOTA}], ")
    (manifests / "values.yaml").write_text("my-second: {minimum: 4}\n")
    result = cmpolicy("fix", "--manifests", "--values", "values.yaml", "app.yaml")
    assert result.out.splitlines()[0] == "# my-second"
    assert yaml.safe_load(result.out) == {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "app-quota"},
        "spec": {"hard": {"pods": 4}},
    }
    assert result.err.splitlines() == ["1 of 2 findings fixed by these manifests", "1 fixed by values: `cmpolicy fix`"]
    assert result.code == 1


def test_two_manifests_of_one_name_that_differ_are_told(cmpolicy: Run, manifests: Path) -> None:
    offer(manifests, "first", f"fix_manifests=[{QUOTA}], ")
    offer(manifests, "second", f"fix_manifests=[{QUOTA}], ".replace('value_of("minimum")', "9"))
    result = cmpolicy("fix", "--manifests", "app.yaml")
    assert result.code == 1
    assert yaml.safe_load(result.out)["spec"] == {"hard": {"pods": 2}}
    assert "`my-second` asks for another ResourceQuota `app-quota` than `my-first`" in result.err
    assert "1 to be fixed by hand" in result.err


def test_rules_that_contradict_each_other_are_told(cmpolicy: Run, manifests: Path) -> None:
    offer(manifests, "second", 'helm_values={"app.replicas": 5}, ')
    result = cmpolicy("fix", "app.yaml")
    assert result.code == 1
    assert yaml.safe_load(result.out)["app"]["replicas"] == 3
    assert (
        "warning[conflict]: `my-second` asks for `app.replicas: 5`, but `my-first` for `3`, which is kept" in result.err
    )
    assert "my-second\n    Deployment shop/app: too few replicas\n    Fix: app.args" not in result.err
    assert "    Fix: app.replicas: 5" in result.err


def test_values_are_merged_into_those_of_a_file(cmpolicy: Run, manifests: Path) -> None:
    (manifests / "mine.yaml").write_text("image: {tag: v1}\napp: {args: [--v=2]}\n")
    result = cmpolicy("fix", "--rule", "my-first", "--base", "mine.yaml", "--out", "mine.yaml", "app.yaml")
    assert (result.code, result.out) == (0, "")
    assert yaml.safe_load((manifests / "mine.yaml").read_text()) == {
        "image": {"tag": "v1"},
        "app": {"args": ["--v=2", "--in=shop"], "replicas": 3},
    }
    assert sorted(path.name for path in manifests.iterdir()) == ["app.yaml", "mine.yaml", "policies"]


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "a: 1\n---\nb: 2\n"])
def test_a_base_that_holds_no_values_is_an_error(cmpolicy: Run, manifests: Path, text: str) -> None:
    (manifests / "mine.yaml").write_text(text)
    result = cmpolicy("fix", "--base", "mine.yaml", "app.yaml")
    assert (result.code, result.out) == (2, "")
    assert "mine.yaml:" in result.err


def test_a_base_that_is_not_there_is_an_error(cmpolicy: Run, manifests: Path) -> None:
    result = cmpolicy("fix", "--base", "none.yaml", "app.yaml")
    assert result.code == 2
    assert "cannot be read: no such file or directory" in result.err


def test_what_cannot_be_written_is_an_error_and_changes_nothing(cmpolicy: Run, manifests: Path) -> None:
    result = cmpolicy("fix", "--out", "none/fix.yaml", "app.yaml")
    assert result.code == 2
    assert "error[write]: cannot write `none/fix.yaml`: no such file or directory" in result.err
    (manifests / "folder").mkdir()
    assert cmpolicy("fix", "--out", "folder", "app.yaml").code == 2
    assert [*(manifests / "folder").iterdir()] == []
    assert not [path for path in manifests.iterdir() if path.name.startswith(".cmpolicy")]


def test_where_nothing_fails_nothing_is_set(cmpolicy: Run, manifests: Path) -> None:
    (manifests / "app.yaml").write_text(APP.replace("1}", "3}"))
    result = cmpolicy("fix", "app.yaml")
    assert (result.code, result.out) == (0, "# No Helm values to set.\n")
    assert result.err == "nothing to fix\n"
    assert cmpolicy("fix", "--manifests", "app.yaml").out == "# No manifests to apply.\n"


def test_a_broken_input_does_not_hide_the_others(cmpolicy: Run, manifests: Path) -> None:
    (manifests / "broken.yaml").write_text("a: [\n")
    result = cmpolicy("fix", "--rule", "my-first", "broken.yaml", "app.yaml")
    assert result.code == 2
    assert yaml.safe_load(result.out)["app"]["replicas"] == 3
    assert "broken.yaml" in result.err


def test_the_json_is_as_documented(cmpolicy: Run, manifests: Path) -> None:
    offer(manifests, "second", f"fix_manifests=[{QUOTA}], ")
    result = cmpolicy("fix", "--output", "json", "app.yaml")
    found = json.loads(result.out)
    assert result.code == 0
    assert found["schema"] == "cmpolicy.fix/v1"
    assert found["summary"] == {"findings": 2, "values": 1, "manifests": 1, "hand": 0}
    assert found["values"] == {"app": {"args": ["--in=shop"], "replicas": 3}}
    assert found["settings"] == [
        {"key": "app.args", "value": ["--in=shop"], "rules": ["my-first"]},
        {"key": "app.replicas", "value": 3, "rules": ["my-first"]},
    ]
    (made,) = found["manifests"]
    assert (made["manifest"]["metadata"], made["rules"]) == ({"name": "app-quota"}, ["my-second"])
    assert [(each["rule"], each["fixedBy"]) for each in found["findings"]] == [
        ("my-first", "values"),
        ("my-second", "manifests"),
    ]
    assert found["problems"] == []
    assert result.err == ""


@pytest.mark.parametrize(
    ("offered", "problem"),
    [
        ('fix_manifests=[{"kind": "Pod"}], ', "one of `fix_manifests` is no manifest"),
        ('fix_manifests="x", ', "`fix_manifests` of a rule is not `'x'`"),
        ('helm_values={"a": [value_of("max")]}, ', "the rule has no parameter `max`"),
        ('helm_values={"a": text_of("{nowhere}")}, ', "`{nowhere}` is no value"),
    ],
)
def test_a_remedy_that_cannot_be_is_an_error_of_its_author(
    cmpolicy: Run, manifests: Path, offered: str, problem: str
) -> None:
    offer(manifests, "second", offered)
    result = cmpolicy("list")
    assert result.code == 2
    assert problem in result.err
    assert "second.py:" in result.err


def test_a_link_leads_to_the_file_that_is_written(cmpolicy: Run, manifests: Path) -> None:
    (manifests / "real.yaml").write_text("keep: true\n")
    (manifests / "link.yaml").symlink_to("real.yaml")
    assert cmpolicy("fix", "app.yaml", "--rule", "my-first", "--base", "link.yaml", "--out", "link.yaml").code == 0
    assert (manifests / "link.yaml").is_symlink()
    assert yaml.safe_load((manifests / "real.yaml").read_text())["app"]["replicas"] == 3


def test_a_pipe_is_written_to_and_stays_one(cmpolicy: Run, manifests: Path) -> None:
    os.mkfifo(manifests / "pipe")
    with ThreadPoolExecutor() as pool:
        read = pool.submit((manifests / "pipe").read_text)
        assert cmpolicy("fix", "app.yaml", "--rule", "my-first", "--out", "pipe").code == 0
        assert "replicas: 3" in read.result()
    assert (manifests / "pipe").is_fifo()


def test_a_dash_is_standard_output(cmpolicy: Run, manifests: Path) -> None:
    result = cmpolicy("fix", "app.yaml", "--rule", "my-first", "--out", "-")
    assert "replicas: 3" in result.out
    assert not (manifests / "-").exists()


def test_what_could_not_be_read_leaves_the_file_as_it_was(cmpolicy: Run, manifests: Path) -> None:
    (manifests / "kept.yaml").write_text("kept: true\n")
    result = cmpolicy("fix", "nowhere.yaml", "--out", "kept.yaml")
    assert result.code == 2
    assert "`kept.yaml` is as it was" in result.err
    assert (manifests / "kept.yaml").read_text() == "kept: true\n"
