"""The long files first: what is started last would keep one processor waiting for the other."""

from __future__ import annotations

import pytest

LONG = ("test_readme.py", "test_ensemble.py", "test_present.py", "test_policy.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order of LONG, then the others, each with its own order."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
