"""A comparison in every form of output. Each is a function of a `Review`, and shows what the others show."""
