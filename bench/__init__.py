"""Measurements, side by side where there is a peer. `make bench` runs them all and writes bench/RESULTS.md."""
