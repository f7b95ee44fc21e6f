"""Measurements beside a comparison, run by `make bench`."""
