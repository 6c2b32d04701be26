"""Damaged and hostile scenario files: a scenario or a clear error comes out, in time, and nothing else."""

import random
import time
from pathlib import Path

import pytest

from sim.scenario import PARAMETERS, ScenarioError, load, shipped
from sim.scenario.problems import MOST_COLLECTED

ODD = ["nan", "-1", "1e999", "true", '"x"', "[]", "{}", "9" * 400, "'''", "\x00", "\ufeff", "é", "{a={a=1}}", "0x1"]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A file with one to three mistakes in it."""
    for _ in range(chance.randint(1, 3)):
        lines = data.split(b"\n")
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        spot = chance.randrange(len(data) + 1)
        match chance.randrange(9):
            case 0:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = lines[at].partition(b"=")[0] + b"= " + chance.choice(ODD).encode()
            case 4:
                lines[at] = lines[at].replace(*chance.choice([(b"2", b"20"), (b"R", b"r"), (b"e", b""), (b'"', b"")]))
            case 5:
                lines = [data[:spot] + data[spot + chance.randint(1, 5) :]]
            case 6:
                lines = [data[:spot] + bytes([chance.randrange(256)]) + data[spot:]]
            case 7:
                lines = [data[:spot]]
            case _:
                lines = [data[:spot] + data[chance.randrange(len(data) + 1) :]]
        data = b"\n".join(lines)
    return data


@pytest.mark.slow
def test_hundreds_of_mutated_files_give_a_scenario_or_a_scenario_error(tmp_path: Path) -> None:
    chance = random.Random(20230913)
    originals = [path.read_bytes() for path in shipped().values()]
    path = tmp_path / "mutant.toml"
    read = 0
    slowest = 0.0
    told: list[str] = []
    for _ in range(600):
        path.write_bytes(mutated(chance.choice(originals), chance))
        start = time.thread_time()
        try:
            scenario = load(path)
            read += 1
            assert set(scenario.settings) == set(PARAMETERS)
            assert all(0 <= event.month < scenario.months for event in scenario.events)
        except ScenarioError as error:
            told.append(str(error))
        slowest = max(slowest, time.thread_time() - start)
    assert read > 30
    assert len(told) > 180
    assert all(str(path) in text for text in told)
    assert slowest < 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[events]]\n" * 30_000, "one of key"),
        ("".join(f"k{i} = 1\n" for i in range(30_000)), "unknown key"),
        ("[routes]\n" + "".join(f"k{i} = 1\n" for i in range(30_000)), "unknown route"),
        ("x = " + "[\n" * 100_000, "nested too deeply"),
        ("x = " + "{a=" * 900 + "1" + "}" * 900, "nested too deeply"),
        (("a." * 1900 + "b = 1\n") * 200, "a key may have at most"),
        ("x = '" + "y" * 100_000 + "'", "a line may have at most"),
        ("war.intensity = 0x" + "f" * 3900, "more than 30 digits"),
        ("#" * 1_000_001, "larger than 1,000,000 bytes"),
    ],
    ids=["events", "keys", "routes", "arrays", "tables", "dots", "line", "digits", "size"],
)
def test_hostile_files_are_refused_in_time(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'title = "T"\nquestion = "Q?"\n{text}')
    start = time.thread_time()
    with pytest.raises(ScenarioError, match=told) as error:
        load(path)
    assert time.thread_time() - start < 20
    assert len(error.value.problems) <= MOST_COLLECTED + 10
