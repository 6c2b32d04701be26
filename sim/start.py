"""Entry point of the command `sim`, before anything is imported."""

import sys

MANY = 100_000
"""New objects after which those in circles are looked for: libraries and figures make so many that Python's 2,000 cost
a twentieth of a command."""


class WithoutDaskArrays:
    """Finder of modules that finds no arrays of Dask, unless a cluster of Dask is wanted.

    Where Dask is installed, xarray would load them, which no command uses, for half a second.
    """

    def find_spec(self, name: str, *_: object) -> None:
        """Leave every other module to the next finder. Raises ModuleNotFoundError."""
        if name == "dask.array" and "distributed" not in sys.modules:
            raise ModuleNotFoundError("arrays of Dask are left out", name=name)


def main() -> None:
    """Run the command line.

    Before its own signal handlers are set, and after it has ended, Ctrl-C kills the process at once: an interrupted
    import would print a traceback. A process that was started with Ctrl-C ignored, as in the background, ignores it.
    """
    try:
        import signal

        handled = signal.getsignal(signal.SIGINT) == signal.default_int_handler
        if handled:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    import gc

    gc.set_threshold(MANY)
    sys.meta_path.insert(0, WithoutDaskArrays())
    try:
        from sim.cli import main as command

        command()
    finally:
        gc.freeze()  # or Python looks for garbage in all that libraries made before it ends, for a quarter of a second
        if handled:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
