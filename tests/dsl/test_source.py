"""Where the parts of a rule stand in its file, however the file is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmpolicy.load import built_in_packs
from cmpolicy.source import read_source

PLAIN = '@rule(\n    good=["é"],\n    bad=[],\n)\ndef f(x):\n    """Title."""\n    return (x.é\n        is None)\n'
FILES = {
    "plain": PLAIN,
    "after_others": f"import a\n\n\ndef fg(x):\n    return f(x)\n\n\n{PLAIN}\n\ndef g():\n    pass\n",
    "named_in_a_text": f'TEXT = """\ndef f(x):\n    return 1\n"""\n\n\n{PLAIN}',
    "indented": "if True:\n" + "".join(f"    {line}\n" for line in PLAIN.splitlines()),
    "windows": PLAIN.replace("\n", "\r\n"),
    "byte_order_mark": "\ufeff" + PLAIN,
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_rule_is_found_in_its_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "f.py"
    file.write_bytes(text.encode())
    lines = text.removeprefix("\ufeff").splitlines()
    first = next(number for number, line in enumerate(lines, 1) if "@rule" in line)
    margin = lines[first - 1].index("@")
    source = read_source(file, "f")
    assert source.line == first + 4
    assert [line.strip() for line in source.condition.splitlines()] == ["x.é", "is None"]
    assert source.identities() == ((first + 6, margin + 13),)
    assert source.keyword("good") == (first + 1, margin + 10)
    assert source.keyword("return") == (first + 6, margin + 13)
    assert source.keyword("remedy") == (source.line, 1)


@pytest.mark.parametrize("folder", built_in_packs(), ids=lambda folder: folder.name)
def test_the_line_of_a_rule_is_that_of_its_function(folder: Path) -> None:
    for file in folder.glob("[!_]*.py"):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert lines[read_source(file, file.stem).line - 1].startswith(f"def {file.stem}(")
