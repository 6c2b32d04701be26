"""The texts of both languages: the same keys and placeholders, French as French is set, nothing left of English."""

import logging
import re
import tomllib

import pytest

from sim.commands.terminal import remarks
from sim.compile.cache import MADE_ONCE
from sim.compile.engine import MADE_ASIDE
from sim.experiment.run import BATCH, run
from sim.present.naming import authored, option_name, text_digest, why_words
from sim.scenario import load, shipped
from sim.scenario.levers import shipped_levers
from sim.scenario.names import ACTS, ALL_GOODS, COUNTRY_NAMES
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import ParameterEvent
from sim.texts import LANGUAGES, all_texts, parts_of, placeholders, texts
from sim.texts.spoken import speaking, spoken

EN, FR = (all_texts(language) for language in LANGUAGES)
OWN = ("scenario.", "named.", "names.", "scenarios.", "levers.")
"""Texts that only other languages have: in English they are in files of scenarios and levers, and in tables."""
ALIKE = {
    *("word.dash", "event.value", "table.q05", "table.q25", "table.q75", "table.q95", "table.route"),
    *("why.unit.1", "why.unit.USD", "why.unit.tonnes", "why.act.plus", "why.act.minus", "why.act.told"),
    *("why.tech.part", "why.place", "compare.change.now", "sweep.unit"),
    *("discover.head.quasi_p", "sensitivity.total.neither"),
    *("history.acts.head.crps", "history.score.crps", "history.score.observations", "history.figure.observation"),
    *("history.observation.one", "history.observation.other", "history.rates.in50", "history.rates.in90"),
    *("history.score.heading", "history.caution.left_one", "select.odds"),
    *("why.odds.impossible", "why.odds.certain", "why.odds.beside"),
    *(f"printed.picture.{name}.unit" for name in ("deeds", "tiers", "hunger")),
    *("printed.left_out.not_in_model", "printed.span.one"),
    *("printed.routes.title", "printed.contrast.unit", "printed.number.million.one", "printed.legend.tier"),
    *(f"explain.{key}" for key in ("amount.USD.other", "amount.tonnes.other", "aid.part", "aid.head")),
    *(
        "run.record.date",
        "run.theories.follows",
        "run.event.value",
        "figures.score_of.prestige",
        "figures.goal.prestige",
    ),
    *("figures.goal_title.prestige", "figures.act.veto", "figures.theory.alliance", "figures.limit.production"),
    *(f"explain.head.{key}" for key in ("production", "stock", "sanctions", "embargo")),
    *("policy.figure.regret", "policy.figure.axis"),
    *(f"calibrate.{key}" for key in ("observation.one", "observation.other", "head.observation", "figure.observation")),
    "calibrate.rivals.head.posterior_error",
    *("act.veto", "unit.%", "unit.kt", "unit.points", "unit_of_one.points", "unit.switch", "unit.share"),
}
"""Texts that both languages write in the same way."""


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert [key for key in FR if not key.startswith(OWN)] == list(EN)
    assert len(EN) > 150


def test_both_languages_have_the_same_placeholders() -> None:
    assert {key: (placeholders(text), placeholders(FR[key])) for key, text in EN.items()} == {
        key: (placeholders(text), placeholders(text)) for key, text in EN.items()
    }


def test_no_shared_key_begins_as_those_of_a_file_of_its_own() -> None:
    """Such a text would never be found."""
    shared = {key.partition(".")[0] for language in LANGUAGES for key in texts(language)}
    assert shared.isdisjoint({part for language in LANGUAGES for part in parts_of(language)})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_of_a_report_has_a_heading_of_its_own(language: str) -> None:
    """The summary of a study stands in it with its own headings, such as `What it shows`."""
    found = all_texts(language)
    assert [key for key, text in found.items() if text == found["report.came_out"]] == ["report.came_out"]


def test_placeholders_are_found() -> None:
    """The control."""
    assert placeholders("{name}, {month} : {mid}") == {"name", "month", "mid"}


def test_every_shipped_scenario_has_a_title_and_a_question_in_french() -> None:
    keys = {f"scenario.{name}.{part}" for name in shipped() for part in ("title", "question")}
    assert {key for key in FR if key.startswith("scenario.")} == keys


@pytest.mark.parametrize("part", ["outcome", "look_for"])
def test_what_authors_of_shipped_scenarios_say_is_translated_as_it_is_now(part: str) -> None:
    """A text that is written anew is to be translated anew; its digest stands beside the translation."""
    now = {name: text_digest(str(getattr(load(name), part))) for name in shipped()}
    assert {name: FR[f"scenarios.{name}.{part}_of"] for name in now} == now
    scenario = {"name": "article+war.intensity=0", part: getattr(load("article"), part)}
    with speaking("fr"):
        assert authored(scenario, part) == FR[f"scenarios.article.{part}"]
        assert authored(scenario | {part: "Rewritten."}, part) == "Rewritten."
    assert authored(scenario, part) == scenario[part]


def test_every_reason_of_an_event_of_shipped_scenarios_is_french_as_it_is_now() -> None:
    reasons = {event.why for name in shipped() for event in load(name).events}
    assert {key for key in FR if key.startswith("scenarios.why.")} == {
        f"scenarios.why.{text_digest(one)}" for one in reasons
    }
    with speaking("fr"):
        assert why_words("A summit (assumed).") == "Un sommet (hypothèse)."
        assert why_words("Rewritten.") == "Rewritten."
    assert why_words("A summit (assumed).") == "A summit (assumed)."


def test_shipped_levers_are_translated_as_they_are_now() -> None:
    """Titles, questions and reasons by their digests, and what policies are called."""
    texts, called = set(), set()
    for name, path in shipped_levers().items():
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        some = {who: levers for who, levers in raw.items() if who.isupper()}
        levers = {f"{who}.{lever}": options for who, mine in some.items() for lever, options in mine.items()}
        texts |= {raw["title"], raw["question"]}
        texts |= {body["why"] for options in levers.values() for body in options.values() if "why" in body}
        with speaking("fr"):
            called |= {option_name(name, lever, option) for lever, options in levers.items() for option in options}
    assert {key for key in FR if key.startswith("levers.said.")} == {f"levers.said.{text_digest(one)}" for one in texts}
    assert {one for one in called if not one.endswith(")")} == set()


def test_every_name_of_an_event_of_shipped_scenarios_is_french_too() -> None:
    names = {f"named.{event.name}" for name in shipped() for event in load(name).events if event.name}
    assert {key for key in FR if key.startswith("named.")} == names


def test_names_are_those_of_the_model() -> None:
    assert {code: EN[f"country.{code}"] for code in COUNTRY_NAMES} == COUNTRY_NAMES
    assert {f"act.{act}" for act in ACTS} == {key for key in EN if key.startswith("act.")}
    assert {f"good.{good}" for good in ALL_GOODS} == {key for key in EN if key.startswith("good.")}
    named = {key.removeprefix("parameter.").rpartition(".")[0] for key in EN if key.startswith("parameter.")}
    assert named <= set(PARAMETERS)


def test_what_events_of_shipped_scenarios_change_has_a_name() -> None:
    changed = {e.key for name in shipped() for e in load(name).events if isinstance(e, ParameterEvent)}
    assert changed
    assert {key for key in changed if f"parameter.{key}.name" not in EN} == set()


WRONG = re.compile("(?<![\u00a0\u202f])[;!?»]|[^\u00a0]:|«[^\u00a0]| %|['\"]")
"""Signs without the no-break blank that French sets before or after them, and straight quotation marks."""


@pytest.mark.parametrize(
    "text", [MADE_ONCE % "machine code for this run", MADE_ONCE % "the module of this page", MADE_ASIDE]
)
def test_what_modules_log_is_told_in_the_language_that_is_spoken(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """They know no language: their English text is looked up, so it must be the one in the table."""
    with speaking("fr"), remarks():
        logging.getLogger("sim.compile").info(text)
    assert re.match("création du (code|module) .* suivant", capsys.readouterr().err)


def test_threads_of_a_run_speak_the_language_of_who_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What they log is told in it: here two blocks of worlds, which step nothing."""
    heard: list[str] = []
    monkeypatch.setattr("sim.experiment.run.run_block", lambda *_, **__: heard.append(spoken()))
    with speaking("fr"):
        run(load("article", worlds=BATCH + 8, months=1), variables=("tests",))
    assert heard == ["fr", "fr"]


def test_french_is_set_as_french() -> None:
    assert {key: text for key, text in FR.items() if WRONG.search(text)} == {}


ELIDED = re.compile(r"\b(de|le|la|que|ce|ne|se) (?=[aeiouyéèêâ])(?!oui|avec)|\b(de|à) les? (?!plus)", re.IGNORECASE)
"""Words that lose their last letter before a vowel, or melt with an article; not before an answer."""


def test_french_words_melt_before_vowels_and_articles() -> None:
    assert {key: found[0] for key, text in FR.items() if (found := ELIDED.search(text))} == {}


def test_no_verb_stands_beside_a_country_that_may_be_plural() -> None:
    """Les États-Unis ont, the others a: an explanation says it with a noun."""
    verb = re.compile(
        r"\{(seller|buyer|who)\} (n’a|a|avait|n’avait|ne|lui|y|doit|cède|tient|peut)\b|(voulait|pouvait) \{buyer"
    )
    own = {key: text for key, text in FR.items() if key.startswith(("why.", "explain."))}
    assert len(own) > 300
    assert {key for key, text in own.items() if verb.search(text)} == set()


@pytest.mark.parametrize("text", ["Stock de obus", "la aide", "à le Japon", "de les pays", "que il"])
def test_words_that_do_not_melt_would_be_noticed(text: str) -> None:
    """The control."""
    assert ELIDED.search(text)
    assert not ELIDED.search("le oui est imposé à la Chine")


def test_no_text_is_left_in_english() -> None:
    assert {key for key, text in FR.items() if text == EN.get(key)} <= ALIKE


@pytest.mark.parametrize("text", ["Quoi?", "Quoi ?", "l'un", "« oui »", "ceci : cela", "5 %"])
def test_bad_typography_would_be_noticed(text: str) -> None:
    """The control."""
    assert WRONG.search(text)
