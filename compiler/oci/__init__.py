"""Bundles in OCI registries and image layouts. `docs/oci.md` says what is published, and for whom.

`reference` names a place; `model` is what stands there; `archive` packs and unpacks files; `artifacts` makes what is
published of a bundle, `pulled` makes a bundle of what was published; a `store` is a registry (`registry`) or a layout.
"""
