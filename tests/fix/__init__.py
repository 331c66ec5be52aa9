"""What fixes findings, and that it does."""
