"""Names by rule, from the parts of a key: parameters and outcomes in another language than English.

In English each has a name in the tables of the program. Another language has one text for all parameters of a family,
such as `COUNTRY.GOOD.stock`, and one for each variable that is recorded.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from sim.analysis.headline import country_name
from sim.plain import NO_BREAK
from sim.results.variables import VARIABLES
from sim.scenario.names import ACTS, ALL_GOODS, COUNTRIES, EVERY, PAIRS, ROUTES, SENDERS
from sim.scenario.parameters import PARAMETERS
from sim.texts.spoken import foreign, known, month, said, several

MUTUAL = ("practical", "symbolic")
"""Variables of two countries that have no direction."""
OCEAN, WHOLE_RUN = "ocean", "all"
"""Stands for all ocean routes in keys of parameters; and for the whole run after the @ of an outcome."""
_PAIRS = {f"{first}-{second}" for first, second in PAIRS}
_NUMBERED = re.compile(r"(tier|value|guard)(\d)")
_ARTICLE = re.compile(r"^(le |la |les |l’)")


def parameter_name(key: str) -> str:
    """Return what a parameter is; in English its meaning in the table of parameters. Raises KeyError."""
    if not foreign():
        return PARAMETERS[key].meaning
    if known(f"parameter.{key}.name"):
        return said(f"parameter.{key}.name")
    if key not in PARAMETERS:
        raise KeyError(key)
    family = next((one for one in families(key) if known(f"names.key.{one}")), None)
    if family is None:
        raise KeyError(f"{key} has no name in this language")
    return said(f"names.key.{family}", **_fills(key, family))


def key_words(key: str) -> str:
    """Return what a title calls a parameter: its key in English, its name in another language."""
    return parameter_name(key) if foreign() else key


def bare_name(key: str) -> str:
    """Return what a parameter is, without what its values mean."""
    name, depth = parameter_name(key), 0
    for at, sign in enumerate(name):
        depth += (sign == "(") - (sign == ")")
        if sign in ":;" and not depth:  # within brackets neither ends the name
            return name[:at].rstrip(f" .{NO_BREAK}")
    return name.rstrip(f" .{NO_BREAK}")


def families(key: str) -> Iterator[str]:
    """Yield the families of a key, from the narrowest, which is the key itself, to the widest."""
    yield from map(".".join, product(*map(_kinds, key.split("."))))


def _kinds(part: str) -> Sequence[str]:
    """Return what a part of a key may be, itself first."""
    if part == EVERY:
        return part, "COUNTRY", "GOOD"
    if part in _PAIRS:
        return part, "PAIR"
    for names, kind in ((SENDERS, "COUNTRY"), (ALL_GOODS, "GOOD"), ((*ROUTES, OCEAN), "ROUTE"), (ACTS, "ACT")):
        if part in names:
            return part, kind
    return part, _NUMBERED.sub(r"\1N", part)


def _fills(key: str, family: str) -> dict[str, str]:
    """Return what the placeholders of a family's text stand for."""
    fills: dict[str, str] = {}
    for part, kind in zip(key.split("."), family.split("."), strict=True):
        if kind == "COUNTRY":
            fills["partner" if "country" in fills else "country"] = _sender(part)
            fills.setdefault("short", country_name(part) if part in COUNTRIES else _sender(part))
        elif kind == "PAIR":
            fills["country"], fills["partner"] = map(_sender, part.split("-"))
        elif kind == "GOOD":
            fills |= {"goods": goods_word(part), "of_good": said(f"names.of_good.{part}")}
        elif kind == "ROUTE":
            title = said("names.ocean") if part == OCEAN else route_title(part)
            fills |= {"route": title, "short_route": _ARTICLE.sub("", title)}
        elif kind == "ACT":
            fills["act"] = act_word(part)
        elif kind.endswith("N"):
            fills["n"] = part[-1]
    return fills


def _sender(code: str) -> str:
    return said("names.outcome.everyone") if code == EVERY else said(f"printed.the.{code}")


def goods_word(good: str) -> str:
    """Return what a good is called, or all of them."""
    return said("names.every_good") if good == EVERY else said(f"good.{good}")


def act_word(act: str) -> str:
    """Return what an act is called, its explanation in brackets left out."""
    return said(f"printed.act.{act}").partition(" (")[0]


def route_title(route: str) -> str:
    """Return what a route is called inside a sentence, with its article: `the railway at Khasan`."""
    if known(f"explain.route.{route}"):
        return said(f"explain.route.{route}")
    first, second = (said(f"printed.the.{code}") for code in ROUTES[route])
    return said("explain.route.sea", first=first, second=second)


def outcome_name(name: str) -> str:
    """Return what a written outcome is, such as `prk.food.stock@2024-06` or `rus_chn.summit`; empty if it is none."""
    path, _, at = name.strip().partition("@")
    owner, *rest = (part.strip() for part in path.split("."))
    variable, good = ([owner, *rest][-1], rest[0] if len(rest) == 2 else "")
    owners = owner.upper().replace("-", "_").split("_") if rest else []
    if any(code not in (*COUNTRIES, EVERY.upper()) for code in owners) or not {variable, good} <= {*_SAID, ""}:
        return ""
    who = [country_name(code) for code in owners if code != EVERY.upper()]
    if len(rest) == 1 and not at and variable in ACTS:
        act = act_word(variable)
        return said("names.outcome.acts", act=act, who=several(who) or said("names.outcome.everyone"))
    if variable not in VARIABLES:
        return ""
    fills = {"what": said(f"names.variable.{variable}"), "when": _when(at.strip())}
    if not who:
        return said("names.outcome.of_all", **fills)
    first, *second = who
    link = "between" if variable in MUTUAL else "to"
    place = said(f"names.outcome.{link}", first=first, second=second[0]) if second else first
    if not good:
        return said("names.outcome.of", who=place, **fills)
    return said("names.outcome.of_good", who=place, goods=goods_word(good), **fills)


_SAID = {*VARIABLES, *ACTS, *ALL_GOODS}
"""What may stand after the countries of an outcome."""


def _when(at: str) -> str:
    if not at:
        return said("names.outcome.last")
    if at == WHOLE_RUN:
        return said("names.outcome.whole")
    return said("names.outcome.month", month=month(int(at[5:7]), at[:4]))
