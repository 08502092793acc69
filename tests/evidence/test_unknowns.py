"""What is said of what nobody knows holds as often as it says: luck of accounts, worth of knowing, forecasts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product

import numpy as np
import polars as pl
import pytest

from sim.analysis.account_luck import Spreads
from sim.analysis.shares import wilson
from sim.analysis.worth_knowing import BY_CHANCE, worth_knowing
from sim.experiment.replicate import Job, replicate
from sim.forecast.predict import forecast
from sim.forecast.score import scored
from sim.scenario.schema import Scenario
from tests.analysis.test_account_luck import told, world
from tests.analysis.test_worth_knowing import draws, of, worth_of_line

pytestmark = pytest.mark.evidence
Section = Callable[[str, str], None]

WORLDS = 200
DESIGNS = {"4 of 8": [8] * 4, "6 of 3 to 40": [3, 5, 10, 20, 40, 6], "12 of 15": [15] * 12}
SPREADS = (0.15, 0.35, 0.6)
AGAIN = 60
"""Worlds in which the posts that are to tell are made."""
KNOWN = ((0.2, 0.0), (0.0, 0.0), (0.2, 1.0), (0.2, 2.0), (1.0, 2.5))
DRAWS = (64, 128)
TIMES = 100
MONTHS = 60


def share(count: int, of_all: int) -> str:
    low, high = wilson(count, of_all)
    return f"{count / max(of_all, 1):.1%} ({low:.1%} to {high:.1%})"


@pytest.mark.system("M10")
def test_luck_of_accounts_lies_within_its_intervals(section: Section) -> None:
    prior = Spreads(0.35, 0.5, 0.1, 0.07, heat=0.2)
    rng = np.random.default_rng(21)
    rows, covered = [], {}
    for (name, posts), spread in product(DESIGNS.items(), SPREADS):
        held = cases = named = wrong = 0
        for _ in range(WORLDS):
            case = world(rng, posts, spread, heat=0.2)
            truth = case.luck - case.luck.mean()
            for row, true in zip(told(case, prior).accounts, truth, strict=True):
                held += row.low <= true <= row.high
                sided = row.low > 0 or row.high < 0
                named += sided
                wrong += sided and (true > 0) != (row.low > 0)
                cases += 1
        covered[name, spread] = held / cases
        rows.append(f"| {name} | {spread} | {share(held, cases)} | {named / cases:.0%} | {wrong}/{named} |")
    kept = promised = 0
    for _ in range(AGAIN):
        posts = [10] * 5
        spread = 0.35 * np.exp(rng.normal(0, 0.5))
        case = world(rng, posts, spread, heat=0.0)
        found = told(case, prior._replace(heat=0.0))
        for a, row in enumerate(found.accounts):
            if not row.to_tell or row.to_tell > 100:
                continue
            more = row.to_tell
            account = np.repeat(np.arange(5), more)
            seen = rng.normal(0, 1, account.size)
            logs = (
                3 + np.array([row.luck for row in found.accounts])[account] + 0.1 * np.log10(1 + case.fans)[account] + 0.2 * seen
                + rng.normal(0, 0.5, account.size)
            )  # fmt: skip
            later = case._replace(
                views=np.concatenate([case.views, 10**logs - 1]),
                account=np.concatenate([case.account, account]),
                day=np.concatenate([case.day, np.full(account.size, 99.0)]),
                seen=np.concatenate([case.seen, seen[:, None]]),
            )
            own = told(later, prior._replace(heat=0.0)).accounts[a]
            kept += own.low > 0 or own.high < 0
            promised += 1
    section(
        "Luck of accounts: intervals, and the videos that tell",
        f"""Accounts with luck of a given spread [dex], fans (power 0.1), a content that can be seen and heat of 0.2 dex; within an
account posts spread by 0.5 dex. Prior: 0.35 dex. {WORLDS} worlds a row; share of accounts whose true luck lies within its 90 %
interval; share that is told to lie below or above its peers, and how many of those lie on the other side.

| accounts of posts | spread | within | told | wrong side |
| --- | --- | --- | --- | --- |
{chr(10).join(rows)}

Over all spreads {np.mean(list(covered.values())):.1%} lie within. Where accounts differ by far less, or more, than the scenario says and
are few, intervals lean to the prior's side.

*Videos more to tell*: {AGAIN} worlds of five accounts of ten posts, luck spread about the scenario's. Where the answer was 1 to 100 videos, so many were made
by accounts that are what they were told to be, and the account was then set apart in {share(kept, promised)}; 90 % was promised.""",
    )
    assert min(covered.values()) > 0.8
    assert np.mean(list(covered.values())) == pytest.approx(0.9, abs=0.04)
    assert kept / promised > 0.8


def test_worth_of_knowing_is_neither_promised_of_noise_nor_missed(section: Section) -> None:
    rows, false = [], []
    for count, (ahead, slope) in product(DRAWS, KNOWN):
        gains, held, seen, other = [], 0, 0, 0
        exact = worth_of_line(ahead, slope) if slope else 0.0
        for seed in range(TIMES):
            found = worth_knowing(*draws(count, 1_000 + seed, ahead, slope))
            own = of(found, 3)
            gains.append(own.gain)
            held += own.low <= exact <= own.high
            seen += own.by_chance <= BY_CHANCE
            other += any(row.by_chance <= BY_CHANCE for row in found if row.assumption != 3)
        false.append(other / TIMES)
        rows.append(
            f"| {count} | {ahead} | {slope} | {exact:.4f} | {np.mean(gains):.4f} | {held / TIMES:.0%} | "
            f"{seen / TIMES:.0%} | {other / TIMES:.0%} |"
        )
    section(
        "Worth of knowing an assumption: bias, intervals, false alarms",
        f"""Two variants; the second is ahead by a line in one of 12 assumptions, with noise of 1 a draw. {TIMES} sets of draws a row. 'Told': chance of
noise at most {BY_CHANCE:.0%} over all assumptions; 'false': told of one of the other eleven.

| draws | ahead | slope | worth | told on average | 90 % interval holds it | told | false |
| --- | --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(rows)}""",
    )
    assert np.mean(false) <= 0.07


def test_a_forecast_of_its_own_scenario_covers_what_it_says(section: Section) -> None:
    plan = Scenario.load("classroom").with_values({"run.hours": 72, "audience.users": 8_000})
    day = date.fromisoformat("2026-11-01")
    made = forecast(plan, day, seeds=64, now=datetime(2026, 10, 1, tzinfo=UTC)) | {"seal": ""}
    rows = []
    start = datetime.fromisoformat("2026-11-01")
    for job, result in replicate([Job(0, plan, 10_000 + k) for k in range(MONTHS)], want="result"):
        for account, hour, inside, outside in result.videos.select(
            "account", "published_hour", "impressions", "outside_impressions"
        ).iter_rows():
            rows.append((account, job.seed, start + timedelta(hours=hour), inside + outside))
    table = pl.DataFrame(rows, schema=["account", "video_id", "published_at", "plays"], orient="row")
    found = scored(
        made, table.sort("video_id", "account", "published_at"), now=datetime(2026, 12, 1, tzinfo=UTC)
    )
    told_rows = "\n".join(
        f"| {row['level']:.0%} | {row['share']:.1%} ({row['low']:.1%} to {row['high']:.1%}) |"
        for row in found["coverage"]
    )
    section(
        "A forecast scored on runs of its own scenario",
        f"""`classroom`, 72 h, 8,000 people: a forecast of 64 runs, scored on the {found["videos"]["scored"]:,} posts of {MONTHS} further
seeds (exact intervals, as if posts were independent).

| interval | held |
| --- | --- |
{told_rows}

CRPS {found["crps_dex"]:.3f} (log10 of views). A real month is not drawn from the scenario: this shows that the ledger counts right, not that the scenario is true.""",
    )
    for row in found["coverage"]:
        assert row["share"] == pytest.approx(row["level"], abs=0.06)
