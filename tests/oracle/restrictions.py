"""Restrictions of one sender against one target on one good, from section 7.1 of `docs/model.md`."""

from collections.abc import Callable

from oracle.equations import COUNTRIES, clip

Lookup = Callable[[str], float]
GOODS = ("ammunition", "food", "energy", "technology")
RUS, PRK, USA, KOR, JPN, CHN = range(6)
WEST = (USA, KOR, JPN)


def restriction(p: Lookup, sender: str, j: int, g: int) -> float:
    """What a sender adds (above 0) or lifts (below 0) towards country j."""
    total = 0.0
    for who in (sender, "all"):
        for what in (GOODS[g], "all"):
            try:
                total += p(f"restrictions.{who}.{COUNTRIES[j]}.{what}")
            except KeyError:  # nobody can say this: all senders against the west, the UN against others than PRK
                continue
    return clip(total, -1.0, 1.0)


def listed(i: int, seller: int, buyer: int, g: int) -> bool:
    """Whether an embargo in force for this direction is the law of i, one of the two."""
    other = buyer if i == seller else seller
    if i not in WEST or i == other:
        return False
    across = other not in WEST
    if g == 3:
        return across
    if g == 0 and (across or (i == JPN and i == seller) or (i == JPN and other == KOR)):
        return True
    return other == PRK or (seller, buyer, g) == (RUS, USA, 2)


def passes(p: Lookup, i: int, j: int, g: int) -> float:
    """Share of the trade from i to j that neither side's law stops."""
    share = 1.0
    for one, other in ((i, j), (j, i)):
        law = 1.0 if p("sanctions.embargoes") > 0.0 and listed(one, i, j, g) else 0.0
        share *= 1.0 - clip(law + restriction(p, COUNTRIES[one], other, g), 0.0, 1.0)
    return share


def left(p: Lookup, i: int, j: int, g: int) -> float:
    """Share of what i has to fear in dealing with j that its relief leaves."""
    return 1.0 - max(-restriction(p, COUNTRIES[i], j, g), 0.0)


def banned(p: Lookup, i: int, g: int) -> float:
    """Share of a good that i sells under the embargo of the UN, where North Korea is one of the two."""
    before = 1.0 if i == PRK else (1.0, 0.0, p("norm.imports_energy"), 1.0)[g]
    return clip(before + restriction(p, "UN", PRK, g), 0.0, 1.0)


def cap(p: Lookup) -> float:
    """By how much the cap on oil is more than that of the table."""
    return 1.0 / max(left_by_un(p), 1e-9)


def left_by_un(p: Lookup) -> float:
    """Share of the UN's sanctions on energy that its relief leaves."""
    return 1.0 - max(-restriction(p, "UN", PRK, 2), 0.0)
