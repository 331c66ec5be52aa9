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
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "cmpolicy-setup"
TYPING_TREE = ROOT / "build" / "typing" / "cmpolicy"
ENGINES_LOG = ROOT / "build" / "engines.log"
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
    """Run every check. The engines are built in the background; their tests come last, those in a cluster beside the others."""
    with engines_building() as engines_ready, ClusterTests(options) as cluster_tests:
        checks: list[tuple[str, Callable[[], int]]] = [
            ("lint", lambda: lint([])),
            ("types", lambda: types([])),
            ("generated", lambda: generated([])),
            ("tests", lambda: pytest(["tests", "--ignore=tests/engines", "--ignore=tests/cluster", *options])),
            ("engines", lambda: engines_ready() or cluster_tests.start() or pytest(["tests/engines", *options])),
            ("cluster", cluster_tests.finish),
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
    with engines_building() as engines_ready:
        status = engines_ready() or pytest(["tests/engines/test_volume.py", *(options or ["--volume=1000000"])])
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


class ClusterTests:
    """The tests in a cluster, which run beside those of the engines; what they print is shown when they have ended.

    What they need is built first, so that the engines' tests do not wait for it.
    """

    def __init__(self, options: Sequence[str]) -> None:
        self.log = ENGINES_LOG.with_name("cluster.log")
        self.commands = [["tests/engines/build.py", "cluster"], ["-m", "pytest", "tests/cluster", *options]]
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.status = 0
        self.ended = False

    def start(self) -> int:
        """Start them; no failure yet."""
        self.thread.start()
        return 0

    def _run(self) -> None:
        with self.log.open("wb") as log:
            for command in self.commands:
                if self.status == 0 and not self.ended:
                    self.process = subprocess.Popen([str(_python()), *command], cwd=ROOT, stdout=log, stderr=log)
                    self.status = self.process.wait()

    def finish(self) -> int:
        """Wait for their end, show what they printed and give the exit status; 2 if they were never started."""
        if not self.thread.ident:
            say("not run: the engines are missing")
            return 2
        self.thread.join()
        say(self.log.read_text(encoding="utf-8", errors="replace"))
        return self.status

    def __enter__(self) -> ClusterTests:
        return self

    def __exit__(self, *_: object) -> None:
        self.ended = True
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()


@contextmanager
def engines_building() -> Iterator[Callable[[], int]]:
    """Build the engines' command lines in the background; what it gives waits for them and returns the exit status."""
    ENGINES_LOG.parent.mkdir(exist_ok=True)
    if shutil.which("go") is None and os.environ.get("CI") != "true":
        say("Go is not installed: the tests that run the real engines will be skipped")
        yield lambda: 0
        return
    with ENGINES_LOG.open("w", encoding="utf-8") as log:
        builder = subprocess.Popen([_python(), "tests/engines/build.py", "engines"], cwd=ROOT, stdout=log, stderr=log)
        try:
            yield lambda: _follow(builder)
        finally:
            builder.terminate()
            builder.wait()


def _follow(builder: subprocess.Popen[bytes]) -> int:
    """Show the builder's log until it ends."""
    with ENGINES_LOG.open(encoding="utf-8") as log:
        while True:
            ended = builder.poll()
            print(log.read(), end="", flush=True)
            if ended is not None:
                return ended
            time.sleep(1)


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
