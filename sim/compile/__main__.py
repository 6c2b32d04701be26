"""Make the machine code of the month, and keep it: ``python -m sim.compile``."""

import os

from sim.compile.engine import make
from sim.scenario import load

CALM = 10
"""Niceness: others go first."""


def main() -> None:
    """Make it, unless it is kept already."""
    if hasattr(os, "nice"):
        os.nice(CALM)
    make(load("article"))  # any scenario: the months of all are the same


if __name__ == "__main__":
    main()
