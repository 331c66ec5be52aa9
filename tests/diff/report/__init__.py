"""Every form of output, read back."""
