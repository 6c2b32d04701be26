"""Entry point of the command `sim`, before anything is imported."""

from sim.left_out import leave_out_dask_arrays

MANY = 100_000
"""New objects after which those in circles are looked for: libraries and figures make so many that Python's 2,000 cost
a twentieth of a command."""


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
    leave_out_dask_arrays()
    try:
        from sim.cli import main as command

        command()
    finally:
        gc.freeze()  # or Python looks for garbage in all that libraries made before it ends, for a quarter of a second
        if handled:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
