"""`python -m sim` is the command `sim`."""

import sys

if __name__ == "__main__":
    try:
        from sim.cli import main
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: nothing is left half written\n")
        sys.exit(130)
    main()
