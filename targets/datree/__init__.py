"""Datree custom rules."""
