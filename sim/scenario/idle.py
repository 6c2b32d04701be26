"""Settings without effect: parameters of a theory that no world of the scenario follows."""

from sim.scenario.names import COUNTRIES
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import few
from sim.scenario.scenario import Scenario

FELT = {
    "alliance": ("structure.exchange", ("alliance",)),
    "patronage": ("structure.exchange", ("patronage",)),
    "threat.spiral": ("structure.threat", ("both", "spiral")),
    "threat.deterrence": ("structure.threat", ("both", "deterrence")),
}
"""Beginning of a key, or the last part of a country's -> the choice, and the theories under which it is felt."""
MOST_NAMED = 5


def _begins(key: str, part: str) -> bool:
    """Return whether a key belongs to a part of FELT; `pairs.RUS-PRK.alliance`, a pact on record, does not."""
    first, _, rest = key.partition(".")
    return key == part or key.startswith(f"{part}.") or (first in COUNTRIES and rest == part)


def idle(scenario: Scenario) -> list[str]:
    """Return remarks on settings that no world feels, one for each theory; empty if every setting can matter."""
    found = []
    for part, (choice, theories) in FELT.items():
        setting = scenario.settings[choice]
        followed = {PARAMETERS[choice].choices[int(code)] for code in setting.among or (setting.value,)}
        mine = [key for key in scenario.changed if _begins(key, part)]
        if mine and not followed & set(theories):
            places = dict.fromkeys(scenario.settings[key].origin for key in mine)
            found.append(
                f"{scenario.name}: {few(mine, MOST_NAMED)} ({few(list(places), MOST_NAMED)}) without effect: "
                f"{choice} is {' or '.join(sorted(followed))}, and only {' or '.join(theories)} feels it"
            )
    return found
