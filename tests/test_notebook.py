"""The notebook runs from top to bottom and says what its words announce."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[1] / "examples" / "first_look.ipynb"


def test_the_notebook_runs(capsys: pytest.CaptureFixture[str]) -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names: dict[str, object] = {}
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], "the notebook is kept without results, which would grow old"
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    printed = capsys.readouterr().out
    assert re.search(r"krounds by the end; 90 % of the worlds: [\d,]+ to [\d,]+", printed)
    assert re.search(r"\d+%  capacity", printed), "the railway binds"
    gain, error = re.search(r"\+([\d.]+) ± ([\d.]+) million rounds", printed).groups()  # type: ignore[union-attr]
    assert float(gain) > 3 * float(error), "a wider railway carries more"
    assert re.search(r"2023-09 set by the scenario", printed)
    assert re.search(r"against cost \(-\d.*chance \d", printed)
