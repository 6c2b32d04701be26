"""Worlds that were set aside because a number stopped being finite: number, reason and parameters of each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import xarray as xr

from sim.results.variables import ResultsError

FAILED = "failed"
"""Attribute of a Dataset that lists them, as JSON; absent if every world came through."""


@dataclass(frozen=True)
class Failure:
    """A world that was set aside."""

    world: int
    reason: str
    parameters: Mapping[str, float]
    """The uncertain parameters that the world drew, by key."""


def failed_attribute(found: Sequence[Failure]) -> dict[str, str]:
    """Return the attribute that lists these failures, as a dict; empty without failures."""
    return {FAILED: json.dumps([asdict(one) for one in found])} if found else {}


def failures(ds: xr.Dataset) -> list[Failure]:
    """Return the worlds that were set aside. Raises ResultsError if the attribute is damaged."""
    return failures_in(ds.attrs)


def failures_in(attributes: Mapping[Any, Any]) -> list[Failure]:
    """Read the worlds that were set aside from the attributes of a Dataset or file, as `failures` does."""
    try:
        found = [Failure(**one) for one in json.loads(attributes.get(FAILED, "[]"))]
        if all(isinstance(one.world, int) and isinstance(one.parameters, dict) for one in found):
            return found
    except (TypeError, ValueError, RecursionError):
        pass
    raise ResultsError(f"attribute {FAILED} is damaged")
