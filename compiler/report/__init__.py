"""What `check` found, for people and for programs."""
