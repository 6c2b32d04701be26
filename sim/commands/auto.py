"""What `--worlds auto` does: add worlds until the chosen outcomes are known well enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sim.analysis.enough import MOST, PRECISION, USUAL, Look, look, sizes
from sim.analysis.levels import with_outcomes
from sim.analysis.outcome import OutcomeError
from sim.commands.ensembles import gather
from sim.commands.means import Means
from sim.commands.terminal import fail, show, tell
from sim.present.publish import Content, write_rows
from sim.scenario import Scenario


@dataclass(frozen=True)
class Wanted:
    """How well which outcomes are to be known."""

    outcomes: tuple[str, ...] = USUAL
    precision: float = PRECISION
    most: int = MOST


def checked_wanted(outcomes: Sequence[str], precision: float | None, most: int | None) -> Wanted:
    """The user's wishes; ends the command if an outcome is unknown. The numbers were checked before."""
    try:
        with_outcomes(outcomes)
    except OutcomeError as error:
        fail(f"--outcome: {error}")
    return Wanted(tuple(outcomes) or USUAL, precision or PRECISION, most or MOST)


def enough_worlds(
    scenario: Scenario, wanted: Wanted, means: Means, check: Callable[[], None]
) -> tuple[Scenario, dict[str, Content]]:
    """The scenario with as many worlds as are needed, and the files that show how the number was found."""
    from sim.present.convergence import convergence_rows, convergence_table, draw_convergence
    from sim.present.page import save_drawing

    keep = with_outcomes(wanted.outcomes)
    looks: list[Look] = []
    for worlds in sizes(wanted.most):
        ds, _ = gather(replace(scenario, worlds=worlds), keep, means, check)
        looks.append(look({name: ds["outcomes"].sel(measure=name).values for name in wanted.outcomes}))
        if looks[-1].enough(wanted.precision):
            break
    show(convergence_table(looks, wanted.precision))
    if not looks[-1].enough(wanted.precision):
        tell(f"{scenario.name}: not as precise as asked for with {worlds:,} worlds; allow more with --most-worlds")
    return replace(scenario, worlds=worlds), {
        "convergence.csv": partial(write_rows, convergence_rows(looks, wanted.precision)),
        "figures/convergence": partial(save_drawing, partial(draw_convergence, looks, wanted.precision)),
    }
