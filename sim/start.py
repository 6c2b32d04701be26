"""Where the command `sim` begins, before anything is loaded."""


def main() -> None:
    """Run the command line.

    Until it listens itself, and after it has ended, Ctrl-C ends the process at once: an interrupted import would show
    where it was interrupted. A process that was started with Ctrl-C ignored, as in the background, stays so.
    """
    try:
        import signal

        listens = signal.getsignal(signal.SIGINT) == signal.default_int_handler
        if listens:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    try:
        from sim.cli import main as command

        command()
    finally:
        if listens:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
