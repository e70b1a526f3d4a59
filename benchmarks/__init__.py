"""Benchmarks: what a harvest costs, measured on whole processes against data made for it."""
