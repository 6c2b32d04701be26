"""Files of data keep to the CF conventions, as the checker of IOOS reads them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from cf_units import Unit
from synthetic import dataset

from sim.analysis.origin import labelled, origin_of_runs
from sim.present.publish import write_netcdf
from sim.results import VARIABLES, load, save
from sim.results.conventions import CONVENTIONS, udunits
from sim.scenario.parameters import PARAMETERS

MEANT = ("spatio-temporal dimensions", "attribute history", "units_metadata", "does not contain")
"""Recommendations that are not followed: worlds are the last dimension, files have no date so that the same data have
the same bytes, months have no leap seconds, and the checker does not know its own name of CF 1.11."""
CHECK = """
import sys
from copy import copy
from inspect import isfunction, signature
from compliance_checker.cf import util
from compliance_checker.runner import CheckSuite, ComplianceChecker

def remembered(function):
    kept = {}
    def once(nc):
        if nc not in kept:
            kept[nc] = function(nc)
        return copy(kept[nc])
    return once

for name, function in list(vars(util).items()):  # what it asks of a file, for each variable again
    if isfunction(function) and list(signature(function).parameters) == ["nc"]:
        setattr(util, name, remembered(function))
CheckSuite.load_all_available_checkers()
suite, out, *files = sys.argv[1:]
ComplianceChecker.run_checker(files, [suite], 0, "normal", output_filename=out, output_format=["json_new"])
"""
"""In a process of its own, whose warnings are not ours."""


def faults(folder: Path, *files: Path) -> list[str]:
    """Return what the checker finds in files, beside what is meant, each after the name of its file."""
    found = folder / "found.json"
    words = [sys.executable, "-c", CHECK, CONVENTIONS.lower().replace("-", ":"), found, *files]
    subprocess.run(list(map(str, words)), capture_output=True, check=True, timeout=300)
    told = []
    for path, suites in json.loads(found.read_text(encoding="utf-8")).items():
        checks = [check for suite in suites.values() for check in suite["all_priorities"]]
        assert len(checks) > 5
        told += [f"{Path(path).stem}: {text}" for check in checks for text in check["msgs"]]
    return [text for text in told if not any(meant in text for meant in MEANT)]


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return dataset(months=2, worlds=3)


def study(run: xr.Dataset) -> xr.Dataset:
    """Return quantiles of one variable, as a comparison keeps them."""
    levels = [0.05, 0.5, 0.95]
    values = {"fire": labelled(("level", "month"), np.ones((3, 2)), "quantiles", "krounds/month")}
    coords = {"level": levels, "month": run["month"].values, "world": np.arange(3)}
    return xr.Dataset(values, coords, origin_of_runs([run], "t", "sim-comparison 1"))


@pytest.mark.slow
def test_files_keep_to_the_conventions(run: xr.Dataset, tmp_path: Path) -> None:
    whole, quantiles, control = (tmp_path / f"{name}.nc" for name in ("run", "study", "control"))
    save(run, whole)
    write_netcdf(study(run), quantiles)
    bad = study(run)
    bad["fire"].attrs["units"] = "krounds/month"
    write_netcdf(bad, control)
    (told,) = faults(tmp_path, whole, quantiles, control)
    assert told.startswith("control: ")
    assert "krounds" in told
    assert xr.load_dataset(whole).attrs["Conventions"] == CONVENTIONS


def test_a_file_written_before_the_conventions_still_opens(run: xr.Dataset, tmp_path: Path) -> None:
    older = run.copy()
    for name in older.data_vars:
        older[name].attrs = {"units": VARIABLES[str(name)].units, "long_name": "w"}
    assert load(save(older, tmp_path / "older.nc")).sizes == run.sizes


def test_units_are_read_right() -> None:
    """As UDUNITS reads them: `kt` by itself would be knots."""
    assert Unit("kt").is_convertible("m s-1")
    assert Unit(udunits("kt/month")).convert(12.0, "tonne/year") == pytest.approx(12_000.0 * 12.0)
    assert Unit(udunits("kbbl/month")).is_convertible("m3 s-1")
    assert Unit(udunits("krounds")) == Unit("1000")
    assert Unit(udunits("MUSD/kt")).is_convertible("kg-1")
    assert udunits("krounds (ammunition), kt (food)") == udunits("unit of the key") == "1"
    for unit in {one.units for one in VARIABLES.values()} | {one.unit for one in PARAMETERS.values()}:
        assert not Unit(udunits(unit)).is_unknown(), unit
