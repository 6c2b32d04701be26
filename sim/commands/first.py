"""What a command that runs worlds loads first, and what it loads while they are being stepped."""

from importlib import import_module
from threading import Thread


def load_model(*, agents: bool = False) -> None:
    """Load what every run needs, and before it what a world with `agents` needs, which NumPy steps.

    Mesa looks at every frame and every loaded module as it is imported: 0.1 s now, 0.35 s once xarray and pandas are
    there and the import is nested in others.
    """
    import_module("sim.model.world" if agents else "sim.model.block")
    import_module("sim.results")


_LOADING: list[Thread] = []
"What is being loaded beside this thread."


def load_beside(module: str) -> None:
    """Load a module in a thread, while this one goes on: compiled months leave the interpreter free for it."""
    thread = Thread(target=_load, args=(module,))
    _LOADING.append(thread)
    thread.start()


def wait_until_loaded() -> None:
    """Wait for what is loaded beside: of modules that need one another, two threads could see the half of one."""
    while _LOADING:
        _LOADING.pop().join()


def _load(module: str) -> None:
    try:
        import_module(module)
    except Exception:  # whoever needs it imports it again, and is told
        return
