"""The builder: once per source, one at a time, whole or not at all. Shown on a program of one line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engines import build

HELLO = 'package main\n\nfunc main() { println("hello") }\n'
ENGINE = build.Engine("hello", ".", "hello", minutes=0.1)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, need_go: None) -> Path:
    """An engine's folder, with a cache of its own."""
    folder = tmp_path / "engines" / "hello"
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text("module hello\n\ngo 1.24\n")
    (folder / "main.go").write_text(HELLO)
    monkeypatch.setattr(build, "HERE", folder.parent)
    monkeypatch.setenv("CMPOLICY_CACHE", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every compilation that takes place, by its target."""
    targets: list[Path] = []
    compile_really: Callable[[build.Engine, Path], None] = build._compile

    def note(engine: build.Engine, target: Path) -> None:
        targets.append(target)
        compile_really(engine, target)

    monkeypatch.setattr(build, "_compile", note)
    return targets


def test_a_source_is_built_once_even_by_two_at_a_time(source: Path, compiled: list[Path]) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(build.build, [ENGINE, ENGINE])
    assert first == second == build.build(ENGINE)
    assert compiled == [first]
    assert [path.name for path in first.parent.iterdir()] == ["hello"]


@pytest.mark.parametrize("name", ["go.mod", "main.go", "embedded.json"])
def test_another_source_is_another_binary(source: Path, name: str) -> None:
    before = build.binary(ENGINE)
    with (source / name).open("a") as file:
        file.write("\n")
    assert build.binary(ENGINE) != before


@pytest.mark.parametrize("name", ["main_test.go", "README.md"])
def test_tests_and_documents_make_no_difference(source: Path, name: str) -> None:
    before = build.binary(ENGINE)
    (source / name).write_text("package main\n")
    assert build.binary(ENGINE) == before


def test_a_failed_build_leaves_a_log_and_no_binary(source: Path) -> None:
    (source / "main.go").write_text(HELLO.replace("println", "printline"))
    with pytest.raises(build.BuildError, match="undefined: printline") as error:
        build.build(ENGINE)
    target = build.binary(ENGINE)
    log = target.parent.with_suffix(".log")
    assert "undefined: printline" in log.read_text()
    assert str(log) in str(error.value)
    assert list(target.parent.iterdir()) == []


def test_it_says_that_go_is_missing(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(build.BuildError, match="Go is not installed"):
        build.build(ENGINE)


def test_an_unknown_engine_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        build.main(["gatr"])
    assert "no engine `gatr`" in capsys.readouterr().err


def test_every_folder_with_a_module_is_an_engine() -> None:
    modules = {path.parent for path in build.HERE.glob("*/go.mod")}
    folders = {engine.folder.resolve() for engine in build.ENGINES.values()}
    assert modules <= folders
    assert folders - modules == {build.HERE.parents[1] / "benchmarks" / "conftest"}
