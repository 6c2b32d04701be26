"""What the commands of `sim.cli` need: room, words, a starter file, the terminal."""
