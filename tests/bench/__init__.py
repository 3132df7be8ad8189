"""Benchmarks: `make bench`. Each prints figures beside a baseline of the same run."""
