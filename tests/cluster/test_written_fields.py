"""What is shipped about how a server writes fields is what the types of k8s.io/api say."""

from __future__ import annotations

from cmpolicy.fields.written import WRITTEN_FILE

from tests.cluster.api_server import Binary
from tests.cluster.written_fields import said_by


def test_the_file_is_what_the_types_say(binary: Binary) -> None:
    assert WRITTEN_FILE.read_text(encoding="utf-8") == said_by(binary("written-fields"))
