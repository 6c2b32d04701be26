"""The published test vector: this machine computes it, and a changed number would be noticed."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from command_line import Command

from sim import elementary
from sim.experiment import selfcheck
from sim.model import offers, value
from sim.scenario import shipped


@pytest.fixture
def by_numpy(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The scenarios that NumPy computes here: every eighth, where machine code computes all of them.

    NumPy wrote the whole vector, so that machine code that agrees with it agrees with NumPy.
    """
    names = sorted(shipped())[::8] if selfcheck.possible() else sorted(shipped())
    all_of = selfcheck.scenarios

    def some_of(engine: Any, report: Any = None) -> Iterator[tuple[tuple[str, str], str]]:
        with monkeypatch.context() as patch:
            if engine is selfcheck.by_numpy:
                patch.setattr(selfcheck, "shipped", lambda: names)
            yield from all_of(engine, report)

    monkeypatch.setattr(selfcheck, "scenarios", some_of)
    return names


def test_this_machine_computes_the_published_results(command: Command, by_numpy: list[str]) -> None:
    """After a change of the model that is meant, `python -m sim.experiment.selfcheck` writes the vector anew."""
    code, out, _ = command("selfcheck")
    assert out.splitlines()[-1] == "This machine computes the published results to the last bit."
    assert f"scenarios by NumPy: {len(by_numpy)} of {len(by_numpy)} agree" in out
    if selfcheck.possible():
        assert f"scenarios by machine code: {len(shipped())} of {len(shipped())} agree" in out
    assert code == 0


def test_the_vector_names_every_function_and_scenario() -> None:
    names = {("function", name) for name in elementary.BODIES} | {("scenario", name) for name in shipped()}
    assert selfcheck.expected().keys() == names
    assert len(set(selfcheck.expected().values())) == len(names), "no two are alike"


@pytest.fixture
def one_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    """The article's alone, by NumPy."""
    monkeypatch.setattr(selfcheck, "shipped", lambda: ["article"])
    monkeypatch.setenv("SIM_COMPILED", "0")


@pytest.mark.usefixtures("one_scenario")
def test_another_digest_is_reported(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    right = selfcheck.expected()
    monkeypatch.setattr(selfcheck, "expected", lambda: right | {("function", "exp"): "0123456789abcdef"})
    code, out, _ = command("selfcheck")
    assert code == 1
    assert "elementary functions: 5 of 6 agree\nelementary functions: differ in exp\n" in out
    assert "scenarios by NumPy: 1 of 1 agree\n" in out
    assert "scenarios by machine code: not checked" in out
    assert "Compare results only with those of machines that agree." in out
    assert "to the last bit" not in out


@pytest.mark.usefixtures("one_scenario")
def test_a_number_off_by_its_last_bit_is_noticed(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: one equation, and one elementary function."""
    right, root = value.value_to_buyer, elementary.BODIES["log"]
    monkeypatch.setattr(offers.value, "value_to_buyer", lambda *given: np.nextafter(right(*given), 1e9))
    monkeypatch.setitem(elementary.BODIES, "log", lambda x: np.nextafter(root(x), np.inf))
    code, out, _ = command("selfcheck")
    assert code == 1
    assert "differ in log\n" in out
    assert "scenarios by NumPy: differ in article\n" in out
