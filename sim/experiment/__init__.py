"""Runs: chance by name, the sampling design, one run of a scenario, stored ensembles, and replay."""
