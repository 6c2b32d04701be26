"""What the commands of `sim.cli` share: options, checks, terminal output and the workflow of a study."""
