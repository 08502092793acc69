"""The feed in mesa-frames 0.1: agents as rows of Polars frames, an hour as frame expressions.

Runs in an environment of its own (apart.py).
"""

import time
from typing import Any

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from benchmarks.peers import feed

WORK = f"{feed.WORK}; whole frames"
_TASTES = [f"taste_{t}" for t in range(feed.TOPICS)]
_SUBJECTS = [f"subject_{t}" for t in range(feed.TOPICS)]


class Videos(AgentSetPolars):
    """Videos on their way through the pools."""

    _agents: pl.DataFrame

    def __init__(self, model: "Feed", start: feed.World) -> None:
        super().__init__(model)
        zero = pl.lit(0, pl.Int64)
        frame = pl.DataFrame(
            {
                "unique_id": np.arange(feed.VIDEOS),
                "account": start.account,
                **{name: start.subjects[:, t] for t, name in enumerate(_SUBJECTS)},
            }
        )
        counts = ("pool", "shown", "shown_before", "finished_before", *feed.ACTIONS)
        self.add(frame.with_columns([zero.alias(c) for c in counts]))

    def judge(self, gates: list[int]) -> None:
        """Moves up, leaves, or waits."""
        pool, gate = pl.col("pool"), pl.col("pool").replace_strict(dict(enumerate(gates)), default=1 << 60)
        shown = pl.col("shown") - pl.col("shown_before")
        finished = pl.col("completion") - pl.col("finished_before")
        due = (pool >= 0) & (shown >= gate)
        up = finished >= feed.PASS_RATE * shown
        self._agents = self._agents.with_columns(
            pl.when(due & up).then(pool + 1).when(due).then(-1).otherwise(pool).alias("pool"),
            pl.when(due).then(pl.col("shown")).otherwise(pl.col("shown_before")).alias("shown_before"),
            pl.when(due)
            .then(pl.col("completion"))
            .otherwise(pl.col("finished_before"))
            .alias("finished_before"),
        )

    def step(self) -> None:
        """Judged by the model."""


class People(AgentSetPolars):
    """People with tastes."""

    def __init__(self, model: "Feed", start: feed.World) -> None:
        super().__init__(model)
        ids = np.arange(feed.VIDEOS, feed.VIDEOS + len(start.tastes))
        self.add(pl.DataFrame({"unique_id": ids, **{n: start.tastes[:, t] for t, n in enumerate(_TASTES)}}))

    def step(self) -> None:
        """Everybody is offered candidates, sees the best, responds."""
        model: Any = self.model
        rng, videos = model.generator, model.videos._agents
        people = len(self._agents)
        rows = people * feed.CANDIDATES
        live = np.flatnonzero(videos["pool"].to_numpy() >= 0)
        live = live if live.size else np.arange(feed.VIDEOS)
        of_pool = [live[videos["pool"].to_numpy()[live] == p] for p in range(len(feed.POOL_SHARE))]
        of_pool = [p if p.size else live for p in of_pool]
        size = np.array([p.size for p in of_pool])
        pool = np.searchsorted(np.cumsum(feed.POOL_SHARE)[:-1], rng.random(rows, np.float32))
        at = (np.cumsum(size) - size)[pool] + (rng.random(rows, np.float32) * size[pool]).astype(np.int64)
        person = pl.Series("person", np.repeat(np.arange(people, dtype=np.uint32), feed.CANDIDATES))
        video = pl.Series("video", np.concatenate(of_pool)[at].astype(np.uint32))
        match = pl.sum_horizontal([pl.col(a) * pl.col(b) for a, b in zip(_TASTES, _SUBJECTS, strict=True)])
        bonus = pl.col("pool").replace_strict(dict(enumerate(feed.POOL_BONUS)), default=0.0)
        offered = pl.concat(
            [
                pl.DataFrame([person, video]),
                self._agents.select(_TASTES)[person],
                videos.select("account", "pool", *_SUBJECTS)[video],
            ],
            how="horizontal",
        ).select("person", "video", "account", match=match, score=match + bonus)
        seen = offered.filter(pl.col("score").rank("ordinal", descending=True).over("person") <= feed.SHOWN)
        draws = pl.DataFrame({a: rng.random(len(seen), np.float32) for a in feed.ACTIONS})
        seen = pl.concat(
            [seen.select("person", "video", "account", "match"), draws], how="horizontal"
        ).with_columns(
            pl.col(a) < base + slope * pl.col("match")
            for a, base, slope in zip(feed.ACTIONS, feed.BASE, feed.SLOPE, strict=True)
        )
        more = seen.group_by("video").agg(pl.len().alias("shown"), *[pl.col(a).sum() for a in feed.ACTIONS])
        numbered = pl.DataFrame({"video": pl.arange(len(videos), eager=True, dtype=pl.UInt32)})
        full = numbered.join(more, on="video", how="left", maintain_order="left").fill_null(0)
        model.videos._agents = videos.with_columns(
            [videos[c] + full[c].cast(pl.Int64) for c in ("shown", *feed.ACTIONS)]
        )
        model.follows.append(seen.filter("follow").select("person", "account"))


class Feed(ModelDF):
    """People and videos."""

    def __init__(self, users: int, seed: int) -> None:
        super().__init__(seed)
        self.generator = np.random.default_rng(seed)
        self.follows: list[pl.DataFrame] = []
        start = feed.world(users, seed)
        self.agents += Videos(self, start)
        self.agents += People(self, start)
        for kept in self.agents._agentsets:  # the registry keeps copies
            if isinstance(kept, Videos):
                self.videos = kept
            else:
                self.people = kept
        self.gates = list(feed.gates(users))

    def step(self) -> None:
        """One hour."""
        self.people.step()
        self.videos.judge(self.gates)


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    started = time.perf_counter()
    model = Feed(users, seed)
    for _ in range(hours):
        model.step()
    pl.concat(model.follows).unique()
    seconds = time.perf_counter() - started
    totals = model.videos._agents.select("shown", *feed.ACTIONS).sum().row(0)
    return feed.Done(
        totals[0], seconds, {a: n / totals[0] for a, n in zip(feed.ACTIONS, totals[1:], strict=True)}
    )


if __name__ == "__main__":
    feed.tell(run, "mesa-frames", WORK)
