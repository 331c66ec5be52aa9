"""What the native suites share: the texts of a rule's examples, which most targets ship."""

from __future__ import annotations

from cmpolicy.once import once
from cmpolicy.yaml.writer import dump

example_text = once(dump)
"""An example as a file of one YAML document."""
