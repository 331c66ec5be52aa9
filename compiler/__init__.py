"""cmpolicy."""
