"""What `cmpolicy new` writes works as it is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, tree

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent


def check_style(*paths: Path) -> None:
    for command in (["format", "--check"], ["check"]):
        subprocess.run([TOOLS / "ruff", *command, "--config", ROOT / "pyproject.toml", *paths], check=True)


def test_a_rule_in_an_empty_folder_makes_its_pack(
    cmpolicy: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = cmpolicy("new", "rule", "enough-replicas")
    assert (result.code, result.err) == (0, "")
    assert set(tree(tmp_path)) == {"policies/my_pack/__init__.py", "policies/my_pack/enough_replicas.py"}
    assert cmpolicy("build").code == 0
    assert cmpolicy("explain", "my-pack-enough-replicas").code == 0
    check_style(tmp_path / "policies")


def test_a_rule_goes_to_the_only_pack_and_gets_its_prefix(cmpolicy: Run, workspace: Path) -> None:
    assert "Wrote policies/my_pack/enough.py" in cmpolicy("new", "rule", "my-enough").out
    assert "my-enough" in cmpolicy("list").out


def test_a_pack_is_made_where_there_is_none(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("new", "rule", "enough", "--pack", "other/team_rules")
    assert "team-rules-enough" in cmpolicy("list", "--pack", "other").out


def test_a_new_rule_passes_the_type_checker(cmpolicy: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cmpolicy("new", "rule", "enough-replicas")
    command: list[str | Path] = [
        TOOLS / "mypy",
        "--config-file",
        ROOT / "pyproject.toml",
        "--cache-dir",
        ROOT / ".mypy_cache",
        tmp_path,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Enough"], "`Enough` cannot be a name"),
        (["../up"], "`../up` cannot be a name"),
        (["class"], "`class` cannot be a name"),
        (["first"], "`policies/my_pack/first.py` is there already"),
        (["x" * 60], "is longer than 47 characters"),
        (["x", "--pack", "policies"], "`policies` is no pack"),
    ],
)
def test_what_cannot_be_made_leaves_nothing(cmpolicy: Run, workspace: Path, arguments: list[str], message: str) -> None:
    before = tree(workspace)
    result = cmpolicy("new", "rule", *arguments)
    assert result.code == 2
    assert message in result.err
    assert {path for path in tree(workspace) if "__pycache__" not in path} == {
        path for path in before if "__pycache__" not in path
    }


def test_with_several_packs_one_must_be_named(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("new", "rule", "enough", "--pack", "policies/other")
    result = cmpolicy("new", "rule", "enough")
    assert result.code == 2
    assert "name one with `--pack`: `policies/my_pack`, `policies/other`" in result.err


def test_a_target_is_made_only_in_a_clone(cmpolicy: Run, workspace: Path) -> None:
    result = cmpolicy("new", "target", "acme")
    assert result.code == 2
    assert "work in a clone of its repository" in result.err


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources with a new target in it, importable as `cmpolicy` by way of links."""
    root = tmp_path_factory.mktemp("clone")
    for name in ("compiler", "targets", "policies"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests/targets").mkdir(parents=True)
    shutil.copyfile(ROOT / "pyproject.toml", root / "pyproject.toml")
    package = root / "build/typing/cmpolicy"
    package.mkdir(parents=True)
    for source in [*(root / "compiler").iterdir(), root / "targets", root / "policies"]:
        (package / source.name).symlink_to(source)
    in_clone(root, "-m", "cmpolicy", "new", "target", "acme-engine")
    return root


def in_clone(root: Path, *arguments: str) -> str:
    """What a Python that imports the copy prints."""
    path = "import sys; sys.meta_path = [f for f in sys.meta_path if '__editable__' not in str(f)]"
    code = f"{path}; sys.path.insert(0, 'build/typing'); import runpy; sys.argv = {list(arguments)[1:]!r}; "
    code += f"runpy.run_module({arguments[1]!r}, run_name='__main__', alter_sys=True)"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_target_is_in_the_table(clone: Path) -> None:
    assert "acme-engine" in in_clone(clone, "-m", "cmpolicy", "targets")


def test_a_new_target_passes_its_own_tests(clone: Path) -> None:
    assert "4 passed" in in_clone(clone, "-m", "pytest", "-q", "tests/targets/test_acme_engine.py")


def test_a_new_target_is_in_style(clone: Path) -> None:
    check_style(clone / "targets", clone / "tests")


def test_a_new_target_passes_the_type_checker(clone: Path) -> None:
    command: list[str | Path] = [TOOLS / "mypy", "-p", "cmpolicy.targets.acme_engine"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
