"""Options of the commands that are studies; each loads its study when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands import options
from sim.commands.options import ScenarioName, Sets, count, frame, output
from sim.studies.comparing import compare as compare
from sim.texts.spoken import speaking


def sweep(
    scenario: ScenarioName,
    *,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=LOW:HIGH:STEPS", help="Vary a parameter in even steps; at most twice."),
    ] = None,
    outcome: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="What to show, such as practical, technology, tier3, or rus_chn.energy.delivered@all."
        ),
    ] = ("shells_delivered"),
    worlds: Annotated[int, count("Number of worlds at each point.")] = 64,
    months: options.Months = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/sweep_NAME_KEY...")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.Calibrated = None,
    language: options.Language = "en",
) -> None:
    """Vary one or two parameters: find where they stop mattering, and where they turn."""
    from sim.studies.sweep.axes import load_varied

    changes = frame(set_, worlds=worlds, months=months, seed=seed)
    loaded, axes = load_varied(scenario, vary or [], changes, calibrated, outcome)
    from sim.studies.sweep.command import sweep_grid

    with speaking(language):
        sweep_grid(loaded, axes, outcome, out, options.drawn(figures, no_figures))


def history(
    scenario: ScenarioName,
    *,
    observed: Annotated[
        Path | None,
        typer.Option(
            parser=options.there,
            metavar="FILE.csv",
            help="Observations: series, date, low, central, high, unit, source.  "
            "[default: of the scenario, else shipped]",
        ),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Score observations from this day on (YYYY-MM-DD).")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Score observations to this day.")] = None,
    tuned_to: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="End of the early part that baselines are fitted to; the rest is the test.  "
            f"[default: of the scenario, else {options.TUNED_TO}]",
        ),
    ] = None,
    worlds: options.Worlds = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/history_NAME")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.Calibrated = None,
    language: options.Language = "en",
) -> None:
    """Compare an ensemble with observations and with naive baselines, and show where the model fails."""
    from sim.studies.history.command import compare_with_history, load_history

    asked = load_history(scenario, observed, (first, last, tuned_to), frame(set_, worlds=worlds, seed=seed), calibrated)
    with speaking(language):
        compare_with_history(asked, out, options.drawn(figures, no_figures))


def calibrate(
    scenario: ScenarioName,
    *,
    observed: Annotated[
        Path | None,
        typer.Option(
            parser=options.there, metavar="FILE", help="Observations, CSV.  [default: of the scenario, else shipped]"
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Last date of the observations used; later ones are for checking.  [default: tuned_to of the "
            f"scenario's record, else {options.TUNED_TO}]",
        ),
    ] = None,
    worlds: Annotated[int, count("Number of worlds drawn from the ranges.")] = 20_000,
    accept: Annotated[int, count("Number of vectors accepted, repetitions included.")] = 1000,
    discrepancy: Annotated[
        float,
        typer.Option(
            metavar="SHARE", help="The model's own error, as a share of the observations (standard deviation)."
        ),
    ] = 0.2,
    theories: Annotated[
        str,
        typer.Option(
            metavar="posterior|stacking|equal",
            help="Weights of rival theories, where the scenario draws some (theories does): by how well they fit, by "
            "how well their mixture predicts, or as drawn.",
        ),
    ] = "posterior",
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/calibrate_NAME")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.NotCalibrated = None,
    language: options.Language = "en",
) -> None:
    """Find the parameters that agree with observations; keep their vectors for sim run --calibrated."""
    from sim.studies.calibrate.command import calibrate_one

    changes = frame(set_, worlds=worlds, seed=seed)
    drawn = options.drawn(figures, no_figures)
    with speaking(language):
        calibrate_one(scenario, changes, observed, until, accept, discrepancy, theories, out, drawn)


def sensitivity(
    scenario: ScenarioName,
    *,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="What to explain, such as technology or oil; repeatable.  [default: rus_prk.practical]"
        ),
    ] = None,
    keys: options.Keys = None,
    top: Annotated[int, count("Parameters that get indices.")] = 12,
    trajectories: Annotated[int, count("Trajectories of the screening.")] = 24,
    samples: Annotated[int, count("Samples of the indices, a power of two.")] = 512,
    others: Annotated[
        str, typer.Option(metavar="drawn|centre", help="Other parameters: drawn at random, or held at their centres.")
    ] = "drawn",
    months: options.Months = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/sensitivity_NAME")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.Calibrated = None,
    language: options.Language = "en",
) -> None:
    """Find the parameters that move an outcome, and the share of chance (Morris, Sobol)."""
    from sim.studies.sensitivity.command import Request, explore

    asked = Request(outcome or ["rus_prk.practical"], keys or [], trajectories, samples, top, others, calibrated)
    changes = frame(set_, months=months, seed=seed)
    with speaking(language):
        explore(scenario, changes, asked, out, options.drawn(figures, no_figures))


def discover(
    scenario: ScenarioName,
    *,
    where: Annotated[
        str, typer.Option(metavar="CONDITION", help="Such as 'rus_prk.practical > 0.6 and not tier3 >= 1'.  [required]")
    ] = "",
    keys: options.Keys = None,
    density: Annotated[
        float | None,
        options.amount(
            "SHARE", "Least share of the worlds in the box that meet the condition.  [default: the box of the best phi]"
        ),
    ] = None,
    worlds: Annotated[int, count("Number of worlds.")] = 2000,
    months: options.Months = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/discover_NAME")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.Calibrated = None,
    language: options.Language = "en",
) -> None:
    """Find the conditions under which an outcome comes about (PRIM)."""
    from sim.studies.discover.command import search

    changes = frame(set_, worlds=worlds, months=months, seed=seed)
    with speaking(language):
        search(scenario, changes, where, keys or [], density, calibrated, out, options.drawn(figures, no_figures))


def select(
    scenario: ScenarioName,
    *,
    observed: Annotated[
        Path | None,
        typer.Option(
            parser=options.there, metavar="FILE", help="Observations, CSV.  [default: of the scenario, else shipped]"
        ),
    ] = None,
    until: Annotated[str, typer.Option(metavar="DATE", help="Last day of the record used, YYYY-MM-DD.")] = "2024-06-30",
    worlds: Annotated[int, count("Number of worlds, of all theories together.")] = 2000,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/select_NAME")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.NotCalibrated = None,
    language: options.Language = "en",
) -> None:
    """Ask which rival theory the public record speaks for, and whether it could tell them apart."""
    from sim.studies.select.command import select_one

    changes = frame(set_, worlds=worlds, seed=seed)
    with speaking(language):
        select_one(scenario, changes, observed, until, out, options.drawn(figures, no_figures))


FIRST = "sim.policy.first"


def _note_first(ctx: typer.Context, param: typer.CallbackParam, value: list[str] | None) -> list[str] | None:
    """Record which of --minimise and --maximise the user gave first."""
    if value:
        ctx.meta.setdefault(FIRST, param.name)
    return value


Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OUTCOME",
        callback=_note_first,
        help="Outcome such as technology, kor.threat, rus_prk.practical; repeatable, the first decides.",
    ),
]


def policy(
    ctx: typer.Context,
    scenario: ScenarioName,
    *,
    levers: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="What stakeholders could do: a shipped name or a path.  [required]"),
    ] = None,
    minimise: Outcomes = None,
    maximise: Outcomes = None,
    at_most: Annotated[
        float | None,
        options.amount(
            "VALUE", "Good enough: the first outcome to minimise is at most this.  [default: median of the reference]"
        ),
    ] = None,
    at_least: Annotated[
        float | None,
        options.amount(
            "VALUE", "Good enough: the first outcome to maximise is at least this.  [default: median of the reference]"
        ),
    ] = None,
    worlds: Annotated[int, count("Number of worlds.")] = 256,
    months: options.Months = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/policy_NAME_FILE")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.Calibrated = None,
    language: options.Language = "en",
) -> None:
    """Compare policies over the same uncertain worlds: regret, the robust choice, what it costs whom."""
    from sim.studies.policy.objectives import Aim, load_study

    asked = {"minimise": minimise or [], "maximise": maximise or []}
    order = sorted(asked, key=lambda way: way != ctx.meta.get(FIRST))
    wanted = [Aim(way, name) for way in order for name in asked[way]]
    changes = frame(set_, worlds=worlds, months=months, seed=seed)
    study = load_study(scenario, levers, wanted, (at_most, at_least), changes, calibrated)
    from sim.studies.policy.command import study_policies

    limit = at_most if at_most is not None else at_least
    with speaking(language):
        study_policies(study, wanted, limit, out, options.drawn(figures, no_figures))
