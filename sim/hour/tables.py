"""A finished run as tables: what is counted, by hour, video, account, link and decision (E1).

Takes a run; gives polars frames and the summary of the contract. Does not write files.
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.hour.run import Run, fans_inside
from sim.interrupts import deferred
from sim.language.vocabulary import COSTS, COUNTS, SALES
from sim.platform import logged as at
from sim.platform.hits import hits_of
from sim.platform.protocol import DECISIONS, REASONS, RUNNING, TRICKLING
from sim.results import digest_of
from sim.world.board import FOLLOWS, IMPRESSIONS, REACHED
from sim.world.ties import overlap

RATED = ("completions", "likes", "comments", "shares", "follows", "visits")


def _hourly(run: Run) -> pl.DataFrame:
    accounts, origins, counts = run.last_tally.shape
    hours = np.repeat(np.arange(len(run.hourly)), [places.size for places, _ in run.hourly])
    places = np.concatenate([p for p, _ in run.hourly] or [np.zeros(0, np.int64)])
    values = np.concatenate([c for _, c in run.hourly] or [np.zeros(0, np.int64)])
    row_of = hours * accounts * origins + places // counts  # ascending, as hours and their places are
    first = np.diff(row_of, prepend=-1) > 0
    rows = row_of[first]
    dense = np.zeros((rows.size, counts), np.int64)
    dense[np.cumsum(first) - 1, places % counts] = values
    names = np.array([a.id for a in run.accounts.rows], object)
    return pl.DataFrame(
        {
            "hour": rows // (accounts * origins),
            "account": names[rows // origins % accounts].tolist(),
            "origin": np.array(run.accounts.origins, object)[rows % origins].tolist(),
            **{name: dense[:, k] for k, name in enumerate(COUNTS)},
        },
        schema={
            "hour": pl.Int64,
            "account": pl.String,
            "origin": pl.String,
            **dict.fromkeys(COUNTS, pl.Int64),
        },
    )


def _video_names(run: Run, index: NDArray[np.int64]) -> dict[str, list[Any]]:
    rows, videos = run.accounts.rows, run.videos.rows[index]
    return {
        "account": [rows[a].id for a in videos["author"]],
        "planned_by": [rows[a].id for a in videos["planner"]],
        "post_number": videos["number"].tolist(),
    }


_VIDEO_SCHEMA = {"account": pl.String, "planned_by": pl.String, "post_number": pl.Int64}


def _stop_reason(status: int, reason: int) -> str:
    return "running" if status == RUNNING else REASONS[reason]


def _videos(run: Run) -> pl.DataFrame:
    state, tally = run.platform.state, run.responder.tally().videos
    counts = tally.sum(axis=1)
    views = np.where(counts[:, IMPRESSIONS] > 0, counts[:, IMPRESSIONS], np.nan)
    index = np.arange(run.videos.size)
    status, reason = state["status"], state["reason"]
    return pl.DataFrame(
        {
            **_video_names(run, index),
            "published_hour": run.videos.rows["hour"],
            "pool": state["pool"] + 1,
            "stop_reason": list(map(_stop_reason, status.tolist(), reason.tolist())),
            "still_shown": np.isin(status, (RUNNING, TRICKLING)).astype(np.int64),
            "outside_impressions": state["outside"] + run.marks["outside"],
            **{name: counts[:, k] for k, name in enumerate(COUNTS)},
            **{f"{name.removesuffix('s')}_rate": counts[:, COUNTS.index(name)] / views for name in RATED},
        },
        schema_overrides=_VIDEO_SCHEMA,
        nan_to_null=True,  # the rates of what was shown to nobody
    )


def _accounts(run: Run) -> pl.DataFrame:
    rows, tally = run.accounts.rows, run.responder.tally().accounts.sum(axis=1)
    posts = np.bincount(run.videos.rows["author"], minlength=len(rows))
    cost = run.ledger.by_account(COSTS)
    return pl.DataFrame(
        {
            "account": [a.id for a in rows],
            "role": [a.role for a in rows],
            "tier": [a.tier or "" for a in rows],
            "posts": posts,
            "fans_start": np.array(fans_inside(run.scenario, run.accounts), np.int64),
            "fans_end": run.responder.fans(),
            "reach": run.responder.reach_by_account(),
            **{name: tally[:, k] for k, name in enumerate(COUNTS)},
            "unfollows": run.unfollows,
            "link_actions": run.link_actions,
            "cost_cny": cost / 100,
            "luck_dex": run.luck_dex,
        }
    )


def _flows(run: Run) -> pl.DataFrame:
    edges, flows = run.accounts.edges, run.responder.tally().flows
    return pl.DataFrame(
        {
            "from": [e.source for e in edges],
            "to": [e.target for e in edges],
            "channel": [e.channel for e in edges],
            **{name: flows[: len(edges), k] for k, name in enumerate(("visits", "impressions", "follows"))},
        },
        schema_overrides={"from": pl.String, "to": pl.String, "channel": pl.String},
    )


def _promotions(run: Run) -> pl.DataFrame:
    log = run.platform.decisions()
    whole = {
        name: log[:, k].astype(np.int64)
        for k, name in enumerate(at.COLUMNS)
        if name not in ("score", "threshold")
    }
    base = log[:, at.FOLLOWABLE]
    counted = ("impressions", "completions", "likes", "comments", "shares", "follows")
    return pl.DataFrame(
        {
            **_video_names(run, whole["video"]),
            "hour": whole["hour"],
            "pool": whole["pool"] + 1,
            "score": log[:, at.SCORE],
            "threshold": log[:, at.MARK],
            "decision": [DECISIONS[d] for d in whole["decision"]],
            "reason": [REASONS[r] for r in whole["reason"]],
            **{name: whole[name] for name in counted},
            "follow_rate": whole["follows"] / np.where(base > 0, base, np.nan),
        },
        schema_overrides={**_VIDEO_SCHEMA, "decision": pl.String, "reason": pl.String},
        nan_to_null=True,  # the rate of what nobody was shown who could follow
    )


@deferred()
def tables_of(run: Run) -> dict[str, pl.DataFrame]:
    """The tables of a run so far; `measures` only where anything stands in it."""
    names = [a.id for a in run.accounts.rows]
    measures = run.counts.table(names)
    return {
        "hourly": _hourly(run),
        "videos": _videos(run),
        "accounts": _accounts(run),
        "flows": _flows(run),
        "promotions": _promotions(run),
        "money": run.ledger.table(names),
        **({} if measures.is_empty() else {"measures": measures}),
    }


@deferred()
def overlap_of(run: Run) -> pl.DataFrame:
    """Jaccard overlap of the people reached, account by account (M3; columns engine)."""
    names = [a.id for a in run.accounts.rows]
    return pl.DataFrame({"account": names, **dict(zip(names, overlap(run.board.reached).T, strict=True))})


@deferred()
def both_of(run: Run, most: int) -> pl.DataFrame:
    """People who saw two accounts: each of the brand's with each creator, or with each other where none.

    Args:
        run: after its last hour.
        most: accounts on either side, those with the largest reach.
    Returns:
        account, other, reach and other_reach (people who saw the one, the other), both.
    """
    names, own = [a.id for a in run.accounts.rows], run.accounts.own
    paid = np.array([a.role == "creator" for a in run.accounts.rows])
    reach = run.responder.reach_by_account()
    ranked = np.argsort(-reach, kind="stable")
    brand, others = (np.sort(ranked[side[ranked]][:most]) for side in (own, paid))
    bits = run.board.reached
    rows = [
        (names[a], names[o], int(reach[a]), int(reach[o]), int(np.bitwise_count(bits[a] & bits[o]).sum()))
        for a in brand.tolist()
        for o in (others if others.size else brand).tolist()
    ]
    schema = dict.fromkeys(("account", "other"), pl.String) | dict.fromkeys(
        ("reach", "other_reach", "both"), pl.Int64
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


@deferred()
def summary_of(run: Run) -> dict[str, Any]:
    """The counts of summary.json, without timings and digest."""
    tally = run.responder.tally()
    totals = {name: int(n) for name, n in zip(COUNTS, tally.accounts.sum(axis=(0, 1)), strict=True)}
    cost, gmv = run.ledger.total(COSTS), run.ledger.total(SALES)
    own, brand = run.accounts.own, run.scenario.brand
    fans = int(tally.accounts[own, :, FOLLOWS].sum() - run.unfollows[own].sum())
    hits = hits_of(run)
    return {
        **totals,
        "outside_impressions": int(run.platform.state["outside"].sum() + run.marks["outside"].sum()),
        "reach": int(tally.flows[-1, REACHED]),
        "unfollows": int(run.unfollows.sum()),
        "new_fans": fans,
        "gmv_cny": gmv / 100,
        "cost_cny": cost / 100,
        "profit_cny": (round(gmv * brand.margin_share + 100 * brand.fan_value_cny * fans) - cost) / 100,
        "roi": gmv / cost if cost else None,
        "hit_videos": hits.videos,
        "hit_rate": hits.videos / hits.of if hits.of else None,
        "hit_mark": hits.mark,
        "breakout_videos": hits.breakouts,
        "matrix_gain": None,
        "users": run.population.users.size,
        "hours": run.hour,
        "seed": run.seed,
        **{key: value for mechanism in run.mechanisms for key, value in mechanism.summary(run).items()},
    }


@deferred()
def digested(run: Run) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """Tables and summary, the digest in it."""
    tables, summary = tables_of(run), summary_of(run)
    return tables, {**summary, "digest": digest_of(tables, summary)}
