"""Archives are packed the same everywhere, and unpacked without trust."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest
from cmpolicy.oci import archive
from cmpolicy.oci.archive import gunzip, gzip_stored, pack, safe_path, unpack
from cmpolicy.oci.model import BadContent

FILES = {"b/two.yaml": b"two", "a.yaml": b"", "b/é.yaml": b"x" * 70_000}


def test_what_is_packed_is_unpacked() -> None:
    assert unpack(gunzip(gzip_stored(pack(FILES)))) == FILES


def test_the_order_of_files_does_not_matter() -> None:
    assert pack(FILES) == pack(dict(reversed(FILES.items())))


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 200_000])
def test_others_read_the_gzip(size: int) -> None:
    assert gzip.decompress(gzip_stored(b"x" * size)) == b"x" * size


def test_others_read_the_tar() -> None:
    with tarfile.open(fileobj=io.BytesIO(gzip_stored(pack(FILES)))) as tar:
        entries = {entry.name: (entry.mtime, entry.uid, entry.gid, entry.uname, entry.mode) for entry in tar}
    assert entries == dict.fromkeys(FILES, (0, 0, 0, "", 0o644))


NAMES = ("x", "y" * 99, "y" * 100, "y" * 101, "z/" * 60 + "z", "z/" * 90 + "é", "é.yaml", "policies/a b.yaml", "~")


@pytest.mark.parametrize("sizes", [(0, 1, 511, 512, 513), (7, 100_000), (9216, 0)])
def test_it_is_the_tar_that_pythons_own_module_writes(sizes: tuple[int, ...]) -> None:
    files = {f"{number}{name}": b"x" * size for number, size in enumerate(sizes) for name in NAMES}
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8") as tar:
        for path in sorted(files):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(files[path]), 0o644
            tar.addfile(entry, io.BytesIO(files[path]))
    assert pack(files) == stream.getvalue()


PATHS = [
    "../out",
    "a/../../out",
    "/etc/passwd",
    "a//b",
    "./a",
    "a/.",
    "",
    "C:/x",
    "a\\..\\b",
    "nul",
    "a/COM1.yaml",
    "a. ",
    "a/b.",
    "a\x00b",
    "a\nb",
    "a\u202eb",
    "x" * 2000,
    ".git/config",
    "a/.GIT",
    ".envrc",
    "HEAD",
    "bare/Head",
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: repr(path)[:20])
def test_a_path_that_may_lead_out_is_refused(path: str) -> None:
    with pytest.raises(BadContent, match="no plain path"):
        safe_path(path)


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a/../../b"])
def test_a_tar_with_such_a_path_is_refused(path: str) -> None:
    with pytest.raises(BadContent, match="no plain path"):
        unpack(tarred(entry(path)))


def tarred(*entries: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for entry in entries:
            tar.addfile(entry, io.BytesIO(b"x" * entry.size))
    return stream.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, link, size
    return made


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE], ids=repr
)
def test_links_and_devices_are_refused(kind: bytes) -> None:
    with pytest.raises(BadContent, match="no regular file"):
        unpack(tarred(entry("policies/x.yaml", kind, "/etc/passwd")))


def test_a_file_that_is_there_twice_is_refused() -> None:
    with pytest.raises(BadContent, match="twice"):
        unpack(tarred(entry("a"), entry("a")))


def test_folders_are_passed_over() -> None:
    assert unpack(tarred(entry("a", tarfile.DIRTYPE), entry("a/b", size=1))) == {"a/b": b"x"}


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    with pytest.raises(BadContent, match="more than 2 files"):
        unpack(pack(dict.fromkeys("abc", b"")))


def test_too_many_bytes_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    with pytest.raises(BadContent, match="more than 10 bytes"):
        unpack(pack({"a": b"x" * 6, "b": b"x" * 6}))


def test_a_bomb_is_refused() -> None:
    bomb = gzip.compress(b"\x00" * 1_000_000)
    assert len(bomb) < 2000
    with pytest.raises(BadContent, match="more than 5000 bytes"):
        gunzip(bomb, 5000)


@pytest.mark.parametrize("cut", [1, 10, 500], ids=str)
def test_a_broken_gzip_is_refused(cut: int) -> None:
    with pytest.raises(BadContent, match="cut off"):
        gunzip(gzip.compress(bytes(range(256)) * 4, mtime=0)[:-cut])


@pytest.mark.parametrize("content", [b"", b"no gzip at all"])
def test_something_else_is_refused(content: bytes) -> None:
    with pytest.raises(BadContent):
        gunzip(content)


def test_bytes_after_the_end_are_refused() -> None:
    with pytest.raises(BadContent, match="followed by something else"):
        gunzip(gzip_stored(b"x") + gzip_stored(b"y"))


def test_a_sparse_file_is_refused() -> None:
    header = entry("a", tarfile.GNUTYPE_SPARSE).tobuf(tarfile.GNU_FORMAT)
    with pytest.raises(BadContent):
        unpack(header + b"\x00" * 1024)


@pytest.mark.parametrize("content", [b"no tar" * 200, pack({"a": b"x" * 2000})[:1500]], ids=["other", "cut"])
def test_a_broken_tar_is_refused(content: bytes) -> None:
    with pytest.raises(BadContent):
        unpack(content)


def test_folders_count_as_files_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    with pytest.raises(BadContent, match="more than 2 files"):
        unpack(tarred(*(entry(name, tarfile.DIRTYPE) for name in "abc")))


def more(kind: bytes, size: int, content: bytes = b"") -> bytes:
    """An extended header."""
    return entry("x", kind, size=size).tobuf() + content.ljust(-(-size // 512) * 512, b"a")


EXTENDED = {
    "long names": (more(b"L", 512) * 2000, "too many"),
    "long links": (more(b"K", 512) * 3, "too many"),
    "extended headers": (more(b"x", 512) * 3, "too many"),
    "global headers": (more(b"g", 512) * 3, "too many"),
    "a long header": (more(b"x", 5000, b"1" * 5000), "too long"),
    "another size": (more(b"x", 512, b"12 size=1000\n"), "stands in an extended header"),
    "a sparse file": (more(b"x", 512, b"22 GNU.sparse.major=1\n"), "stands in an extended header"),
    "behind a folder": (entry("a/", tarfile.DIRTYPE, size=2**20).tobuf() + more(b"L", 512) * 2000, "too many"),
    "behind an old folder": (entry("a/", size=2**20).tobuf() + more(b"L", 512) * 2000, "too many"),
}


@pytest.mark.parametrize("name", EXTENDED)
def test_headers_that_keep_a_reader_busy_are_refused(name: str) -> None:
    content, said = EXTENDED[name]
    with pytest.raises(BadContent, match=said):
        unpack(content + tarred(entry("z")))
