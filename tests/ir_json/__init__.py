"""Tests of the IR as JSON."""
