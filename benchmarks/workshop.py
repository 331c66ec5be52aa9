"""The scratch folder of a run, and what suites make in it: rules, manifests, bundles."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump_all

from benchmarks.inputs import DEFECTS, SEED, Maker
from benchmarks.measure import run

HERE = Path(__file__).resolve().parent
RULES = tuple(sorted(path.stem for path in (HERE / "rules").glob("[!_]*.py")))
"""The rules of the benchmarks, which all look at Pods and Deployments."""

PYTHON = sys.executable
CMPOLICY = (PYTHON, "-m", "cmpolicy")
FOUND = (0, 1)
"""What checkers exit with."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Makes inputs in a folder, each once; `rounds` is how often commands are measured.

    The libraries are clones that the user named.
    """

    folder: Path
    rounds: int = 5
    gatekeeper_library: Path | None = None
    kyverno_policies: Path | None = None

    def pods(self, number: int, defects: float = DEFECTS) -> Path:
        """A file of so many Pods."""
        return self._file(f"pods-{number}-{defects}.yaml", Maker(SEED, defects).pods(number))

    def deployments(self, number: int) -> Path:
        """A file of so many Deployments."""
        return self._file(f"deployments-{number}.yaml", Maker().deployments(number))

    def _file(self, name: str, objects: Iterable[JsonMap]) -> Path:
        path = self.folder / name
        if not path.exists():
            path.write_text(dump_all(objects))
        return path

    def pack(self, number: int = len(RULES)) -> Path:
        """A pack of the first rules."""
        folder = self.folder / f"rules-{number}" / "bench"
        if not folder.exists():
            folder.mkdir(parents=True)
            for path in (HERE / "rules").glob("*.py"):
                if path.stem.startswith("_") or path.stem in RULES[:number]:
                    shutil.copy(path, folder)
        return folder

    def many(self, number: int) -> Path:
        """So many rules built for every target: those of the benchmarks over and over, each time under other ids."""
        pack = self.folder / f"many-{number}" / "bench"
        if not pack.exists():
            shutil.copytree(HERE / "rules", pack, ignore=shutil.ignore_patterns("[!_]*.py", "__pycache__"))
            for index in range(number):
                time, place = divmod(index, len(RULES))
                (pack / f"{RULES[place]}_{time}.py").write_text(_renamed(RULES[place], f"{RULES[place]}_{time}"))
        return self._built(f"many-{number}-bundle", pack)

    def fresh(self, name: str) -> Path:
        """An empty folder, where there may be one of before."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        (self.folder / name).mkdir()
        return self.folder / name

    def rego(self) -> Path:
        """The same rules for conftest."""
        return HERE / "rego"

    def bundle(self) -> Path:
        """The rules built for every target."""
        return self._built("bundle", self.pack())

    def pods_only(self, name: str = "pods-only", *options: str) -> Path:
        """The rules as if they were about Pods alone, built for every target; what is built with options has another name."""
        pack = self.folder / "pods" / "bench"
        if not pack.exists():
            shutil.copytree(self.pack(), pack)
            for path in pack.glob("[!_]*.py"):
                path.write_text(path.read_text().replace("match(Pod, Deployment)", "match(Pod)"))
        return self._built(name, pack, *options)

    def _built(self, name: str, pack: Path, *options: str) -> Path:
        out = self.folder / name
        if not out.exists():
            run([*CMPOLICY, "build", "--pack", pack, "--out", out, *options], self.folder)
        return out


def _renamed(rule: str, name: str) -> str:
    text = (HERE / "rules" / f"{rule}.py").read_text()
    assert f"def {rule}(" in text
    return text.replace(f"def {rule}(", f"def {name}(")
