"""The workflows of `docs/delivery.md` with the real Kyverno: every step of them runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.docs.delivery import CONSUMES, INSTALLS, PUBLISHES, TOKEN, USER, Runner, checkout, new_keys, scripts
from tests.oci.server import serving


def test_every_step_of_the_workflows_runs(binary: Callable[[str], Path], tmp_path: Path) -> None:
    publisher, consumer = checkout(tmp_path / "policies"), checkout(tmp_path / "manifests")
    secrets = new_keys(publisher)
    shutil.rmtree(consumer / "policies")
    (consumer / "cosign.pub").write_bytes((publisher / "cosign.pub").read_bytes())
    with serving() as registry:
        registry.user, registry.password = USER, TOKEN
        for name, folder in ((PUBLISHES, publisher), (CONSUMES, consumer)):
            runner = Runner(folder, registry.host, secrets, binary("kyverno"))
            failed = runner.run(name)
            assert failed is None, (failed.args, failed.stdout, failed.stderr)
            assert runner.ran == [script for script in scripts(name) if not script.startswith(INSTALLS)]
