"""The tables of `yardsticks.py` as Markdown."""

from pathlib import Path
from typing import Any

Found = dict[str, Any]
BEGIN, END = "<!-- yardsticks -->", "<!-- end of yardsticks -->"
BLOCK = 256
FLOOR = 1e-3
"""Outcomes nearer to zero than this are compared as if they were this large."""


def tables(found: Found) -> str:
    """Return all tables with the sentences that belong to them."""
    return "\n\n".join([_machine(found), _times(found), _agreement(found), _block(found), _curves(found)]) + "\n"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(row)} |" for row in (heads, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(heads), *lines[1:]])


def _engines(found: Found) -> dict[str, Found]:
    """Return the ways of computing that were measured, by what the tables call them."""
    engines = {"engine, NumPy": found["numpy"]}
    if found["compiled"] and found["compiled"]["llvmlite"]:
        engines["engine, compiled"] = found["compiled"]
    return engines


def _machine(found: Found) -> str:
    m = found["machine"]
    libraries = ", ".join(f"{name} {m[name]}" for name in ("numpy", "mesa", "llvmlite") if name in m)
    return (
        f"Scenario {found['scenario']}, {found['months']} months. {m['processor']}, {m['cores']} cores, "
        f"Python {m['python']}, {libraries}. Least of {found['sizes']['times']} repetitions (batches of Mesa: of at "
        "most three; anything over ten seconds: once)."
    )


def per_world(found: Found) -> dict[str, tuple[float, float, float]]:
    """Return what was run -> (worlds, wall seconds, processor seconds of all of them)."""
    few, many = found["mesa"]["batches"][0], found["mesa"]["batches"][-1]
    further = [(many[t] - few[t]) / (many["worlds"] - few["worlds"]) for t in ("wall", "cpu")]
    rows = {
        f"Mesa, `batch_run`, {many['worlds']} worlds, two processes": (many["worlds"], many["wall"], many["cpu"]),
        "Mesa, each further world of a batch": (1.0, *further),
    }
    thousand = found["sizes"]["thousand"]
    runs = {
        "1 world": ("one", 1),
        f"{thousand:,} worlds, all kept": ("thousand", thousand),
        f"{BLOCK} worlds, one thread, nothing kept": ("bare_block", BLOCK),
        f"{2 * BLOCK:,} worlds, two threads, nothing kept": ("bare_two", 2 * BLOCK),
    }
    for name, engine in _engines(found).items():
        rows |= {f"{name}, {what}": (n, engine[key]["wall"], engine[key]["cpu"]) for what, (key, n) in runs.items()}
    return rows


def _times(found: Found) -> str:
    rows = per_world(found)
    whole, further, *_ = rows.values()
    n = found["sizes"]["thousand"]
    heads = ["what", "wall s", "processor s", "ms a world, wall", "ms a world, processor"]
    heads += ["times less than Mesa, wall", "processor"]
    lines = []
    for name, (worlds, wall, cpu) in rows.items():
        ratios = further[1] * worlds / wall, further[2] * worlds / cpu
        numbers = (wall, cpu, 1e3 * wall / worlds, 1e3 * cpu / worlds, *ratios)
        lines.append([name, *(f"{number:.3g}" for number in numbers)])
    text = [
        table(heads, lines),
        "The last two columns compare with a further world of a batch, so that the start of Mesa's processes does not "
        "count for the engine.",
    ]
    for name, engine in _engines(found).items():
        thousand = engine["thousand"]["wall"]
        text.append(
            f"{name}: {whole[1] / whole[0] / (thousand / n):.0f} times less a world than the whole batch, start "
            f"included; {n:,} worlds cost {thousand / engine['one']['wall']:.1f} times one world."
        )
    return "\n\n".join([*text, _compiled_note(found)])


def _compiled_note(found: Found) -> str:
    if found["compiled"] is None:
        return "The compiled path: llvmlite is not installed."
    if not found["compiled"]["llvmlite"]:
        return "The compiled path: llvmlite is installed, but this machine does not use it."
    load = found["compiled"]["load"]
    return (
        f"The first run that uses machine code takes {load['made']:.1f} s to make it; "
        f"later ones read it in {load['read']:.3f} s."
    )


def difference(a: dict[str, list[float]], b: dict[str, list[float]]) -> tuple[float, str]:
    """Return the largest relative difference of two sets of outcomes, and of which outcome.

    Worlds must be as many. Raises ValueError if the outcomes are not the same.
    """
    if a.keys() != b.keys():
        raise ValueError("the outcomes compared are not the same")
    gaps = {
        name: max(abs(x - y) / max(abs(x), abs(y), FLOOR) for x, y in zip(a[name], b[name], strict=True)) for name in a
    }
    worst = max(gaps, key=lambda name: gaps[name])
    return gaps[worst], worst


def _agreement(found: Found) -> str:
    plain = found["mesa"]["outcomes"]
    ways = {"Mesa": plain, **{name.partition(", ")[2]: one["outcomes"] for name, one in _engines(found).items()}}
    names = list(ways)
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    worst = {f"{a} and {b}": difference(ways[a], ways[b]) for a, b in pairs}
    said = "; ".join(f"{name} {gap:.1e} ({outcome})" for name, (gap, outcome) in worst.items())
    verdict = "They agree" if all(gap < 1e-9 for gap, _ in worst.values()) else "**They do not agree**"
    worlds = len(next(iter(plain.values())))
    return (
        f"{verdict} in {len(plain)} outcomes of the last month of {worlds} worlds; largest relative difference: {said}."
    )


def _block(found: Found) -> str:
    """Return where the time of one block goes, and how near its arithmetic comes to what NumPy reaches."""
    engines, done = _engines(found), BLOCK * found["months"]
    profiles = {name: engine["profile"] for name, engine in engines.items()}
    names = list(dict.fromkeys(name for profile in profiles.values() for name in profile))
    names.sort(key=lambda name: name == "keeping what is recorded")
    rows = []
    for name in names:
        cells = []
        for profile in profiles.values():
            spent = profile.get(name)
            cells += ["", ""] if spent is None else [f"{spent:.3f}", f"{spent / profile['in all']:.0%}"]
        rows.append([name, *cells])
    heads = ["part", *(head for name in engines for head in (f"{name}, s", "share"))]
    text = [f"One block of {BLOCK} worlds in one thread, all kept, processor time under cProfile:", table(heads, rows)]
    compiled = engines.get("engine, compiled")
    if compiled:
        reached = compiled["operations"] * done / compiled["profile"]["all steps as machine code"] / 1e9
        most = found["limits"]
        text.append(
            f"The machine code does {compiled['operations']:,} additions, multiplications and divisions for each world "
            f"and month: {reached:.2f} G/s, {reached / most['arithmetic']:.0%} of what NumPy's multiply-add reaches on "
            f"arrays in the first cache ({most['arithmetic']:.2f}), {reached / most['dgemm']:.0%} of a product of "
            f"matrices ({most['dgemm']:.1f})."
        )
    return "\n\n".join(text)


def _curves(found: Found) -> str:
    """Return seconds against worlds, and milliseconds a world against months."""
    engines, each = _engines(found), found["sizes"]["months_worlds"]
    by_worlds, by_months = [], []
    for k, first in enumerate(found["numpy"]["curve"]):
        points = [engine["curve"][k] for engine in engines.values()]
        by_worlds.append([f"{first['worlds']:,}", *(f"{one[time]:.3g}" for one in points for time in ("wall", "cpu"))])
    for k, row in enumerate(found["mesa"]["months"]):
        cells = [row["cpu"], *(engine["months"][k]["cpu"] / each for engine in engines.values())]
        by_months.append([str(row["months"]), *(f"{1e3 * cell:.3g}" for cell in cells)])
    heads = ["worlds", *(head for name in engines for head in (f"{name}, wall s", "processor s"))]
    parts = (
        "Only one outcome of each world kept, block by block in one thread (`sim.experiment.batch`):",
        table(heads, by_worlds),
        f"Milliseconds of processor time a world (the engine with {each:,} worlds):",
        table(["months", "Mesa", *engines], by_months),
    )
    return "\n\n".join(parts)


def into_readme(text: str, readme: Path) -> None:
    """Put the tables between their marks. Raises ValueError if the marks are missing."""
    page = readme.read_text(encoding="utf-8")
    if BEGIN not in page or END not in page:
        raise ValueError(f"{readme.name}: the marks {BEGIN} and {END} are missing")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    readme.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
