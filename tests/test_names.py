"""Names by rule in French: every parameter, outcome, change and unit has one, and nothing English is in it."""

import re
from dataclasses import replace

import pytest
from test_french import left
from test_texts import ELIDED

import sim
from sim.analysis.outcome import PLAIN, outcome
from sim.analysis.record.known import KNOWN, NOT_IN_MODEL
from sim.present.by_rule import bare_name, families, outcome_name, parameter_name, route_title
from sim.present.naming import measure_words
from sim.present.record_names import flow_title, limit_words, series_title
from sim.present.words import setting, unit_name
from sim.results.variables import VARIABLES
from sim.scenario.difference import differences
from sim.scenario.names import ACTS, GOODS, ROUTES, SOLO_ACTS, UNITS
from sim.scenario.parameters import OR, PARAMETERS
from sim.scenario.place import of_dims
from sim.scenario.recorded import COUNTRY, COUNTRY_GOOD, LANE, PAIR, SYSTEM
from sim.studies.compare.change_words import change_words
from sim.texts import LANGUAGES, part_of
from sim.texts.spoken import speaking

PLACEHOLDER = re.compile(r"[{}]")


def test_every_parameter_has_a_french_name_of_its_own() -> None:
    with speaking("fr"):
        names = {key: parameter_name(key) for key in PARAMETERS}
        with pytest.raises(KeyError):
            parameter_name("war.intensitie")
    assert len(set(names.values())) == len(names)
    assert {key: words for key, words in names.items() if left(words)} == {}
    assert {key: words for key, words in names.items() if PLACEHOLDER.search(words) or ELIDED.search(words)} == {}
    assert {key: words for key, words in names.items() if words == PARAMETERS[key].meaning} == {}


def test_a_name_of_a_family_takes_the_parts_of_the_key() -> None:
    with speaking("fr"):
        assert parameter_name("JPN.food.target") != parameter_name("JPN.food.reserve")
        assert parameter_name("JPN.energy.production") == "Production mensuelle d’énergie du Japon"
        assert parameter_name("restrictions.UN.PRK.all").startswith("Sanctions de l’ONU contre la Corée du Nord, tous")
        assert parameter_name("routes.khasan.cost") == "Coût du transport (chemin de fer de Khassan)"


def test_no_text_of_a_family_is_idle() -> None:
    """A parameter that goes takes its text with it."""
    keys = {key.removeprefix("names.key.") for key in part_of("fr", "names") if key.startswith("names.key.")}
    assert keys <= {family for key in PARAMETERS for family in families(key)}
    variables = {key for key in part_of("fr", "names") if key.startswith("names.variable.")}
    assert variables == {f"names.variable.{name}" for name in VARIABLES}


def test_every_shipped_series_has_french_texts_and_none_is_idle() -> None:
    texts = {f"{name}.{part}" for name in KNOWN for part in ("title", "short")}
    texts |= {f"{name}.flow" for name, series in KNOWN.items() if series.count}
    texts |= {f"{name}.limit" for name, series in KNOWN.items() if series.limit}
    texts |= {f"{name}.not_in_model" for name in NOT_IN_MODEL}
    french = {key: text for key, text in part_of("fr", "names").items() if key.startswith("names.series.")}
    assert french.keys() == {f"names.series.{key}" for key in texts}
    assert {key: text for key, text in french.items() if left(text)} == {}
    units = {series.unit for series in KNOWN.values()}
    units |= {f"{series.unit}/month" for series in KNOWN.values() if series.count}
    with speaking("fr"):
        assert {unit for unit in units if unit_name(unit) == unit} == set()


def test_a_series_of_ones_own_keeps_its_title() -> None:
    name, shipped = next(iter(KNOWN.items()))
    own = replace(shipped, words="My containers", limit="mine")
    with speaking("fr"):
        assert series_title(name, shipped).startswith("Conteneurs")
        assert series_title(name, own) == flow_title(name, own) == "My containers"
        assert limit_words(name, own) == "mine"


def written() -> list[str]:
    """Return outcomes of every shape: each variable, act and good at least once."""
    return [
        *PLAIN,
        *of_dims(SYSTEM),
        *(f"prk.{name}@2024-06" for name in of_dims(COUNTRY)),
        *(f"usa.{good}.{name}" for good in GOODS for name in of_dims(COUNTRY_GOOD)),
        *(f"jpn_usa.{name}" for name in of_dims(PAIR)),
        *(f"rus_prk.{good}.{name}" for good in GOODS for name in of_dims(LANE)),
        *("rus_prk.technology.transfer@all", "prk.food.production@all", "all.summit", "rus_chn.summit"),
        *(f"{SOLO_ACTS[act][0].lower()}.{act}" if act in SOLO_ACTS else f"rus_prk.{act}" for act in ACTS),
    ]


def test_every_outcome_has_a_french_name_of_its_own() -> None:
    english = {name: outcome(name).words for name in written()}
    with speaking("fr"):
        french = {name: measure_words(name, words) for name, words in english.items()}
        assert outcome_name("prk.nothing") == outcome_name("prk_xyz.trust") == ""
    assert len(set(french.values())) == len({outcome(name).words for name in written()})
    assert {name: words for name, words in french.items() if words == english[name] or left(words)} == {}


def test_an_outcome_names_country_good_and_month() -> None:
    with speaking("fr"):
        told = outcome_name("prk.food.stock@2024-06").replace("\u00a0", " ")
    assert told == "Corée du Nord, nourriture : stock à la fin du mois, en juin 2024"


def test_every_unit_has_a_french_name() -> None:
    recorded = {spec.unit.format(good=good) for spec in VARIABLES.values() for good in UNITS.values()}
    rates = {unit.removesuffix("/month") for unit in recorded}
    units = {row.unit for row in PARAMETERS.values()} | recorded | rates | {outcome(name).unit for name in written()}
    units -= {"1", "unit of the key"} | {unit for unit in units if OR in unit}
    with speaking("fr"):
        alike = {unit for unit in units if unit_name(unit) == unit}
    assert alike == {"%", "kt", "points"}


def test_choices_and_routes_have_french_names() -> None:
    with speaking("fr"):
        assert [setting(number, "structure.exchange") for number in range(3)] == ["échange", "alliance", "protection"]
        assert len({route_title(route) for route in ROUTES}) == len(ROUTES)
        assert route_title("pipeline") == "l’oléoduc chinois"


def test_changes_of_an_attribution_are_french_with_values_and_months() -> None:
    one = sim.load("article")
    for name in ("sea_route", "theories", "as_it_happened", "relief", "max_pressure"):
        found = differences(one, sim.load(name, months=one.months))
        assert found
        with speaking("fr"):
            told = [change_words(change, one.start) for change in found]
        assert {words for words in told if left(words) or re.search(r"\d{4}-\d\d|_", words)} == set()
    with speaking("fr"):
        (aid,) = (change_words(c, one.start) for c in differences(one, sim.load("sea_route")) if c.key == "war.usa_aid")
    assert aid.replace("\u00a0", " ").endswith("× 0,3 à partir de décembre 2023 pendant 5 mois")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bare_name_ends_outside_brackets(language: str) -> None:
    """Not *… without sanctions (banks may not serve it*."""
    with speaking(language):
        assert [key for key in PARAMETERS if bare_name(key).count("(") != bare_name(key).count(")")] == []
