"""Options that have no effect beside the others: what was typed in vain is said, what contradicts is refused.

Only options that the user typed count: a default is never in vain.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from sim.commands.terminal import USER_MISTAKE, Ended, fail, notify, say

_typed: ContextVar[Mapping[str, int] | None] = ContextVar("typed", default=None)
"""Option of the command that runs -> how often it was typed."""


class Command(TyperCommand):
    """A command that remembers which options were typed, and says where only the last of several counts.

    All values that cannot be read are told at once, and a folder that cannot be written with other mistakes.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words behind the command, as typer does."""
        words = list(args)
        try:
            rest = super().parse_args(ctx, args)
        except typer.BadParameter:
            told = list(self._wrong_values(ctx, words))
            if len(told) < 2:
                raise
            ctx.fail("\n".join(told))
        _, _, order = self.make_parser(ctx).parse_args(args=words)
        options: list[Any] = [given for given in order if given.param_type_name == "option"]
        count = Counter(given.opts[0] for given in options)
        _typed.set(count)
        for given in dict.fromkeys(options):
            if count[given.opts[0]] > 1 and not given.multiple and not given.is_flag:
                notify(f"{given.opts[0]}: is given {count[given.opts[0]]} times; only the last counts")
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command; where a mistake ends it, say beside it why the folder of --out cannot be written."""
        try:
            return super().invoke(ctx)
        except Ended as end:
            if end.exit_code == USER_MISTAKE and (folder := self._folder(ctx)):
                from sim.commands.preflight import fault_of_folder  # loads NumPy

                fault = fault_of_folder(folder, of_run=ctx.info_name == "run")
                if fault and f"{folder}: " not in end.message:
                    say(fault, err=True)
            raise

    def _folder(self, ctx: Any) -> Path | None:
        """Return the folder that --out names, or of several runs that of the first in it; None without one."""
        out = ctx.params.get("out")
        if out is None or not any(one.name == "out" and one.metavar == "DIR" for one in self.params):
            return None
        first, *others = ctx.params.get("scenarios") or [""]
        return out / Path(first).stem if others and ctx.info_name == "run" else out

    def _wrong_values(self, ctx: Any, words: list[str]) -> Iterator[str]:
        """Yield what is wrong with each value that cannot be read, or is missing."""
        given, _, _ = self.make_parser(ctx).parse_args(args=list(words))
        for one in self.get_params(ctx):
            try:
                one.handle_parse_result(ctx, given, [])
            except typer.BadParameter as fault:
                yield fault.format_message()


def was_typed(option: str) -> bool:
    """Return whether an option such as `--tables` was typed."""
    return option in (_typed.get() or {})


def without_effect(why: str, *options: str) -> None:
    """Say of those of these options that were typed that they have no effect, and why."""
    if idle := [option for option in options if was_typed(option)]:
        notify(f"{', '.join(idle)}: without effect: {why}")


def asked_figures(figures: str, no_figures: bool) -> str:
    """Return which figures are asked for; exit if --figures and --no-figures contradict each other."""
    if no_figures and was_typed("--figures") and figures != "none":
        fail(f"--no-figures: contradicts --figures {figures[:60]}; leave one of them out")
    return "none" if no_figures else figures
