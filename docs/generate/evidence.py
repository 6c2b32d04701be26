"""What the model is worth as evidence; the numbers are those of the commands and tests that the page names."""

import csv
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from docs.generate.markdown import DOCS, bullets, fill, table
from sim.commands.options import TUNED_TO
from sim.present.words import signed
from sim.scenario import PARAMETERS
from sim.studies.history.analysis import EARLY, LATER, Evaluation, over_all
from sim.studies.history.baselines import RIVALS
from sim.studies.history.command import evaluated, load_history
from sim.studies.history.words import added, findings
from tests.patterns.ensemble import WORLDS
from tests.patterns.page import count_in_words, missed
from tests.patterns.rules import SEEDS, SIGMAS, SMALLEST
from tests.patterns.table import read

OUTCOMES = ("shells_delivered", "technology", "rus_prk.practical")
SENSITIVITY = ("sensitivity", "article", *(word for name in OUTCOMES for word in ("--outcome", name)), "--no-figures")
FOREMOST = 5
SELECT = ("select", "theories")
INFORMATION = ("information", "sea_route", "--outcome", "shells_delivered", "--outcome", "technology")
FIRST = "information_shells_delivered"
"""The figure of INFORMATION that the page shows."""
SCENARIOS = ("article", "sea_route")
SCORES = (
    *("scenario", "observations", "in the 90 % band", "in the 50 % band"),
    *(f"skill against {name}" for name in RIVALS),
)


def page() -> str:
    """Return the page."""
    found = {name: evaluated(load_history(name, None, (None, None, TUNED_TO), {}))[0] for name in SCENARIOS}
    later = over_all(found["sea_route"], LATER)
    assert later is not None
    parts = {
        **{name: f"{later.skills[name]:+.2f}" for name in RIVALS},
        "added": added(found["sea_route"], LATER)[0],
        **{"select": " ".join(SELECT), "theories": bullets(told(SELECT, "confusion", "theories_confusion"))},
        **{"information": " ".join(INFORMATION), "worth": bullets(told(INFORMATION, FIRST, "information_shells"))},
        **{"in90": later.in90, "count": later.count, "assumed": assumed()},
        **{"tuned_to": TUNED_TO, **claims()},
        "history": table(SCORES, scores(found)),
        "findings": "\n\n".join(f"`{name}`:\n\n{bullets(findings(one))}" for name, one in found.items()),
        "command": " ".join(SENSITIVITY),
        "drives": table(("outcome", "foremost factors, and chance"), drives()),
    }
    return fill("evidence", parts)


def assumed() -> str:
    """Return how many parameters have which kind of source."""
    kinds = Counter(row.source.lower().startswith("assumed") for row in PARAMETERS.values())
    words = {True: "{} assumed", False: "{} with a public figure or document as source"}
    parts = ", ".join(words[kind].format(count) for kind, count in kinds.most_common())
    drawn = sum(row.distribution != "fixed" for row in PARAMETERS.values())
    return f"{len(PARAMETERS)} parameters: {parts}. {drawn} are uncertain and drawn anew for each world."


def claims() -> dict[str, object]:
    """Return what the table of claims says, as `python -m tests.patterns` left it."""
    rows = read()
    return {
        **{"claims": count_in_words(rows), "missed": bullets(missed(rows))},
        **{"worlds": WORLDS, "seeds": " and ".join(map(str, SEEDS))},
        **{"sigmas": f"{SIGMAS:g}", "smallest": f"{SMALLEST:g}"},
    }


def scores(found: dict[str, Evaluation]) -> Iterator[tuple[str, ...]]:
    """Yield coverage and skill of each scenario, early and late."""
    for name, one in found.items():
        for part, words in ((EARLY, f"to {TUNED_TO}"), (LATER, "after")):
            total = over_all(one, part)
            assert total is not None
            skills = [
                "{} ({} to {})".format(*map(signed, (total.skills[baseline], *total.ranges[baseline])))
                if baseline in total.skills
                else "-"
                for baseline in RIVALS
            ]
            yield name, words, f"{total.in90} of {total.count}", f"{total.in50} of {total.count}", *skills


def told(words: Sequence[str], figure: str, name: str) -> list[str]:
    """Run a command; return the findings of its summary, and copy one of its figures to the pages as `name`."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "out"
        command = [sys.executable, "-m", "sim", *words, "--out", str(folder)]
        subprocess.run(command, cwd=DOCS.parent, stdout=subprocess.DEVNULL, check=True)
        shutil.copyfile(folder / "figures" / f"{figure}.png", DOCS / f"{name}.png")
        lines = (folder / "summary.md").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("- ") for line in lines if line.startswith("- ")]


def drives() -> Iterator[tuple[str, str]]:
    """Yield the foremost factors of each outcome, by the command that the page shows."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "sensitivity"
        words = [sys.executable, "-m", "sim", *SENSITIVITY, "--out", str(folder)]
        subprocess.run(words, cwd=DOCS.parent, stdout=subprocess.DEVNULL, check=True)
        with (folder / "sensitivity.csv").open(encoding="utf-8") as file:
            found = list(csv.DictReader(file))
    most = max(int(row["samples"]) for row in found)
    for name in OUTCOMES:
        mine = [row for row in found if row["outcome"] == name and int(row["samples"]) == most]
        single = sorted((r for r in mine if r["factor"] not in ("others", "control")), key=lambda r: -float(r["total"]))
        shown = single[:FOREMOST] + [row for row in single[FOREMOST:] if row["factor"] == "chance"]
        yield name, ", ".join(map(_factor, shown))


def _factor(row: dict[str, str]) -> str:
    total, low, high = (float(row[name]) for name in ("total", "total_low", "total_high"))
    return f"`{row['factor']}` {total:.2f} ({low:.2f} to {high:.2f})"
