"""The scenario that a finished run left in its folder."""

import os
import re
from dataclasses import replace
from pathlib import Path

from sim.files import read_json
from sim.scenario.library import reason
from sim.scenario.problems import Problem, Problems, ScenarioError, shown
from sim.scenario.scenario import Scenario
from sim.scenario.schema import checked_scenario

MANIFEST = "manifest.json"
_UNSAFE = re.compile(r"[^\w.,=+-]")


def attempt_stored(path: str | Path, problems: Problems) -> Scenario | None:
    """Return the scenario of a folder of a run, named after the folder; add a problem if the folder holds none.

    Return None for all that is no folder with a manifest.
    """
    file = Path(path) / MANIFEST
    try:
        if not os.path.isdir(path) or not file.is_file():  # of a path in a folder that is shut isdir is false
            return None
        stored = read_json(file)["scenario"]
        if "settings" not in stored:
            problems.add(
                shown(str(path), 200), 0, "", "is the folder of a study; only that of a run holds one scenario"
            )
            return None
        return replace(checked_scenario(stored), name=_UNSAFE.sub("_", file.resolve().parent.name))
    except ScenarioError as error:
        problems.found += [Problem(shown(str(path), 200), 0, "", one.rule) for one in error.problems]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        rule = f"{MANIFEST} cannot be read: {reason(error) if isinstance(error, OSError) else 'it is damaged'}"
        problems.add(shown(str(path), 200), 0, "", rule)
    return None
