"""What of the benchmarks can be tested without a clock."""
