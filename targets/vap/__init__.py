"""Kubernetes: a ValidatingAdmissionPolicy and its binding for each rule."""
