"""Files as one tar, packed the same everywhere and unpacked without trust.

Compressors differ: zlib, its replacements and their versions write different bytes of the same input, and then digests
differ from machine to machine. So what must be gzip is stored in it without compression: every byte is prescribed.
Policies are small, and registries and transports compress what they like.
"""

from __future__ import annotations

import io
import re
import struct
import tarfile
import zlib
from collections.abc import Iterator, Mapping

from cmpolicy.content import shown
from cmpolicy.oci.model import BadContent

MOST_FILES = 100_000
MOST_BYTES = 2**28
"""What the files of an archive may hold together."""
LONGEST_PATH = 1024
BLOCK = 512
MOST_MORE = 2
MOST_MORE_BYTES = 2**12
"""The extended headers of a file, such as for a long name: how many, and how long each may be."""

LONGEST_PLAIN_NAME = 100
MOST_PLAIN_BYTES = 8**11 - 1
_NOBODY = b"0000644\0" + 2 * b"0000000\0"
"""The mode, and nobody's user and group."""
_NO_TIME = b"00000000000\0"
_REST = (b"0" + bytes(100) + b"ustar\x0000").ljust(356, b"\0")
"""After the sum: a regular file, no link, the format, and no names."""
_SUM_OF_REST = sum(_REST)

_MORE = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.SOLARIS_XHDTYPE)
_CHUNK = 2**16 - 1
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")
_OBEYED = re.compile(r"(?i)\.|head$")
"""Names that tools look for and obey, such as `.git`, and what makes a folder a repository whose configuration Git runs."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """A tar of the files, sorted by path, without time, owner or anything else of this machine."""
    parts = [part for path in sorted(files) for part in _packed(path, files[path])]
    size = sum(map(len, parts)) + 2 * BLOCK
    return b"".join([*parts, bytes(2 * BLOCK + -size % tarfile.RECORDSIZE)])


def _packed(path: str, content: bytes) -> tuple[bytes, bytes, bytes]:
    return _header(path, len(content)), content, bytes(-len(content) % BLOCK)


def _header(path: str, size: int) -> bytes:
    """The headers that `tarfile` writes, which takes twenty times as long for those of plain names."""
    if not path.isascii() or len(path) > LONGEST_PLAIN_NAME or size > MOST_PLAIN_BYTES:
        entry = tarfile.TarInfo(path)
        entry.size, entry.mode, entry.mtime = size, 0o644, 0
        return entry.tobuf(tarfile.PAX_FORMAT, "utf-8")
    head = b"".join([path.encode().ljust(LONGEST_PLAIN_NAME, b"\0"), _NOBODY, b"%011o\0" % size, _NO_TIME])
    # The sum counts its own eight places as spaces.
    return b"".join([head, b"%06o\0 " % (sum(head) + 8 * ord(" ") + _SUM_OF_REST), _REST])


def gzip_stored(content: bytes) -> bytes:
    """The content as gzip of stored blocks."""
    chunks = [content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK)] or [b""]
    blocks = [
        struct.pack("<BHH", number == len(chunks), len(chunk), len(chunk) ^ 0xFFFF) + chunk
        for number, chunk in enumerate(chunks, 1)
    ]
    return b"".join([_HEADER, *blocks, struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)])


def gunzip(content: bytes, most: int = MOST_BYTES) -> bytes:
    """What was compressed. Raises `BadContent` if it is broken, or more than `most` bytes."""
    decompressor = zlib.decompressobj(wbits=31)
    try:
        found = decompressor.decompress(content, most + 1)
    except zlib.error as error:
        raise BadContent("it is no gzip, or a broken one") from error
    if len(found) > most:
        raise BadContent(f"it unpacks to more than {most} bytes")
    if not decompressor.eof or decompressor.unused_data:
        raise BadContent("it is cut off, or followed by something else")
    return found


def unpack(content: bytes, most: int | None = None) -> dict[str, bytes]:
    """The files of a tar by path; it holds `most` files and folders at most.

    Raises `BadContent` for anything but regular files with plain relative paths.
    """
    files: dict[str, bytes] = {}
    try:
        for path, found in _entries(content, MOST_FILES if most is None else most):
            if path in files:
                raise BadContent(f"`{path}` is in it twice")
            files[path] = found
    except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise BadContent("it is no tar, or a broken one") from error
    return files


def _entries(content: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    _check_headers(content, most)
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:", encoding="utf-8") as tar:
        for entry in tar:
            if entry.isdir():
                continue
            # A sparse file of a few bytes may unpack to any number of them.
            if not entry.isreg() or entry.issparse():
                raise BadContent(f"`{shown(entry.name)}` is no regular file")
            left -= entry.size
            if left < 0:
                raise BadContent(f"its files hold more than {MOST_BYTES} bytes")
            read = tar.extractfile(entry)
            found = read.read() if read is not None else b""
            if len(found) != entry.size:
                raise BadContent("it is cut off")
            yield safe_path(entry.name), found


def _check_headers(content: bytes, most: int) -> None:
    """Walk the headers as `tarfile` would, which follows long names and extended headers however many there are."""
    place, held, more = 0, 0, 0
    while len(header := content[place : place + BLOCK]) == BLOCK and any(header):
        entry = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        is_more = entry.type in _MORE
        held, more = held + (not is_more), more + 1 if is_more else 0
        if held > most:
            raise BadContent(f"it holds more than {most} files")
        place += BLOCK
        if is_more:
            _check_more(content[place : place + MOST_MORE_BYTES], entry.size, more)
        elif not entry.isdir() and entry.type not in tarfile.REGULAR_TYPES:
            raise BadContent(f"`{shown(entry.name)}` is no regular file")
        if entry.size < 0:
            raise BadContent("it is no tar, or a broken one")
        if not entry.isdir():
            place += -(-entry.size // BLOCK) * BLOCK


def _check_more(content: bytes, size: int, number: int) -> None:
    if number > MOST_MORE or size > MOST_MORE_BYTES:
        raise BadContent("the headers of a file are too many, or too long")
    # It would make readers go on elsewhere than where the next header is.
    if b" size=" in content[: max(size, 0)] or b"GNU.sparse" in content[: max(size, 0)]:
        raise BadContent("the size of a file stands in an extended header")


def safe_path(path: str) -> str:
    """The path. Raises `BadContent` if it might name a file outside of a folder, on any system, or one that tools obey."""
    parts = path.split("/")
    plain = all(part not in ("", ".", "..") and not part.endswith((".", " ")) for part in parts)
    printable = path.isprintable() and not set(path) & set('\\:*?"<>|')
    if not plain or not printable or len(path) > LONGEST_PATH or any(map(_is_special, parts)):
        raise BadContent(f"`{shown(path)}` is no plain path below a folder")
    return path


def _is_special(part: str) -> bool:
    return bool(_RESERVED.match(part) or _OBEYED.match(part))
