"""`sim compare`: run every scenario over the same worlds, write and print how they differ."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import xarray as xr

from sim.analysis.concerned import concerned_by
from sim.analysis.levels import compared_by
from sim.analysis.wide import ALWAYS, WIDE, chosen
from sim.commands.backend import Backend
from sim.commands.effect import without_effect
from sim.commands.ensembles import check_apart, gather, in_store
from sim.commands.figures import ALL, FEW, NONE, check_names, selected
from sim.commands.first import load_beside
from sim.commands.terminal import Progress, mention, progress_bar, sentences, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.present.publish import Content, Draw
from sim.results import load as load_results
from sim.results.dataset import code_version
from sim.results.keep import Keep
from sim.scenario import Scenario
from sim.scenario.difference import Group
from sim.scenario.problems import counted
from sim.studies.compare.analysis import asked_of, comparison, kept_bytes, sizes_of
from sim.studies.compare.attribution import MOST_PANELS, attribution
from sim.studies.compare.attribution_tables import can_be_split, plain, section, sentence
from sim.studies.compare.attribution_tables import pair_rows as pairs_of
from sim.studies.compare.attribution_tables import rows as parts_of
from sim.studies.compare.attribution_tables import table as table_of_parts
from sim.studies.compare.change_words import words_by_language
from sim.studies.compare.design import run_combinations
from sim.studies.compare.tables import outcomes, over_time, summary, terminal_tables
from sim.texts import LANGUAGES
from sim.texts.spoken import speaking

RESULTS = "results.nc"
ENOUGH = 128
"""Worlds of an attribution by default: every combination of changes is run."""
FEW_OF_A_COMPARISON = ("differences", "scoreboard")


@dataclass(frozen=True)
class Request:
    """What is asked of a comparison besides its scenarios."""

    outcomes: tuple[str, ...] = ()
    figures: str = FEW
    finished: Mapping[str, Path] = field(default_factory=dict)
    "Name of a scenario -> the folder of its finished run."
    groups: tuple[Group, ...] = ()
    "Changes among which the difference is split; none if it is not to be split."


def finished_runs(operands: Sequence[str], scenarios: Sequence[Scenario]) -> dict[str, Path]:
    """Return the folders among the operands that hold the very run that their scenario describes."""
    pairs = zip(operands, scenarios, strict=True)
    return {scenario.name: Path(operand) for operand, scenario in pairs if (Path(operand) / RESULTS).is_file()}


def compare_all(scenarios: Sequence[Scenario], asked: Request, out: Path | None, backend: Backend) -> None:
    """Compare scenarios that share seed, start, months and worlds; the first is the reference."""
    names = [scenario.name for scenario in scenarios]
    folder = out or OUTPUTS / folder_name("compare", *names, *["calibrated"] * bool(scenarios[0].calibrated))
    title = f"{names[0]} compared with {', '.join(names[1:])}"
    months, worlds = scenarios[0].months, scenarios[0].worlds
    concerned = concerned_by(scenarios)
    keep = compared_by((*asked.outcomes, *concerned))
    if asked.figures not in (FEW, ALL, NONE):
        _figures(asked.figures)
    if asked.figures != NONE:
        load_beside("sim.studies.compare.figures")
    with workflow(folder, kept_bytes(len(scenarios), months, worlds), title) as check:
        check_apart(folder, in_store(scenarios[0], keep, backend), backend)
        read = {
            one.name: found
            for one in scenarios
            if (found := _read(one, keep, asked.finished.get(one.name))) is not None
        }
        if len(read) == len(scenarios):
            without_effect("all runs are finished, and read from their folders", "--store", "--processes", "--on")
        runs = [read[one.name] if one.name in read else gather(one, keep, backend, check)[0] for one in scenarios]
        with speaking(LANGUAGES[0]):  # data are in English, whatever is spoken
            ds = comparison(scenarios, runs, title, asked.outcomes, concerned)
            split = _split(scenarios, asked.groups, keep, runs, ds, check) if asked.groups else None
        for table in terminal_tables(ds):
            show(table)
        names = chosen(sizes_of(ds, scenarios[1].name), asked_of(ds))
        if split is not None:
            sentences(plain(sentence(split, name)) for name in json.loads(split.attrs["shown"]))
            show(table_of_parts(split, names))
        files: dict[str, Content] = {
            "comparison.nc": ds,
            "comparison.csv": outcomes(ds),
            "series.csv": over_time(ds),
            "summary.md": summary(ds, section(split, names) if split is not None else ""),
        }
        figures = dict(_figures(asked.figures))
        if split is not None:
            files |= {
                "attribution.nc": split,
                "attribution.csv": parts_of(split),
                "attribution_pairs.csv": pairs_of(split),
            }
            drawn = any(can_be_split(split, name) for name in json.loads(split.attrs["shown"]))
            figures |= _attribution_figures(split) if drawn and asked.figures != NONE else {}
        deliver(ds, folder, files, figures, check, vector=asked.figures != FEW)


def few_worlds(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Return the scenarios with no more worlds than an attribution needs, unless the user asks for more."""
    worlds = min(ENOUGH, scenarios[0].worlds)
    mention("enough", n=worlds)
    return [replace(scenario, worlds=worlds) for scenario in scenarios]


def _split(
    scenarios: Sequence[Scenario],
    groups: Sequence[Group],
    keep: Keep,
    runs: Sequence[xr.Dataset],
    ds: xr.Dataset,
    check: Callable[[], None],
) -> xr.Dataset:
    """Run all combinations of the changes, show how far they are, and return the parts of each."""
    combinations = f"{(1 << len(groups)) - 2} combinations of {counted(len(groups), 'change')}"
    with progress_bar(combinations, check) as advance:
        return parts_among(scenarios, groups, keep, runs, ds, advance)


def parts_among(
    scenarios: Sequence[Scenario],
    groups: Sequence[Group],
    keep: Keep,
    runs: Sequence[xr.Dataset],
    ds: xr.Dataset,
    progress: Progress = lambda done, total: None,
) -> xr.Dataset:
    """Run all combinations of the changes between two scenarios and return the parts of each; `ds` compares them."""
    between = run_combinations(scenarios[0], scenarios[1], groups, keep, progress)
    sizes = sizes_of(ds, scenarios[1].name)
    largest = sorted((name for name in WIDE if np.isfinite(sizes[name])), key=lambda name: -sizes[name])
    order = list(dict.fromkeys([*asked_of(ds), ALWAYS[0], *largest, *ALWAYS]))
    words = words_by_language(groups, scenarios[0].start)
    split = attribution(scenarios, runs, between, [group.name for group in groups], words, order)
    shown = [name for name in order if name in asked_of(ds) or can_be_split(split, name)] or order
    return split.assign_attrs(shown=json.dumps(shown[:MOST_PANELS]))


def _figures(asked: str) -> Mapping[str, Draw]:
    if asked == NONE:
        return {}
    from sim.studies.compare.figures import FIGURES  # loads matplotlib

    if asked not in (FEW, ALL):
        check_names(asked, FIGURES)
    return selected(FIGURES, FEW_OF_A_COMPARISON, asked)


def _attribution_figures(split: xr.Dataset) -> Mapping[str, Draw]:
    from sim.studies.compare.attribution_figure import figures_of  # loads matplotlib

    return figures_of(split)


def _read(scenario: Scenario, keep: Keep, finished: Path | None) -> xr.Dataset | None:
    """Return what is compared of a scenario from its finished run; None if there is none, or it is another."""
    if not finished or not keep.reduce:
        return None
    ds = load_results(finished / RESULTS)
    if str(ds.attrs["scenario_hash"]) != scenario.hash:
        mention("again", folder=finished)
        return None
    if ds.attrs["code_version"] != code_version():
        mention("version", folder=finished, before=ds.attrs["code_version"], now=code_version())
    return keep.reduce(ds)
