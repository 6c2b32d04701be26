"""Who matters: what `sim influence` finds in six scenarios, as the page shows it."""

import sim
from docs.generate.markdown import bullets, fill, table
from sim.analysis.levers import LEVERS, OUTCOMES
from sim.analysis.outcome import outcome
from sim.studies.influence.analysis import LEAST
from sim.studies.influence.command import measure
from sim.studies.influence.design import changes
from sim.studies.influence.tables import country_heads, country_rows, lever_heads, lever_rows
from sim.studies.influence.words import sentences

WORLDS = 64
ARTICLE = ("shells_delivered", "technology")
"""What the article asks about: what Russia wants, and what Kim wants in return."""
SCENARIOS = ("article", "sea_route", "ceasefire", "max_pressure", "food_crisis", "trilateral_surge")


def page() -> str:
    """Return the page."""
    scenarios = [sim.load(name, worlds=WORLDS) for name in SCENARIOS]
    measures = {name: outcome(name) for name in OUTCOMES}
    ds = measure(scenarios, changes(LEVERS), measures, "who and what matters")
    asked = ds.sel(outcome=list(ARTICLE))
    parts = {
        "command": f"sim influence {' '.join(SCENARIOS)}",
        "worlds": WORLDS,
        "least": f"{LEAST:g}",
        "scenarios": ", ".join(f"`{name}`" for name in SCENARIOS),
        "outcomes": ", ".join(f"`{name}`" for name in OUTCOMES),
        "countries": table(country_heads(), country_rows(ds)),
        "levers": table(lever_heads(), lever_rows(ds)),
        "said": bullets(sentences(ds)),
        "asked": " and ".join(f"`{name}`" for name in ARTICLE),
        "countries_asked": table(country_heads(), country_rows(asked)),
        "said_asked": bullets(sentences(asked)),
    }
    return fill("who_matters", parts)
