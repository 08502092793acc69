"""A small world for calibration: the videos of a sample go through the platform model, without people.

Takes a sample's accounts and fans, and a scenario; gives the views of as many videos. The platform is the
real one (sim/platform), responses come in number, each video at its own rates, as for the category's videos
(platform/hits.py). Under one seed every draw is the same whatever the keys are (common random numbers): keys
are compared on one luck.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration.sample import Sample
from sim.interrupts import deferred
from sim.language.vocabulary import COUNTS
from sim.mechanisms.dilution import by_reach
from sim.platform.hits import respond_in_kind
from sim.platform.models import platform_of
from sim.platform.protocol import Standing, standing_of
from sim.rules.engagement import ACTIONS
from sim.rules.luck import factor_dex
from sim.rules.pools import SCORED
from sim.scenario.schema import Scenario
from sim.world.accounts import build_accounts
from sim.world.board import IMPRESSIONS
from sim.world.offers import WINDOW
from sim.world.posts import MOST
from sim.world.videos import VIDEO, Videos

Floats = NDArray[np.float64]

AGE_H = 7 * 24
"""Age at which simulated videos are held against real ones [h]: later views add a tenth and less (growth
pairs: ×1.13 in 11 days from the second week on)."""
_PEOPLE = 10**11  # no audience runs out and no queue forms: of these, views alone say nothing
_SAFE_FANS = 10**11


class Shown(NamedTuple):
    """V videos, as they have fared."""

    views: Floats
    """(V,) [≥ 1]"""
    hits: Floats
    """(V, 5) completions, likes, comments, shares, follows"""


class World:
    """The videos of a sample, ready to be shown under any keys.

    Args:
        sample: whose accounts, fans and dates are taken; fans that are not known are 0.
        scenario: for plug-ins that it names.
        own: whether the accounts are the brand's own, whose first pool grows with `own_fan_power`.
    """

    def __init__(self, sample: Sample, scenario: Scenario, *, own: bool = False) -> None:
        self.account, self.own = sample.account, own
        fans = np.nan_to_num(sample.fans, nan=0.0).clip(0, _SAFE_FANS).astype(np.int64)
        rows = [
            {"id": f"{k:05}", "role": "creator", "tier": "amateur", "fans": int(n), "audience_fit": 0.0}
            for k, n in enumerate(fans)
        ]
        plugged = {name: table.model_dump() for name, table in scenario.plugged.items()}
        main = {"id": "main", "role": "main", "posts_per_day": 0.0}
        self._scenario = Scenario.from_dict(
            {"name": "calibration", "accounts": [main, *rows], "links": {"layout": "none"}, **plugged}
        )
        people = self._scenario.audience.model_copy(update={"users": _PEOPLE, "category_share": 1.0})
        self._scenario = self._scenario.model_copy(update={"audience": people})
        self._accounts = build_accounts(self._scenario)
        self._inside = np.array([0, *fans], np.int64)
        self._accounts = self._accounts._replace(fit=np.full(self._inside.size, 1 << 32, np.int64))
        self._commercial = self._scenario.seeding.market.commercial_factor

    def views(self, scenario: Scenario, seed: int) -> Floats:
        """(V,) views of the videos a week after they came out, at least 1; arguments as of `shown`."""
        return self.shown(scenario, seed).views

    @deferred()
    def shown(self, scenario: Scenario, seed: int) -> Shown:
        """The videos a week after they came out.

        Args:
            scenario: whose platform and content hold.
            seed: which luck; of rates, accounts, and of all that the platform draws.
        """
        platform, content = scenario.platform, scenario.content
        rng = np.random.default_rng(seed)
        number = self.account.size
        rows = np.zeros(number, VIDEO)
        rows["key"] = rng.integers(0, 2**63, number)
        rows["author"] = rows["planner"] = rows["maker"] = 1 + self.account
        base = np.uint64(rng.integers(0, 2**63))
        rates = self._rates(content, rng)
        luck = rng.standard_normal(self._inside.size - 1)[self.account]
        heat = rng.standard_normal(number)
        dex = _dex(luck, platform.account_luck_sd) + _dex(heat, platform.account_heat_sd)
        first = 10.0**dex / self._commercial
        if self.own:
            platform = platform.model_copy(update={"creator_fan_power": platform.own_fan_power})
        world = self._scenario.model_copy(update={"platform": platform, "content": content})
        videos = Videos()
        model = platform_of(world, self._accounts, videos)
        videos.append(rows)
        ones = standing_of((), number)
        model.open(self._inside, Standing(first, ones.mark, ones.quota_factor))
        counts, passed = np.zeros((number, len(COUNTS) + 1), np.int64), np.zeros(number, np.int64)
        for hour in range(AGE_H):
            shown, to_fans = np.zeros((2, number), np.int64)
            for offer in model.allocate(hour, ones):
                window = offer["kind"] == WINDOW
                whole = offer["quota"].astype(np.int64)
                width = (offer["high"] - offer["low"])[window].astype(np.float64) / 2.0**32
                whole[window] = np.floor(self._inside[offer["whose"][window]] * width)
                np.add.at(shown, offer["video"], whole)
                np.add.at(to_fans, offer["video"][window], whole[window])
            respond_in_kind(counts, rates, shown, to_fans, base, hour)
            counts[:, -1] += shown - to_fans
            model.judge(hour, counts, ones, passed)
        found: Any = counts[:, IMPRESSIONS] + model.state["outside"]
        # The platform judges at like reach: what reach makes of likes and comments is laid on after it.
        views = np.maximum(found, 1).astype(np.float64)
        reach = by_reach(scenario.dilution, np.zeros(number), views)[:, :SCORED]
        return Shown(views, np.minimum(counts[:, 1 : 1 + SCORED] * reach, views[:, None]))

    def _rates(self, content: Any, rng: np.random.Generator) -> Floats:
        """(V, 5) rates: two axes, each in part the account's own and in part the video's."""
        spread, accounts = content.spread, self._inside.size - 1
        within = spread.within_account
        of_account = rng.standard_normal((accounts, SCORED + 1))[self.account]
        of_video = rng.standard_normal((self.account.size, SCORED + 1))
        z = np.sqrt(1 - within) * of_account + np.sqrt(within) * of_video
        rates = np.empty((self.account.size, SCORED))
        for k, action in enumerate(ACTIONS[:SCORED]):
            shared = 0.0 if action == "completion" else spread.engagement_correlation
            common, own = np.sqrt(shared) * z[:, 0], np.sqrt(1 - shared) * z[:, 1 + k]
            rates[:, k] = getattr(content.rates, action) * 10.0 ** (getattr(spread, action) * (common + own))
        return np.minimum(rates, MOST)


def _dex(z: Floats, sd: float) -> Floats:
    """`factor_dex` of many."""
    return np.asarray(sd * z + factor_dex(0.0, sd))
