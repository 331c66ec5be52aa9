"""The manifest that holds the classic signatures of another one: signatures are added to it, and never lost.

Its config lists the layers as that of an image does, as cosign writes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.content import canonical
from cmpolicy.oci.attached import classic_layers
from cmpolicy.oci.model import Blob, Descriptor, Manifest, blob

CONFIG = "application/vnd.oci.image.config.v1+json"


def with_signatures(before: bytes | None, layers: Sequence[Descriptor]) -> tuple[Blob, bytes]:
    """The config and the manifest with these signatures beside those that are there. Raises `NotVerified`."""
    held = () if before is None else classic_layers(before)
    every = tuple({canonical(each.document()): each for each in (*held, *layers)}.values())
    config = _config([each.digest for each in every])
    return config, Manifest(config.descriptor, every).text()


def _config(digests: Sequence[str]) -> Blob:
    return blob(
        canonical(
            {
                "architecture": "",
                "config": {},
                "created": "0001-01-01T00:00:00Z",
                "history": [{"created": "0001-01-01T00:00:00Z"} for _ in digests],
                "os": "",
                "rootfs": {"type": "layers", "diff_ids": list(digests)},
            }
        ),
        CONFIG,
    )
