"""The EMA Workbench drives the model: its own evaluators give what single runs give, levers and ranges arrive."""

import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import python
from short_stack import load

import sim
from sim.analysis.outcome import OutcomeError, outcome
from sim.ema import Function, ema_model, python_name, worlds_evaluator
from sim.experiment.run import run

try:
    ema = load("ema_workbench")
except ImportError:
    pytest.skip("the EMA Workbench is not installed", allow_module_level=True)

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("short_rest")]
"""The workbench warns of its own use of pandas."""
RAIL, PRESSURE = "routes.khasan.capacity", "sanctions.pressure"


def model(**options: Any) -> Any:
    scenario = sim.load("article", months=4)
    chosen = {"levers": [RAIL, "routes.rajin.open"], "uncertainties": ["sanctions", "war.intensity"], "worlds": 3}
    chosen |= {"outcomes": ["shells_delivered", "kor.threat"], "series": ["practical"]}
    return ema_model(scenario, **(chosen | options))


def experiments(evaluator: Any, scenarios: int, policies: int) -> tuple[Any, dict[str, np.ndarray]]:
    """As a user would."""
    with evaluator as running:
        return running.perform_experiments(scenarios, policies)


def shapes(found: dict[str, np.ndarray]) -> dict[str, tuple[int, ...]]:
    return {name: values.shape for name, values in found.items()}


def check(made: Any, rows: Any, found: dict[str, np.ndarray]) -> None:
    """Every experiment is the run with its values, to the last bit."""
    inputs = [one.name for one in (*made.uncertainties, *made.levers)]
    for k in range(len(rows)):
        alone = made.function(**{name: rows[name].iloc[k] for name in inputs})
        for name, values in found.items():
            np.testing.assert_array_equal(values[k], alone[name], f"{name} of experiment {k}")


def test_their_sequential_evaluator() -> None:
    made = model()
    rows, found = experiments(ema.SequentialEvaluator(made), 3, 2)
    assert shapes(found) == {"shells_delivered": (6,), "kor__threat": (6,), "practical_by_month": (6, 4)}
    assert len(np.unique(found["shells_delivered"])) > 1
    check(made, rows, found)


def test_hundreds_at_a_time_are_as_one_by_one() -> None:
    made = model()
    rows, found = experiments(worlds_evaluator(made), 10, 3)
    assert len(rows) == 30
    check(made, rows.iloc[:5], {name: values[:5] for name, values in found.items()})


SCRIPT = """
import warnings
warnings.simplefilter("ignore")
import numpy as np
import sim
from sim.ema import ema_model

def main():
    from ema_workbench import MultiprocessingEvaluator
    made = ema_model(sim.load("article", months=2), uncertainties=["sanctions"], outcomes=["shells_delivered"])
    with MultiprocessingEvaluator(made, n_processes=1) as running:
        rows, found = running.perform_experiments(4)
    names = [one.name for one in made.uncertainties]
    for k in range(4):
        alone = made.function(**{name: rows[name].iloc[k] for name in names})
        assert alone["shells_delivered"] == found["shells_delivered"][k]
    print("the same in", len(rows), "experiments")

if __name__ == "__main__":
    main()
"""


@pytest.mark.slow
def test_their_evaluator_with_processes(tmp_path: Path) -> None:
    """In a program of its own, since a process that the workbench starts loads that program again; one shows it."""
    program = tmp_path / "program.py"
    program.write_text(SCRIPT, encoding="utf-8")
    said = python(tmp_path, str(program))
    assert "the same in 4 experiments" in said.out, said.err[-2000:]


def test_an_experiment_is_the_run_of_a_world() -> None:
    """With the parameters of world 2 and its chance."""
    scenario = sim.load("article", worlds=3, months=4)
    there = run(scenario)
    values = there["parameters"].isel(world=2)
    inputs = {python_name(str(key)): float(values.sel(key=key)) for key in there["key"].values}
    found = Function(scenario, ("technology", "kor.threat"), ())(**inputs, world=2)
    for name in ("technology", "kor.threat"):
        assert found[python_name(name)] == outcome(name).values(there)[2]


def test_ranges_and_distributions_are_those_of_the_scenario() -> None:
    made = model(levers={PRESSURE: (0.1, 0.9)}, uncertainties=None)
    (lever,) = made.levers
    assert (lever.name, lever.lower_bound, lever.upper_bound) == ("sanctions__pressure", 0.1, 0.9)
    names = {one.name for one in made.uncertainties}
    assert "sanctions__pressure" not in names
    assert len(names) == len(sim.load("article").uncertain), "all uncertain parameters but the lever, and the world"
    rail = made.uncertainties["routes__khasan__capacity"]
    assert rail.dist.ppf(0.5) == pytest.approx(np.sqrt(15.0 * 130.0)), "loguniform"
    intensity = made.uncertainties["war__intensity"].dist
    assert [intensity.ppf(share) for share in (0.0, 0.5, 1.0)] == pytest.approx([0.85, 1.0, 1.15])
    assert made.uncertainties["world"].upper_bound == 2
    assert [one.value for one in model(worlds=1).constants] == [0]


def test_names_are_one_to_one_and_travel() -> None:
    names = [python_name(key) for key in sim.PARAMETERS]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
    made = pickle.loads(pickle.dumps(model().function))
    assert made.scenario.hash == model().function.scenario.hash


def test_the_page_about_it_does_what_it_says() -> None:
    page = (Path(sim.__file__).parent.parent / "docs" / "ema.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(compile(block, "ema.md", "exec"), names)
    expected = {"technology": (100,), "rus_prk__practical": (100,), "practical_by_month": (100, 36)}
    assert shapes(names["outcomes"]) == expected


def test_what_cannot_be_used_is_named() -> None:
    for wrong, error, said in (
        ({"outcomes": ["tecnology"]}, OutcomeError, "did you mean technology"),
        ({"series": ["prctical"]}, KeyError, "the series are"),
        ({"levers": ["routes.khasan.capcity"]}, KeyError, r"did you mean routes\.khasan\.capacity"),
        ({"levers": {PRESSURE: (0.5, 2.0)}}, ValueError, r"a lever needs \(low, high\) with 0 <= low < high <= 1"),
        ({"worlds": 0}, ValueError, "at least 1"),
        ({"worlds": "4"}, TypeError, "is a whole number, not str '4'"),
        ({"outcomes": 3}, TypeError, "a name is a text, not int 3"),
    ):
        with pytest.raises(error, match=said):
            model(**wrong)
    with pytest.raises(TypeError, match="not by int"):
        ema_model(3)  # type: ignore[arg-type]
    one, several = (model(outcomes=names).outcomes for names in ("technology", ["technology"]))
    assert one.keys() == several.keys(), "a single name is one, not a list of letters"
    with pytest.raises(KeyError, match="did you mean routes__khasan__capacity"):
        model().function(routes__khasan__capacty=3.0)
