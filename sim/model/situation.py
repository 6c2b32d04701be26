"""What the six see when they decide on their acts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Situation:
    """What the six see when they decide. Country arrays (country, worlds), pair arrays (country, country, worlds)."""

    month_of_year: Array
    need: Array
    "(country, country, worlds) what a deal with the partner would bring, 0-1"
    threat: Array
    prestige: Array
    isolation: Array
    pressure: Array
    norm: Array
    dependence: Array
    alignment: Array
    trust: Array
    pledge: Array
    taboo: Array
    "(worlds) what is left of North Korea's taboo on foreign exercises"
    memory: Array
    "(option, worlds) how fresh the act is, 0-1"
    coordination: Array
    monitoring: Array
    vetoed: Array
    west_exercises: Array
    east_signal: Array
    "(worlds) what the west sees the east do, 0-1"
    new_technology: Array
    "(worlds) points that North Korea gained lately, weighted by tier"
    guarded: Array
    "(worlds) tier 3 and 4 points that Russia has released so far"
    shortage: Array
    "(worlds) North Korea's worst shortage of food or energy, 0-1"
    warned: Array
    helping: Array
    "(worlds) South Korea already arms Ukraine"
