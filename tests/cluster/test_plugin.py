"""Credential plugins are run as kubectl runs them, and nothing that they give is told."""

from __future__ import annotations

import base64
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.cluster import plugin
from cmpolicy.cluster.client import Client
from cmpolicy.cluster.credentials import Credentials
from cmpolicy.cluster.kubeconfig import find_access
from cmpolicy.diagnostics import CmpolicyError, render

from tests.cluster.fake_api import TOKEN, FakeApi, Handler, serving
from tests.oci.server import CERTIFICATE

V1 = "client.authentication.k8s.io/v1"
SECRET = "hunter2"
LOG = """\
import json, os, sys
with open(os.path.join(os.path.dirname(__file__), "log"), "a") as log:
    print(json.dumps([sys.argv[1:], json.loads(os.environ["KUBERNETES_EXEC_INFO"]), os.environ.get("ROLE")]), file=log)
"""


def write_plugin(folder: Path, status: dict[str, Any], version: str = V1, code: str = "") -> Path:
    """A plugin that gives this status, and writes down how it was called."""
    answer = {"apiVersion": version, "kind": "ExecCredential", "status": status}
    file = folder / "plugin"
    file.write_text(f"#!{sys.executable}\n{LOG}\n{code}\nprint({json.dumps(answer)!r})\n")
    file.chmod(0o755)
    return file


def calls(folder: Path) -> list[Any]:
    log = folder / "log"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def client(api: FakeApi, folder: Path, cluster: dict[str, Any] | None = None, **fields: Any) -> Client:
    user = {"exec": {"apiVersion": V1, "command": "./plugin", **fields}}
    file = api.kubeconfig(folder, cluster=cluster, user=user)
    return Client(Credentials(find_access(None, file, {}), os.environ), pause=lambda _: None)


def told(caught: pytest.ExceptionInfo[CmpolicyError]) -> str:
    return "\n".join(render(each) for each in caught.value.diagnostics)


@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_a_plugin_gives_a_token_once(tmp_path: Path, version: str) -> None:
    version = f"client.authentication.k8s.io/{version}"
    write_plugin(tmp_path, {"token": TOKEN}, version)
    fields: dict[str, Any] = {
        "apiVersion": version,
        "args": ["get", "token"],
        "env": [{"name": "ROLE", "value": "reader"}],
    }
    with serving() as api:
        asking = client(api, tmp_path, **fields, interactiveMode="Never")
        assert [asking.get("/apis")["kind"], asking.get("/apis")["kind"]] == ["APIGroupList"] * 2
    info = {"apiVersion": version, "kind": "ExecCredential", "spec": {"interactive": False}}
    assert calls(tmp_path) == [[["get", "token"], info, "reader"]]


def test_a_plugin_is_told_of_the_cluster_if_it_wants(tmp_path: Path) -> None:
    write_plugin(tmp_path, {"token": TOKEN})
    with serving(encrypted=True) as api:
        cluster = {"certificate-authority": str(CERTIFICATE)}
        client(api, tmp_path, cluster, provideClusterInfo=True).get("/apis")
    ((_, info, _),) = calls(tmp_path)
    authority = base64.b64encode(CERTIFICATE.read_bytes()).decode()
    assert info["spec"]["cluster"] == {"server": api.url, "certificate-authority-data": authority}


def test_a_plugin_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_plugin(tmp_path, {"token": TOKEN})
    monkeypatch.setenv("PATH", str(tmp_path))
    with serving() as api:
        assert client(api, tmp_path, command="plugin").get("/apis")["kind"] == "APIGroupList"


def test_a_plugin_gives_a_certificate(tmp_path: Path) -> None:
    pem = CERTIFICATE.read_text()
    write_plugin(tmp_path, {"clientCertificateData": pem, "clientKeyData": pem})
    with serving(encrypted=True, asks_for_certificate=True) as api:
        api.token = ""
        trusting = {"certificate-authority": str(CERTIFICATE)}
        assert client(api, tmp_path, trusting).get("/apis")["kind"] == "APIGroupList"
        plain = api.kubeconfig(tmp_path, cluster=trusting, user={})
        with pytest.raises(CmpolicyError) as caught:
            Client(Credentials(find_access(None, plain, {}), {}), pause=lambda _: None).get("/apis")
    assert "of context `test`" in told(caught)


def test_a_token_that_is_refused_is_renewed_once(tmp_path: Path) -> None:
    write_plugin(tmp_path, {"token": TOKEN})

    def refuse_first(handler: Handler) -> bool:
        return len(api.asked) == 1 and handler.status(401, "Unauthorized")

    with serving() as api:
        api.fault = refuse_first
        assert client(api, tmp_path).get("/apis")["kind"] == "APIGroupList"
        assert len(calls(tmp_path)) == 2
        api.fault = lambda handler: handler.status(401, "Unauthorized")
        with pytest.raises(CmpolicyError) as caught:
            client(api, tmp_path).get("/apis")
    assert len(calls(tmp_path)) == 4
    assert told(caught).splitlines() == [
        f"error[credentials]: the cluster of context `test` at `{api.url}` does not accept the credentials",
        "  | log in anew with `./plugin`",
    ]


@pytest.mark.parametrize(("minutes", "runs"), [(-1, 3), (10, 1)])
def test_a_token_is_renewed_when_its_time_is_over(tmp_path: Path, minutes: int, runs: int) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_plugin(tmp_path, {"token": TOKEN, "expirationTimestamp": until})
    with serving() as api:
        asking = client(api, tmp_path)
        for _ in range(runs):
            asking.get("/apis")
    assert len(calls(tmp_path)) >= runs
    assert (len(calls(tmp_path)) == 1) is (minutes > 0)


@pytest.mark.parametrize(
    ("status", "version", "code", "message"),
    [
        ({}, V1, "", "gives no credential"),
        ({"token": 5}, V1, "", "gives no credential"),
        ({"clientCertificateData": SECRET}, V1, "", "gives no credential"),
        ({"token": SECRET}, "v1", "", "gives no credential"),
        ({"token": SECRET}, V1, f"print('{SECRET}')", "gives no credential"),
        ({"token": SECRET}, V1, "print('[' * 100000)", "gives no credential"),
        ({"token": SECRET}, V1, f"print('{SECRET}'); sys.exit(7)", "ended with 7"),
        ({"token": f"{SECRET}\n"}, V1, "", "has characters that no header holds"),
    ],
)
def test_what_a_plugin_does_wrong_is_told_without_what_it_says(
    tmp_path: Path, status: dict[str, Any], version: str, code: str, message: str
) -> None:
    write_plugin(tmp_path, status, version, code)
    with serving() as api, pytest.raises(CmpolicyError) as caught:
        client(api, tmp_path).get("/apis")
    assert message in told(caught)
    assert SECRET not in told(caught)


def test_a_plugin_that_is_not_there_is_told_with_its_hint(tmp_path: Path) -> None:
    with serving() as api, pytest.raises(CmpolicyError) as caught:
        client(api, tmp_path, command="no-such-plugin", installHint="get it from\x1b[31m us").get("/apis")
    assert told(caught).splitlines() == [
        "error[kubeconfig]: the credential plugin `no-such-plugin` cannot be run",
        "  | get it from\\x1b[31m us",
    ]


def test_a_plugin_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_plugin(tmp_path, {"token": TOKEN}, code="import time; time.sleep(600)")
    monkeypatch.setattr(plugin, "SILENT_SECONDS", 0.2)
    with serving() as api, pytest.raises(CmpolicyError, match=r"did not answer in 0\.2 s"):
        client(api, tmp_path, interactiveMode="Never").get("/apis")


def test_a_plugin_that_must_ask_somebody_is_not_run_where_nobody_is(tmp_path: Path) -> None:
    write_plugin(tmp_path, {"token": TOKEN})
    with serving() as api, pytest.raises(CmpolicyError, match="wants to ask somebody"):
        client(api, tmp_path, interactiveMode="Always").get("/apis")
    assert calls(tmp_path) == []
