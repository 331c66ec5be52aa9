"""A bundle is written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cmpolicy.bundle import write
from cmpolicy.bundle.record import FILE
from cmpolicy.bundle.write import staged, write_bundle
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.pipeline import Folder
from cmpolicy.targets.protocol import File


def folder(target: str, **files: str) -> Folder:
    return Folder(target, tuple(File(f"policies/{name}.yaml", text, name) for name, text in sorted(files.items())))


def tree(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


OLD = [folder("kyverno", a="old a", gone="old gone"), folder("vap", a="old a")]
NEW = [folder("kyverno", a="new a", b="new b"), folder("vap", a="new a")]
OLD_TREE = {
    "bundle.json": "old",
    "kyverno/policies/a.yaml": "old a",
    "kyverno/policies/gone.yaml": "old gone",
    "vap/policies/a.yaml": "old a",
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    write_bundle(tmp_path / "dist", OLD, {FILE: "old"})
    return tmp_path / "dist"


def test_the_folder_and_its_parents_are_made(tmp_path: Path) -> None:
    write_bundle(tmp_path / "deep" / "dist", NEW, {FILE: "record"})
    assert tree(tmp_path) == {
        "deep/dist/bundle.json": "record",
        "deep/dist/kyverno/policies/a.yaml": "new a",
        "deep/dist/kyverno/policies/b.yaml": "new b",
        "deep/dist/vap/policies/a.yaml": "new a",
    }


def test_files_of_rules_that_are_gone_go_and_other_folders_stay(out: Path) -> None:
    (out / "README.md").write_text("kept")
    write_bundle(out, NEW[:1], {FILE: "new"})
    assert tree(out) == {
        "README.md": "kept",
        "bundle.json": "new",
        "kyverno/policies/a.yaml": "new a",
        "kyverno/policies/b.yaml": "new b",
        "vap/policies/a.yaml": "old a",
    }


def test_a_target_without_files_has_an_empty_folder(out: Path) -> None:
    write_bundle(out, [folder("kyverno")], {FILE: "new"})
    assert list((out / "kyverno").iterdir()) == []


def test_lines_end_alike_on_every_system(tmp_path: Path) -> None:
    write_bundle(tmp_path, [folder("vap", a="one\ntwo\n")], {FILE: "{}\n"})
    assert (tmp_path / "vap/policies/a.yaml").read_bytes() == b"one\ntwo\n"


Patch = Callable[[pytest.MonkeyPatch, BaseException], None]


def failing_call(name: str, number: int) -> Patch:
    """Let the call of this number of a function of `os` fail."""

    def patch(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
        real = getattr(os, name)
        calls = iter(range(1, 1000))

        def wrapped(*arguments: object, **keywords: object) -> object:
            if next(calls) == number:
                raise error
            return real(*arguments, **keywords)

        monkeypatch.setattr(os, name, wrapped)

    return patch


def failing_file(name: str) -> Patch:
    """Let the writing of this file fail after a few bytes."""

    def patch(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
        real = write._write

        def wrapped(path: str, content: bytes) -> None:
            if Path(path).name == name:
                real(path, content[:3])
                raise error
            real(path, content)

        monkeypatch.setattr(write, "_write", wrapped)

    return patch


MOMENTS = [
    pytest.param(failing_file("a.yaml"), id="first_file"),
    pytest.param(failing_file("b.yaml"), id="later_file"),
    pytest.param(failing_file("bundle.json"), id="record"),
    *(pytest.param(failing_call("rename", number), id=f"rename_{number}") for number in range(1, 7)),
]


@pytest.mark.parametrize("fail", MOMENTS)
def test_a_full_disk_changes_nothing(out: Path, monkeypatch: pytest.MonkeyPatch, fail: Patch) -> None:
    fail(monkeypatch, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    with pytest.raises(CmpolicyError, match="no space left on device"):
        write_bundle(out, NEW, {FILE: "new"})
    assert tree(out) == OLD_TREE


@pytest.mark.parametrize("fail", MOMENTS)
def test_an_interrupt_changes_nothing(out: Path, monkeypatch: pytest.MonkeyPatch, fail: Patch) -> None:
    fail(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        write_bundle(out, NEW, {FILE: "new"})
    assert tree(out) == OLD_TREE


@pytest.mark.parametrize("fail", [failing_file("b.yaml"), failing_call("rename", 2)], ids=["file", "rename"])
def test_folders_that_a_failed_build_made_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail: Patch
) -> None:
    fail(monkeypatch, OSError(errno.EIO, "Input/output error"))
    with pytest.raises(CmpolicyError, match="input/output error"):
        write_bundle(tmp_path / "deep" / "dist", NEW, {FILE: "new"})
    assert list(tmp_path.iterdir()) == []


def test_what_a_process_that_failed_left_is_written_anew(tmp_path: Path) -> None:
    with staged(tmp_path) as bundle:
        bundle.add(folder("vap", a="half and more"))
        bundle.add(folder("vap", a="whole"))
        bundle.put(["vap"], {FILE: "record"})
    assert tree(tmp_path) == {"bundle.json": "record", "vap/policies/a.yaml": "whole"}


def test_what_is_not_put_into_place_is_gone(out: Path) -> None:
    with staged(out) as bundle:
        bundle.add(NEW[0])
    assert tree(out) == OLD_TREE
    assert sorted(path.name for path in out.iterdir()) == ["bundle.json", "kyverno", "vap"]


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("")
    with pytest.raises(CmpolicyError, match=r"cannot write to `.*dist`: file exists"):
        write_bundle(tmp_path / "dist", NEW, {FILE: "new"})
    assert (tmp_path / "dist").read_text() == ""
