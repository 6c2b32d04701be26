"""The language of conditions: what it says, what it refuses and where, and that no text is ever run as code."""

import builtins

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.condition import Compared, ConditionError, Joined, measures_of, read_condition

VALUES = {"technology": np.array([0.0, 10.0, 20.0, 30.0]), "oil": np.array([1.0, 2.0, 3.0, 4.0])}


def holds(text: str) -> list[bool]:
    return [bool(value) for value in read_condition(text).holds(VALUES)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("technology > 10", [0, 0, 1, 1]),
        ("technology >= 10", [0, 1, 1, 1]),
        ("technology<1e1", [1, 0, 0, 0]),
        ("technology <= +10.", [1, 1, 0, 0]),
        ("technology > -.5", [1, 1, 1, 1]),
        ("oil < 2 or oil > 3", [1, 0, 0, 1]),
        ("oil > 1 AND technology < 30", [0, 1, 1, 0]),
        ("oil < 2 or oil > 2 and technology < 30", [1, 0, 1, 0]),
        ("(oil < 2 or oil > 2) and technology < 30", [1, 0, 1, 0]),
        ("(oil < 2 or oil > 3) and technology < 30", [1, 0, 0, 0]),
        ("not oil > 2 and technology > 0", [0, 1, 0, 0]),
        ("not (oil > 2 and technology > 20)", [1, 1, 1, 0]),
        ("not not oil > 2", [0, 0, 1, 1]),
        ("oil > p50", [0, 0, 1, 1]),
        ("oil >= P100", [0, 0, 0, 1]),
    ],
)
def test_what_conditions_say(text: str, found: list[int]) -> None:
    assert holds(text) == [bool(value) for value in found]


def test_outcomes_of_a_condition_stand_in_their_order() -> None:
    condition = read_condition("rus_prk.trust@2024-06 > 0.5 or not (oil < 3 and kor.threat > p90)")
    assert list(measures_of(condition)) == ["rus_prk.trust@2024-06", "oil", "kor.threat"]


MISTAKES = {
    "": (0, "expected an outcome"),
    "tecnology > 1": (0, "did you mean technology?"),
    "oil > 1 and tecnology > 1": (12, "did you mean technology?"),
    "technology": (10, "one of >=, <=, >, <"),
    "technology > ": (13, "or a percentile"),
    "technology > oil": (13, "or a percentile"),
    "technology > p101": (13, "from p0 to p100"),
    "technology > 1e999": (13, "or a percentile"),
    "technology = 3": (11, "write >= or <="),
    "technology > 3 & oil > 1": (15, "write and"),
    "technology > 3 || oil > 1": (15, "write or"),
    "!technology > 3": (0, "write not"),
    "technology ≥ 3": (11, "write >="),
    "technology > 50%": (15, "a percentile as p50"),
    "3 < technology": (0, "the outcome comes before its limit"),
    "technology > 3 < 4": (15, "write ... and technology < ..."),
    "technology > 3 oil > 1": (15, "expected and, or, or the end"),
    "technology > 3)": (14, "expected and, or, or the end"),
    "(technology > 3": (15, "expected )"),
    "technology > 3 and": (18, "expected an outcome"),
    "not": (3, "expected an outcome"),
    "technology > 3x": (13, "no meaning"),
    "__import__('os').system('ls') > 1": (0, "unknown outcome"),
    "(" * 60 + "oil > 1" + ")" * 60: (51, "nested brackets"),
    "oil > 1" + " " * 2000: (2000, "at most 2,000 characters"),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_told_with_its_place(text: str) -> None:
    at, said = MISTAKES[text]
    with pytest.raises(ConditionError) as caught:
        read_condition(text)
    assert said in caught.value.rule
    assert caught.value.at == at
    shown, caret = str(caught.value).splitlines()[-2:]
    if at < len(text):
        assert shown[caret.index("^")] == text[at]


WORDS = ["technology", "oil", "rus_prk.trust@2024-06", "and", "or", "not", "(", ")", ">", ">=", "<", "<=", "=", "%"]
WORDS += ["1", "-2.5e3", "p50", "p999", "1_000", "0x1f", "__import__", "os.system", "eval", "lambda"]
WORDS += ["'", "\x00", "\n", "é"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_run(text: str) -> None:
    """Nothing but ConditionError, and neither eval, exec nor an import by name is ever called."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("text was run")

    kept = builtins.eval, builtins.exec, builtins.compile
    builtins.eval = builtins.exec = builtins.compile = never  # type: ignore[assignment]
    condition, at = None, 0
    try:
        condition = read_condition(text)
    except ConditionError as error:
        at = error.at
    finally:
        builtins.eval, builtins.exec, builtins.compile = kept
    assert 0 <= at <= len(text)
    assert condition is None or set(condition.names()) <= set(WORDS)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> Compared | Joined:
    if depth == 0 or draw(st.booleans()):
        limit = draw(st.floats(-100, 100, allow_nan=False))
        return Compared(
            draw(st.sampled_from(sorted(VALUES))), draw(st.sampled_from([">", ">=", "<", "<="])), limit, False
        )
    word = draw(st.sampled_from(["and", "or", "not"]))
    count = 1 if word == "not" else draw(st.integers(2, 3))
    return Joined(word, tuple(draw(trees(depth - 1)) for _ in range(count)))


def written(tree: Compared | Joined) -> str:
    if isinstance(tree, Compared):
        return f"{tree.name} {tree.sign} {tree.limit!r}"
    parts = [f"({written(part)})" for part in tree.parts]
    return f"not {parts[0]}" if tree.word == "not" else f" {tree.word} ".join(parts)


@settings(max_examples=100, deadline=None)
@given(trees())
def test_what_is_written_is_read_back(tree: Compared | Joined) -> None:
    assert read_condition(written(tree)) == tree
