"""A cluster to try policies on by hand: `python3 dev.py cluster [WAY] [FOLDER]`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from cmpolicy.load import built_in_packs, load_packs

from tests.cluster.live import WAYS, Live, Way, build, live
from tests.cluster.processes import NotReady
from tests.engines.build import ENGINES, BuildError
from tests.engines.build import build as build_engine

PROGRAMS = ("etcd", "kube-apiserver", "kubectl")
KYVERNO = ("kube-controller-manager", "kyverno-controller")
CONTROLLERS = {"kyverno": KYVERNO, "kyverno-cel": KYVERNO, "gatekeeper": ("gatekeeper",)}


def main(arguments: list[str]) -> int:
    """Start the cluster and keep it until the user ends it."""
    options = _parser().parse_args(arguments)
    way: Way = WAYS[options.way]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _run(way, options.folder)
    except KeyboardInterrupt:
        print("\nended")
    except (BuildError, NotReady) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py cluster", description=__doc__)
    parser.add_argument("way", nargs="?", default="vap", choices=WAYS, help="who judges; `vap` is the server itself")
    parser.add_argument(
        "folder", nargs="?", type=Path, help="what to apply, such as dist/vap; else the default profile"
    )
    return parser


def _run(way: Way, folder: Path | None) -> None:
    for name in (*PROGRAMS, *CONTROLLERS.get(way.target, ())):
        build_engine(ENGINES[name])
    rules = tuple(rule for rule in load_packs(tuple(built_in_packs())).rules if not rule.is_local)
    with tempfile.TemporaryDirectory(prefix="cmpolicy-cluster-") as made:
        print(f"starting a cluster that judges by {way.name}; its logs are in {made}", flush=True)
        state = Path(made)
        applied = folder.resolve() if folder is not None else build(("default",), way, state)
        with live(way, rules, applied, lambda name: build_engine(ENGINES[name]), state) as found:
            print(_guide(found), flush=True)
            signal.pause()


def _guide(found: Live) -> str:
    return f"""
The cluster is up, and {found.folder} is in force. In another terminal:

  export KUBECONFIG={found.cluster.kubeconfig}
  alias kubectl={found.cluster.kubectl}
  kubectl create deployment cert-manager-webhook --image=quay.io/jetstack/cert-manager-webhook:v1.20.0 \\
    --namespace=cert-manager --dry-run=server
  cmpolicy check --cluster

Nothing runs in it: there are no nodes, and no controllers but that of the policies. Ctrl-C ends it and deletes it."""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
