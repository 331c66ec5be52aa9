"""A server proves who it is before anything is asked of it, and is found through a proxy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cmpolicy.cluster.client import Client
from cmpolicy.cluster.credentials import Credentials
from cmpolicy.cluster.kubeconfig import find_access
from cmpolicy.diagnostics import CmpolicyError, render

from tests.cluster.fake_api import serving
from tests.oci.server import CERTIFICATE


@pytest.mark.parametrize(
    "cluster",
    [
        {"certificate-authority": str(CERTIFICATE)},
        {"insecure-skip-tls-verify": True},
        {
            "certificate-authority": str(CERTIFICATE),
            "server": "https://localhost:{port}",
            "tls-server-name": "127.0.0.1",
        },
    ],
)
def test_a_server_proves_who_it_is(tmp_path: Path, cluster: dict[str, Any]) -> None:
    with serving(encrypted=True) as api:
        if "server" in cluster:
            cluster = {**cluster, "server": cluster["server"].format(port=api.port)}
        file = api.kubeconfig(tmp_path, cluster=cluster)
        assert Client(Credentials(find_access(None, file, {}), {})).get("/apis")["kind"] == "APIGroupList"


@pytest.mark.parametrize("cluster", [{}, {"certificate-authority": str(CERTIFICATE), "tls-server-name": "other"}])
def test_a_server_that_cannot_prove_who_it_is_is_asked_nothing(tmp_path: Path, cluster: dict[str, Any]) -> None:
    with serving(encrypted=True) as api:
        file = api.kubeconfig(tmp_path, cluster=cluster)
        with pytest.raises(CmpolicyError) as caught:
            Client(Credentials(find_access(None, file, {}), {})).get("/apis")
        assert api.asked == []
    told = [line for each in caught.value.diagnostics for line in render(each).splitlines()]
    assert "cannot prove who it is" in told[0]
    assert told[1] == "  | `certificate-authority-data` of the kubeconfig's cluster says whom to trust"


def test_a_proxy_of_the_kubeconfig_is_asked(tmp_path: Path) -> None:
    with serving() as api:
        file = api.kubeconfig(tmp_path, cluster={"server": "http://127.0.0.2:1", "proxy-url": api.url})
        assert Client(Credentials(find_access(None, file, {}), {})).get("/apis")["kind"] == "APIGroupList"
