"""Print the validation table: ``python -m tests.patterns``, or of some claims: ``python -m tests.patterns C5 C8``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from .evidence import CLAIMS

for file in sorted(Path(__file__).parent.glob("test_*.py")):
    import_module(f".{file.stem}", __package__)
for number in sys.argv[1:] or sorted(CLAIMS, key=lambda c: int(c[1:])):
    for row in CLAIMS[number]():
        print(row, flush=True)
