"""`--worlds auto`: add worlds until the chosen outcomes are known to the precision asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sim.analysis import convergence
from sim.analysis.convergence import MOST, PRECISION, USUAL
from sim.analysis.levels import with_outcomes
from sim.analysis.outcome import OutcomeError, not_covered
from sim.commands.backend import Backend
from sim.commands.ensembles import gather
from sim.commands.terminal import fail, mention, show
from sim.present.publish import Content, write_rows
from sim.scenario import Scenario
from sim.texts.spoken import written


@dataclass(frozen=True)
class Target:
    """Outcomes and the precision to which they must be known."""

    outcomes: tuple[str, ...] = USUAL
    precision: float = PRECISION
    most: int = MOST


def checked_target(
    scenarios: Sequence[Scenario], outcomes: Sequence[str], precision: float | None, most: int | None
) -> Target:
    """Return the target of the user; exit if an outcome is unknown, or of no month of a scenario.

    Numbers were checked before.
    """
    try:
        with_outcomes(outcomes)
    except OutcomeError as error:
        fail(f"--outcome: {error}")
    beyond = [rule for scenario in scenarios for name in outcomes if (rule := not_covered(name, scenario))]
    if beyond:
        fail("\n".join(f"--outcome: {rule}" for rule in dict.fromkeys(beyond)))
    return Target(tuple(outcomes) or USUAL, precision or PRECISION, most or MOST)


def enough_worlds(
    scenario: Scenario, target: Target, backend: Backend, check: Callable[[], None]
) -> tuple[Scenario, dict[str, Content]]:
    """Return the scenario with enough worlds, and the files that show how the number was found."""
    from sim.present.convergence import convergence_rows, convergence_table, draw_convergence
    from sim.present.page import save_drawing

    keep = with_outcomes(target.outcomes)
    checks: list[convergence.Check] = []
    for worlds in convergence.sizes(target.most):
        ds, _ = gather(replace(scenario, worlds=worlds), keep, backend, check)
        checks.append(convergence.check({name: ds["outcomes"].sel(measure=name).values for name in target.outcomes}))
        if checks[-1].enough(target.precision):
            break
    show(convergence_table(checks, target.precision))
    if not checks[-1].enough(target.precision):
        mention("precision", name=scenario.name, n=written(f"{worlds:,}"))
    return replace(scenario, worlds=worlds), {
        "convergence.csv": partial(write_rows, convergence_rows(checks, target.precision)),
        "figures/convergence": partial(save_drawing, partial(draw_convergence, checks, target.precision)),
    }
