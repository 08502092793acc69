"""What a class shows over several seeds, measured on its tables: visits over links, overlap, luck.

Gives every measure of every variant with intervals and a verdict, as comparison.json does. Loads numba.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sim.analysis.estimate import estimates, settled
from sim.analysis.paired import Limits, intervals
from sim.app.jobs.request import Measuring
from sim.experiment.size import refuse_too_large
from sim.hour.run import Run
from sim.hour.tables import summary_of, tables_of
from sim.language.vocabulary import possible
from sim.mechanisms.enforcement import VIOLATIONS
from sim.scenario.layouts import canonical_accounts
from sim.simulation import Simulation
from sim.world.ties import overlap

CONFIDENCE = 0.95
Tables = dict[str, pl.DataFrame]


def luck(run: Run, tables: Tables) -> float:
    """Impressions of the luckiest video over those of the middle one."""
    views = tables["videos"]["impressions"].to_numpy()
    return float(views.max() / max(float(np.median(views)), 1.0)) if views.size else 0.0


def link_visits(run: Run, tables: Tables) -> float:
    """Home-page visits that came over links."""
    return float(tables["flows"]["visits"].sum())


def visits_per_link(run: Run, tables: Tables) -> float:
    """Home-page visits over links by pair of linked accounts; 0 without links."""
    pairs = tables["flows"].select("from", "to").n_unique()
    return link_visits(run, tables) / pairs if pairs else 0.0


def main_follows(run: Run, tables: Tables) -> float:
    """New followers of the main account."""
    main = canonical_accounts(run.scenario)[0].id
    return float(tables["accounts"].filter(account=main)["follows"].sum())


def shared_reach(run: Run, tables: Tables) -> float:
    """Mean overlap (Jaccard) of the people reached over pairs of accounts; 0 for a single account."""
    pairs = overlap(run.board.reached)
    upper = pairs[np.triu_indices(len(pairs), 1)]
    return float(upper.mean()) if upper.size else 0.0


def violations(run: Run, tables: Tables) -> float:
    """Violations that the platform found, of all accounts."""
    return float(run.counts.by_account(VIOLATIONS).sum())


def _counted(key: str, run: Run, tables: Tables) -> float:
    return float(summary_of(run)[key])


MEASURES: dict[str, Callable[[Run, Tables], float]] = {
    "luck": luck, "link_visits": link_visits, "visits_per_link": visits_per_link,
    "main_follows": main_follows, "overlap": shared_reach,
    "violations": violations,
    **{key: partial(_counted, key) for key in ("reach", "visits", "follows", "orders")},
}  # fmt: skip
"""What is measured on a finished run."""


def measured(request: Measuring, folder: Path, tick: Callable[[int, int], None]) -> dict[str, Any]:
    """Runs every variant under the same seeds and measures; writes no file.

    Returns:
        measures: by name, the variants' estimates, the verdict and every pair's difference;
        views: by variant and seed, the impressions of each video;
        sources: by variant, mean impressions and orders by who posted.
    """
    plan = request.plan()
    first, names = plan.run.seed, [variant.name for variant in request.variants]
    values = {name: np.zeros((len(names), request.seeds)) for name in MEASURES}
    views: dict[str, list[list[int]]] = {name: [] for name in names}
    accounts: list[pl.DataFrame] = []
    for v, variant in enumerate(request.variants):
        scenario = variant.of(plan)
        refuse_too_large(scenario, alone=True)
        for number in range(request.seeds):
            run = Simulation(scenario, first + number).finish()
            tables = tables_of(run.state)
            for name, measure in MEASURES.items():
                values[name][v, number] = measure(run.state, tables)
            run.close()
            told = pl.lit(variant.name).alias("variant"), pl.lit(first + number).alias("seed")
            views[variant.name].append(tables["videos"]["impressions"].to_list())
            accounts.append(tables["accounts"].select(*told, "tier", "impressions", "orders"))
            tick(v * request.seeds + number + 1, request.runs)
    users = plan.audience.users
    judged = {name: judged_by(table, names, limits_of(name, users)) for name, table in values.items()}
    sources = sources_of(pl.concat(accounts), request.seeds)
    head = {"seeds": request.seeds, "confidence": CONFIDENCE}
    return {**head, "measures": judged, "views": views, "sources": sources}


def limits_of(measure: str, users: int) -> Limits:
    """The least and the most that a measure can be."""
    return (0.0, 1.0) if measure == "overlap" else possible(measure, users)


def judged_by(
    table: np.ndarray[Any, Any], names: Sequence[str], limits: Limits = (0.0, inf)
) -> dict[str, Any]:
    """One measure's estimates, verdict and differences.

    Args:
        table: (variants, seeds), larger counts as better.
        names: of the variants.
        limits: least and most that the measure can be.
    Returns:
        As comparison.json, with `values` and `pairs`: [one, other, mean, low, high] of other − one; limits
        are None where too few seeds differ.
    """
    verdict = settled(table, 1 - CONFIDENCE, limits)
    pairs = []
    for i, j in combinations(range(len(names)), 2):
        gap = intervals(table[[i, j]], CONFIDENCE, limits, to=0)
        found = (gap.difference[1], gap.difference_low[1], gap.difference_high[1])
        pairs.append([names[i], names[j], *(None if np.isnan(limit) else float(limit) for limit in found)])
    rows = estimates(table, CONFIDENCE, limits)
    variants = [{"name": name} | row.as_dict() for name, row in zip(names, rows, strict=True)]
    for row in variants:
        del row["variant"]
    said = {"code": verdict.code, "tied": [names[k] for k in verdict.tied]}
    return {"values": table.tolist(), "verdict": said, "variants": variants, "pairs": pairs}


def sources_of(accounts: pl.DataFrame, seeds: int) -> dict[str, dict[str, dict[str, float]]]:
    """Mean impressions and orders a run, by variant and by who posted (own, KOL, KOC)."""
    koc = pl.col("tier").is_in(["junior", "amateur"])
    source = pl.when(pl.col("tier") == "").then(pl.lit("own")).when(koc).then(pl.lit("KOC"))
    grouped = accounts.group_by("variant", source.otherwise(pl.lit("KOL")).alias("source"))
    found: dict[str, dict[str, dict[str, float]]] = {}
    for row in grouped.agg(pl.col("impressions", "orders").sum()).sort("variant", "source").to_dicts():
        counts = {key: row[key] / seeds for key in ("impressions", "orders")}
        found.setdefault(row["variant"], {})[row["source"]] = counts
    return found
