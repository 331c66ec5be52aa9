"""How fast cmpolicy is, and what it writes; README.md says how to run this and what came of it."""
