"""A live cluster, read page by page: what `check --cluster` judges. `docs/live-cluster.md`."""
