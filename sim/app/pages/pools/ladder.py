"""What the app calls the ladder's things: pools, rates, moments.

Takes values as the tables of a run have them; gives words.
"""

from sim.charts.scores import RATES
from sim.language.names import RATE
from sim.language.numbers import scale
from sim.language.words import Language, Words


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
    return [RATE[rate].label(words.language) for rate in RATES]
