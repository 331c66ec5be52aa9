"""The IR as JSON, and back: what a bundle carries, so that rules can be compared without running their code.

A node is a list: its tag, then its fields in order, as in `["compare", ">=", ["get", ["obj"], "spec"], ["const", 1]]`. What a
later cmpolicy adds to the IR is a tag that an earlier one does not know, which is an error with a place and no guess.
"""

from cmpolicy.ir_json.decode import DecodeError, decode_rule
from cmpolicy.ir_json.encode import encode_rule

__all__ = ["DecodeError", "decode_rule", "encode_rule"]
