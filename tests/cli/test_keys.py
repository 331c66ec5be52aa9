"""`cmpolicy keys`."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.sign.files import load_private, load_public

from tests.cli.conftest import Run, tree


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder; the password is given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COSIGN_PASSWORD", "secret")
    return tmp_path


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_pair_is_written_and_can_be_read(cmpolicy: Run, folder: Path) -> None:
    result = cmpolicy("keys", "generate")
    assert (result.code, result.err) == (0, "")
    public = load_public(folder / "cosign.pub")
    assert load_private(folder / "cosign.key", lambda: b"secret").public == public
    assert public.hint in result.out
    assert sorted(path.name for path in folder.iterdir()) == ["cosign.key", "cosign.pub"]


def test_the_private_key_is_its_owners_alone(cmpolicy: Run, folder: Path) -> None:
    before = os.umask(0)
    try:
        cmpolicy("keys", "generate")
    finally:
        os.umask(before)
    assert (mode(folder / "cosign.key"), mode(folder / "cosign.pub")) == (0o600, 0o644)


@pytest.mark.parametrize("name", ["keys/release.key", "keys/release.pub"])
def test_a_key_is_never_replaced(cmpolicy: Run, folder: Path, name: str) -> None:
    (folder / "keys").mkdir()
    (folder / name).write_text("mine")
    result = cmpolicy("keys", "generate", "--out", "keys/release")
    assert result.code == 2
    assert f"`{name}` is there already" in result.err
    assert tree(folder) == {name: b"mine"}


def test_a_link_to_nothing_is_there_too(cmpolicy: Run, folder: Path) -> None:
    (folder / "cosign.key").symlink_to("elsewhere")
    assert cmpolicy("keys", "generate").code == 2
    assert not (folder / "elsewhere").exists()


@pytest.mark.parametrize("name", ["cosign.key", "cosign.pub"])
def test_a_key_that_appears_meanwhile_is_not_replaced(
    cmpolicy: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    link = os.link

    def late(source: Path, path: Path) -> None:
        if path.name == name:
            path.write_text("mine")
        link(source, path)

    monkeypatch.setattr(os, "link", late)
    result = cmpolicy("keys", "generate")
    assert (result.code, f"`{name}` is there already" in result.err) == (2, True)
    assert tree(folder) == {name: b"mine"}


def test_both_files_are_written_or_none(cmpolicy: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def full(source: Path, path: Path) -> None:
        if path.suffix == ".pub":
            raise OSError(28, "No space left on device")
        link(source, path)

    monkeypatch.setattr(os, "link", full)
    result = cmpolicy("keys", "generate")
    assert result.code == 2
    assert "cannot write `cosign.key` and `cosign.pub`: no space left on device" in result.err
    assert tree(folder) == {}


def test_a_folder_that_is_not_there_is_told(cmpolicy: Run, folder: Path) -> None:
    result = cmpolicy("keys", "generate", "--out", "nowhere/release")
    assert (result.code, "no such file or directory" in result.err) == (2, True)


def test_without_a_password_nothing_is_made(cmpolicy: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COSIGN_PASSWORD")
    result = cmpolicy("keys", "generate")
    assert (result.code, "set `COSIGN_PASSWORD`" in result.err) == (2, True)
    assert tree(folder) == {}


def test_a_password_of_nothing_is_one(cmpolicy: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSIGN_PASSWORD", "")
    assert cmpolicy("keys", "generate").code == 0
    assert load_private(folder / "cosign.key", lambda: b"").public == load_public(folder / "cosign.pub")


@pytest.mark.parametrize(
    ("content", "told"), [(b"no key", "it is no PEM file"), (b"-" * 2**17, "it is too long to be a key")]
)
def test_a_file_that_is_no_key_is_named(folder: Path, content: bytes, told: str) -> None:
    path = folder / "cosign.pub"
    path.write_bytes(content)
    for load in (load_public, lambda path: load_private(path, lambda: b"")):
        with pytest.raises(CmpolicyError) as raised:
            load(path)
        assert str(raised.value) == f"`{path}`: {told}"


PROMPT = re.compile(rb"(?:Password of the private key|Repeat for confirmation): ")


def typed(folder: Path, *answers: str) -> tuple[int, str]:
    """The exit code of `keys generate` at a terminal where this is typed, and what the terminal shows."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", "from cmpolicy.cli import main; main()", "keys", "generate"]
    environment = {name: value for name, value in os.environ.items() if name != "COSIGN_PASSWORD"}
    # In a session of its own it has no other terminal than this.
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    )
    os.close(slave)
    shown = b""
    for number, answer in enumerate(answers, start=1):
        while len(PROMPT.findall(shown)) < number:
            shown += os.read(master, 1024)
        os.write(master, f"{answer}\n".encode())
    with suppress(OSError):  # which Linux raises at the end of a terminal
        while read := os.read(master, 1024):
            shown += read
    os.close(master)
    return process.wait(), shown.decode()


def test_the_password_is_asked_for_twice_and_not_shown(folder: Path) -> None:
    code, shown = typed(folder, "sesame", "sesame")
    assert (code, "Password of the private key: " in shown, "sesame" in shown) == (0, True, False)
    assert load_private(folder / "cosign.key", lambda: b"sesame").public == load_public(folder / "cosign.pub")


def test_two_different_passwords_are_asked_for_again(folder: Path) -> None:
    code, shown = typed(folder, "sesame", "seasme", "open", "open")
    assert (code, "do not match" in shown) == (0, True)
    assert load_private(folder / "cosign.key", lambda: b"open").public == load_public(folder / "cosign.pub")


@pytest.mark.parametrize(("module", "package"), [("cryptography", "cryptography"), ("nacl", "PyNaCl")])
def test_a_package_that_is_missing_is_told(folder: Path, module: str, package: str) -> None:
    script = f"import sys; sys.modules['{module}'] = None; from cmpolicy.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "keys", "generate"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert f"need the package `{package}`" in done.stderr
    assert "pip install 'cmpolicy[sign]'" in done.stderr
    assert tree(folder) == {}
