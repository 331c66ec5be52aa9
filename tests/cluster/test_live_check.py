"""A real API server with ten thousand objects: `check --cluster` finds what `check` finds in the same objects as files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias
from urllib.request import Request, urlopen

import pytest
from cmpolicy.cluster import pages
from cmpolicy.cluster.client import Client
from cmpolicy.cluster.credentials import Credentials
from cmpolicy.cluster.discovery import Resource
from cmpolicy.cluster.kubeconfig import find_access
from cmpolicy.cluster.pages import Lister
from cmpolicy.ir import Kind, Rule
from cmpolicy.values import JsonMap

from tests.cli.conftest import Result, start
from tests.cluster import api_server as servers
from tests.cluster.api_server import Binary, Cluster, api_server
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.many_objects import TOTAL, create, namespace_name, namespaces, objects
from tests.cluster.requests import Client as Asking

Check: TypeAlias = Callable[..., Result]
Finding: TypeAlias = tuple[str, ...]

CONFIG_MAPS = Resource(Kind("", "v1", "ConfigMap", "configmaps", True), "configmaps", True)
PEAK = """
import atexit, sys
def tell():
    (line,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
    print(int(line.split()[1]), file=sys.stderr)
atexit.register(tell)
"""
MOST_MORE_KIB = 48 * 1024
"""What 9,500 objects more may take. As text they are 80 MB, and their thousands of findings are kept."""


@pytest.fixture(scope="module")
def crowded(binary: Binary, rules: tuple[Rule, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server with ten thousand objects, of its own: other tests want one with nothing in it."""
    with api_server(binary, tmp_path_factory.mktemp("crowded")) as cluster:
        serve(cluster, kinds_of(rules))
        for made in (namespaces(), objects()):
            create(cluster.url, cluster.token, cluster.trust(), list(made))
        yield cluster


@pytest.fixture(scope="module")
def check(profiles: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Check:
    """`cmpolicy check` in a process of its own, with every rule; `code` is Python that runs there first."""
    folder = tmp_path_factory.mktemp("check")

    def run(*arguments: str | Path, code: str = "") -> Result:
        options = [*(f"--profile={profile}" for profile in profiles), *map(str, arguments)]
        process = start("check", *options, cwd=folder, code=code, env={"KUBECONFIG": "/no/such/file"})
        out, err = process.communicate()
        return Result(process.returncode, out, err)

    return run


def live(cluster: Cluster, *arguments: str) -> list[str]:
    """The options by which a cluster is read."""
    return ["--cluster", f"--kubeconfig={cluster.kubeconfig}", *arguments]


def report(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out)
    return found


def findings(found: dict[str, Any]) -> Counter[Finding]:
    """Rule, object, field, message and remedy of each finding."""
    return Counter(
        (
            *each["object"].values(),
            *(each[key] for key in ("rule", "severity", "path", "message")),
            json.dumps(each["remedy"]),
        )
        for each in found["results"]
    )


def verdicts(found: dict[str, Any]) -> dict[str, int]:
    return {verdict: found["summary"][verdict] for verdict in ("pass", "fail", "skip", "error")}


def get(cluster: Cluster, kinds: Iterable[Kind], namespace: str) -> str:
    """What kubectl gives of these kinds."""
    names = ",".join(f"{kind.plural}.{kind.version}.{kind.group}" for kind in kinds)
    return cluster.good("get", names, f"--namespace={namespace}", "--output=yaml")


def documents(cluster: Cluster, kinds: Iterable[Kind], namespace: str = "") -> str:
    """The objects of these kinds as documents of their own, as the API gives them: kubectl takes half a minute to show them."""
    where, asking = f"/namespaces/{namespace}" if namespace else "", Asking.of(cluster)
    return "\n".join(
        json.dumps({"apiVersion": kind.api_version, "kind": kind.kind, **each, "metadata": told(each["metadata"])})
        for kind in kinds
        for each in asking.listed(f"{root(kind)}{where}/{kind.plural}")
    )


def told(metadata: dict[str, Any]) -> dict[str, Any]:
    """Without who set which field, which no kubectl shows either."""
    return {key: value for key, value in metadata.items() if key != "managedFields"}


def root(kind: Kind) -> str:
    """Where a version of an API group is."""
    return f"/apis/{kind.api_version}" if kind.group else f"/api/{kind.version}"


def test_ten_thousand_objects_have_the_findings_of_the_same_objects_in_files(
    crowded: Cluster, rules: tuple[Rule, ...], check: Check, tmp_path: Path
) -> None:
    pods, others = ([kind for kind in kinds_of(rules) if (kind.kind == "Pod") is is_pod] for is_pod in (True, False))
    # One file of all Pods would be larger than `check` reads.
    for name in (each["metadata"]["name"] for each in namespaces()):
        (tmp_path / f"{name}.json").write_text(documents(crowded, pods, name))
    (tmp_path / "rest.json").write_text(documents(crowded, others))
    in_cluster, in_files = check("--output=json", *live(crowded)), check("--output=json", tmp_path)
    assert (in_cluster.code, in_cluster.err, in_files.code, in_files.err) == (1, "", 1, "")
    found = report(in_cluster)
    assert findings(found) == findings(report(in_files))
    assert verdicts(found) == verdicts(report(in_files))
    assert found["notes"] == []
    assert found["summary"]["objects"] >= TOTAL
    by_rule = Counter(each["rule"] for each in found["results"])
    assert {"cm-webhook-replicas", "cm-pdb-exists"} <= set(by_rule)
    assert by_rule.total() > 5_000
    assert {each["owner"]["kind"] for each in found["results"] if each["object"]["kind"] == "Pod"} == {"ReplicaSet"}


def test_a_namespace_has_the_findings_of_its_objects_in_files(
    crowded: Cluster, rules: tuple[Rule, ...], check: Check, tmp_path: Path
) -> None:
    kinds = [kind for kind in kinds_of(rules) if kind.namespaced]
    (tmp_path / "all.yaml").write_text(get(crowded, kinds, namespace_name(2)), encoding="utf-8")
    in_cluster = check("--output=json", *live(crowded, f"--namespace={namespace_name(2)}"))
    in_files = check("--output=json", tmp_path)
    assert (in_cluster.code, in_cluster.err, in_files.code, in_files.err) == (1, "", 1, "")
    assert findings(report(in_cluster)) == findings(report(in_files))
    assert verdicts(report(in_cluster)) == verdicts(report(in_files))
    assert len(report(in_cluster)["results"]) > 200


def test_memory_does_not_grow_with_the_cluster(crowded: Cluster, check: Check) -> None:
    peaks = []
    for where in ([f"--namespace={namespace_name(2)}"], []):
        done = check(*live(crowded, *where), code=PEAK)
        assert done.code == 1
        peaks.append(int(done.err))
    assert peaks[1] - peaks[0] < MOST_MORE_KIB


def test_a_list_that_etcd_no_longer_has_goes_on(
    binary: Binary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 10)
    with uncached_server(binary, tmp_path, monkeypatch) as (cluster, store):
        for number in range(30):
            cluster.good("create", "configmap", f"c{number:02}")
        client = Client(Credentials(find_access(None, cluster.kubeconfig, {}), {}))
        lister = Lister(client)
        found = lister.objects(CONFIG_MAPS)
        names = [_name(next(found))]
        cluster.good("delete", "configmap", "c05", "c20")
        compact(store)
        names += map(_name, found)
        client.close()
    assert [each for each in names if each.startswith("c")] == [f"c{each:02}" for each in range(30) if each != 20]
    assert lister.changed == {"configmaps"}


@contextmanager
def uncached_server(binary: Binary, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[tuple[Cluster, str]]:
    """A server that asks etcd for every list, and the address of that: from memory it would know old lists for longer."""
    stores: list[str] = []
    flags = servers._flags

    def uncached(folder: Path, store: str, port: int) -> Mapping[str, object]:
        stores.append(store)
        return {**flags(folder, store, port), "watch-cache": "false"}

    patch.setattr(servers, "_flags", uncached)
    with api_server(binary, folder) as cluster:
        yield cluster, stores[0]


def _name(each: JsonMap) -> str:
    metadata = each["metadata"]
    assert isinstance(metadata, dict)
    return str(metadata["name"])


def compact(store: str) -> None:
    """Let etcd forget what was before now."""
    revision = asked(store, "/v3/kv/range", {"key": "YQ=="})["header"]["revision"]
    asked(store, "/v3/kv/compaction", {"revision": revision, "physical": True})


def asked(store: str, path: str, body: dict[str, object]) -> Any:
    with urlopen(Request(f"{store}{path}", json.dumps(body).encode()), timeout=60) as answer:
        return json.load(answer)


def account(cluster: Cluster, name: str) -> str:
    """The option for the kubeconfig of a new ServiceAccount."""
    cluster.good("create", "serviceaccount", name, "--namespace=default")
    return f"--kubeconfig={cluster.account('default', name)}"


def test_an_account_of_few_rights_judges_what_it_may_see(crowded: Cluster, check: Check) -> None:
    crowded.good("create", "clusterrole", "few", "--verb=list", "--resource=pods,deployments.apps")
    crowded.good("create", "clusterrolebinding", "few", "--clusterrole=few", "--serviceaccount=default:few")
    asked = [f"--rule={name}" for name in ("cm-webhook-replicas", "cm-no-legacy-token-secret", "cm-pdb-exists")]
    result = check("--cluster", account(crowded, "few"), "--output=json", *asked)
    found = report(result)
    assert result.code == 2
    assert {each["rule"] for each in found["results"]} == {"cm-webhook-replicas"}
    who = 'User "system:serviceaccount:default:few" cannot list resource'
    assert [each["message"] for each in found["problems"]] == [
        "`poddisruptionbudgets.policy` in all namespaces cannot be read: poddisruptionbudgets.policy is forbidden: "
        f'{who} "poddisruptionbudgets" in API group "policy" at the cluster scope; `cm-pdb-exists` cannot be judged without',
        f'`secrets` in all namespaces cannot be read: secrets is forbidden: {who} "secrets" in API group "" at the cluster scope',
    ]
    assert "`kubectl create clusterrole cmpolicy --verb=list --resource=secrets`" in found["problems"][1]["help"]


def test_an_account_of_one_namespace_judges_it(crowded: Cluster, check: Check) -> None:
    name = namespace_name(1)
    resources = "--resource=deployments.apps,poddisruptionbudgets.policy"
    crowded.good("create", "role", "one", "--verb=list", resources, f"--namespace={name}")
    crowded.good("create", "rolebinding", "one", "--role=one", "--serviceaccount=default:one", f"--namespace={name}")
    asked = ["--rule=cm-webhook-replicas", "--rule=cm-pdb-exists", "--output=json", f"--namespace={name}"]
    own = account(crowded, "one")
    one, admin = check("--cluster", own, *asked), check(*live(crowded), *asked)
    assert (one.code, one.err, admin.code) == (1, "", 1)
    assert findings(report(one)) == findings(report(admin))
    outside = check("--cluster", own, "--rule=cm-webhook-replicas")
    assert (outside.code, outside.out.splitlines()) == (2, ["0 objects of context `test`, 1 rule: no findings"])


def test_an_account_that_is_gone_is_told(crowded: Cluster, check: Check) -> None:
    own = account(crowded, "gone")
    crowded.good("delete", "serviceaccount", "gone", "--namespace=default")
    result = check("--cluster", own)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error[credentials]: the cluster of context `test` at `https://127.0.0.1:")
