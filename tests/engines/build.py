"""Build the engines from pinned modules, once, into a cache outside the tree.

    python tests/engines/build.py [engines | cluster | kyverno kyverno-runner gator ...]

Each folder here that holds a `go.mod` pins one engine: its command line, and where there is one a runner, a program of
ours on the engine's own packages. A binary is cached under a key made from the module's files, those of our own program,
the Go version and the build flags, so it is rebuilt exactly when one of them changes.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLAGS = ("-mod=readonly", "-buildvcs=false", "-ldflags=-s -w")
HEARTBEAT_SECONDS = 30
KYVERNO = "github.com/kyverno/kyverno/cmd"
DISTRIBUTION = "github.com/distribution/distribution/v3"
CONFTEST = "../../benchmarks/conftest"
"""Where the benchmarks have pinned it."""


class BuildError(Exception):
    """An engine cannot be built; the message says why and where the log is."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One program: the Go package of its `main`, the name of its binary, a typical build, and its module's folder here.

    A package that starts with `.` is a folder of ours in the module. Without `module` that is the folder `name`.
    """

    name: str
    package: str
    binary: str
    minutes: float
    module: str = ""

    @property
    def folder(self) -> Path:
        return HERE / (self.module or self.name)


ENGINES = {
    engine.name: engine
    for engine in (
        Engine("kyverno", f"{KYVERNO}/cli/kubectl-kyverno", "kyverno", minutes=11),
        Engine("gator", "github.com/open-policy-agent/gatekeeper/v3/cmd/gator", "gator", minutes=5),
        Engine("opa", "github.com/open-policy-agent/opa", "opa", minutes=1.5),
        Engine("datree", ".", "datree-engine", minutes=1.5),
        Engine("vap-runner", ".", "vap-runner", minutes=2, module="vap"),
        Engine("gatekeeper-runner", "./runner", "gatekeeper-runner", minutes=1, module="gator"),
        Engine("kyverno-runner", "./runner", "kyverno-runner", minutes=1, module="kyverno"),
        Engine("gatekeeper", "github.com/open-policy-agent/gatekeeper/v3", "gatekeeper", minutes=1, module="gator"),
        Engine("kyverno-controller", f"{KYVERNO}/kyverno", "kyverno-controller", minutes=1, module="kyverno"),
        Engine("kyverno-reports", f"{KYVERNO}/reports-controller", "kyverno-reports", minutes=0.5, module="kyverno"),
        Engine("etcd", "go.etcd.io/etcd/server/v3", "etcd", minutes=1, module="kubernetes"),
        Engine("kubectl", "k8s.io/kubernetes/cmd/kubectl", "kubectl", minutes=1, module="kubernetes"),
        Engine(
            "kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", "kube-apiserver", minutes=8.5, module="kubernetes"
        ),
        Engine(
            "kube-controller-manager",
            "k8s.io/kubernetes/cmd/kube-controller-manager",
            "kube-controller-manager",
            minutes=2,
            module="kubernetes",
        ),
        Engine("written-fields", "./written", "written-fields", minutes=0.5, module="kubernetes"),
        Engine("distribution", f"{DISTRIBUTION}/cmd/registry", "distribution", minutes=1.5, module="oci"),
        Engine("cosign", "github.com/sigstore/cosign/v3/cmd/cosign", "cosign", minutes=2.5, module="oci"),
        Engine("registry", "./registry", "registry", minutes=0.1, module="oci"),
        Engine("oras", "oras.land/oras/cmd/oras", "oras", minutes=0.2, module="oci"),
        Engine("crane", "github.com/google/go-containerregistry/cmd/crane", "crane", minutes=0.2, module="oci"),
        Engine("conftest", "github.com/open-policy-agent/conftest", "conftest", minutes=2, module=CONFTEST),
    )
}


CLUSTER = (
    *("etcd", "kubectl", "kube-apiserver", "kube-controller-manager", "written-fields"),
    *("gatekeeper", "kyverno-controller", "kyverno-reports"),
)
GROUPS = {"engines": tuple(name for name in ENGINES if name not in CLUSTER), "cluster": CLUSTER}
"""What `tests/engines` runs, and what `tests/cluster` does."""


def cache_folder() -> Path:
    """`$CMPOLICY_CACHE`, or `cmpolicy` in the user's cache folder."""
    if given := os.environ.get("CMPOLICY_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "cmpolicy"


def binary(engine: Engine) -> Path:
    """Where the binary of the engine's present source is or will be; raises BuildError without Go."""
    return cache_folder() / "engines" / f"{engine.name}-{_key(engine)}" / engine.binary


def build(engine: Engine) -> Path:
    """The engine's binary, built unless it is cached. Builds wait for each other, also across processes."""
    target = binary(engine)
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _lock(cache_folder() / "engines" / "lock"):
        if not target.exists():
            _compile(engine, target)
    return target


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the engines' command lines into the cache.")
    parser.add_argument(
        "engine",
        nargs="*",
        help=f"one of {', '.join(ENGINES)}; or `engines` or `cluster`, those of a suite; all when none is named",
    )
    asked = parser.parse_args(arguments).engine or list(GROUPS)
    names = [name for each in asked for name in GROUPS.get(each, (each,))]
    if unknown := [name for name in names if name not in ENGINES]:
        parser.error(f"no engine `{unknown[0]}`; there are {', '.join(ENGINES)}")
    try:
        for name in names:
            print(f"{name}: {build(ENGINES[name])}", flush=True)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _key(engine: Engine) -> str:
    digest = hashlib.sha256("\0".join((_go_version(engine), engine.package, *FLAGS)).encode())
    for path in _sources(engine):
        digest.update(f"\0{path.relative_to(engine.folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _sources(engine: Engine) -> list[Path]:
    """What the build reads of ours: the module's files, and every file of our own program but tests and documents."""
    if not (engine.folder / "go.mod").is_file():
        raise BuildError(f"`{engine.folder}` holds no go.mod")
    own = (engine.folder / engine.package).rglob("*") if engine.package.startswith(".") else ()
    files = {engine.folder / "go.mod", engine.folder / "go.sum", *own}
    return sorted(path for path in files if path.is_file() and not path.name.endswith(("_test.go", ".md")))


def _go_version(engine: Engine) -> str:
    go = shutil.which("go")
    if go is None:
        raise BuildError("Go is not installed, and the engines are built with it")
    result = subprocess.run([go, "version"], cwd=engine.folder, env=_environment(), capture_output=True, text=True)
    if result.returncode != 0:
        raise BuildError(f"`go version` failed: {result.stderr.strip()}")
    return result.stdout.strip()


def _environment() -> dict[str, str]:
    return {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off"}


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold the lock of the cache; the system drops it when the process ends, however it ends."""
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another build", file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _compile(engine: Engine, target: Path) -> None:
    """Compile beside the target and rename, so that a binary in the cache is always a whole one."""
    partial = target.with_suffix(".partial")
    log = target.parent.with_suffix(".log")
    command = ["go", "build", *FLAGS, "-o", str(partial), engine.package]
    if shutil.which("nice"):
        command = ["nice", *command]
    print(f"building {engine.name}: about {engine.minutes:g} minutes the first time", file=sys.stderr, flush=True)
    with log.open("w") as output:
        status = _wait(
            engine, subprocess.Popen(command, cwd=engine.folder, env=_environment(), stdout=output, stderr=output)
        )
    if status != 0:
        partial.unlink(missing_ok=True)
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise BuildError(f"the build of {engine.name} failed, see `{log}`\n{tail}")
    partial.replace(target)
    log.unlink()


def _wait(engine: Engine, process: subprocess.Popen[bytes]) -> int:
    """The exit status, with a sign of life on the way; an interrupt ends the build too."""
    started = time.monotonic()
    try:
        while True:
            try:
                return process.wait(timeout=HEARTBEAT_SECONDS)
            except subprocess.TimeoutExpired:
                print(f"building {engine.name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
