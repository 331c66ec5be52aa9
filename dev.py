#!/usr/bin/env python3
"""Set up cmpolicy and do what developers do with it. Needs Python 3.11 or newer and nothing else.

    python3 dev.py build [options of cmpolicy build]   set up, and build the rules for Kyverno
    python3 dev.py test [options of pytest]            set up, and run every check
    python3 dev.py lint | types | generated            one of the checks
    python3 dev.py golden | docs                       write the golden files, or what is generated in the docs, anew
    python3 dev.py cluster [WAY] [FOLDER]              start a cluster that judges by what is built, to try by hand
    python3 dev.py agreement [options of pytest]       ask the engines about generated objects, and write down the counts
    python3 dev.py mutations [options of pytest]       ask `diff` about rules with one thing changed, and write down the score

Everything is installed into `.venv` here, which may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "cmpolicy-setup"
TYPING_TREE = ROOT / "build" / "typing" / "cmpolicy"
LOGS = ROOT / "build"
SHARED = ("--numprocesses=2", "--dist=worksteal")
"""Two processes share the tests, of which most wait for one program at a time: one does not keep two processors busy."""
SHARED_CLUSTERS = ("--numprocesses=2", "--dist=loadgroup", "--no-loadscope-reorder")
"""Two processes share the tests in a cluster, a cluster's tests at a time."""
MINIMUM = (3, 11)
NO_TESTS = 5  # what pytest exits with when it selected no test


def main(arguments: Sequence[str]) -> int:
    """Run a command; the exit code is 0, 1 if a check failed, 2 if the set-up did."""
    commands: dict[str, Callable[[Sequence[str]], int]] = {
        "build": build,
        "test": test,
        "lint": lint,
        "types": types,
        "generated": generated,
        "golden": golden,
        "docs": docs,
        "cluster": cluster,
        "agreement": agreement,
        "mutations": mutations,
    }
    name, *rest = arguments or ["help"]
    if name not in commands:
        print(__doc__.strip())
        return 0 if name in ("help", "-h", "--help") else 2
    set_up(dev=name != "build")
    return commands[name](rest)


# Set-up


def set_up(*, dev: bool) -> None:
    """Make `.venv` and install cmpolicy into it, with the developers' tools if asked; nothing if that is done already."""
    wanted = _fingerprint()
    if os.name != "nt":
        link_typing_tree(TYPING_TREE)
    installed = STAMP.read_text(encoding="utf-8").split() if STAMP.exists() else []
    if installed[:1] == [wanted] and ("dev" in installed or not dev):
        return
    say(f"Setting up {VENV}, once")
    if not _usable():
        _make_venv()
    extra = "[dev]" if dev else ""
    if run_module("pip", "--disable-pip-version-check", "install", "--quiet", "--editable", f"{ROOT}{extra}") != 0:
        stop("pip could not install what cmpolicy needs; see above")
    STAMP.write_text(f"{wanted} {'dev' if dev else ''}\n", encoding="utf-8")


def _fingerprint() -> str:
    """Changes when the set-up must be made anew: other requirements, another Python, a clone that has moved."""
    files = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "setup.py"))
    place = f"{ROOT} {sys.version_info[:2]}".encode()
    return hashlib.sha256(files + place).hexdigest()


def _usable() -> bool:
    """There is a virtual environment of this Python version that has pip."""
    probe = "import sys, importlib.util as util; print(sys.version_info[:2], util.find_spec('pip') is not None)"
    if not _python().exists():
        return False
    told = subprocess.run([_python(), "-c", probe], check=False, capture_output=True, text=True).stdout
    return told.strip() == f"{sys.version_info[:2]} True"


def _make_venv() -> None:
    try:
        import venv

        venv.create(VENV, with_pip=True, clear=True)
    except (ImportError, subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        stop(
            f"Python cannot make a virtual environment in `{VENV}`: {error}\n"
            "On Debian and Ubuntu: apt install python3-venv"
        )


def _python() -> Path:
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


# Commands


def build(options: Sequence[str]) -> int:
    """Build the rules, for Kyverno unless the options say otherwise."""
    status = run_module("cmpolicy", "build", *(options or ["--target", "kyverno"]))
    if status == 0 and shutil.which("cmpolicy") is None:
        say(f"Here `cmpolicy` is {_python().parent / 'cmpolicy'}")
    return status


def test(options: Sequence[str]) -> int:
    """Run every check. What tests need is built in the background: the engines first, then what makes a cluster."""
    with Building("engines") as engines, Building("cluster") as cluster:
        engines.start()
        checks: list[tuple[str, Callable[[], int]]] = [
            ("lint", lambda: lint([])),
            ("types", lambda: types([])),
            ("generated", lambda: generated([])),
            ("tests", lambda: pytest(["tests", "--ignore=tests/engines", "--ignore=tests/cluster", *SHARED, *options])),
            ("engines", lambda: engines.wait() or cluster.start() or pytest(["tests/engines", *SHARED, *options])),
            ("cluster", lambda: cluster.wait() or pytest(["tests/cluster", *SHARED_CLUSTERS, *options])),
        ]
        results = [(name, *timed(name, check)) for name, check in checks]
    say("")
    for name, status, seconds in results:
        passed = status == 0 or (status == NO_TESTS and bool(options))
        say(f"{name:10} {'ok' if passed else 'FAILED':8} {seconds:6.1f} s")
    return int(any(status not in (0, NO_TESTS if options else 0) for _, status, _ in results))


def lint(options: Sequence[str]) -> int:
    """Check the formatting and lint."""
    return run_module("ruff", "format", "--check", ".") | run_module("ruff", "check", ".")


def types(options: Sequence[str]) -> int:
    """Check the types of the package by its import name, and of the tests."""
    return run_module("mypy", "-p", "cmpolicy") | run_module("mypy", "tests", "benchmarks", "docs", "dev.py")


def generated(options: Sequence[str]) -> int:
    """Check that generated files are what their generators write."""
    return run_module("cmpolicy.fields.generate", "--check") | run([_python(), "docs/generate.py", "--check"])


def golden(options: Sequence[str]) -> int:
    """Write the golden files anew; review them like code."""
    return pytest(["tests/test_golden.py", "--update-golden", *options])


def docs(options: Sequence[str]) -> int:
    """Write what is generated in the docs anew."""
    return run([_python(), "docs/generate.py"])


def cluster(options: Sequence[str]) -> int:
    """Start a cluster for a person."""
    return run_module("tests.cluster", *options)


def agreement(options: Sequence[str]) -> int:
    """Run the engines on generated objects, a million verdicts unless `--volume` says otherwise; keep the counts for the docs."""
    with Building("engines") as engines:
        engines.start()
        status = engines.wait() or pytest(["tests/engines/test_volume.py", *(options or ["--volume=1000000"])])
    if status == 0:
        shutil.copyfile(ROOT / "build" / "agreement.json", ROOT / "docs" / "agreement.json")
        status = docs([])
    return status


def mutations(options: Sequence[str]) -> int:
    """Compare rules with mutants of them, every one unless `--mutants` says otherwise; keep the score for the docs."""
    status = pytest(["tests/diff/test_mutations.py", "-s", *(options or ["--mutants=0"])])
    if status == 0:
        shutil.copyfile(ROOT / "build" / "mutations.json", ROOT / "docs" / "mutations.json")
        status = docs([])
    return status


def pytest(options: Sequence[str]) -> int:
    """Run pytest."""
    return run_module("pytest", *options)


# Parts of them


def link_typing_tree(tree: Path) -> None:
    """Make `tree` a package `cmpolicy` of links: editors and type checkers do not see the editable install's mapping."""
    tree.mkdir(parents=True, exist_ok=True)
    sources = [*(ROOT / "compiler").iterdir(), ROOT / "targets", ROOT / "policies"]
    wanted = {tree / source.name: source for source in sources if source.name != "__pycache__"}
    for link in tree.iterdir():
        if wanted.get(link) != link.resolve():
            link.unlink()
    for link, source in wanted.items():
        if not link.is_symlink():
            link.symlink_to(source)


class Building:
    """A group of programs that tests need, built in the background once that is started."""

    def __init__(self, group: str) -> None:
        self.group, self.log = group, LOGS / f"{group}.log"
        self.builder: subprocess.Popen[bytes] | None = None
        self.is_skipped = shutil.which("go") is None and os.environ.get("CI") != "true"

    def start(self) -> int:
        """Start to build; no failure yet."""
        if self.is_skipped:
            say(f"Go is not installed: the tests that need the {self.group} will be skipped")
            return 0
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("w", encoding="utf-8") as log:
            command: list[str | Path] = [_python(), "tests/engines/build.py", self.group]
            self.builder = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        return 0

    def wait(self) -> int:
        """Show the builder's log until it ends, and give its exit status; 2 if it was never started."""
        if self.builder is None:
            return 0 if self.is_skipped else 2
        with self.log.open(encoding="utf-8") as log:
            while True:
                ended = self.builder.poll()
                print(log.read(), end="", flush=True)
                if ended is not None:
                    return ended
                time.sleep(1)

    def __enter__(self) -> Building:
        return self

    def __exit__(self, *_: object) -> None:
        if self.builder is not None:
            self.builder.terminate()
            self.builder.wait()


def timed(name: str, check: Callable[[], int]) -> tuple[int, float]:
    """The status of a check and how long it took."""
    say(f"\n== {name}")
    started = time.monotonic()
    return check(), time.monotonic() - started


def run_module(name: str, *options: str) -> int:
    """The exit status of a module run at the root. Scripts would not survive that the clone is moved."""
    return run([_python(), "-m", name, *options])


def run(command: Sequence[str | Path]) -> int:
    """The exit status of a command run at the root."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode


def say(text: str) -> None:
    print(text, flush=True)


def stop(message: str) -> NoReturn:
    print(f"error: {message}", file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    if sys.version_info < MINIMUM:
        stop(f"cmpolicy needs Python {'.'.join(map(str, MINIMUM))} or newer, and this is {sys.version.split()[0]}")
    # What runs it may end it: then what it started ends too, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
