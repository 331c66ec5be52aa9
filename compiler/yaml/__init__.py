"""YAML as Kubernetes clients read it, and our own writer of it."""
