"""`python -m sim` is the command `sim`."""

from sim.start import main

if __name__ == "__main__":
    main()
