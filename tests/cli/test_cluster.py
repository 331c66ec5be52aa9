"""`cmpolicy check --cluster`, as people and scripts see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.yaml.writer import dump_all

from tests.cli.conftest import Run, finish, start
from tests.cluster.fake_api import TOKEN, FakeApi, Object, serving

PODS = '''\
"""my-pods"""

from cmpolicy.dsl import Condition, match, others, rule, where_known
from cmpolicy.kinds import Pod, PodDisruptionBudget


def pod():
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": []}}


def budget():
    metadata = {"name": "b", "namespace": "default"}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata, "spec": {"minAvailable": 1}}


@rule(severity="low", match=match(Pod), message="{name} is alone", good=[where_known(pod(), budget())], bad=[pod()])
def pods(pod: Pod) -> Condition:
    """Pods are not alone.

    They are sad.
    """
    return others(PodDisruptionBudget, beside=pod).any(lambda each: each.spec.minAvailable == 1)
'''
SECRETS = '''\
"""my-secrets"""

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import Secret


def secret(value):
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"key": value}}


@rule(severity="critical", match=match(Secret), message="it is weak", good=[secret("a")], bad=[secret("b")])
def secrets(secret: Secret) -> Condition:
    """Secrets are strong.

    Or else.
    """
    return secret.data["key"] == "a"
'''


@pytest.fixture
def api(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    """A cluster with nothing in it, which the environment's kubeconfig names, and rules for it."""
    pack = workspace / "policies" / "my_pack"
    (pack / "pods.py").write_text(PODS)
    (pack / "secrets.py").write_text(SECRETS)
    with serving() as found:
        monkeypatch.setenv("KUBECONFIG", str(found.kubeconfig(workspace)))
        yield found


def app(name: str, namespace: str = "shop", replicas: int | None = 1) -> Object:
    spec = {} if replicas is None else {"replicas": replicas}
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def pod(name: str, namespace: str = "shop", **metadata: Any) -> Object:
    named = {"name": name, "namespace": namespace, **metadata}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": named, "spec": {"containers": []}}


def budget(namespace: str) -> Object:
    metadata = {"name": "b", "namespace": namespace}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata, "spec": {"minAvailable": 1}}


def owned_by(name: str, controller: bool = True) -> Object:
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": name, "uid": "1", "controller": controller}


def secret(value: str) -> Object:
    metadata = {"name": "s", "namespace": "shop"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": {"key": value}}


def report(run: Run, *arguments: str) -> tuple[int, dict[str, Any]]:
    result = run("check", "--output", "json", *arguments)
    return result.code, json.loads(result.out)


def findings(found: dict[str, Any]) -> list[tuple[str, ...]]:
    keys = ("rule", "verdict", "severity", "path", "message")
    identity = ("apiVersion", "kind", "namespace", "name")
    return sorted(
        (*(each["object"][key] for key in identity), *(each[key] for key in keys), json.dumps(each["remedy"]))
        for each in found["results"]
    )


def test_findings_are_shown_by_object_with_the_field_and_its_value(cmpolicy: Run, api: FakeApi) -> None:
    api.objects = [app("app"), app("other", replicas=None), pod("p", ownerReferences=[owned_by("rs-1")])]
    result = cmpolicy("check", "--cluster", "--rule", "my-first", "--rule", "my-pods")
    assert result.out.splitlines() == [
        "Deployment shop/app",
        "  high      my-first  too few replicas",
        "            spec.replicas: 1",
        "Deployment shop/other",
        "  high      my-first  too few replicas",
        "            spec.replicas (not there)",
        "Pod shop/p  of ReplicaSet rs-1",
        "  low       my-pods  p is alone",
        "",
        "3 objects of context `test`, 2 rules: 3 findings (2 high, 1 low) in 3 objects",
    ]
    assert (result.code, result.err) == (1, "")


def test_the_json_is_as_documented(cmpolicy: Run, api: FakeApi) -> None:
    api.objects = [pod("p", ownerReferences=[owned_by("x", controller=False), owned_by("rs-1")])]
    code, found = report(cmpolicy, "--cluster", "--rule", "my-pods")
    assert code == 1
    assert found == {
        "schema": "cmpolicy.check/v1",
        "cluster": {"context": "test"},
        "summary": {"objects": 1, "rules": 1, "pass": 0, "fail": 1, "skip": 0, "error": 0},
        "results": [
            {
                "rule": "my-pods",
                "pack": "my_pack",
                "verdict": "fail",
                "severity": "low",
                "object": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "p"},
                "owner": {"kind": "ReplicaSet", "name": "rs-1"},
                "file": "",
                "document": 0,
                "line": 0,
                "column": 0,
                "path": "",
                "message": "p is alone",
                "remedy": {"helm": {}, "text": "", "docs": ""},
            }
        ],
        "problems": [],
        "notes": [],
    }


@pytest.mark.parametrize("more", [[], ["--all"]], ids=["failures", "all"])
def test_the_findings_are_those_of_the_same_objects_in_files(
    cmpolicy: Run, api: FakeApi, workspace: Path, more: list[str]
) -> None:
    api.page = 3
    api.objects = [app(f"a{number}", f"n{number % 3}", number) for number in range(7)]
    api.objects += [pod(f"p{number}", f"n{number % 3}") for number in range(5)]
    api.objects += [budget("n1"), secret("a"), secret("b")]
    (workspace / "all.yaml").write_text(dump_all(api.objects))
    live, files = (report(cmpolicy, *more, *where) for where in (["--cluster"], ["all.yaml"]))
    assert (live[0], findings(live[1])) == (files[0], findings(files[1]))
    assert len(findings(live[1])) > 10
    inside = [each for each in api.objects if each["metadata"]["namespace"] in ("n1", "n2")]
    (workspace / "some.yaml").write_text(dump_all(inside))
    live = report(cmpolicy, *more, "--cluster", "--namespace", "n1", "--namespace=n2")
    assert findings(live[1]) == findings(report(cmpolicy, *more, "some.yaml")[1])


def test_nothing_of_a_secret_is_shown(cmpolicy: Run, api: FakeApi) -> None:
    api.objects = [secret("aHVudGVyMg==")]
    result = cmpolicy("check", "--cluster", "--rule", "my-secrets")
    assert result.out.splitlines()[:3] == [
        "Secret shop/s",
        "  critical  my-secrets  it is weak",
        "            data.key",
    ]
    assert "aHVudGVyMg==" not in cmpolicy("check", "--cluster", "--output", "json").out


def test_names_of_others_do_not_reach_the_terminal_as_escapes(cmpolicy: Run, api: FakeApi) -> None:
    api.objects = [pod("p\x1b[2J", "n\n\u202e", ownerReferences=[owned_by("o\x1b[31m")])]
    result = cmpolicy("check", "--cluster", "--rule", "my-pods")
    assert result.out.splitlines()[0] == "Pod n\\n\\u202e/p\\x1b[2J  of ReplicaSet o\\x1b[31m"
    assert not any(each in cmpolicy("check", "--cluster", "--output", "json").out for each in "\x1b\u202e")


def test_what_cannot_be_read_is_told_and_the_rest_is_judged(cmpolicy: Run, api: FakeApi) -> None:
    api.objects = [app("app"), secret("b")]
    api.fault = lambda handler: handler.asked.path == "/api/v1/secrets" and handler.status(403, "it is forbidden")
    code, found = report(cmpolicy, "--cluster", "--rule", "my-first", "--rule", "my-secrets")
    assert (code, [each["rule"] for each in found["results"]]) == (2, ["my-first"])
    assert found["problems"] == [
        {
            "code": "forbidden",
            "level": "error",
            "file": "",
            "line": 1,
            "column": 1,
            "message": "`secrets` in all namespaces cannot be read: it is forbidden",
            "help": "who asks needs the verb `list` on it: `kubectl create clusterrole cmpolicy --verb=list "
            "--resource=secrets`, and a binding of that",
        }
    ]


def test_kinds_that_are_not_served_are_a_note(cmpolicy: Run, api: FakeApi) -> None:
    del api.resources["policy/v1"]
    api.objects = [pod("p")]
    result = cmpolicy("check", "--cluster", "--rule", "my-pods")
    assert (result.code, result.err) == (1, "")
    assert result.out.splitlines()[-1].startswith("Note: the cluster does not serve policy/v1/PodDisruptionBudget: ")


def test_credentials_that_are_refused_end_the_command(cmpolicy: Run, api: FakeApi) -> None:
    api.token = "another"
    result = cmpolicy("check", "--cluster", "--output", "json")
    assert result.code == 2
    assert [each["code"] for each in json.loads(result.out)["problems"]] == ["credentials"]
    assert result.err.splitlines() == [
        f"error[credentials]: the cluster of context `test` at `{api.url}` does not accept the credentials",
        "  | they may have run out: get new ones for the kubeconfig as you got these",
    ]
    assert TOKEN not in result.out + result.err


def test_a_cluster_that_is_not_there_ends_the_command(cmpolicy: Run, api: FakeApi, workspace: Path) -> None:
    nowhere = workspace / "nowhere"
    nowhere.mkdir()
    api.port = 1
    file = api.kubeconfig(nowhere)
    result = cmpolicy("check", "--cluster", "--kubeconfig", str(file))
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines() == [
        "error[cluster]: the cluster of context `test` at `http://127.0.0.1:1` cannot be reached: connection refused",
        "  | see whether `kubectl get nodes` works from here",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--cluster", "manifests/"], "--cluster judges what is in a cluster; leave PATH and --helm-values out"),
        (["--cluster", "--helm-values", "v.yaml"], "--cluster judges what is in a cluster; leave PATH and"),
        (["--context", "prod", "manifests/"], "--context is for --cluster"),
        (["--kubeconfig", "k", "manifests/"], "--kubeconfig is for --cluster"),
        (["--namespace", "a", "manifests/"], "--namespace is for --cluster"),
        (["--cluster", "--namespace", "../../secrets"], "`../../secrets` is no name of a namespace"),
        (["--cluster", "--context", ""], "it is empty"),
        ([], "name a PATH, or a file of Helm values with --helm-values, or a live cluster with --cluster"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    cmpolicy: Run, api: FakeApi, arguments: list[str], message: str
) -> None:
    result = cmpolicy("check", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error[usage]: ")
    assert message in result.err
    assert api.asked == []


def test_a_context_is_chosen_by_name(cmpolicy: Run, api: FakeApi) -> None:
    assert cmpolicy("check", "--cluster", "--context", "test").code == 0
    result = cmpolicy("check", "--cluster", "--context", "prod")
    assert (result.code, result.err.splitlines()[0]) == (
        2,
        "error[kubeconfig]: there is no context `prod` in the kubeconfig",
    )


def test_long_readings_are_counted_on_a_terminal(cmpolicy: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmpolicy.cli.progress.PATIENCE", 0.0)
    monkeypatch.setattr("cmpolicy.cli.progress.INTERVAL", 0.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    api.objects = [pod("p1"), pod("p2"), budget("shop")]
    result = cmpolicy("check", "--cluster", "--rule", "my-pods")
    assert result.err == "\r1 objects to look up\r\033[K\r1 objects\r2 objects\r\033[K"


PEAK = """
import atexit, sys, tracemalloc
tracemalloc.start()
atexit.register(lambda: print(tracemalloc.get_traced_memory()[1], file=sys.stderr))
"""
MOST_MORE_BYTES = 12 * 2**20
"""What 8,000 objects more may take: findings are kept, and a fifth of the objects' text would be more."""


def test_memory_does_not_grow_with_the_cluster(api: FakeApi, workspace: Path) -> None:
    rest = {"containers": [{"name": f"c{each}", "env": [{"name": "A", "value": "x" * 20}] * 40} for each in range(4)]}
    peaks = []
    for number in (2_000, 10_000):
        api.objects = [{**pod(f"p{each}"), "spec": rest} for each in range(number)]
        done = finish(start("check", "--cluster", "--rule", "my-pods", cwd=workspace, code=PEAK))
        assert done.out.splitlines()[-1].startswith(f"{number} objects of context `test`, 1 rule: {number} findings")
        peaks.append(int(done.err))
    assert len(json.dumps(api.objects)) > 5 * MOST_MORE_BYTES
    assert peaks[1] - peaks[0] < MOST_MORE_BYTES


def test_of_objects_that_are_looked_up_only_what_rules_read_stays(api: FakeApi, workspace: Path) -> None:
    peaks = []
    for number in (500, 5_000):
        api.objects = [{**budget("shop"), "status": {"x": ["y" * 10] * 500}}] * number
        done = finish(start("check", "--cluster", "--rule", "my-pods", cwd=workspace, code=PEAK))
        assert done.code == 0
        peaks.append(int(done.err))
    assert len(json.dumps(api.objects)) > 2 * MOST_MORE_BYTES
    assert peaks[1] - peaks[0] < MOST_MORE_BYTES


def test_a_reading_can_be_interrupted(cmpolicy: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    api.objects = [pod("p")]
    monkeypatch.setattr("cmpolicy.cluster.objects.LiveObject.kept", interrupt)
    result = cmpolicy("check", "--cluster", "--rule", "my-pods")
    assert (result.code, result.out, result.err) == (130, "", "interrupted; nothing half-written stays\n")
