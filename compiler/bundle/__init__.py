"""What `build` writes: a folder for each target and `bundle.json`, which says what is in them and what of."""
