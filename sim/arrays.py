"""The name for arrays of numbers in the whole package."""

import numpy as np

Array = np.ndarray
"""In the model worlds are always the last axis."""
