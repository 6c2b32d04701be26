"""The one name for arrays of numbers, for the whole package."""

import numpy as np

Array = np.ndarray
"""Of the model the worlds are always the last axis."""
