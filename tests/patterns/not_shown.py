"""Why a pattern is not shown, in words. Just these rows must be so: what is shown or weak does not belong here."""

from __future__ import annotations

SCATTER = "in the stated direction, but 64 worlds scatter too much"
NOT_SHOWN: dict[tuple[str, str], str] = {
    (
        "C2",
        "a reserve of 3500 krounds against none keeps the stock higher at its lowest",
    ): "in the vast stock of the control the reserve still counts for a thousandth of the effect, through the value of "
    "a round, and the control was to be nothing",
    (
        "C3",
        "arrears bring the first technology of tiers 3 and 4 earlier within three years",
    ): "by two months with the first seed, by none with the second: debts are small, and guarded technology comes in "
    "half of the worlds at all",
    (
        "C3",
        "debt presses Russia to release technology",
    ): "it does, by less than the smallest effect of interest; but where credit is without limit, so that hardly "
    "anybody is in arrears, four tenths of it are left with the first seed",
    (
        "C5",
        "mutual trade rises from no pressure to the peak",
    ): "trade is largest without pressure or next to it: isolation leaves neither side other partners for shells that "
    "it could lose, and friction lowers the trade from the first step on",
    (
        "C6",
        "a lighter norm brings the first 1500 krounds earlier",
    ): "by less than a month, with either seed by less than three standard errors: that volume comes early anyway",
    (
        "C13",
        "the east sees more of the west that is made to see more of it",
    ): "the western three hold exercises in four months of five whatever they see, so that more fear adds little",
    (
        "C13",
        "by deterrence alone western exercises bring fewer months with tests",
    ): "they do, by a tenth of a month with the second seed, by nothing that could be told with the first",
    ("C14", "tier 2 is released before tier 3"): f"{SCATTER} with the first seed",
    (
        "C15",
        "share of worlds in which tiers 3 and 4 stay with Russia, above one in two",
    ): "in half of the worlds one project of tier 3 or 4, of three points, arrives within three years: how "
    "sharply the guard holds is an assumption (technology.precision)",
    (
        "C20",
        "Russia-North Korea gains more for its size than the best of the other fourteen pairs",
    ): "it does, with the first seed just within three standard errors",
    (
        "C22",
        "worlds differ in the practical index",
    ): "the worlds differ, but chance alone makes them differ by three quarters as much",
}
"""(claim, pattern) -> reason."""
