"""What the app calls the ladder's things: pools, rates, decisions, reasons, moments.

Knows every decision and reason of sim.hour.platform; a test holds it to that.
"""

from sim.charts.numbers import scale
from sim.charts.scores import RATES
from sim.language.words import N_, Language, Words

RATE_NAMES = {
    "completion": N_("Completion rate"), "like": N_("Like rate"), "comment": N_("Comment rate"),
    "share": N_("Share rate"), "follow": N_("Follow rate"),
}  # fmt: skip
RATE_MEANINGS = {
    "completion": N_("Share of the impressions in this pool that were watched to the end."),
    "like": N_("Likes per impression in this pool."),
    "comment": N_("Comments per impression in this pool."),
    "share": N_("Shares to friends per impression in this pool."),
    "follow": N_("New followers per impression in this pool."),
}
DECISION_NAMES = {
    "promote": N_("promoted"), "stop": N_("stopped"), "revive": N_("tried again"), "hold": N_("shown on"),
}  # fmt: skip
REASON_NAMES = {
    "score above mark": N_("score above mark"), "score below mark": N_("score below mark"),
    "audience exhausted": N_("nearly everybody has seen it"), "top of the ladder": N_("passed the top pool"),
    "no response": N_("nobody responded"), "late revival": N_("a late second chance"),
    "less than one impression a day": N_("less than one impression a day"),
    "running": N_("still on its way at the end of the run"),
}  # fmt: skip
"""By reason of a decision, or stop_reason of a video."""


def pool_name(words: Words, pool: int) -> str:
    """A pool's name, from 1."""
    return words("Pool {n}", n=pool)


def rate_text(rate: float, language: Language) -> str:
    """A response rate in per cent with two decimals, or one where it is large.

    Example:
        >>> rate_text(0.00084, "en"), rate_text(0.1763, "zh")
        ('0.08%', '17.6%')
    """
    large = 0.1
    return scale(rate, "share", language, step=0.001 if rate >= large else 0.0001).text(rate)


def moment(words: Words, hour: int, start: str) -> str:
    """When an hour of the run began, in Beijing time; the run itself at a time such as 'Monday 00:00'."""
    passed = int(start.split()[1][:2]) + hour
    return words("day {day}, {hour}:00", day=passed // 24 + 1, hour=f"{passed % 24:02}")


def rate_names(words: Words) -> list[str]:
    """The five rates, in the order of the score."""
    return [words(RATE_NAMES[rate]) for rate in RATES]
