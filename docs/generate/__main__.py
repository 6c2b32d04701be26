"""Write generated pages of the documentation: `python -m docs.generate parameters history`, or `all` (up to an hour).

Each page has a module here of the same name that computes its numbers, and most have a template with its words.
"""

import sys
from importlib import import_module

from docs.generate.markdown import DOCS, save

PAGES = (
    *("parameters", "variables", "balance", "scenarios", "history", "explain"),
    *("acts", "calibration", "policy", "rail_and_sanctions", "who_matters", "screening", "evidence"),
    *("another_case", "seats"),
)
SETS = ("claims", "lessons")
"""Several pages each, in two languages."""
PICTURE = "cooperation"
"""The picture of the README and of the first page."""
ROOM = "pictures"
"""The pictures for a room, on a page that is written by hand."""


def write(name: str) -> None:
    """Write one page with its pictures, a set of pages, or the picture of the README."""
    if name == PICTURE:
        import sim
        from sim.present.figures import FIGURES

        save(sim.run("article"), PICTURE, FIGURES[PICTURE])
    elif name == ROOM:
        import sim
        from sim.present.room.pages import page, page_of_one

        runs = [sim.run(sim.load(one)) for one in ("article", "sea_route")]
        save(runs[1], "room_routes", page_of_one("routes"))
        save(runs[1], "room_suppliers", page_of_one("suppliers"))
        save(runs[1], "room_shells", lambda _: page(runs, "shells"))
    elif name in SETS:
        import_module(f"docs.generate.{name}").write()
    else:
        (DOCS / f"{name}.md").write_text(import_module(f"docs.generate.{name}").page(), encoding="utf-8")
    print(name, flush=True)


if __name__ == "__main__":
    known = (*PAGES, *SETS, PICTURE, ROOM)
    asked = known if sys.argv[1:] == ["all"] else sys.argv[1:]
    if not asked or not set(asked) <= set(known):
        sys.exit(f"python -m docs.generate all, or some of: {' '.join(known)}")
    for one in asked:
        write(one)
