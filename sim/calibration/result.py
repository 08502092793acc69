"""A calibration as a whole: from a table of videos and a scenario to fitted keys and a scenario with them.

Takes both; gives rows, the fitted scenario, and its text, in which each fitted key says its interval. Reads
and writes no files. No name of an account gets into what is written, unless the scenario has it already.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from sim.analysis.account_luck import FEWEST_ACCOUNTS, account_lucks, prior_of
from sim.analysis.spreads import Parts
from sim.calibration import fits
from sim.calibration.fits import Fit
from sim.calibration.rates import rate_fits
from sim.calibration.sample import Sample, only, sample_of
from sim.calibration.summaries import design_of
from sim.calibration.views import FULL, Clock, Effort, ViewsFit, fit_views
from sim.language.words import Language, Words
from sim.scenario.reference import listed
from sim.scenario.schema import Scenario
from sim.scenario.toml_text import toml_text, toml_value

Floats = NDArray[np.float64]

SECONDS = 150.0
"""That the simulations of a fit may take, unless said (chosen)."""
LEAST_POSTS = 5
"""Posts of an account of the scenario from which its weight is fitted (chosen)."""
MOST_PEERS = 100
"""Other accounts that an account's weight is told against (chosen)."""
MOST_WEIGHT = 20.0
"""That an account of a scenario may have."""
WEIGHT_SD = 0.5
"""sd beforehand of log10 of an account's weight [dex] (measured: account means spread by 0.43-0.72 dex)."""
PSEUDONYM = "account {number}"
_SDS = float(special.ndtri(fits.ENDS[1]))
"""Of a normal, from its middle to the end of an interval."""
_TITLE = re.compile(r"\[(?P<name>[^\[\]]+)\]")
_LINE = re.compile(r"(?P<name>[A-Za-z0-9_-]+) = ")


class Calibration(NamedTuple):
    """What data say of a scenario."""

    scenario: Scenario
    """before"""
    fitted: Scenario
    """with what is identified in place"""
    rows: tuple[Fit, ...]
    sample: Sample
    parts: Parts
    """of log10 of the real views: slope on fans, spread between and within accounts [dex]"""
    views: ViewsFit
    seed: int
    seconds: float
    complete: bool
    """whether no simulation was left out for lack of time"""
    interrupted: bool

    def as_dict(self) -> dict[str, Any]:
        """For a JSON document; names no account that the scenario does not."""
        got = self.views.matched
        return {
            "scenario": self.scenario.name,
            "videos": int(self.sample.views.size), "accounts": len(self.sample.names),
            "rows_left_out": self.sample.left_out, "base": self.sample.base,
            "mean_log10_views": self.parts.mean, "slope_on_fans": self.parts.slope,
            "between_accounts_dex": float(self.parts.between),
            "within_accounts_dex": float(self.parts.within),
            "level": fits.LEVEL, "keys": [row.as_dict() for row in self.rows],
            "simulations": 0 if got is None else got.simulations, "complete": self.complete,
            "distance": None if got is None or not np.isfinite(got.distance) else got.distance,
            "unfit": self.views.unfit, "seed": self.seed, "seconds": round(self.seconds, 1),
        }  # fmt: skip

    def to_toml(self, language: Language = "en") -> str:
        """The fitted scenario as a text: behind each fitted key its interval, at the top what is not told."""
        words = Words(language)
        notes = {row.key: note(row, words) for row in self.rows if row.identified}
        head = [
            words(
                "Fitted to {videos:,} videos of {accounts:,} accounts (views: {base}); seed {seed}, "
                "{done} simulations.",
                videos=self.sample.views.size, accounts=len(self.sample.names), base=self.sample.base,
                seed=self.seed, done=0 if self.views.matched is None else self.views.matched.simulations,
            ),
            words("Intervals hold {level:.0%}. Not identified, and left as they were:", level=fits.LEVEL),
            *(f"- {row.key}: {words(row.why)}" for row in self.rows if not row.identified),
        ]  # fmt: skip
        return (
            "".join(f"# {line}\n" for line in head) + "\n" + noted(toml_text(self.fitted.model_dump()), notes)
        )


def note(row: Fit, words: Words) -> str:
    """What stands behind a fitted key."""
    return words(
        "fitted to your data: {low} … {high}, before {before}",
        low=spelt(row.low), high=spelt(row.high), before=spelt(row.before),
    )  # fmt: skip


def spelt(value: Any) -> str:
    """A value as TOML has it; of a list its ends.

    Example:
        >>> spelt((200, 3000, 13500)), spelt(0.5)
        ('[200 … 13500]', '0.5')
    """
    if isinstance(value, tuple | list):
        return f"[{toml_value(value[0])} … {toml_value(value[-1])}]"
    return "–" if value is None else toml_value(value)


def noted(text: str, notes: Mapping[str, str]) -> str:
    r"""A text of `toml_text` with a comment behind each key that has a note; accounts go by their number.

    Example:
        >>> print(noted("[run]\nhours = 24\n", {"run.hours": "why"}), end="")
        [run]
        hours = 24  # why
    """
    lines, path, number = [], "", -1
    for line in text.split("\n"):
        if line.startswith("[["):
            name = line.strip("[]")
            number = number + 1 if path.startswith(f"{name}.") else 0
            path = f"{name}.{number}."
        elif title := _TITLE.fullmatch(line):
            path = f"{title['name']}."
        key = f"{path}{found['name']}" if (found := _LINE.match(line)) else ""
        lines.append(f"{line}  # {notes[key]}" if key in notes else line)
    return "\n".join(lines)


def calibrate(
    scenario: Scenario,
    videos: pl.DataFrame,
    *,
    seed: int = 1,
    seconds: float = SECONDS,
    progress: Callable[[int, int], None] | None = None,
    effort: Effort = FULL,
) -> Calibration:
    """Fits a scenario to real videos.

    Args:
        scenario: whose values are held beforehand, and kept where the data say nothing.
        videos: account, published_at, plays or impressions, and what else is known; null = missing.
        seed: of every draw.
        seconds: that simulations may take.
        progress: called with (steps done, in all).
        effort: how many simulations, if there is time.
    Raises:
        UsageError: too few videos, or columns are missing.
    """
    began = time.perf_counter()
    sample, rng = sample_of(videos), np.random.default_rng(seed)
    steps, total = 0, len(sample.counts) + effort.most

    def tick() -> None:
        nonlocal steps
        steps += 1
        if progress:
            progress(min(steps, total), total)

    content = rate_fits(sample.at_like_reach(scenario.dilution), scenario.content, rng, tick)
    settled = with_rows(scenario, content)
    clock = Clock(seconds)
    views = fit_views(sample, settled, seed, clock, lambda _done, _total: tick(), effort)
    accounts = weights(scenario, sample)
    rows = (*content, *views.rows, *accounts)
    got = views.matched
    return Calibration(
        scenario, with_rows(scenario, rows), rows, sample, design_of(sample).parts(sample.log_views),
        views, seed, time.perf_counter() - began, got is None or got.finished, clock.interrupted,
    )  # fmt: skip


def with_rows(scenario: Scenario, rows: Sequence[Fit]) -> Scenario:
    """The scenario with what is identified in place, checked anew."""
    values = {row.key: row.value for row in rows if row.identified and row.is_key}
    known = {**scenario.fitted, **{key: listed(value) for key, value in values.items()}}
    return scenario.with_values({**values, "fitted": known}) if values else scenario


def weights(scenario: Scenario, sample: Sample) -> list[Fit]:
    """Rows of the weights of the scenario's accounts that are among the data, by name.

    An account's weight is its luck against the others (analysis/account_luck.py), of which those with the
    most videos stand for all; what content brings is in it.
    """
    number = {name: k for k, name in enumerate(sample.names)}
    mine = {
        number[account.id]: k
        for k, account in enumerate(scenario.accounts)
        if account.id in number and account.role != "creator"
    }
    if not mine or len(number) < FEWEST_ACCOUNTS:  # nobody, or there are no others
        return []
    posts = np.bincount(sample.account)
    others = [k for k in np.argsort(-posts, kind="stable").tolist() if k not in mine]
    chosen = np.sort([*mine, *others[:MOST_PEERS]])
    peers = only(sample, chosen)
    luck = account_lucks(
        peers.views - 1.0, peers.account, peers.day, peers.fans, np.zeros((peers.views.size, 0)),
        prior_of(scenario), fits.LEVEL,
    ).accounts  # fmt: skip
    found = []
    for place, k in mine.items():
        key, before = f"accounts.{k}.weight", scenario.accounts[k].weight
        if posts[place] < LEAST_POSTS:
            found.append(fits.absent(key, before, fits.WEAK, (sample.base,)))
            continue
        one = luck[int(np.searchsorted(chosen, place))]
        low, value, high = (fits.shown(min(MOST_WEIGHT, 10.0**dex)) for dex in (one.low, one.luck, one.high))
        share = (one.high - one.low) / (2.0 * _SDS * WEIGHT_SD)
        why = "" if share <= fits.MOST_SHARE else fits.WEAK
        found.append(Fit(key, before, value, low, high, round(share, 3), (sample.base,), why))
    return found


def pseudonymous(videos: pl.DataFrame) -> pl.DataFrame:
    """The videos, accounts numbered in the order of their first row and titles gone."""
    seen = videos.select(pl.col("account").unique(maintain_order=True).drop_nulls())["account"].to_list()
    names = {name: PSEUDONYM.format(number=k + 1) for k, name in enumerate(seen)}
    hidden = videos.with_columns(pl.col("account").replace_strict(names, default=None))
    return hidden.drop([name for name in ("title", "video_id") if name in hidden.columns])
