"""One tidy table for everything: runs, comparisons, sweeps and comparisons with history share columns and names."""

from sim.analysis.tidy.schema import COLUMNS, TidyError
from sim.analysis.tidy.table import table

__all__ = ["COLUMNS", "TidyError", "table"]
