"""What an account has of its own (M10): lasting luck of a new account, and heat that comes and fades.

Takes standard normals; gives log10 of a factor on the first exposure of the account's posts, and because a
ladder grants in proportion, on their final views. The mean factor is 1, so that luck spreads accounts
apart and never moves the mean of a plan that cannot see it. Does not know who draws.

Model: log-normal factors with mean 1 on the first pool: one for life that a new account of the brand draws,
and one of the day that fades in some days.
"""

import math

from sim.compiled import compiled


@compiled
def factor_dex(z: float, sd_dex: float) -> float:
    """Log10 of a log-normal factor with mean 1: sd · z − sd² · ln 10 / 2 [dex].

    Args:
        z: standard normal.
        sd_dex: sd of log10 of the factor [dex, ≥ 0].
    Source: mean of the log-normal distribution; that luck and heat are log-normal is assumed.
    """
    return sd_dex * z - sd_dex * sd_dex * math.log(10.0) / 2.0


@compiled
def kept(fade_d: float) -> float:
    """Correlation of an account's heat on two days in a row: exp(−1 / fade) [0..1].

    Args:
        fade_d: days in which it fades to 1/e [d, > 0].
    """
    return math.exp(-1.0 / fade_d)


@compiled
def next_heat(before: float, z: float, correlation: float) -> float:
    """Heat of a day, standard normal again: r · before + √(1 − r²) · z.

    Args:
        before: of the day before, standard normal.
        z: standard normal of the day.
        correlation: r, as of `kept` [0..1].
    Source: stationary autoregression of order 1; shape assumed, numbers from the scenario.
    """
    return correlation * before + math.sqrt(1.0 - correlation * correlation) * z
