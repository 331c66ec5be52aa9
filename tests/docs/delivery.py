"""The files on `docs/delivery.md`, and their steps run as a runner of GitHub does, against a registry of the tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"<!-- example: (\S+) -->\n```yaml\n(.*?)```", PAGE, re.DOTALL))
PUBLISHES, CONSUMES = ".github/workflows/policies.yaml", ".github/workflows/manifests.yaml"

USER, TOKEN, PASSWORD = "octocat", "a token", "a password"
TAG = "v1.4.0"
EXPRESSION = re.compile(r"\$\{\{ *secrets\.([A-Z_]+) *\}\}")
INSTALLS = "python -m pip install "
LOGIN = """\
#!/bin/sh -e
# `docker login HOST --username NAME --password-stdin`
[ "$1 $3 $5" = "login --username --password-stdin" ]
mkdir -p "$DOCKER_CONFIG"
printf '{"auths": {"%s": {"auth": "%s"}}}' "$2" "$(printf '%s:%s' "$4" "$(cat)" | base64 -w 0)" > "$DOCKER_CONFIG/config.json"
"""


class Loader(yaml.SafeLoader):
    """YAML as version 1.2 has it, in which `on` is text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def documents(name: str) -> list[Any]:
    """The documents in a file of the page."""
    return list(yaml.load_all(FILES[name], Loader))


def scripts(name: str) -> Iterator[str]:
    """What the steps of a workflow run."""
    for job in documents(name)[0]["jobs"].values():
        yield from (step["run"] for step in job["steps"] if "run" in step)


@dataclass
class Runner:
    """Runs the steps of a workflow in one folder. `kyverno` is the real one; where there is none, its steps are left out."""

    folder: Path
    host: str
    secrets: Mapping[str, str]
    kyverno: Path | None = None
    ran: list[str] = field(default_factory=list)

    def run(self, name: str) -> subprocess.CompletedProcess[str] | None:
        """Run all jobs of the workflow, one after the other; the first step that failed, if one did."""
        (workflow,) = documents(name)
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                if "run" in step and (done := self._step(workflow, step)) is not None and done.returncode != 0:
                    return done
        return None

    def _step(self, workflow: Mapping[str, Any], step: Mapping[str, Any]) -> subprocess.CompletedProcess[str] | None:
        script = step["run"]
        if script.startswith(INSTALLS) or (script.startswith("kyverno ") and self.kyverno is None):
            return None
        self.ran.append(script)
        own = {
            "REGISTRY": self.host,
            "BUNDLE": workflow["env"]["BUNDLE"].replace(workflow["env"]["REGISTRY"], self.host),
        }
        env = {**self._environment(), **own, **{key: self._filled(text) for key, text in step.get("env", {}).items()}}
        command = ["bash", "-e", "-c", script]
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)

    def _filled(self, text: str) -> str:
        return EXPRESSION.sub(lambda found: self.secrets[found[1]], text)

    def _environment(self) -> Mapping[str, str]:
        home = self.folder.parent / f"{self.folder.name}-runner"
        tools = home / "tools"
        if not tools.exists():
            tools.mkdir(parents=True)
            _write(tools / "cmpolicy", f'#!/bin/sh\nexec "{sys.executable}" -m cmpolicy "$@"\n')
            _write(tools / "docker", LOGIN)
            if self.kyverno is not None:
                (tools / "kyverno").symlink_to(self.kyverno)
        return {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "HOME": str(home),
            "DOCKER_CONFIG": str(home / "docker"),
            "RUNNER_TEMP": str(home),
            "GITHUB_ACTOR": USER,
            "GITHUB_REF_NAME": TAG,
            "GITHUB_REPOSITORY": "acme/policies",
            "GITHUB_SERVER_URL": "https://github.com",
        }


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def checkout(folder: Path) -> Path:
    """A repository with a pack and with manifests that pass."""
    shutil.copytree(ROOT / "docs/example/new", folder / "policies")
    (folder / "deploy").mkdir()
    shutil.copy(ROOT / "docs/example/cluster/search.yaml", folder / "deploy")
    return folder


def new_keys(folder: Path) -> Mapping[str, str]:
    """Make a key pair; the secrets, and `cosign.pub` in the folder."""
    env = {**os.environ, "COSIGN_PASSWORD": PASSWORD}
    made = folder.parent / f"{folder.name}-keys"
    made.mkdir()
    subprocess.run(
        [sys.executable, "-m", "cmpolicy", "keys", "generate"], cwd=made, env=env, check=True, capture_output=True
    )
    shutil.copy(made / "cosign.pub", folder)
    key = (made / "cosign.key").read_text()
    return {"GITHUB_TOKEN": TOKEN, "COSIGN_KEY": key, "COSIGN_PASSWORD": PASSWORD}
