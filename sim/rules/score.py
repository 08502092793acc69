"""A continuous score instead of pools (P10): predicted value, the competing level, the flow between.

Takes sampled counts and the category's background; gives the value that is predicted for a video, the
level it competes with where it stands, and the impressions an hour that follow. There are no tiers: a
video flows while its value tops what competes for the same people, and each further person is harder to
win. Source: the form 'sum of P(action) · value(action)' is what the platform itself describes (weights
are not published); power, pace and noise are assumed. Decides nothing about who sees a video.

Model: the rival model, without pools: after the same first exposure a video grows in proportion to what it
was shown, while its value (the same score over all counts, shrunk towards the category's mean) tops a
competing level that rises with its reach and shifts by day; freshness as in pools.
"""

from sim.compiled import compiled


@compiled
def predicted(score: float, impressions: float, usual: float, evidence: float) -> float:
    """Value predicted for a video: its sampled score, shrunk towards the category's mean.

    (impressions · score + evidence · usual) / (impressions + evidence)
    Args:
        score: Σ `pools.rate_score` of its impressions [≥ 0].
        impressions: that it was judged on [≥ 0].
        usual: mean value of the category.
        evidence: impressions that the category's mean counts for [≥ 0].
    Source: Bühlmann 1967 (credibility): the best linear prediction of the mean from a sample.
    """
    whole = impressions + evidence
    if whole <= 0.0:
        return usual
    return (impressions * score + evidence * usual) / whole


@compiled
def competing(impressions: float, first: float, level: float, power: float) -> float:
    """Value that a video needs to be shown further: level · (impressions / first)^(1 / power).

    So a video of value v is worth first · (v / level)^power impressions, and past them others win.
    Args:
        impressions: so far [≥ 0].
        first: of its first exposure, from which its reach is counted; without any the level is `level`.
        level: of the category, at the end of the first exposure [≥ 0].
        power: with which reach grows with value [> 0].
    Source: assumed.
    """
    if impressions <= 0.0 or first <= 0.0:
        return level
    needed: float = level * (impressions / first) ** (1.0 / power)
    return needed


@compiled
def flow(
    impressions: float, value: float, mark: float, power: float, pace_h: float, freshness: float
) -> float:
    """Impressions an hour at mean activity: impressions / pace · (1 − (mark / value)^power) · freshness.

    Logistic growth: in proportion to the evidence so far, and slower as the video comes near what its
    value carries; none where the mark is not topped.
    Args:
        impressions: so far [≥ 0].
        value: predicted [≥ 0].
        mark: `competing`, with the noise of the day [≥ 0].
        power: as of `competing`.
        pace_h: hours in which a far better video grows e-fold [h].
        freshness: what age leaves [0..1].
    Source: assumed.
    """
    if value <= mark or value <= 0.0:
        return 0.0
    left: float = 1.0 - (mark / value) ** power
    return impressions / pace_h * left * freshness
