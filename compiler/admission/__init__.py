"""The object that an API server makes of a manifest before any policy sees it.

Of Kubernetes 1.37, with its own admission plugins as they are on by default. What is written by whom:

- `encoding`: types are read and written back, so nulls, unknown fields and most empty values go, and quantities get their
  one spelling. Which fields stay is data, `fields/written.json`.
- `defaults`: what a field is where nobody sets it, by type.
- `fills`: the defaults that depend on something.
- `plugins`: what the server's own plugins add to Pods, Nodes and claims.
- `creation`: what becomes of a Pod after that.

Left alone is what the server writes of its own accord: `status`, of the metadata what `SERVER_WRITTEN` lists, and of a Service
what `ALLOCATED` does.
`tests/cluster/test_defaulting.py` holds all of it to a real server.
"""

from cmpolicy.admission.admitted import ALLOCATED, MODELLED, SERVER_WRITTEN, VERSION, admitted, is_modelled

__all__ = ["ALLOCATED", "MODELLED", "SERVER_WRITTEN", "VERSION", "admitted", "is_modelled"]
