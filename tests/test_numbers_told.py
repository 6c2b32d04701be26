"""The same numbers in both languages, in every text with sample values."""

import re
from collections.abc import Mapping

import pytest

from sim.texts import all_texts, placeholders
from sim.texts.spoken import speaking, written

EN, FR = all_texts("en"), all_texts("fr")
NUMBER = {"en": re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?"), "fr": re.compile("\\d+(?:\u202f\\d{3})*(?:,\\d+)?")}
"""A number as each language writes it."""
NAMED = re.compile(r"`[^`]*`|SHA-256|C1–C22|Safari \d\S*")
"""Names with digits in them."""
IN_WORDS = tuple(key for key in EN if key.startswith(("why.number.", "why.fraction.", "printed.number.none")))
"""Texts that are numbers in words, which one language writes in digits."""
NINE_OF_TEN = "run.head.median"
"""A band of 90 %, in French in words."""
OUTCOME_BY_KEY = "influence.shown"
"""It names the outcome by its key in English, and in words in French."""
WORD_ORDER = {
    *(
        "why.ask.flow",
        "why.ask.store",
        "why.flow.went",
        "why.act.scheduled",
        "why.tech.paid",
        "printed.suppliers.first",
    ),
    *("printed.event.willing", "printed.timing.delayed"),
    *("explain.turn.shortage", "explain.turn.act", "explain.turn.technology"),
    *(f"explain.question.{key}" for key in ("act.yes", "act.no", "short.yes", "short.no")),
    "explain.question.flow",
    *(f"explain.question.tier.{key}" for key in ("passed", "late", "kept")),
    *("explain.store.often", "explain.route.otherwise_shut", "explain.route.otherwise_open"),
    *("run.row.delivered", "run.story.faulty", "run.story.goods", "run.story.none_shells", "run.story.none"),
    *("run.bound.whole", "history.fails.on", "remarks.without_number"),
}
"""Texts whose placeholders stand in another order, as French puts its words."""


def numbers(text: str, language: str) -> list[float]:
    """Return the numbers of a text in their order, read as its language writes them."""
    found = NUMBER[language].findall(NAMED.sub(" ", text))
    signs = {",": "", "\u202f": "", ".": "."} if language == "en" else {"\u202f": "", ",": "."}
    return [float(one.translate(str.maketrans(signs))) for one in found]


def filled(text: str, language: str) -> str:
    """Return a text whose placeholders hold numbers of their own, above a thousand and with decimals."""
    values = {name: f"{1000 * (k + 2) + 10 * k:,}.{k + 1}" for k, name in enumerate(sorted(placeholders(text)))}
    with speaking(language):
        return text.format(**{name: f" {written(value)} " for name, value in values.items()})


def differing(english: Mapping[str, str], french: Mapping[str, str]) -> set[str]:
    """Return the texts that tell other numbers in French, or in another order."""
    found = set()
    for key, text in english.items():
        first, second = numbers(filled(text, "en"), "en"), numbers(filled(french[key], "fr"), "fr")
        if key in WORD_ORDER:
            first, second = sorted(first), sorted(second)
        if first != second:
            found.add(key)
    return found


def test_every_text_tells_the_same_numbers_in_both_languages() -> None:
    in_words = {key for key in IN_WORDS if differing({key: EN[key]}, FR)}
    assert differing(EN, FR) == in_words | {NINE_OF_TEN, OUTCOME_BY_KEY}
    assert {
        key for key in WORD_ORDER if re.findall(r"\{(\w+)\}", EN[key]) == re.findall(r"\{(\w+)\}", FR[key])
    } == set()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("dans {some} mondes sur {n}", "dans {n} mondes sur {some}"),
        ("Les 90 % du milieu", "Les 95 % du milieu"),
        ("Plus de {n} mondes", "Plus de mondes"),
    ],
)
def test_a_wrong_translation_would_be_noticed(text: str, wrong: str) -> None:
    """The control: placeholders that change places, another number, one that is lost."""
    assert not differing({"a": text}, {"a": text})
    assert differing({"a": text}, {"a": wrong}) == {"a"}


def digits(text: str, language: str) -> str:
    """Return a text of an explanation with fractions and counts in words written in digits."""
    table = {"en": EN, "fr": FR}[language]
    for key in sorted(IN_WORDS, key=lambda key: -len(table[key])):
        nouns = "times" if key.endswith(".0") else "months?|times?|levers?|other"
        counted = f" (?={nouns})" if key.startswith("why.number.") else "(?!\\w)"
        if key.startswith("why."):
            number = key.rpartition(".")[2].replace("/", " ")
            text = re.sub(rf"(?<!\w){re.escape(table[key])}{counted}", f" {number} ", text)
    return text
