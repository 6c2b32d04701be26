"""The tables of `yardsticks.py` as Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Found = dict[str, Any]
BEGIN, END = "<!-- yardsticks -->", "<!-- end of yardsticks -->"
BLOCK = 256
FLOOR = 1e-3
"""Outcomes nearer to zero than this are compared as if they were this large."""


def tables(found: Found) -> str:
    """All tables with the sentences that belong to them."""
    parts = [_machine(found), _times(found), _agreement(found), _limits(found), _steps(found), _roofline(found)]
    parts += [_compiled_block(found), _curve(found), _months(found)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _engines(found: Found) -> dict[str, Found]:
    """The ways of computing that were measured, by what the tables call them."""
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


def _compiled_note(found: Found) -> str:
    if found["compiled"] is None:
        return "The compiled path: llvmlite is not installed."
    if not found["compiled"]["llvmlite"]:
        return "The compiled path: llvmlite is installed, but this version of the engine does not use it."
    load = found["compiled"]["load"]
    return (
        f"The first run that uses machine code takes {load['made']:.1f} s to make it; "
        f"later ones read it in {load['read']:.3f} s."
    )


def per_world(found: Found) -> dict[str, tuple[float, float, float]]:
    """What -> (worlds, wall seconds, processor seconds of all of them)."""
    batches = found["mesa"]["batches"]
    few, many = batches[0], batches[-1]
    rows = {
        f"Mesa, `batch_run`, {many['worlds']} worlds, two processes": (many["worlds"], many["wall"], many["cpu"]),
        "Mesa, each further world of a batch": (
            1.0,
            *((many[t] - few[t]) / (many["worlds"] - few["worlds"]) for t in ("wall", "cpu")),
        ),
    }
    for name, engine in _engines(found).items():
        thousand = found["sizes"]["thousand"]
        rows[f"{name}, 1 world"] = (1, *_both(engine["one"]))
        rows[f"{name}, {thousand:,} worlds, all kept"] = (thousand, *_both(engine["thousand"]))
        rows[f"{name}, {BLOCK} worlds, one thread, nothing kept"] = (BLOCK, *_both(engine["bare_block"]))
        rows[f"{name}, {2 * BLOCK:,} worlds, two threads, nothing kept"] = (2 * BLOCK, *_both(engine["bare_two"]))
    return rows


def _both(time: Found) -> tuple[float, float]:
    return time["wall"], time["cpu"]


def _times(found: Found) -> str:
    rows = per_world(found)
    further = rows["Mesa, each further world of a batch"]
    lines = [
        "| what | wall s | processor s | ms a world, wall | ms a world, processor | "
        "times less than Mesa, wall | processor |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, (worlds, wall, cpu) in rows.items():
        ratios = (further[1] * worlds / wall, further[2] * worlds / cpu)
        cells = [f"{wall:.3g}", f"{cpu:.3g}", f"{1e3 * wall / worlds:.3g}", f"{1e3 * cpu / worlds:.3g}"]
        lines.append(f"| {name} | {' | '.join(cells)} | {ratios[0]:.3g} | {ratios[1]:.3g} |")
    text = [
        "\n".join(lines),
        "The last two columns compare with a further world of a batch, so that the start of Mesa's processes does not "
        "count for the engine.",
    ]
    whole = next(iter(rows.values()))
    for name, engine in _engines(found).items():
        thousand, n = engine["thousand"]["wall"], found["sizes"]["thousand"]
        text.append(
            f"{name}: {whole[1] / whole[0] / (thousand / n):.0f} times less a world than the whole batch, start "
            f"included; {n:,} worlds cost {thousand / engine['one']['wall']:.1f} times one world."
        )
    return "\n\n".join([*text, _compiled_note(found)])


def difference(a: dict[str, list[float]], b: dict[str, list[float]]) -> tuple[float, str]:
    """Largest relative difference of two sets of outcomes, and of which outcome. Worlds must be as many."""
    if a.keys() != b.keys():
        raise ValueError("the outcomes compared are not the same")
    gaps = {
        name: max(abs(x - y) / max(abs(x), abs(y), FLOOR) for x, y in zip(a[name], b[name], strict=True)) for name in a
    }
    worst = max(gaps, key=lambda name: gaps[name])
    return gaps[worst], worst


def _agreement(found: Found) -> str:
    plain, numpy = found["mesa"]["outcomes"], found["numpy"]["outcomes"]
    pairs = {"Mesa and NumPy": (plain, numpy)}
    if "engine, compiled" in _engines(found):
        compiled = found["compiled"]["outcomes"]
        pairs |= {"Mesa and compiled": (plain, compiled), "NumPy and compiled": (numpy, compiled)}
    worst = {name: difference(*pair) for name, pair in pairs.items()}
    said = "; ".join(f"{name} {gap:.1e} ({outcome})" for name, (gap, outcome) in worst.items())
    worlds = len(next(iter(plain.values())))
    verdict = "They agree" if all(gap < 1e-9 for gap, _ in worst.values()) else "**They do not agree**"
    return (
        f"{verdict} in {len(plain)} outcomes of the last month of {worlds} worlds; largest relative difference: {said}."
    )


def _limits(found: Found) -> str:
    limits = found["limits"]
    far = limits["far_megabytes"]["1"] / 1e3
    names = {
        "memory": f"triad, arrays of {far:.2g} GB together, GB/s",
        "cache": "triad, arrays as large as the engine's, GB/s",
        "arithmetic": "multiply-add of NumPy in cache, Gop/s",
        "division": "division of NumPy in cache, Gop/s",
        "dgemm": "dgemm, Gop/s",
    }
    lines = ["| limit | one thread (processor time) | two threads (wall time) |", "|---|---|---|"]
    lines += [f"| {text} | {limits[key]['1']:.3g} | {limits[key]['2']:.3g} |" for key, text in names.items()]
    return "\n".join(lines)


def _steps(found: Found) -> str:
    """One block of worlds in one thread: where its time goes, and how near it comes to the limits."""
    profile, work, limits = found["numpy"]["profile"], found["numpy"]["work"], found["limits"]
    total, done = sum(profile.values()), BLOCK * found["months"]
    lines = [
        f"One block of {BLOCK} worlds in plain NumPy, one thread, all kept: {total:.2f} s of processor time.",
        "| step | seconds | share | kB a world-month | operations | of them exp, log, tanh | GB/s | of cache | "
        "of memory | Gop/s | of multiply-add | of dgemm |\n|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, seconds in profile.items():
        if name in work:
            w = work[name]
            rate, speed = w["bytes"] * done / seconds / 1e9, (w["arithmetic"] + w["curved"]) * done / seconds / 1e9
            cells = [f"{w['bytes'] / 1e3:.1f}", f"{w['arithmetic'] + w['curved']:,.0f}", f"{w['curved']:.0f}"]
            cells += [f"{rate:.1f}", f"{rate / limits['cache']['1']:.0%}", f"{rate / limits['memory']['1']:.0%}"]
            cells += [f"{speed:.2f}", f"{speed / limits['arithmetic']['1']:.0%}", f"{speed / limits['dgemm']['1']:.1%}"]
        else:
            cells = [""] * 9
        lines[-1] += f"\n| {name} | {seconds:.3f} | {seconds / total:.0%} | {' | '.join(cells)} |"
    return "\n\n".join(lines)


def _roofline(found: Found) -> str:
    """The eight steps together against the limits."""
    profile, work, limits = found["numpy"]["profile"], found["numpy"]["work"], found["limits"]
    done = BLOCK * found["months"]
    seconds = sum(profile[name] for name in work)
    touched = sum(w["bytes"] for w in work.values())
    operations = sum(w["arithmetic"] + w["curved"] for w in work.values())
    cache, arithmetic = limits["cache"]["1"], limits["arithmetic"]["1"]
    by_bytes, by_operations = touched * done / cache / 1e9, operations * done / arithmetic / 1e9
    text = (
        f"The eight steps touch {touched / 1e6:.2f} MB and do {operations:,.0f} operations for each world and month, "
        f"{operations / touched:.3f} operations a byte. At the bandwidth of the cache that alone would take "
        f"{by_bytes:.3f} s, at the multiply-add speed of NumPy {by_operations:.3f} s; they take {seconds:.3f} s, so "
        f"they reach {by_bytes / seconds:.0%} of the limit of bandwidth and {by_operations / seconds:.0%} of that of "
        f"arithmetic ({operations * done / seconds / 1e9 / limits['dgemm']['1']:.1%} of dgemm)."
    )
    one, block = found["numpy"]["one"]["cpu"], found["numpy"]["bare_block"]["cpu"]
    text += (
        f" A run of one world, which is nearly all calls of Python and NumPy, takes {one:.2f} s, {one / block:.0%} of "
        f"a block of {BLOCK} worlds: about that much of its time is the price of the calls."
    )
    return text


def _compiled_block(found: Found) -> str:
    """One block with machine code: where its time goes, what the code does, and how near it comes to the limits."""
    engine, limits = _engines(found).get("engine, compiled"), found["limits"]
    if not engine:
        return ""
    profile, written, done = engine["profile"], engine["written"], BLOCK * found["months"]
    total, spent = sum(profile.values()), profile["steps 2 to 8"]
    lines = [
        f"One block of {BLOCK} worlds with machine code, one thread, all kept: {total:.3f} s of processor time.\n",
        "| part | seconds | share | microseconds a world-month |\n|---|---|---|---|",
    ]
    for name, seconds in profile.items():
        lines.append(f"| {name} | {seconds:.3f} | {seconds / total:.0%} | {1e6 * seconds / done:.2f} |")
    kinds = {
        "bytes": ("bytes, each once", "memory", 1.0),
        "additions and multiplications": ("additions and multiplications", "arithmetic", 1.0),
        "divisions": ("divisions", "division", 1.0),
    }
    lines += ["", "| for each world and month | number | at most, G/s | seconds at that rate | share of the time |"]
    lines += ["|---|---|---|---|---|"]
    for name, (words, limit, weight) in kinds.items():
        most = limits[limit]["1"]
        alone = weight * written[name] * done / most / 1e9
        lines.append(f"| {words} | {written[name]:,.0f} | {most:.3g} | {alone:.3f} | {alone / spent:.0%} |")
    for name in ("comparisons", "choices", "calls", "instructions"):
        words = "calls of exp, log, tanh, power" if name == "calls" else name
        words = "instructions in all, for eight worlds together" if name == "instructions" else words
        lines.append(f"| {words} | {written[name]:,.0f} | | | |")
    speed = (written["additions and multiplications"] + written["divisions"]) * done / spent / 1e9
    return (
        "\n".join(lines)
        + "\n\nThe limits are those of the table above for one thread: memory bandwidth, multiply-add and division of "
        f"NumPy in cache. Arithmetic runs at {speed:.2f} Gop/s, {speed / limits['dgemm']['1']:.1%} of dgemm."
    )


def _curve(found: Found) -> str:
    """Seconds against worlds."""
    engines = _engines(found)
    head = "".join(f" {name}, wall s | processor s |" for name in engines)
    lines = [f"| worlds |{head}", "|---|" + "---|" * 2 * len(engines)]
    for k, first in enumerate(found["numpy"]["curve"]):
        cells = [e["curve"][k] for e in engines.values()]
        numbers = "".join(f" {c['wall']:.3g} | {c['cpu']:.3g} |" for c in cells)
        lines.append(f"| {first['worlds']:,} |{numbers}")
    text = "Only one outcome of each world kept, block by block in one thread (`sim.experiment.reduced`):"
    return text + "\n\n" + "\n".join(lines)


def _months(found: Found) -> str:
    """Milliseconds a world against months."""
    engines = _engines(found)
    worlds = found["sizes"]["months_worlds"]
    lines = ["| months | Mesa |" + "".join(f" {name} |" for name in engines), "|---|---|" + "---|" * len(engines)]
    for k, row in enumerate(found["mesa"]["months"]):
        cells = "".join(f" {1e3 * e['months'][k]['cpu'] / worlds:.3g} |" for e in engines.values())
        lines.append(f"| {row['months']} | {1e3 * row['cpu']:.3g} |{cells}")
    return f"Milliseconds of processor time a world (the engine with {worlds:,} worlds):\n\n" + "\n".join(lines)


def into_readme(text: str, readme: Path) -> None:
    """Put the tables between their marks. Raises ValueError if the marks are missing."""
    page = readme.read_text(encoding="utf-8")
    if BEGIN not in page or END not in page:
        raise ValueError(f"{readme.name}: the marks {BEGIN} and {END} are missing")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    readme.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
