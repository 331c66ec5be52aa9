"""Packs of rules, a folder each. Rules are loaded by path; see `cmpolicy.load`."""
