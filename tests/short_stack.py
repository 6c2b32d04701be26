"""Load libraries that ask for the whole stack of calls, sources and all, at each class that they define."""

import inspect
import warnings
from functools import cache
from importlib import import_module
from types import FrameType
from typing import Any
from unittest.mock import patch


def callers(frame: FrameType | None, context: int = 0) -> list[inspect.FrameInfo]:
    """Return what `inspect.getouterframes` returns, without the sources: the libraries read only names."""
    found = []
    while frame is not None:
        code = frame.f_code
        found.append(inspect.FrameInfo(frame, code.co_filename, frame.f_lineno, code.co_name, None, None))
        frame = frame.f_back
    return found


@cache
def load(name: str) -> Any:
    """Return a module, loaded without a look at the sources of every caller: under pytest's stack it takes seconds."""
    with patch("inspect.getouterframes", callers), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(name)
