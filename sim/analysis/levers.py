"""Levers that the studies of influence and of counterfactuals try, and the outcomes that they may move."""

from collections.abc import Mapping

from sim.scenario.names import COUNTRIES

OUTCOMES = (
    *("shells_delivered", "oil", "technology", "practical", "symbolic", "tests", "fire_ratio", "coordination"),
    *("rus_chn.practical", "kor_jpn.practical", "polarisation", "score_PRK_need", "score_RUS_need"),
    *(f"{code.lower()}.threat" for code in COUNTRIES),
)
LEVERS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "RUS": {"RUS.norm": (0.0, 1.0), "technology.guard_scale": (0.7, 1.4), "RUS.ammunition.ceiling": (300.0, 450.0)},
    "PRK": {"PRK.autonomy": (0.2, 1.5), "PRK.ammunition.ceiling": (140.0, 260.0), "border.target": (0.3, 1.0)},
    "USA": {"war.usa_aid": (0.0, 110.0), "monitoring.coalition": (0.3, 1.0), "USA.threat_response": (0.0, 1.0)},
    "KOR": {"acts.red_line.base": (-4.0, 1.0), "war.lethal_aid": (0.0, 100.0), "KOR.threat_response": (0.0, 2.0)},
    "JPN": {"coordination.friction": (0.0, 0.8), "pairs.KOR-JPN.trust": (0.2, 0.9), "JPN.threat_response": (0.0, 2.0)},
    "CHN": {"CHN.western_ties": (0.2, 0.9), "aid.pipeline": (0.0, 43.0), "pairs.PRK-CHN.openness": (0.05, 1.0)},
    "": {
        "routes.khasan.capacity": (10.0, 200.0),
        "routes.rajin.open": (0.0, 1.0),
        "sanctions.pressure": (0.0, 1.0),
        "sanctions.enforcement": (0.0, 1.0),
        "war.intensity": (0.0, 1.2),
        "PRK.food.harvest": (0.6, 1.2),
    },
}
"""Owner -> its levers with the range that is tried; those without an owner are the constraints of the scenario."""
GIVES: Mapping[str, Mapping[str, float]] = {"USA": {"war.usa_aid": 0.0}, "CHN": {"aid.pipeline": 0.0}}
"""What goes with a country that is removed, beside its trade, acts and power."""
