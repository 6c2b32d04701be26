"""Load libraries of which each class reads the sources of the whole stack of calls when it is defined."""

import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from typing import Any


@cache
def load(name: str) -> Any:
    """Return a module, loaded in a thread of its own, where the stack is short: under pytest's it takes seconds."""
    with ThreadPoolExecutor(1) as thread, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return thread.submit(import_module, name).result()
