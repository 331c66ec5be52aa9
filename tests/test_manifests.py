"""What `check` judges: manifests in files, folders and standard input; problems are values between them."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from cmpolicy import manifests
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.manifests import Manifest, read_paths
from cmpolicy.values import Json

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\n"


def pod(name: str) -> str:
    return POD.replace("NAME", name)


def names(found: Iterable[Manifest | Diagnostic]) -> list[Json]:
    """The names of manifests, and the codes of diagnostics."""
    return [each.code if isinstance(each, Diagnostic) else _name(each) for each in found]


def _name(manifest: Manifest) -> Json:
    metadata = manifest.value["metadata"]
    assert isinstance(metadata, dict)
    name: Json = metadata["name"]
    return name


def only(path: Path) -> Diagnostic:
    """The one diagnostic that a path gives."""
    (found,) = read_paths([str(path)])
    assert isinstance(found, Diagnostic)
    return found


def test_a_folder_is_read_with_its_folders_in_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for file in ("c.yaml", "a.yml", "b/x.json", "b/a.YAML", "no.txt"):
        (tmp_path / file).write_text(pod(file), encoding="utf-8")
    assert names(read_paths([str(tmp_path)])) == ["a.yml", "c.yaml", "b/a.YAML", "b/x.json"]


def test_a_file_named_twice_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(pod("a"), encoding="utf-8")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert names(read_paths([str(tmp_path / "a.yaml"), str(tmp_path)])) == ["a"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pod("ä").encode())))
    (found,) = read_paths(["-"])
    assert isinstance(found, Manifest)
    assert (found.file, found.value["metadata"]) == ("-", {"name": "ä"})


def test_a_named_file_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "rendered").write_text(pod("a"), encoding="utf-8")
    assert names(read_paths([str(tmp_path / "rendered")])) == ["a"]


def test_documents_are_numbered_in_their_file_without_the_empty_ones(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"# head\n---\n{pod('a')}---\n# nothing\n---\n{pod('b')}", encoding="utf-8")
    found = [each for each in read_paths([str(file)]) if isinstance(each, Manifest)]
    assert [(_name(each), each.index, each.position("/metadata/name")) for each in found] == [
        ("a", 0, (5, 12)),
        ("b", 1, (11, 12)),
    ]
    assert found[1].place("/metadata/name").source == "metadata: {name: b}"
    assert found[1].place("/metadata/labels").exists is False


LIST = """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: a}
  - apiVersion: v1
    kind: PodList
    items:
      - metadata:
          name: b
  - apiVersion: v1
    kind: Pod
    metadata: {name: c}
"""


def test_items_of_lists_are_documents_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"{pod('before')}---\n{LIST}---\n{pod('after')}", encoding="utf-8")
    found = [each for each in read_paths([str(file)]) if isinstance(each, Manifest)]
    assert [(_name(each), each.index) for each in found] == [
        ("before", 0),
        ("a", 1),
        ("b", 2),
        ("c", 3),
        ("after", 4),
    ]
    b = found[2]
    assert (b.value["apiVersion"], b.value["kind"]) == ("v1", "Pod")
    assert [b.position(pointer) for pointer in ("", "/metadata/name", "/spec")] == [(14, 9), (15, 11), (14, 9)]


def test_a_kind_that_ends_in_list_is_a_manifest_unless_it_has_items(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("apiVersion: x/v1\nkind: AllowList\nmetadata: {name: a}\nitems: {}\n", encoding="utf-8")
    assert names(read_paths([str(file)])) == ["a"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("replicas: 1\n", "no manifest: it has no `apiVersion` and no `kind`"),
        ("kind: Pod\n", "no manifest: it has no `apiVersion`"),
        ("kind: 1\napiVersion: v1\n", "no manifest: its `kind` is a number, not a string"),
        ("apiVersion: 1\n", "no manifest: it has no `kind`; its `apiVersion` is a number, not a string"),
        (
            "apiVersion: [v1]\nkind: true\n",
            "no manifest: its `apiVersion` is a list, not a string; its `kind` is a boolean, not a string",
        ),
        ("kind: null\napiVersion: ''\n", "no manifest: it has no `apiVersion` and no `kind`"),
        ("- a\n", "no manifest: it is not a map"),
        ("text\n", "no manifest: it is not a map"),
    ],
)
def test_what_is_no_manifest_is_an_error_if_named_and_a_warning_in_a_folder(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(f"\n{text}", encoding="utf-8")
    named, in_folder = only(file), only(tmp_path)
    assert (named.code, named.message, named.line, named.level) == ("not-a-manifest", message, 2, Level.ERROR)
    assert (in_folder.message, in_folder.level) == (f"{message}; skipped", Level.WARNING)


def test_a_kind_of_a_wrong_type_is_shown_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("kind: Pod\napiVersion: 1\n", encoding="utf-8")
    assert only(file).line == 2


def test_an_item_that_is_no_manifest_has_its_own_place(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"{LIST}  - x: 1\n", encoding="utf-8")
    assert names(read_paths([str(file)])) == ["a", "b", "c", "not-a-manifest"]
    assert [each.line for each in read_paths([str(file)]) if isinstance(each, Diagnostic)] == [15]


def test_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    contents = {
        "a.yaml": pod("a").encode(),
        "b.yaml": b"\x7fELF\0\0",
        "c.yaml": b"a: \xff\n",
        "d.yaml": b"a: b: c\n",
        "e.yaml": "a: 1\n".encode("utf-16"),
        "f.yaml": pod("f").encode(),
    }
    for file, data in contents.items():
        (tmp_path / file).write_bytes(data)
    (tmp_path / "g.yaml").symlink_to(tmp_path / "missing")
    found = names(read_paths([str(tmp_path / "nope"), str(tmp_path)]))
    assert found == ["file", "a", "binary", "encoding", "syntax", "encoding", "f", "file"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a: 1\nb\xc3\xa9: \xff\n", ("encoding", "not UTF-8", 2, 5)),
        (b"a: 1\n\0", ("binary", "a binary file, not text", 2, 0)),
        ("a: 1".encode("utf-16"), ("encoding", "UTF-16, not UTF-8", 0, 0)),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, data: bytes, expected: tuple[str, str, int, int]) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(data)
    found = only(file)
    assert (found.code, found.message, found.line, found.column) == expected


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    found = only(tmp_path / "nope.yaml")
    assert (found.message, found.file) == ("cannot be read: no such file or directory", str(tmp_path / "nope.yaml"))


def test_a_folder_without_manifests_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    assert (only(tmp_path).code, only(tmp_path).level) == ("no-files", Level.WARNING)


def test_a_pipe_in_a_folder_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    assert only(tmp_path).code == "no-files"


def test_an_endless_line_is_refused_without_being_parsed(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    with file.open("wb") as stream:
        stream.write(b"a: ")
        stream.truncate(100 * 2**20)
    start = time.process_time()
    found = only(file)
    assert (found.code, found.message) == ("size", "larger than 64 MiB")
    assert time.process_time() - start < 5


def test_a_long_line_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "MAX_BYTES", 2**20)
    file = tmp_path / "a.yaml"
    text = f"{pod('a')}data: "
    file.write_text(text + "x" * (2**20 - len(text)), encoding="utf-8")
    assert names(read_paths([str(file)])) == ["a"]
    file.write_text(text + "x" * (2**20 - len(text) + 1), encoding="utf-8")
    assert names(read_paths([str(file)])) == ["size"]


def test_warnings_stand_before_their_manifest(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"{pod('a')}kind: Pod\n", encoding="utf-8")
    assert names(read_paths([str(file)])) == ["duplicate-key", "a"]
