"""Tests of the generator of objects."""
