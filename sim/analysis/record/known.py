"""Which public series the model can produce, in which unit, and why not the others."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.analysis.record.series import (
    Reading,
    carried,
    faulty,
    fire_all_calibres,
    of_good,
    system_wide,
    traded,
    utilisation,
    voyages,
)

COUNTED_FROM = "2023-09"
"""First month of cumulative counts, in the shipped file and in the model."""
SINCE = " since the start"
"""How the title of a cumulative series ends."""


@dataclass(frozen=True)
class Known:
    """A public series that the model can produce."""

    unit: str
    words: str
    "Title in figures and sentences."
    reading: Reading
    "How it is read from results."
    fixed: tuple[str, ...] = ()
    "Parameters read at their value at the start: if an event changes one, the series cannot be read."
    given: tuple[str, ...] = ()
    "Parameters whose range was set from observations of this very series: agreement with these is no evidence."
    limit: str = ""
    "What makes the two differ even in a perfect model."

    @property
    def count(self) -> bool:
        """Whether the series is cumulative and never falls."""
        return self.reading.kind == "count"

    @property
    def flow_words(self) -> str:
        """Title of the flow of a cumulative series."""
        return self.words.removesuffix(SINCE)


_CONTAINER = ("goods.ammunition.per_container",)
_FIRST_MONTHS = "PRK.ammunition.agreed", "PRK.ammunition.handling", "goods.ammunition.contract"
KNOWN: Mapping[str, Known] = {
    "containers_prk_rus_cumulative": Known(
        "containers", "Containers PRK to RUS since the start", Reading(system_wide("containers"), "count"),
        given=(*_CONTAINER, *_FIRST_MONTHS),
    ),
    "shells_prk_rus_cumulative_million": Known(
        "million rounds", "Shells PRK to RUS since the start", Reading(system_wide("shells_delivered", 1e-3), "count"),
        given=_CONTAINER,
    ),
    "sea_voyages_prk_rus_cumulative": Known(
        "voyages", "Voyages Rajin to Russia since the start", Reading(voyages, "count"),
        ("routes.rajin.unit_load",), ("routes.rajin.unit_load", "routes.rajin.capacity"),
    ),
    "refined_oil_rus_prk_month": Known(
        "kbbl/month", "Refined oil RUS to PRK in the month", Reading(system_wide("oil_delivered")),
        limit="the model's oil is all energy that Russia delivers, as refined oil",
    ),
    "russian_fire_krounds_day": Known(
        "krounds/day", "Russian fire, every calibre", Reading(fire_all_calibres), ("war.fire_scale",),
        ("war.fire_scale",),
    ),
    "russian_stock_million": Known(
        "million rounds", "Russian stock of shells", Reading(of_good("stock", "RUS", "ammunition", 1e-3), "level"),
        given=("RUS.ammunition.stock",),
    ),
    "russian_production_million_year": Known(
        "million rounds/year", "Russian output of shells, yearly rate",
        Reading(of_good("production", "RUS", "ammunition", 12e-3)),
        given=("RUS.ammunition.production", "RUS.ammunition.growth", "RUS.ammunition.ceiling"),
    ),
    "prk_output_million_year": Known(
        "million rounds/year", "North Korean output of shells, yearly rate",
        Reading(of_good("production", "PRK", "ammunition", 12e-3)),
        given=("PRK.ammunition.ceiling",),
    ),
    "prk_utilisation": Known(
        "share", "Use of North Korea's shell plants", Reading(utilisation), ("PRK.ammunition.ceiling",),
        ("PRK.ammunition.production",),
    ),
    "dud_or_refurbish_share": Known(
        "share", "Faulty share of the shells delivered", Reading(faulty, "level"),
        given=("PRK.ammunition.dud_share",),
    ),
    "food_crops_prk": Known(
        "Mt/year", "North Korean crop, year to the date", Reading(of_good("production", "PRK", "food", 1e-3), "year"),
        given=("PRK.food.production", "PRK.food.harvest_noise"),
    ),
    "food_requirement_prk": Known(
        "Mt/year", "North Korean need of food, yearly rate", Reading(of_good("requirement", "PRK", "food", 12e-3)),
        given=("PRK.food.requirement",),
    ),
    "crude_pipeline_chn_prk": Known(
        "kt/year", "Crude by pipeline CHN to PRK, year to the date",
        Reading(carried("pipeline", ("back",), 1.0), "year"), given=("routes.pipeline.capacity", "aid.pipeline"),
    ),
    "rail_khasan_tumangang_freight": Known(
        "Mt/year", "Rail freight Khasan-Tumangang, year to the date",
        Reading(carried("khasan", ("forward", "back"), 1e-3), "year"),
        limit="the model's freight is shells, food and energy only",
    ),
    "china_prk_trade_musd": Known(
        "musd/year", "Trade of China and North Korea, year to the date", Reading(traded("CHN", "PRK"), "year"),
        limit="goods count when they are agreed on, customs when they pass; gifts are in neither",
    ),
    "missile_tests_prk": Known(
        "tests/year", "North Korean missile tests, year to the date",
        Reading(system_wide("tests"), "year"), given=("tests.mean",),
    ),
}  # fmt: skip
"""Public series by name. Those of the kind `year` need a year that lies wholly inside the run."""

IN_SUMMARY = (
    *("containers_prk_rus_cumulative", "shells_prk_rus_cumulative_million", "sea_voyages_prk_rus_cumulative"),
    *("refined_oil_rus_prk_month", "russian_fire_krounds_day", "russian_stock_million"),
    *("russian_production_million_year", "prk_output_million_year"),
)
"""Series with which the summary of every run is compared."""

NOT_IN_MODEL: Mapping[str, str] = {
    "refined_oil_rus_prk_year_declared": (
        "what is declared to the UN is no quantity of the model, which knows only what is delivered"
    ),
    "railcars_tumangang_in_view": (
        "wagons standing in one yard on one day; the model has wagons a month, and how long they stand is not in it"
    ),
    "rail_khasan_tumangang_potential": "what the line could carry if rebuilt; the model has only its present capacity",
    "russia_prk_trade_musd": "declared trade; the model knows only what is exchanged, most of it off the books",
}
"""Public series that the model cannot honestly produce, and why."""
