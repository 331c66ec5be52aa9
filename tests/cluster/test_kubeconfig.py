"""Kubeconfig files are read as kubectl reads them, and nothing secret of them is told."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.cluster import kubeconfig
from cmpolicy.cluster.client import Client
from cmpolicy.cluster.credentials import Credentials
from cmpolicy.cluster.kubeconfig import find_access
from cmpolicy.diagnostics import CmpolicyError, Diagnostic, render

from tests.cluster.fake_api import write_kubeconfig

SECRET = "hunter2"


def config(folder: Path, **sections: Any) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "config"
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "Config", **sections}))
    return file


def named(what: str, **entries: Any) -> list[dict[str, Any]]:
    return [{"name": name, what: entry} for name, entry in entries.items()]


def context(cluster: str, user: str = "") -> dict[str, str]:
    return {"cluster": cluster, **({"user": user} if user else {})}


def told(caught: pytest.ExceptionInfo[CmpolicyError]) -> str:
    return "\n".join(render(each) for each in caught.value.diagnostics)


def test_files_are_merged_and_the_first_entry_of_a_name_holds(tmp_path: Path) -> None:
    first = config(
        tmp_path / "a",
        clusters=named("cluster", one={"server": "https://first.example"}),
        contexts=named("context", here=context("one", "me")),
    )
    second = config(
        tmp_path / "b",
        **{"current-context": "here"},
        clusters=named("cluster", one={"server": "https://second.example"}),
        users=named("user", me={"tokenFile": "my-token"}),
    )
    (tmp_path / "b" / "my-token").write_text("abc\n")
    missing = tmp_path / "none"
    found = find_access(None, None, {"KUBECONFIG": f"{missing}::{first}:{second}"})
    assert (found.context, found.cluster.text("server")) == ("here", "https://first.example")
    assert found.user.file("tokenFile") == tmp_path / "b" / "my-token"
    assert Credentials(found, {}).headers() == {"Authorization": "Bearer abc"}


def test_without_the_variable_the_file_in_the_home_is_read(tmp_path: Path) -> None:
    (tmp_path / ".kube").mkdir()
    write_kubeconfig(tmp_path, {"server": "https://a.example"}, {}).rename(tmp_path / ".kube" / "config")
    assert find_access("test", None, {"HOME": str(tmp_path)}).cluster.text("server") == "https://a.example"


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CmpolicyError, match="none` cannot be read: no such file"):
        find_access(None, tmp_path / "none", {"KUBECONFIG": str(config(tmp_path / "a"))})


def test_files_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(CmpolicyError) as caught:
        find_access(None, None, {"KUBECONFIG": f"{tmp_path}/a:{tmp_path}/b"})
    assert told(caught).splitlines() == [
        f"error[kubeconfig]: there is no kubeconfig at `{tmp_path}/a` or `{tmp_path}/b`",
        "  | `--kubeconfig FILE` names one, or `KUBECONFIG`",
    ]


def test_a_pod_has_an_account_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kubeconfig, "ACCOUNT", tmp_path)
    inside = {"HOME": str(tmp_path), "KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}
    with pytest.raises(CmpolicyError, match="there is no kubeconfig"):
        find_access(None, None, inside)
    (tmp_path / "token").write_text("one")
    found = find_access(None, None, inside)
    assert (found.context, found.cluster.text("server")) == ("in-cluster", "https://[fd00::1]:443")
    credentials = Credentials(found, inside)
    assert credentials.headers() == {"Authorization": "Bearer one"}
    (tmp_path / "token").write_text("two")
    assert credentials.headers() == {"Authorization": "Bearer two"}


def test_a_context_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    file = write_kubeconfig(tmp_path, {"server": "https://a.example"}, {"token": SECRET})
    with pytest.raises(CmpolicyError) as caught:
        find_access("tset", file, {})
    assert told(caught).splitlines() == [
        "error[kubeconfig]: there is no context `tset` in the kubeconfig",
        "  | did you mean `test`?",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "has no current context"),
        ("- hunter2", "it is not a map"),
        ("token: hunter2\n\tx: : hunter2", "is no YAML at line 2"),
        ("a: !!int hunter2", "is no YAML at line 1"),
        ("current-context: [hunter2]", "`current-context` is no text"),
        ("{current-context: x, contexts: hunter2}", "`contexts` is no list"),
        ("{current-context: x, contexts: [hunter2]}", "holds what is no map"),
        ("{current-context: x, contexts: [{name: x, context: hunter2}]}", "context `x` is no map"),
        ("{current-context: x, contexts: [{name: x, context: {}}]}", "names no cluster"),
        ("{current-context: x, contexts: [{name: x, context: {cluster: c}}]}", "there is no cluster `c`"),
    ],
)
def test_what_is_no_kubeconfig_is_told_without_what_it_holds(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "config"
    file.write_text(text)
    with pytest.raises(CmpolicyError) as caught:
        find_access(None, file, {})
    assert message in told(caught)
    assert SECRET not in told(caught)


@pytest.mark.parametrize(
    ("cluster", "user", "message"),
    [
        ({"server": f"https://{SECRET}@a.example"}, {}, "its `server` is no address"),
        ({"server": "a.example:6443"}, {}, "its `server` is no address"),
        ({"server": f"ftp://{SECRET}"}, {}, "its `server` is no address"),
        ({"server": 5}, {}, "`server` is no text"),
        ({"server": "http://a.example"}, {"token": SECRET}, "not sent without encryption"),
        ({}, {"token": [SECRET]}, "`token` is no text"),
        ({}, {"token": f"{SECRET}\r\nX-Other: 1"}, "has characters that no header holds"),
        ({}, {"tokenFile": "nowhere"}, "its `tokenFile`, cannot be read"),
        ({}, {"client-certificate-data": f"{SECRET}!"}, "`client-certificate-data` is no base64"),
        ({}, {"client-certificate-data": base64.b64encode(SECRET.encode()).decode()}, "has only one of"),
        (
            {},
            dict.fromkeys(("client-certificate-data", "client-key-data"), base64.b64encode(SECRET.encode()).decode()),
            "the client's certificate and key cannot be read",
        ),
        ({}, {"client-certificate": "nowhere", "client-key": "nowhere"}, "no such file"),
        ({"certificate-authority-data": base64.b64encode(SECRET.encode()).decode()}, {}, "holds no certificate"),
        (
            {"certificate-authority-data": "YQ==", "insecure-skip-tls-verify": True},
            {},
            "has a `certificate-authority` and `insecure-skip-tls-verify`",
        ),
        ({"insecure-skip-tls-verify": SECRET}, {}, "is neither true nor false"),
        ({"proxy-url": f"socks5://me:{SECRET}@proxy.example:1"}, {}, "the proxy `proxy.example:1` cannot be used"),
        ({}, {"auth-provider": {"name": "gcp", "config": {"access-token": SECRET}}}, "not one that cmpolicy knows"),
        ({}, {"as": "admin", "as-groups": [SECRET]}, "are not known to cmpolicy"),
        ({}, {"exec": SECRET}, "`exec` is no map"),
        ({}, {"exec": {"apiVersion": "client.authentication.k8s.io/v1alpha1", "command": "x"}}, "is none of"),
        ({}, {"exec": {"apiVersion": "client.authentication.k8s.io/v1"}}, "names no `command`"),
    ],
)
def test_what_cannot_be_used_is_told_without_what_is_secret(
    tmp_path: Path, cluster: dict[str, Any], user: dict[str, Any], message: str
) -> None:
    file = write_kubeconfig(tmp_path, {"server": "https://127.0.0.1:1", **cluster}, user)
    with pytest.raises(CmpolicyError) as caught:
        Client(Credentials(find_access(None, file, {}), {}), pause=lambda _: None).get("/api")
    assert message in told(caught)
    assert SECRET not in told(caught)
    assert SECRET not in repr(Credentials(find_access(None, file, {}), {}))


def test_a_password_is_sent_and_a_user_is_acted_as(tmp_path: Path) -> None:
    user = {"username": "me", "password": SECRET, "as": "other"}
    file = write_kubeconfig(tmp_path, {"server": "https://a.example"}, user)
    headers = Credentials(find_access(None, file, {}), {}).headers()
    basic = base64.b64encode(f"me:{SECRET}".encode()).decode()
    assert headers == {"Authorization": f"Basic {basic}", "Impersonate-User": "other"}


def test_the_token_that_kubectl_keeps_for_openid_connect_is_sent(tmp_path: Path) -> None:
    user = {"auth-provider": {"name": "oidc", "config": {"id-token": SECRET}}}
    credentials = Credentials(find_access(None, write_kubeconfig(tmp_path, {}, user), {}), {})
    assert credentials.headers() == {"Authorization": f"Bearer {SECRET}"}
    assert "kubectl get" in credentials.remedy


def test_diagnostics_are_of_kubeconfigs(tmp_path: Path) -> None:
    with pytest.raises(CmpolicyError) as caught:
        find_access(None, tmp_path / "none", {})
    assert [each.code for each in caught.value.diagnostics if isinstance(each, Diagnostic)] == ["kubeconfig"]
