"""Labels that name parameters: keys in English, words with the key beside them in French, with room for both."""

import pytest
from matplotlib.figure import Figure
from test_french_sensitivity import CASES, STRONG
from test_french_sensitivity import made as analysed
from test_influence import three_changes

from sim.present.labels import LONGEST, NAMES, Rows, axis_label, named, named_rows, row_label
from sim.present.style import styled
from sim.scenario.parameters import PARAMETERS
from sim.studies.influence.figures import levers
from sim.studies.sensitivity.figures import effects
from sim.texts.spoken import speaking

RAIL, THEORY = "routes.khasan.capacity", "structure.exchange"
NAME = "Capacité du chemin de fer de Khassan"
DRAWN = {
    "influence": lambda: levers(three_changes()),
    "sensitivity": lambda: effects(STRONG, analysed(*CASES["theories"])),
}


def beside_rows(figure: Figure) -> set[str]:
    return {label.get_text() for ax in figure.axes for label in ax.get_yticklabels()}


@pytest.mark.parametrize("study", DRAWN)
def test_rows_of_a_figure_have_the_name_over_the_key_in_french_and_the_key_in_english(study: str) -> None:
    ends = {"en": ", 10 to 200", "fr": ", 10 à 200"} if study == "influence" else {"en": "", "fr": ""}
    for language, label in (("en", RAIL), ("fr", f"{NAME}\n{RAIL}")):
        with speaking(language), styled():
            assert label + ends[language] in beside_rows(DRAWN[study]())


def test_every_name_fits_beside_a_row_and_keeps_its_key_whole() -> None:
    with speaking("fr"):
        for key in PARAMETERS:
            name, _, told = row_label(key).partition("\n")
            assert (told, len(name) <= LONGEST, ":" in name) == (key, True, False)
        assert (named(RAIL, 20), row_label(RAIL, "1 à 2")) == (
            "Capacité du chemin\nde fer de Khassan",
            f"{NAME}\n{RAIL}, 1 à 2",
        )
        assert named_rows(0.3, 2.0).room == NAMES
    assert (named(RAIL, 20), row_label(RAIL, "1 to 2"), named_rows(0.3, 2.0)) == (
        RAIL,
        f"{RAIL}, 1 to 2",
        Rows(0.3, 2.0),
    )


def test_what_may_be_chosen_is_told_in_words() -> None:
    assert axis_label(THEORY) == f"{THEORY}, transaction|alliance|patronage"
    with speaking("fr"):
        assert axis_label(THEORY) == f"{THEORY}, échange|alliance|protection"
