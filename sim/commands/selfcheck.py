"""`sim selfcheck`: compare this machine's results with the published test vector."""

import typer

from sim.commands.terminal import DIFFERENT, progress_bar, say
from sim.experiment import selfcheck
from sim.signals import deferred_interrupts

ADVICE = (
    "This machine or its libraries compute other numbers than those published, or this copy of sim was changed.\n"
    "Compare results only with those of machines that agree. If sim is unchanged, please report the lines above."
)


def check_all() -> None:
    """Check functions and scenarios, by NumPy and by machine code; exit with DIFFERENT if any digest differs."""
    right = selfcheck.expected()
    differing = _compare("elementary functions", selfcheck.functions(), right)
    engines = selfcheck.engines()
    for way, engine in engines.items():
        with deferred_interrupts() as check, progress_bar(f"scenarios by {way}", check) as advance:
            found = dict(selfcheck.scenarios(engine, advance))
        differing += _compare(f"scenarios by {way}", found, right)
    if len(engines) == 1:
        say("scenarios by machine code: not checked; the extra fast is not installed, or cannot be used here")
    if differing:
        say(ADVICE)
        raise typer.Exit(DIFFERENT)
    say("This machine computes the published results to the last bit.")


def _compare(what: str, found: dict[tuple[str, str], str], right: dict[tuple[str, str], str]) -> int:
    """Print how many digests agree and which differ; return how many differ."""
    differing = [name for (kind, name), digest in found.items() if right.get((kind, name)) != digest]
    say(f"{what}: {len(found) - len(differing)} of {len(found)} agree")
    if differing:
        say(f"{what}: differ in {', '.join(differing)}")
    return len(differing)
