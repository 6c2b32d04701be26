"""What stands at the bottom of a page: worlds and months, how runs are paired, and where the numbers come from."""

from collections.abc import Sequence

import xarray as xr

from sim.analysis.calendar import month_words
from sim.analysis.origin import changes_of
from sim.present.naming import title_of
from sim.present.room.contrast import lettered, paired
from sim.present.room.slide import Format, breadth, cut, origin
from sim.texts.spoken import counted, joined, number_of, said

TITLE, CHANGED = 60, 75
"""Most letters of the title of a run at the bottom, and of that of a changed one."""


def _worlds(ds: xr.Dataset) -> str:
    worlds = counted("world", ds.sizes["world"])
    many = number_of(ds.sizes["month"])
    return said(f"printed.span.{many}", worlds=worlds, first=month_words(ds, 0), last=month_words(ds))


def _span_of_all(runs: Sequence[xr.Dataset]) -> list[str]:
    """Return worlds and months of all runs, how they are paired and drawn; where runs differ, of each alone."""
    told = [_worlds(ds) for ds in runs]
    if len(set(told)) == 1:
        how = said("printed.same_worlds" if paired(runs) else "printed.own_worlds")
        return [told[0], how, said("printed.shared_axes")]
    ends = [month_words(ds, short=True) for ds in runs]
    worlds = [counted("world", ds.sizes["world"]) for ds in runs]
    return [lettered(k, said("printed.span_to", worlds=worlds[k], last=ends[k])) for k in range(len(runs))]


def foot(ds: xr.Dataset) -> tuple[str, str]:
    """Return the two lines at the bottom of a page of one run."""
    title = cut(title_of(ds), CHANGED if changes_of(ds) else TITLE)
    return joined(title, _worlds(ds)), joined(said("printed.caution"), origin([ds]))


def foot_of_all(runs: Sequence[xr.Dataset], form: Format) -> tuple[str, str]:
    """Return what stands at the bottom of runs side by side: worlds and months, then names as long as fit."""
    caution, room = said("printed.caution"), 72.0 * form.size[0] / form.text - 2.4
    return joined(*_span_of_all(runs)), joined(caution, origin(runs, room - breadth(joined(caution, ""))))
