"""What luck makes of the creators who were booked: who never posts, who draws more than expected (K7).

Takes a scenario, its accounts and a seed; gives one draw a creator. What is known of a creator beforehand is
the market's (sim/scenario/creators.py).
"""

import numpy as np
from numpy.typing import NDArray

from sim.rules.addresses import BOOKED
from sim.rules.draws import low32, name_key, normal, root_key, subkey, threshold
from sim.rules.luck import factor_dex
from sim.rules.status import accepts
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts

POSTS, PULL = 0, 1


def absent(scenario: Scenario, accounts: Accounts, seed: int) -> NDArray[np.bool_]:
    """(A,) creators who were asked and never post: they do not accept, or do not keep it."""
    found, market = np.zeros(len(accounts.rows), bool), scenario.seeding.market
    if market.no_show_share or market.status_power:
        largest = max(account.fans for account in scenario.accounts if account.role != "creator")
        for k in np.flatnonzero(accounts.seeded).tolist():
            comes = accepts(largest, accounts.rows[k].fans, market.status_power)
            most = threshold(1 - comes * (1 - market.no_show_share) if comes < 1 else market.no_show_share)
            found[k] = int(low32(subkey(_own(accounts, k, seed), POSTS))) < most
    return found


def pull_beyond(scenario: Scenario, accounts: Accounts, seed: int) -> NDArray[np.float64]:
    """(A,) factor of a booked creator's pull over the estimate: log-normal, mean 1, as no plan knows it."""
    found, sd = np.ones(len(accounts.rows)), scenario.seeding.market.pull()[2]
    if sd:
        for k in np.flatnonzero(accounts.seeded).tolist():
            z = normal(subkey(_own(accounts, k, seed), PULL))
            found[k] = 10.0 ** factor_dex(z, sd)
    return found


def _own(accounts: Accounts, k: int, seed: int) -> np.uint64:
    account = accounts.rows[k]
    return subkey(root_key(seed, BOOKED), name_key(account.id))
