"""A real browser for tests: Chromium, where it is installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@contextmanager
def browser(*more: str) -> Iterator[Any]:
    """Chromium without a window, with `more` of its switches; the test is skipped, and says so, where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("NO BROWSER: nothing of the page was tried in Chromium")
    sync = pytest.importorskip("playwright.sync_api", reason="NO PLAYWRIGHT: nothing of the page was tried in Chromium")
    with sync.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=["--no-sandbox", *more])
        try:
            yield chromium
        finally:
            chromium.close()
