"""First versions of rules, packs and targets: complete, correct, and waiting to be edited."""
