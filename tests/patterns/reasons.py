"""Why a pattern is not shown, in words. Just these rows must be so: what is shown or weak does not belong here."""

from __future__ import annotations

NOT_SHOWN: dict[tuple[str, str], str] = {}
"""(claim, pattern) -> reason."""
