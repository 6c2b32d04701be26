"""Entry point of the command `sim`, before anything is imported."""


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
    try:
        from sim.cli import main as command

        command()
    finally:
        if handled:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
