"""What a strategist reads where a researcher is told of seeds, odds, levels of intervals and digests.

Gives both by the researcher's English text: sentences, and patterns of those that an answer holds. Whoever
shows them decides who reads (sim/app/ui/reader.py). Files and the command line keep the researcher's.
"""

import re
from collections.abc import Mapping

from sim.language.words import N_, NC_, Language, Words

PLAIN: Mapping[str, str] = {
    "Probability best": "",
    NC_("report", "Variant"): N_("Plan"),
    "interval": N_("likely range"),
    "Interval:": N_("Likely range:"),
    "95 % interval": N_("Likely range"),
    "{level} % interval": N_("Likely range"),
    "{level} % interval, {seeds} seeds": N_("{seeds} rounds"),
    "Bars are 95 % intervals.": N_("Bars show the likely range."),
    "Seed": N_("Luck no."),
    "Seed {seed} · {users} · {hours} h · {scenario}": N_("{users} · {hours} h · {scenario}"),
    "Which course of luck. Whoever chooses the same seed sees the same class.": N_(
        "Which course of luck. Whoever chooses the same number sees the same class."
    ),
    "Simulated twice, as compiled columns and as {people} agents: both give {digest}.": N_(
        "Simulated twice, by two programs that work quite differently: both give the same."
    ),
    "Changes against the plan as written, {seeds} seeds, 95 % intervals; each holds by itself, so of twenty "
    "accounts one may seem to matter by luck.": N_(
        "Changes against the plan as written over {seeds} rounds, with the likely range of each; of twenty "
        "accounts one may seem to matter by luck."
    ),
    "Of the best mix that was found for this budget, on fresh seeds.": N_(
        "Of the best mix that was found for this budget, on fresh luck."
    ),
    "What each 1,000 CNY beyond the budget above (first row: over booking nobody) adds, seed by seed, with "
    "its interval.": N_(
        "What each 1,000 CNY beyond the budget above (first row: over booking nobody) adds under the same "
        "luck, with its likely range."
    ),
    "Same luck for all variants, compared seed by seed; bars are {level} % intervals.": N_(
        "Same luck for everything compared; bars show the likely range of the gap."
    ),
    NC_(
        "report",
        "{metric}, averaged over the seeds.",
    ): N_("{metric}, averaged over the rounds."),
    NC_("report", "Share of seeds in which it came first: what a single launch faces."): N_(
        "Share of rounds in which it came first: what a single launch faces."
    ),
    NC_("report", "Share of seeds with at least one hit video."): N_(
        "Share of rounds with at least one hit video."
    ),
    "Mean reach with links over reach with links cut, same seeds, less 1.": N_(
        "Mean reach with links over reach with links cut, same luck, less 1."
    ),
    "Difference to the highest mean, seed by seed, with its interval. If the interval holds 0, the two "
    "cannot be told apart.": N_(
        "How far behind the highest mean under the same luck, in brackets the likely range. If that holds 0, "
        "the two cannot be told apart."
    ),
    "Share of launches in which it did better than, exactly as well as, and worse than the best, with exact "
    "intervals.": N_(
        "Share of launches in which it did better than, exactly as well as, and worse than the best, in "
        "brackets the likely range."
    ),
    "All variants had the same luck and are compared seed by seed; bars are {level} % intervals. Grey cannot "
    "be told apart from the best.": N_(
        "All plans had the same luck; bars show the likely range of the gap. Grey cannot be told apart from "
        "the best."
    ),
    "{variants} variants · {seeds} seeds each": N_("{variants} plans · {seeds} rounds each"),
    "{variants} variants · {seeds} seeds each · {users} people · {hours} h": N_(
        "{variants} plans · {seeds} rounds each · {users} people · {hours} h"
    ),
    "Each alone, all else as it is, with {level} % intervals: the plan's sales per 1,000 plays, the price at "
    "the same orders and the same cost of goods, the worth of a new fan. Without an interval: fewer than "
    "{fewest} orders, or fans, in all launches, or launches too few or too much alike to say.": N_(
        "Each alone, all else as it is, with its likely range: the plan's sales per 1,000 plays, the price "
        "at the same orders and the same cost of goods, the worth of a new fan. Without a range: fewer than "
        "{fewest} orders, or fans, in all launches, or launches too few or too much alike to say."
    ),
    "Profit in CNY, means of the launches; thin lines are {level} % intervals of the difference, launch by "
    "launch under the same luck.": N_(
        "Profit in CNY, means of the launches; thin lines show the likely range of each difference, under "
        "the same luck."
    ),
    "Parts of the lead of {best}; lines are 95 % intervals.": N_(
        "Parts of the lead of {best}; lines show the likely range of each."
    ),
    "Lost is what a launch without enforcement has more under the same luck, with its interval. It is told "
    "where the comparison holds the same plan with enforcement.hazard = 0.": N_(
        "Lost is what a launch without enforcement has more under the same luck, with its likely range. It "
        "is told where the same plan without enforcement is compared too."
    ),
    "{seeds} rounds, {users}, the same luck for both; {level} % interval.": N_(
        "{seeds} rounds, {users}, the same luck for both; in brackets the likely range."
    ),
    "Bars count videos. Dots are the share promoted, with its 95 % interval: wide where few videos were "
    "judged. Sizes are those of an account without fans; with fans every pool is larger. The ladder has {n} "
    "pools; those below are empty.": N_(
        "Bars count videos. Dots are the share promoted, with its likely range: wide where few videos were "
        "judged. Sizes are those of an account without fans; with fans every pool is larger. The ladder has "
        "{n} pools; those below are empty."
    ),
    "95 % interval of the factor: {limits}. It rests on {videos} videos from the first half of the run, "
    "{repeats} times each. Standard deviation of the decimal logarithm of views: {sd} ({low} to {high}).": N_(
        "Likely range of the factor: {limits}. It rests on {videos} videos from the first half of the run, "
        "{repeats} times each."
    ),
    "People reached by both of two accounts over those reached by either (Jaccard); mean of pairs.": N_(
        "People reached by both of two accounts over those reached by either; mean of pairs."
    ),
    "An error of × 2 is that of a single number which is off by a factor of two; how wide the range is "
    "counts too (CRPS). Ranges are right where they hold as many videos as they say.": N_(
        "An error of × 2 is that of a single number which is off by a factor of two; too wide a range counts "
        "as an error too. Ranges are right where they hold as many videos as they say."
    ),
    "Scenario, with {level} % interval": N_("Scenario, with its likely range"),
    "encoding": "",
    "Means over {seeds} seeds with {level} % intervals. The luck is the same at every level, and levels are "
    "compared seed by seed: they may differ although their intervals overlap.": N_(
        "Means over {seeds} rounds with their likely ranges. The luck is the same at every level, so levels "
        "may differ although their ranges overlap."
    ),
    "Levels hold different points here: {level} % intervals over points show luck and the other keys "
    "together, and who is best is not said.": N_(
        "Levels hold different points here: their ranges show luck and the other settings together, and who "
        "is best is not said."
    ),
    "Means over {seeds} seeds; {level} % intervals.": N_(
        "Means over {seeds} rounds, with their likely ranges."
    ),
    "The picture begins with the first point that has all its seeds and this metric.": N_(
        "The picture begins with the first point that has all its rounds and this metric."
    ),
    "Which luck; the same seed is the same luck at every point.": N_(
        "Which luck; the same number is the same luck at every point."
    ),
    "One seed: there is no interval, and no telling what is luck.": N_(
        "One round: there is no telling what is luck."
    ),
    " Left out, as their point lacks a seed: {n} runs.": N_(
        " Left out, as their point lacks a round: {n} runs."
    ),
}
"""What a strategist reads in place of a researcher's sentence or title; '' where they are not told it: a
column without a title is left out."""

HELD: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        (r" \([\d.]+ % intervals that hold together\)", ""), (r"\(([\d.]+ % intervals, )", "("),
        (r"[\d.]+ % interval (?=\S)", "likely "),
        (r"(?<=\d )seeds\b|(?<=fresh )seeds\b|(?<=these )seeds\b|(?<=number of )seeds\b", "rounds"),
        (r", seed \d+(?=\.)", ""), (r"(?<=only )variant\b", "plan"), (r"(?<=Every )variant\b", "plan"),
        (r"^[\d.]+ % interval$", "Likely range"), (r"^(Videos more to halve|in [58]0%)$", ""),
        (r" \([\d.]+ dex\)", ""), (r"(?<=\d )keys identified", "settings could be told"),
        (r"(?<=\d )keys were not tried", "settings have no data"), (r"^no hold-out", "not tested"),
        (r"^historical quantiles$", "spread of earlier videos"),
        (r"^in 90%$", "in its range (90% should be)"),
        (r"^log-normal per account$", "average of earlier videos"),
    ),
    "zh": (
        (r"（[\d.]+% 置信区间，同时成立）", ""), (r"[\d.]+% 置信区间，", ""),
        (r"[\d.]+% 置信区间 ", "可能范围 "), ("轮配对模拟", "轮模拟"), (r"，随机种子 ?\d+", ""),
        (r"^[\d.]+% 置信区间$", "可能范围"), (r"^(区间减半还需视频数|[58]0% 区间覆盖率)$", ""),
        (r"（[\d.]+ dex）", ""), ("^拟合模型$", "校准后的方案"),
        ("^90% 区间覆盖率$", "落在预测范围内（应为 90%）"), ("^历史分位数$", "按以往视频的分布估"),
        ("^按账号对数正态$", "按以往视频的平均估"),
    ),
}  # fmt: skip
"""The same for sentences that an answer holds, such as a verdict: patterns, and what stands there instead."""


def told(text: str, words: Words) -> str:
    """A sentence that an answer holds, as the reader of these words is told it."""
    for pattern, plain in HELD[words.language] if words.instead else ():
        text = re.sub(pattern, plain, text)
    return text
