"""Measured effects by intervention, everything on: the study behind tests/systems/test_effects.py."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.systems.test_effects import FANS, SAME_DAY, accounts_means, luck_passed, of_fans, of_posts, panel

pytestmark = pytest.mark.evidence
ACCOUNTS = 120
SEEDS = range(1, 17)


@pytest.mark.system("P3", "P13", "M10")
def test_effects_by_intervention(section: Callable[[str, str], None]) -> None:
    fans = {ratio: of_fans(ACCOUNTS, SEEDS, ratio) for ratio in (2.0, 8.0)}
    posts = {ratio: of_posts(ACCOUNTS, SEEDS, ratio) for ratio in (2.0, 4.0)}
    on = panel(ACCOUNTS, fans=0)
    off = on.with_values({"platform.account_luck_sd": 0.0, "platform.account_heat_sd": 0.0})
    drawn, passed = luck_passed(on, SEEDS)
    lucky, plain = (accounts_means(s, SEEDS, log=False) for s in (on, off))
    ratio = lucky.mean() / plain.mean()
    error = ratio * float(np.hypot(*(x.std() / x.mean() / x.size**0.5 for x in (lucky, plain))))
    rows = [
        *((f"fans × {r:g}, elasticity of views", e, "0.05 to 0.30, mean 0.10") for r, e in fans.items()),
        *((f"posts a day × {r:g}, elasticity of views per post", e, "−0.08 and −0.40") for r, e in posts.items()),
        ("luck, dex of views a dex drawn", passed, "1 is what was set"),
    ]  # fmt: skip
    table = "\n".join(f"| {what} | {e.mean:.3f} ± {1.96 * e.error:.3f} | {told} |" for what, e, told in rows)
    section(
        "Set effects, met by intervention with everything on",
        f"""One thing is changed for {ACCOUNTS} brand accounts among {on.audience.users:,} people, and the total compared with
what was measured of it; {len(SEEDS)} seeds, paired by account and seed, 95 % intervals. Set: these are no predictions.

| what is changed | here | measured |
| --- | --- | --- |
{table}
| luck and heat on, mean views over off | {ratio:.2f} ± {1.96 * error:.2f} | 1 is what was set |

Luck of {drawn.size:,} new accounts: sd {drawn.std():.2f} dex. More than the first pool's own change arrives in views where a pool
gets small: it is then judged on few responses, of which one counts for no more than four times the usual.""",
    )
    assert all(FANS[0] - 2 * e.error < e.mean < FANS[1] + 2 * e.error for e in fans.values())
    assert all(SAME_DAY[0] - 2 * e.error < e.mean < SAME_DAY[1] + 2 * e.error for e in posts.values())
    assert abs(ratio - 1) < 3 * error
