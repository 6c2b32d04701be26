"""Print the validation table: ``python -m tests.patterns``, or of some claims: ``python -m tests.patterns C5 C8``."""

from __future__ import annotations

import sys

from .evidence import validation_table

for row in validation_table(*sys.argv[1:]):
    print(row)
