"""What a score, a forecast and the luck of accounts say, in words: in Chinese and English.

Takes entries of a ledger and `luck.LuckOf`; gives sentences, and rows of tables as text. Adds no statistics.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.forecast.luck import LuckOf
from sim.forecast.score import last_day, window
from sim.language.numbers import amount, percent, span
from sim.language.places import PLACES
from sim.language.vocabulary import QUANTITIES
from sim.language.words import N_, NC_, Language, Words

UNEVEN: Final = 0.01
"""Chance of places so uneven below which they are said to be so (chosen)."""
PLAIN = {
    "historical": N_("quantiles of the account's earlier videos"),
    "log_normal": N_("a log-normal fitted to the account's earlier videos"),
}
TAKEN = {
    "fans": N_("fans"), "age": N_("age of the video"), "finish_rate": N_("finish rate"),
    "duration_s": N_("length"),
}  # fmt: skip
LEFT_OUT = {
    "without views or date": N_("without views or date"), "before": N_("published before"),
    "after": N_("published after"), "of other accounts": N_("of other accounts"),
}  # fmt: skip
TOTAL = {"views": N_("Views"), "posts": N_("Videos")}
HEADS_LUCK = (
    N_("Account"), N_("Videos"), N_("Views against peers"), N_("Its own part"), N_("{level} % interval"),
    N_("Chance below peers"), N_("Videos more to halve"), N_("Videos more to tell"),
)  # fmt: skip
HEADS_SOURCES = (
    NC_("source", "Source"), N_("Scenario"), N_("{level} % interval"), NC_("source", "Export"), "",
)  # fmt: skip
HEADS_TOTALS = ("", N_("Foretold"), N_("{level} % interval"), N_("Came"), "")


def forecast_told(entry: Mapping[str, Any], language: Language) -> list[str]:
    """What was frozen."""
    words = Words(language)
    first, _ = window(entry)
    return [
        words(
            "Frozen: {seeds} runs for {first} to {last}. Seal {seal}; whoever has it can check that nothing "
            "was changed since.",
            seeds=entry["seeds"][1], first=first.date(), last=last_day(entry), seal=entry["seal"],
        )
    ]  # fmt: skip


def score_told(score: Mapping[str, Any], language: Language) -> list[str]:
    """What a score says: coverage, the two plain forecasts, places, missing totals."""
    words = Words(language)
    videos, told = score["videos"], []
    if score["hindsight"]:
        told.append(
            words("This forecast was made after its first day had begun: it could know some of what it says.")
        )
    left = words.listed(f"{words(LEFT_OUT[why])} {count:,}" for why, count in videos["left_out"].items())
    told.append(
        words("{count} videos scored. Left out: {left}.", count=videos["scored"], left=left)
        if left
        else words("{count} videos scored.", count=videos["scored"])
    )
    for row in score["coverage"]:
        ends = span(row["low"], row["high"], "share", language)
        told.append(
            words(
                COVERED[_kept(row)],
                level=f"{100 * row['level']:.0f}", share=percent(row["share"]), span=ends,
            )
        )  # fmt: skip
    told.append(words("Error of a video (CRPS of log10 views): {error}.", error=f"{score['crps_dex']:.3f}"))
    for name, row in score["beside"].items():
        if row["high"] is None:
            told.append(
                words(
                    ALONE, plain=words(PLAIN[name]), error=f"{row['crps_dex']:.3f}",
                    ratio=f"{row['ratio']:.2f}",
                )
            )  # fmt: skip
            continue
        told.append(
            words(
                BESIDE[_better(row)],
                plain=words(PLAIN[name]), error=f"{row['crps_dex']:.3f}", ratio=f"{row['ratio']:.2f}",
                low=f"{row['low']:.2f}", high=f"{row['high']:.2f}",
            )
        )  # fmt: skip
    if not score["beside"]:
        told.append(words("Too few earlier videos in this export for plain forecasts to compare with."))
    if score["places"]["uniform"] < UNEVEN:
        told.append(words(HIGH if _mean_place(score) > 1 / 2 else LOW))
    if not score["totals"]:
        told.append(
            words(
                "No totals: the export lacks an account of the forecast, or the date, views or account of a "
                "video of these days."
            )
        )
    return told


COVERED = {
    "as promised": N_("{level} % intervals held {share} of them ({span}): as promised."),
    "too narrow": N_("{level} % intervals held {share} of them ({span}): too narrow, or off."),
    "too wide": N_("{level} % intervals held {share} of them ({span}): too wide."),
    "alone": N_(
        "{level} % intervals held {share} of them; all are of one account and share its luck, so this says "
        "little."
    ),
}
BESIDE = {
    "better": N_("{plain}: {error}; the forecast has {ratio} times that ({low} to {high}), so it is better."),
    "worse": N_("{plain}: {error}; the forecast has {ratio} times that ({low} to {high}), so it is worse."),
    "even": N_(
        "{plain}: {error}; the forecast has {ratio} times that ({low} to {high}): cannot be told apart."
    ),
}
ALONE = N_(
    "{plain}: {error}; the forecast has {ratio} times that. One account cannot tell which is better: its "
    "videos share its luck."
)
HIGH = N_("What came lies unevenly among what was foretold, mostly above its middle.")
LOW = N_("What came lies unevenly among what was foretold, mostly at or below its middle.")


def _kept(row: Mapping[str, Any]) -> str:
    if (row["low"], row["high"]) == (0.0, 1.0):
        return "alone"
    if row["high"] < row["level"]:
        return "too narrow"
    return "too wide" if row["low"] > row["level"] else "as promised"


def _better(row: Mapping[str, Any]) -> str:
    if row["high"] < 1.0:
        return "better"
    return "worse" if row["low"] > 1.0 else "even"


def _mean_place(score: Mapping[str, Any]) -> float:
    tenths = score["places"]["tenths"]
    return float(sum((k + 0.5) * count for k, count in enumerate(tenths)) / (len(tenths) * sum(tenths)))


def totals_rows(rows: Sequence[Mapping[str, Any]], language: Language) -> list[list[str]]:
    """Totals of a score as rows of a table."""
    words = Words(language)
    return [
        [
            _total(row["total"], language),
            amount(row["middle"], "count", language),
            span(row["low"], row["high"], "count", language),
            amount(row["seen"], "count", language),
            words("within") if row["within"] else words("outside"),
        ]
        for row in rows
    ]


def _total(name: str, language: Language) -> str:
    return Words(language)(TOTAL[name]) if name in TOTAL else QUANTITIES[name].label(language)


def sources_rows(rows: Sequence[Mapping[str, Any]], language: Language) -> list[list[str]]:
    """Places of views, of the scenario and of the export, as rows of a table."""
    words = Words(language)
    return [
        [
            PLACES[row["place"]].label(language),
            amount(row["share"], "share", language),
            span(row["low"], row["high"], "share", language),
            amount(row["seen"], "share", language),
            words("within") if row["within"] else words("outside"),
        ]
        for row in rows
    ]


def luck_rows(found: LuckOf, language: Language) -> list[list[str]]:
    """Accounts as rows of a table, most unlucky first."""
    words = Words(language)
    never = words("more than 10,000")

    def posts(count: int | None) -> str:
        return never if count is None else f"{count:,}"

    return [
        [
            name, f"{row.posts:,}", f"× {10**row.raw:.2f}", f"× {10**row.luck:.2f}",
            f"{times(row.low)} … {times(row.high)}", percent_of(row.below), posts(row.to_halve),
            words("told") if row.to_tell == 0 else posts(row.to_tell),
        ]
        for name, row in zip(found.names, found.rows, strict=True)
    ]  # fmt: skip


def times(dex: float) -> str:
    """A factor, with as many decimals as tell it from 1: an interval that leaves 1 out is seen to.

    Example:
        >>> times(0.0), times(-0.001), times(0.3)
        ('1.00', '0.998', '2.00')
    """
    texts = (f"{10**dex:.{decimals}f}" for decimals in (2, 3, 4, 6))
    return next((text for text in texts if float(text) != 1.0), f"{10**dex:.2f}")


def percent_of(chance: float) -> str:
    """A chance, never quite 0 or 1.

    Example:
        >>> percent_of(0.0001), percent_of(0.5), percent_of(0.9999)
        ('< 1%', '50%', '> 99%')
    """
    least = 0.01
    return "< 1%" if chance < least else "> 99%" if chance > 1 - least else f"{chance:.0%}"


def luck_told(found: LuckOf, language: Language) -> list[str]:
    """Who is surely below or above its peers, and on what that rests."""
    words = Words(language)
    rows = list(zip(found.names, found.rows, strict=True))
    told = []
    for side, names in (
        (BELOW, [name for name, row in rows if row.high < 0.0]),
        (ABOVE, [name for name, row in rows if row.low > 0.0]),
    ):
        if names:
            told.append(words(side, names=words.listed(names)))
    if not told:
        told.append(
            words(
                "No account is surely below or above the others: what differs may be luck of single videos."
            )
        )
    middle, low, high = found.lucks.between
    times = {name: f"{10**dex:.1f}" for name, dex in (("middle", middle), ("low", low), ("high", high))}
    told.append(
        words(FROM_DATA if found.lucks.from_data else FROM_PRIOR, prior=f"{found.prior.between:.2f}", **times)
    )
    out = words.listed(words(TAKEN[name]) for name in found.taken_out) or words("nothing")
    told.append(words("Taken out, as far as the export has it: {what}.", what=out))
    if found.left_out:
        told.append(words("{count} videos without account or views are left out.", count=found.left_out))
    return told


BELOW = N_("Surely below their peers at like content: {names}.")
ABOVE = N_("Surely above their peers at like content: {names}.")
FROM_DATA = N_(
    "Views of accounts at like content typically differ {middle} times ({low} to {high}), by these accounts "
    "themselves."
)
FROM_PRIOR = N_(
    "Views of accounts at like content typically differ {middle} times ({low} to {high}); so few of them say "
    "little about it, so this rests mostly on what the scenario assumes of their luck ({prior} dex)."
)
