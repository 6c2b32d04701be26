"""Where what came from and where it went, beside public figures."""

from collections.abc import Iterator

import xarray as xr

import sim
from docs.generate.markdown import band, fill, table
from sim.analysis.record.comparable import compare
from sim.present.words import significant, span

ACCOUNTS = (
    ("Rounds in Russia, million", "RUS", "ammunition", 1e-3, "RUSI: about 2 made in 2023, CNN: 3 a year in March 2024"),
    ("Rounds in North Korea, million", "PRK", "ammunition", 1e-3, "output about 2 a year (JoongAng Daily 2023-11-06)"),
    ("Food in North Korea, Mt", "PRK", "food", 1e-3, "crop 4.82 in 2023 (RDA), requirement 5.76 (FAO via VUS Global)"),
    ("Energy in North Korea, kt", "PRK", "energy", 1.0, "pipeline up to 525 kt a year (Global Energy Monitor)"),
)
"""Title, country, good, unit, public figure."""
TRADE = (
    ("RUS", "CHN", "energy", 107, "crude oil, Chinese customs, 2023"),
    ("USA", "KOR", "energy", 19, "crude oil, Korea National Oil Corporation, 2023 (142 million barrels)"),
    ("USA", "JPN", "food", 11, "maize, wheat and soya, US Department of Agriculture, 2023, rounded"),
    ("USA", "CHN", "food", 32, "soya and maize, US Department of Agriculture, 2023, rounded"),
)
"""Trade of other pairs, Mt a year, for the order of magnitude only."""
FIGURES = ("public figure", "date", "low – central – high", "model", "verdict", "source")


def page() -> str:
    """Return the page."""
    ds = sim.run("sea_route")
    parts = {
        "figures": table(FIGURES, months(ds)),
        "accounts": "\n\n".join(year(ds, *account) for account in ACCOUNTS),
        "trade": table(("from", "to", "good", "model", "public", "source"), trade(ds)),
    }
    return fill("balance", parts)


def months(ds: xr.Dataset) -> Iterator[tuple[object, ...]]:
    """Yield the public figures beside the model's."""
    for c in compare(ds):
        o, m = c.observation, c.model
        public = " – ".join(map(significant, (o.low, o.central, o.high)))
        model = f"{significant(m.mid)} ({span(m.low, m.high)})"
        yield f"{o.series} ({o.unit})", o.date, public, model, c.verdict, o.source


def year(ds: xr.Dataset, title: str, country: str, good: str, unit: float, source: str) -> str:
    """Return the account of one good for the first year."""
    at = {"country": country, "good": good}
    entries = ("production", "imports", "world_imports", "consumption", "exports", "world_exports", "lost")
    rows = [(name.replace("_", " "), band(ds[name].sel(at).values[:12].sum(axis=0) * unit)) for name in entries]
    stock = ds["stock"].sel(at).values * unit
    rows += [("stock after the first month", band(stock[0])), ("stock after the year", band(stock[11]))]
    if country == "PRK" and good != "ammunition":
        for partner in ("RUS", "CHN"):
            flow = ds["delivered"].sel(country=partner, partner="PRK", good=good).values[:12].sum(axis=0)
            rows.append((f"of the imports from {partner}", band(flow * unit)))
    return f"**{title}** ({source})\n\n{table(('entry', 'model'), rows)}"


def trade(ds: xr.Dataset) -> Iterator[tuple[object, ...]]:
    """Yield the trade of other pairs beside public figures."""
    for a, b, good, public, source in TRADE:
        flow = ds["delivered"].sel(country=a, partner=b, good=good).values[12:24].sum(axis=0) / 1000
        yield a, b, good, band(flow), public, source
