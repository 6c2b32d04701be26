"""Calibration: checked on synthetic observations, what the shipped ones inform, and how the later ones come out.

Sizes and seeds are fixed here; the numbers of the page are whatever they give.
"""

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr
from scipy.special import logsumexp

import sim
from docs.generate.markdown import fill, save, table
from sim.analysis.quantiles import Band, band
from sim.analysis.record.errors import DISCREPANCY, Errors, central, errors, synthetic
from sim.analysis.record.file import Observation, read_observed
from sim.commands.options import TUNED_TO
from sim.experiment.batch import run_reduced
from sim.present.publish import write_netcdf
from sim.present.words import number, sensible, sensible_band, signed, significant, span, unit_words
from sim.scenario import Scenario
from sim.scenario.parameters import PARAMETERS
from sim.studies.calibrate import likelihood
from sim.studies.calibrate.dataset import Observations, as_far_as_needed, calibration, ranked, sorted_observations
from sim.studies.calibrate.figures import fit, identifiability
from sim.studies.calibrate.likelihood import log_likelihood, reduce_run, weights_of
from sim.studies.history.analysis import LATER, by_series
from sim.studies.history.command import evaluated, load_history
from sim.studies.history.joint import joint
from tests.calibration_check import Places, places_of_truths

WORLDS, TRUTHS, POOL, SEED = 20_000, 300, 10_000, 11
FRESH = 2000
"""Worlds of the runs that are scored."""
AGAIN = 2024
"""A second seed of them, by which one sees what chance does to a skill."""
SHARES = (0.1, 0.2, 0.4)
ACCEPT = 1000
INFORMED = 14
"""Most parameters in the table of the best informed."""
CONTAINERS = "containers_prk_rus_cumulative"
Reduced = dict[str, np.ndarray]


def page() -> str:
    """Return the page; draw its pictures."""
    cases = {name: drawn(name, WORLDS) for name in ("sea_route", "article")}
    scenario, seen, reduced = cases["sea_route"]
    share = DISCREPANCY
    ds = calibration(scenario, seen, read_observed(), reduced, until=TUNED_TO, discrepancy=share, accept=ACCEPT)
    save(ds, "calibration_fit", fit)
    save(ds, "calibration_identifiability", identifiability)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.nc"
        write_netcdf(ds, path)
        later, adds_up = forecasts("sea_route", path, seen)
        rivals = beside_rivals("sea_route", path)
    parts = {
        "discrepancy": f"{share:g}",
        "error": f"{100.0 * np.sqrt(0.09 / TRUTHS):.1f}",
        "threshold": f"{float(ds['evidence'].attrs['threshold']):.0f}",
        **{"worlds": f"{WORLDS:,}", "pool": f"{POOL:,}", "fresh": f"{FRESH:,}"},
        **{"truths": TRUTHS, "used": len(seen.used)},
        "synthetic": synthetic_check(reduced, seen, ranked(ds)),
        "fits": table(FITS, fits(cases)),
        "informed": table(
            ("parameter", "unit", "before (90 %)", "after (90 %)", "width", "shift", "evidence"), best(ds)
        ),
        **{"told": int(ds["informed"].sum()), "keys": ds.sizes["key"], "size": f"{float(ds.attrs['effective']):,.0f}"},
        **{"later": later, **adds_up, "rivals": rivals, "again": AGAIN},
        **{"count": len(seen.later), "kinds": len({row.series for row in seen.later})},
    }
    return fill("calibration", parts)


def drawn(name: str, worlds: int) -> tuple[Scenario, Observations, Reduced]:
    """Return a scenario to the last observation, its observations, and what its worlds say."""
    scenario = sim.load(name, worlds=worlds)
    seen = sorted_observations(read_observed().rows, scenario, np.datetime64(TUNED_TO))
    scenario = as_far_as_needed(scenario, seen.shown)
    return scenario, seen, run_reduced(scenario, partial(reduce_run, seen.shown, scenario.uncertain))


# ---- Synthetic observations -----------------------------------------------------------------------------------------


def synthetic_check(reduced: Reduced, seen: Observations, best: Sequence[int]) -> str:
    """Return the procedure on synthetic observations, and the same done wrongly."""
    pool = {name: values[:, :POOL] for name, values in reduced.items()}
    all_errors = errors(seen.shown)
    early = all_errors.select(np.arange(len(seen.used)))
    few = np.concatenate([pool["parameters"][list(best[:10])], pool["model"]])
    every = np.concatenate([pool["parameters"], pool["model"]])

    def check(quantities: np.ndarray, wrong: Errors, assumed: Errors | None = None, mixed_up: bool = False) -> Places:
        model, rng = pool["model"][: len(wrong.series)], np.random.default_rng(SEED)
        return places_of_truths(quantities, model, wrong, TRUTHS, rng, assumed=assumed, mixed_up=mixed_up)

    cases = (
        (f"observations to {TUNED_TO}, all parameters", check(every, early)),
        ("observations to June 2024, ten best informed", check(few, all_errors)),
        ("*control*: errors taken half as large", check(few, early, assumed=early.narrowed(0.5))),
        ("*control*: errors taken nine times as large", check(few, early, assumed=early.narrowed(9.0))),
        ("*control*: observations of another world", check(few, early, mixed_up=True)),
    )
    effective = "effective worlds, median (least)"
    heads = ("what", "quantities", effective, "smallest p", "limit", "90 % hold, mean", "least – most", "verdict")
    return table(heads, (_case(words, found) for words, found in cases))


def _case(words: str, found: Places) -> tuple[object, ...]:
    count, covered, smallest = len(found.places), found.coverage(), float(found.p_values().min())
    limit = 0.01 / count
    return (
        *(words, count, f"{np.median(found.sizes):,.0f} ({found.sizes.min():,.0f})"),
        *("below 1e-6" if smallest < 1e-6 else f"{smallest:.2g}", f"{limit:.2g}"),
        *(f"{100 * np.mean(covered):.1f} %", f"{100 * np.min(covered):.0f} – {100 * np.max(covered):.0f} %"),
        "even" if smallest > limit else "**not even**",
    )


# ---- What the observations inform -----------------------------------------------------------------------------------

FITS = (
    *("scenario", "observations to", "number"),
    f"effective worlds, discrepancy {' / '.join(f'{d:g}' for d in SHARES)}",
    "log of mean density",
)


def fits(cases: dict[str, tuple[Scenario, Observations, Reduced]]) -> Iterator[tuple[object, ...]]:
    """Yield effective worlds and agreement by scenario, observations and discrepancy."""
    for name, (_, seen, reduced) in cases.items():
        for words, count in ((TUNED_TO, len(seen.used)), ("2024-06-14", len(seen.shown))):
            model, claimed = reduced["model"][:count], central(seen.shown)[:count]
            found = [log_likelihood(model, claimed, errors(seen.shown[:count], d)) for d in SHARES]
            sizes = [f"{likelihood.effective(weights_of(one)):,.0f}" for one in found]
            evidence = [f"{logsumexp(one) - np.log(len(one)):.1f}" for one in found]
            yield name, words, count, " / ".join(sizes), " / ".join(evidence)


def best(ds: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """Yield the best informed parameters."""
    for k in [k for k in ranked(ds) if ds["informed"].values[k]][:INFORMED]:
        key = str(ds["key"].values[k])
        spans = [
            f"{significant(values[2])} ({span(values[0], values[4])})"
            for values in (ds["prior"].values[k], ds["posterior"].values[k])
        ]
        shape = number(ds["narrowing"].values[k]), signed(ds["shift"].values[k])
        name = f"`{key}`" + "\\*" * int(ds["preset"].values[k])
        yield name, unit_words(PARAMETERS[key].unit).strip() or "-", *spans, *shape, f"{ds['evidence'].values[k]:,.0f}"


# ---- January to June 2024 --------------------------------------------------------------------------------------


def forecasts(name: str, path: Path, seen: Observations) -> tuple[str, dict[str, object]]:
    """Return the later observations beside fresh runs, from the ranges and from the set: a table, and its sum."""
    later = np.arange(len(seen.used), len(seen.shown))
    claims = [seen.shown[k] for k in later]
    claimed, wrong = central(claims), errors(seen.shown).select(later)
    fresh = {"before": sim.load(name, worlds=FRESH), "after": sim.load(name, worlds=FRESH, calibrated=path)}
    runs = {}
    for words, spec in fresh.items():
        reduced = run_reduced(as_far_as_needed(spec, seen.shown), partial(reduce_run, claims, []))
        runs[words] = reduced["model"]
    scores = {words: np.array(list(map(_score, model, claimed))) for words, model in runs.items()}
    hits = {words: _inside(model, claimed) for words, model in runs.items()}
    rng = np.random.default_rng(SEED)
    held = {words: _inside(synthetic(model, wrong, rng), claimed) for words, model in runs.items()}
    rows = []
    for k, one in enumerate(claims):
        span = Band(one.low, one.central, one.high)
        bands = [sensible_band(band(runs[words][k])) for words in runs]
        crpss = [sensible(float(scores[words][k])) for words in runs]
        rows.append((f"{one.series} ({one.unit})", one.date, sensible_band(span), *bands, *crpss))
    heads = ("series", "date", "observation", "before", "after", "score before", "score after")
    return table(heads, rows), _adds_up(claims, scores, hits, held)


def beside_rivals(name: str, path: Path) -> str:
    """Return the skills of both against each rival for the series that has baselines, with two seeds each."""
    columns = [_skills(name, seed, calibrated) for calibrated in (None, path) for seed in (sim.load(name).seed, AGAIN)]
    heads = ("containers, later part", "before", "after")
    rows = [(words, *(f"{a[words]}, {b[words]}" for a, b in (columns[:2], columns[2:]))) for words in columns[0]]
    return table(heads, rows)


def _skills(name: str, seed: int, calibrated: Path | None) -> dict[str, str]:
    """Return what to call each measure of the containers, and its value."""
    found, ds = evaluated(
        load_history(name, None, (None, None, TUNED_TO), {"worlds": FRESH, "seed": seed}, calibrated=calibrated)
    )
    together = joint(found, ds["model"].values)
    (vector,) = (one for one in together.vectors if (one.series, one.part) == (CONTAINERS, LATER))
    (inside,) = (one for one in together.at_once if one.series == CONTAINERS)
    skills = by_series(found, LATER)[CONTAINERS].skills
    return {
        **{f"skill against {rival}, date by date": signed(value) for rival, value in skills.items()},
        **{f"skill against {rival}, all dates at once": signed(vector.skills(rival).energy) for rival in vector.rivals},
        f"worlds inside all {inside.observations} bands": f"{100.0 * inside.share:.0f} %",
    }


def _adds_up(claims: Sequence[Observation], scores: Reduced, hits: Reduced, held: Reduced) -> dict[str, object]:
    """Return what the template says of all later observations together."""
    by_series = _by_series(claims, scores["before"], scores["after"])
    without = [np.exp(np.mean(np.log(np.delete(by_series, k)))) for k in range(len(by_series))]
    return {
        **{f"score_{words}": f"{found.mean():.3f}" for words, found in scores.items()},
        **{f"hits_{words}": found.sum() for words, found in hits.items()},
        **{f"held_{words}": found.sum() for words, found in held.items()},
        "better": int(np.sum(scores["after"] < scores["before"])),
        "ratio": f"{np.exp(np.mean(np.log(by_series))):.2f}",
        "ratios": f"{min(without):.2f} to {max(without):.2f}",
    }


def _by_series(claims: Sequence[Observation], before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the score after calibration as a share of that before, for each series."""
    names = np.array([claim.series for claim in claims])
    return np.array([after[names == name].mean() / before[names == name].mean() for name in dict.fromkeys(names)])


def _score(values: np.ndarray, claimed: float) -> float:
    """Return the score of the worlds that have a value, (world), as a share of what is claimed."""
    have = values[np.isfinite(values)]
    even = np.full(len(have), 1.0 / len(have))
    return float(likelihood.crps(have[None], even, np.array([claimed]))[0] / claimed)


def _inside(values: np.ndarray, claimed: np.ndarray) -> np.ndarray:
    low, high = np.nanquantile(values, (0.05, 0.95), axis=1)
    return np.asarray((low <= claimed) & (claimed <= high))
