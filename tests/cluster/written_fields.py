"""Write `compiler/fields/written.json` from the types of k8s.io/api: `python -m tests.cluster.written_fields`. Needs Go."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TypeAlias

from cmpolicy.fields.generate import named, read_versions
from cmpolicy.fields.written import WRITTEN_FILE

from tests.engines import build

Types: TypeAlias = dict[str, dict[str, list[str]]]


def said_by(program: Path) -> str:
    """The file as it should be, by what our program says of the Go types: one type a line, sorted."""
    types: Types = json.loads(subprocess.run([program], check=True, capture_output=True, text=True).stdout)
    short = {name: types[full] for full, name in named(read_versions()).items() if full in types}
    lines = (f"{json.dumps(name)}:{json.dumps(short[name], separators=(',', ':'))}" for name in sorted(short))
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    WRITTEN_FILE.write_bytes(said_by(build.build(build.ENGINES["written-fields"])).encode())
