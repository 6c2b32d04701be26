"""Templates, tables and pictures that the generated pages share."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.present.page import save_figure
from sim.present.words import significant, span

DOCS = Path(__file__).resolve().parents[1]
PART = re.compile(r"\{\{(.+?)\}\}")


def template(name: str) -> str:
    """Return the text of a page with its `{{parts}}` unfilled."""
    return (Path(__file__).parent / "templates" / f"{name}.md").read_text(encoding="utf-8")


def fill(name: str, parts: Mapping[str, object]) -> str:
    """Return the template with each of its parts filled in. Raises KeyError for a part that is not given."""
    return PART.sub(lambda match: str(parts[match[1]]), template(name))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; a bar in a cell would end it and becomes a stroke."""
    cells = [[str(cell).replace("|", "/") for cell in row] for row in (heads, *rows)]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([lines[0], "|" + "---|" * len(heads), *lines[1:]])


def bullets(sentences: Iterable[str]) -> str:
    """Return a Markdown list."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def band(values: np.ndarray) -> str:
    """Return the median with the 90 % range of the worlds in brackets."""
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return f"{significant(middle)} ({span(low, high)})"


def save(ds: xr.Dataset, name: str, draw: Callable[[xr.Dataset], Figure]) -> None:
    """Draw a picture of a page."""
    save_figure(ds, draw, DOCS / name)
    (DOCS / f"{name}.svg").unlink()
