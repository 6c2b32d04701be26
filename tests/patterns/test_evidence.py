"""The register itself: reasons are given, and a verdict other than the expected one is noticed."""

from __future__ import annotations

import numpy as np
import pytest

from . import evidence as register
from .evidence import NOT_SHOWN, Evidence, claim, evidence, validation_table

NOISE = np.linspace(-1.0, 1.0, 64)


def row(shift: float) -> Evidence:
    """An effect of so many standard deviations or so; nothing of it in the control."""
    return evidence("made up", NOISE + shift, off="nothing", control=NOISE * 0.0, expected="gone", unit="1")


def verdict_of(rows: list[Evidence], monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise AssertionError where the test of a claim with these rows would fail; the register stays as it was."""
    monkeypatch.setattr(register, "CLAIMS", {})

    def test_c99_made_up() -> list[Evidence]:
        return rows

    claim(test_c99_made_up)()


def test_every_reason_is_given_and_names_a_claim() -> None:
    assert all(reason.strip() for reason in NOT_SHOWN.values())
    validation_table("C22")  # registers all claims
    assert {number for number, _ in NOT_SHOWN} <= set(register.CLAIMS)


def test_what_fails_must_be_said_not_to_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict_of([row(5.0)], monkeypatch)
    with pytest.raises(AssertionError, match="FAILS: effect"):
        verdict_of([row(0.0)], monkeypatch)
    monkeypatch.setitem(NOT_SHOWN, ("C99", "made up"), "for a test")
    verdict_of([row(0.0)], monkeypatch)


def test_what_is_said_not_to_be_shown_must_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NOT_SHOWN, ("C99", "made up"), "for a test")
    with pytest.raises(AssertionError, match="HOLDS"):
        verdict_of([row(5.0)], monkeypatch)
    with pytest.raises(AssertionError, match="no such pattern: made up"):
        verdict_of([], monkeypatch)
